"""Prose: Markdown with front matter, text, HTML, DOCX, ODT and PDF → one record a file, a heading or an item.

A record has the front matter's keys as columns, and "title" and "body"; in a body a line "## Objet" is a heading.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from corpus.errors import BadDocument
from corpus.importing.decoding import decoded
from corpus.importing.markup import element_text, html_to_text, parsed, tidied
from corpus.importing.record import Format, Layout, Record, Table, columns_of
from corpus.importing.trees import cells_of

TITLE, BODY = "title", "body"
HEADING = re.compile(r"^#{1,6} +(.*)$", re.M)
LEVELS = re.compile(r"^()(#{1,6}) +(.*)$", re.M)
# A list is taken for the records of a file when it has so many items that begin with a name in bold.
FEWEST_ITEMS = 5
# Headings that part one sheet, and begin none.
PARTS = re.compile(
    r"(?i)(contexte|objectifs?|description|présentation|presentation|résultats?|contacts?|public|calendrier|budget|moyens"
    r"|introduction|conclusion|annexe|sommaire|context|goals?|objectives?|results?|summary|overview|background|methods?"
    r"|installation|usage|licen[cs]e|le problème|la solution|pour aller plus loin|références|references|partenaires)\b"
)
LONGEST_TITLE = 200  # characters of a line that may be a title
# A heading of the page itself, none of the menus around it.
_AROUND = " or ".join(
    f"contains(@class, '{word}') or contains(@id, '{word}')" for word in ("footer", "menu", "sidebar")
)
H1 = f"h1[not(ancestor::footer or ancestor::nav or ancestor::aside or ancestor::*[{_AROUND}])]"
SITE_AFTER_TITLE = re.compile(r"\s+[|·•–—-]\s+|\s*»\s*|\s+:\s+")


def prose_table(path: Path, file: str, layout: Layout) -> Table:
    """The records of a file of prose. Raises BadDocument."""
    cells, notes, layout = _READERS[layout.format](path.read_bytes(), file, layout)
    if layout.records is None:
        how, why = guess_unit(cells.get(BODY, ""), bool(cells.get(TITLE)), layout.format)
        layout = replace(layout, records=how)
    else:
        why = "as corpus.toml says"
    records = list(_cut(cells, layout.records or "file"))
    if not records:
        notes = (*notes, "it holds no text" if layout.records == "file" else f"it has no {layout.records}")
    return Table(
        file=file,
        layout=layout,
        columns=columns_of(records),
        records=tuple(records),
        notes=tuple(notes),
        reasons={"records": why},
    )


# --- one record or several ---


def guess_unit(body: str, titled: bool, kind: Format) -> tuple[str, str]:
    """What a record of a file is, "file", "heading N" or "list", and why."""
    items = len(list(_items(body)))
    if items >= FEWEST_ITEMS:
        return "list", f"a list has {items} items that begin with a name"
    level, lone = _level_of_sheets(body)
    if level == 0 or kind not in (Format.MARKDOWN, Format.DOCX, Format.ODT):
        return "file", "the file tells of one thing"
    names = [found[2] for found in LEVELS.findall(body) if len(found[1]) == level]
    below = Counter(found[2] for found in LEVELS.findall(body) if len(found[1]) > level)
    again = max(below.values(), default=0)
    if len(names) >= 3 and again >= len(names) / 2 and again >= 3:
        return f"heading {level}", f"its {len(names)} headings of this level have the same parts"
    parts = sum(bool(PARTS.match(name)) or name.endswith("?") for name in names)
    if not titled and not lone and len(names) >= 3 and parts <= 1:
        return f"heading {level}", f"it has no title of its own and {len(names)} headings that name no part of a sheet"
    return "file", "the file tells of one thing"


def _level_of_sheets(body: str) -> tuple[int, bool]:
    """The highest level with several headings, 0 where there is none; and whether one stands alone above it."""
    levels = [len(found[1]) for found in LEVELS.findall(body)]
    several = [level for level in sorted(set(levels)) if levels.count(level) > 1]
    return (several[0], several[0] > min(levels)) if several else (0, False)


def _cut(cells: dict[str, str], how: str) -> Iterator[Record]:
    body = cells.get(BODY, "")
    of_all = {name: text for name, text in cells.items() if name not in (TITLE, BODY)}
    if how == "list":
        for number, (theme, title, text, carrier) in enumerate(_items(body), start=1):
            found = {TITLE: title, BODY: text, "heading": theme, "organisation": carrier}
            yield Record({**of_all, **{name: said for name, said in found.items() if said}}, f"item {number}")
    elif how.startswith("heading"):
        level = how.removeprefix("heading").strip()
        marks = [mark for mark in HEADING.finditer(body) if not level or len(mark[0].split()[0]) == int(level)]
        for mark, after in zip(marks, [*(m.start() for m in marks[1:]), len(body)], strict=False):
            text = body[mark.end() : after].strip()
            found = {TITLE: mark[1].strip(), BODY: text}
            yield Record(
                {**of_all, **{name: said for name, said in found.items() if said}}, f"heading '{mark[1].strip()}'"
            )
    elif any(text.strip() for text in cells.values()):
        if not cells.get(TITLE):  # the first heading, unless prose stands before it
            first = HEADING.match(body)
            cells = {TITLE: first[1].strip(), **cells, BODY: body[first.end() :].strip()} if first else cells
        yield Record({name: text for name, text in cells.items() if text}, "")


ITEM = re.compile(r"^- \*\*(.+?)\*\*\s*", re.M)
CARRIER_LINE = re.compile(r"^\s*[–—-]\s+(\S.*)$", re.M)


SECTION = re.compile(r"^(?=#{1,2} )", re.M)


def _items(body: str) -> Iterator[tuple[str, str, str, str]]:
    """Items of lists that begin with a name in bold: the heading above, the name, the text, who runs it.

    Of the sections of the page only the one with most of them counts: other lists are of other things.
    """
    body = max(SECTION.split(body), key=lambda section: len(ITEM.findall(section)))
    theme, at = "", 0
    marks = [*ITEM.finditer(body)]
    for mark, after in zip(marks, [*(m.start() for m in marks[1:]), len(body)], strict=False):
        for heading in HEADING.finditer(body, at, mark.start()):
            theme = heading[1].strip()
        at = mark.start()
        text = body[mark.end() : after]
        # What follows the list is not the item's.
        text = re.split(r"^#{1,6} |^- |\n\n\n", text, maxsplit=1, flags=re.M)[0]
        carriers = CARRIER_LINE.findall(text)
        text = CARRIER_LINE.sub("", text).strip().lstrip(":–— ").strip()
        yield theme, mark[1].strip(" :–—"), text, "\n".join(carriers)


# --- formats: bytes → cells, notes and the layout found ---

Told = tuple[dict[str, str], tuple[str, ...], Layout]


def _markdown(octets: bytes, file: str, layout: Layout) -> Told:
    import frontmatter
    from markdown_it import MarkdownIt

    text, encoding, _ = decoded(octets, file, layout.encoding)
    notes: tuple[str, ...] = ()
    try:
        matter, content = _toml_matter(text) or frontmatter.parse(text)
    except Exception as error:
        # YAML, TOML and JSON fail in their own ways; the prose below the front matter is good all the same.
        parts = re.split(r"^---\s*$", text, maxsplit=2, flags=re.M)
        matter, content = {}, parts[2] if len(parts) == 3 else text
        notes = (f"its front matter cannot be read and was left out: {' '.join(str(error).split())}",)
    markup = MarkdownIt("commonmark", {"html": True}).enable("table").enable("strikethrough").render(content)
    body = _bold_kept(markup)
    cells = {name.casefold() if name.casefold() == TITLE else name: text for name, text in cells_of(matter).items()}
    if BODY in cells:
        cells["body of the front matter"] = cells.pop(BODY)
    return {**cells, BODY: body}, notes, replace(layout, encoding=encoding)


def _toml_matter(text: str) -> tuple[dict[str, Any], str] | None:
    """Front matter in TOML, as Hugo writes it, and the rest; None where there is none. Raises TOMLDecodeError."""
    parts = re.split(r"^\+\+\+\s*$", text, maxsplit=2, flags=re.M)
    return (tomllib.loads(parts[1]), parts[2]) if len(parts) == 3 and not parts[0].strip() else None


def _text(octets: bytes, file: str, layout: Layout) -> Told:
    text, encoding, _ = decoded(octets, file, layout.encoding)
    lines = tidied(text).split("\n")
    title, body = _first_line(lines)
    return {TITLE: title, BODY: body}, (), replace(layout, encoding=encoding)


def _html(octets: bytes, file: str, layout: Layout) -> Told:
    import trafilatura
    from lxml import html as lxml_html

    text, encoding, _ = decoded(octets, file, layout.encoding or _html_encoding(octets))
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    try:
        root = lxml_html.document_fromstring(text)
    except (ValueError, lxml_html.etree.LxmlError):
        raise BadDocument("The page is empty or no HTML", file, "Save the page anew.") from None
    title = page_title(root)
    main = trafilatura.extract(
        text, output_format="markdown", include_tables=True, favor_recall=True, with_metadata=False
    )
    found = _meta(root)
    body = tidied(re.sub(r"\*\*|^\|[-| ]+\|$", "", main or "", flags=re.M))
    # The page's heading stands in its text too.
    lines = body.split("\n")
    while lines and (" ".join(lines[0].lstrip("# ").split()).casefold() == title.casefold() or not lines[0]):
        lines.pop(0)
    return {TITLE: title, **found, BODY: "\n".join(lines)}, (), replace(layout, encoding=encoding)


def _html_encoding(octets: bytes) -> str | None:
    told = re.search(rb"charset=[\"']?([\w-]+)", octets[:2000], re.I)
    if told is None:
        return None
    name = told[1].decode("ascii")
    try:
        octets.decode(name)
    except (UnicodeDecodeError, LookupError):
        return None  # pages are wrong about themselves
    return "cp1252" if name.lower() in ("iso-8859-1", "latin1") else name


def page_title(root: Any) -> str:  # noqa: ANN401
    """The page's own heading: a lone <h1>, one that its <title> repeats, or what stands first in its <title>."""
    named = " ".join((root.findtext(".//title") or "").split())
    headings = [
        " ".join(node.text_content().split())
        for node in root.xpath(f"//{H1}|//{H1.replace('h1', 'h2')}|//{H1.replace('h1', 'h3')}")
    ]
    main = [" ".join(node.text_content().split()) for node in root.xpath(f"//{H1}")]
    main = [one for one in main if one]
    repeated = [one for one in [*main, *headings] if len(one) > 3 and one.casefold() in named.casefold()]
    for node in root.xpath("//meta[@property='og:title']/@content"):
        if len(repeated) == 0 and (one := " ".join(node.split())) in main:
            repeated.append(one)
    if repeated:
        return max(repeated, key=len)
    if len(main) == 1:
        return main[0]
    parts = [part for part in SITE_AFTER_TITLE.split(named) if part]
    return (parts[0] if parts else (main[0] if main else "")).strip()


