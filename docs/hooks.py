"""What the documentation site has that is no file of docs/: the pages of the root, and the list of the decisions.

Links are those of the repository, so that they lead somewhere on a forge too; here they are made those of the site.
"""

import re
from pathlib import Path
from posixpath import dirname, relpath
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

DOCS = Path(__file__).parent
ROOT = DOCS.parent

# Page of the site → file of the repository.
OF_THE_ROOT = {
    "changelog.md": "CHANGELOG.md",
    "code-of-conduct.md": "CODE_OF_CONDUCT.md",
    "contributing.md": "CONTRIBUTING.md",
    "formats.md": "eval/collections/README.md",
    "licence.md": "LICENSE",
    "security.md": "SECURITY.md",
}
DECISIONS = "decisions/index.md"
IN_FRENCH_ALONE = "accessibilite.md"
NO_BREAK = "\u00a0"
LINK = re.compile(r"(?<=\]\()(?!\w+:|#)([^)\s#]+)")


def page_of(path: Path) -> str | None:
    """The page of the site that a file or folder of the repository is. Example: docs/decisions → decisions/index.md"""
    named = {ROOT / file: page for page, file in OF_THE_ROOT.items()} | {DOCS / "decisions": DECISIONS}
    if path in named:
        return named[path]
    return path.relative_to(DOCS).as_posix() if path.is_relative_to(DOCS) else None


def decisions() -> list[Path]:
    """The files of the decisions, oldest first."""
    return sorted((DOCS / "decisions").glob("[0-9]*.md"))


def title_of(path: Path) -> str:
    """The heading of a page. Example: "0028 · A crash test"."""
    return path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put the decisions where the navigation says."""
    for section in config.nav or []:
        for at, entry in enumerate(section.get("Contributor", ())):
            if entry == {"Decisions": "decisions"}:
                pages = [{title_of(path): f"decisions/{path.name}"} for path in decisions()]
                section["Contributor"][at] = {"Decisions": [DECISIONS, *pages]}
    return config


@event_priority(100)  # before the plug-in that parts the languages
def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are no file of docs/, as if they were."""
    for page in (*OF_THE_ROOT, DECISIONS):
        files.append(File(page, str(DOCS), config.site_dir, config.use_directory_urls))
    return files


def on_page_read_source(page: Page, **_: Any) -> str | None:  # noqa: ANN401
    """What those pages hold; None for a file of docs/, which is read as it is."""
    if page.file.src_uri == DECISIONS:
        lines = [f"- [{title_of(path)}]({path.name})" for path in decisions()]
        return "# Decisions\n\nWhat was asked, chosen, measured and given up, and how to go back.\n\n" + "\n".join(
            lines
        )
    file = OF_THE_ROOT.get(page.file.src_uri)
    return (ROOT / file).read_text(encoding="utf-8") if file else None


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:  # noqa: ANN401
    """Make links of the repository links of the site; one to a file that is no page of it fails the build."""
    source = page.file.src_uri
    folder = (ROOT / OF_THE_ROOT[source] if source in OF_THE_ROOT else DOCS / source).parent

    def on_the_site(found: re.Match[str]) -> str:
        target = page_of((folder / found[1]).resolve())
        return relpath(target, dirname(source) or ".") if target else found[1]

    return LINK.sub(on_the_site, markdown)


def on_page_content(html: str, page: Page, **_: Any) -> str:  # noqa: ANN401
    """Let no line of a page in French begin with a mark that belongs to the word before it; code stays as it is."""
    if not page.file.src_uri.endswith((".fr.md", IN_FRENCH_ALONE)):
        return html
    parts = re.split(r"(<pre.*?</pre>)", html, flags=re.DOTALL)
    parts[::2] = [re.sub(r"(?<=«)\s|\s(?=[:;?!»])", NO_BREAK, part) for part in parts[::2]]
    text = "".join(parts)
    return f'<div lang="fr">{text}</div>' if page.file.src_uri == IN_FRENCH_ALONE else text