def _meta(root: Any) -> dict[str, str]:  # noqa: ANN401
    wanted = {
        "url": "//link[@rel='canonical']/@href",
        "date": "//meta[@property='article:published_time' or @name='date' or @name='dcterms.date']/@content",
        "keywords": "//meta[@name='keywords']/@content",
    }
    found = {name: [one.strip() for one in root.xpath(path) if one.strip()] for name, path in wanted.items()}
    return {name: values[0] for name, values in found.items() if values}


def _docx(octets: bytes, file: str, layout: Layout) -> Told:
    import io
    from zipfile import BadZipFile

    import mammoth

    try:
        # Pictures are left where they are: nothing in them can be searched.
        made = mammoth.convert_to_html(
            io.BytesIO(octets), convert_image=mammoth.images.img_element(lambda _: {"src": ""})
        )
    except (BadZipFile, KeyError, ValueError) as error:
        raise BadDocument(f"The document cannot be read: {error}", file, "Save it anew as DOCX.") from None
    return _titled(_bold_kept(made.value), ()), (), layout


def _odt(octets: bytes, file: str, layout: Layout) -> Told:
    import io

    from odfdo import Document as OpenDocument

    try:
        body = OpenDocument(io.BytesIO(octets)).body
    except Exception as error:
        raise BadDocument(f"The document cannot be read: {error}", file, "Save it anew as ODT.") from None
    lines: list[str] = []
    elements: list[Any] = list(body.xpath("//text:h|//text:p"))
    for element in elements:
        words = " ".join(str(element.text_recursive).split())
        heading = element.tag == "text:h" or "title" in (element.get_attribute("text:style-name") or "").lower()
        lines += [f"## {words}" if heading and words else words, ""]
    return _titled(tidied("\n".join(lines)), ()), (), layout


def _titled(body: str, notes: tuple[str, ...]) -> dict[str, str]:
    """Cells of a document whose first heading or line is its title, unless several headings share the top."""
    first = body.split("\n", 1)[0]
    if HEADING.match(first) and guess_unit(body, False, Format.DOCX)[0] == "file":
        return {TITLE: first.lstrip("# ").strip(), BODY: body[len(first) :].strip()}
    if HEADING.match(first):
        return {BODY: body}
    title, rest = _first_line(body.split("\n"))
    return {TITLE: title, BODY: rest}


def _first_line(lines: list[str]) -> tuple[str, str]:
    at = next((n for n, line in enumerate(lines) if line.strip()), None)
    if at is None:
        return "", ""
    title = lines[at].lstrip("# ").replace("**", "").strip()
    if len(title) > LONGEST_TITLE:
        return "", "\n".join(lines[at:])
    return title, "\n".join(lines[at + 1 :]).strip()


def _bold_kept(markup: str) -> str:
    """HTML → text in which only the bold name that begins an item keeps its stars."""
    root = parsed(re.sub(r"<!--.*?-->", "", markup, flags=re.S))
    if root is None:
        return html_to_text(markup)
    for item in root.iter("li"):
        node = item
        while not (node.text or "").strip() and len(node) and node[0].tag in ("p", "b", "strong", "span"):
            node = node[0]
            if node.tag in ("b", "strong"):
                words = " ".join(node.text_content().split())
                if words:
                    for child in list(node):
                        node.remove(child)
                    node.text = f"**{words}**"
                break
    return tidied(element_text(root))


def _pdf(octets: bytes, file: str, layout: Layout) -> Told:
    from corpus.importing.pdf import pdf_text

    title, body, notes = pdf_text(octets, file)
    return {TITLE: title, BODY: body}, notes, layout


_READERS: dict[Format, Any] = {
    Format.MARKDOWN: _markdown,
    Format.TEXT: _text,
    Format.HTML: _html,
    Format.DOCX: _docx,
    Format.ODT: _odt,
    Format.PDF: _pdf,
}
