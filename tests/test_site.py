"""The documentation site: every page in its place, no link that leads nowhere, nothing that comes from elsewhere."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest

from tests.census import ROOT
from tests.test_readme import FOR_SIX_READERS

LOADING = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href"}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site as `make docs` makes it: in strict mode a link or a page that is missing fails the build."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    return folder


class Loaded(HTMLParser):
    """What a browser fetches with a page, of its own accord."""

    def __init__(self, page):
        super().__init__()
        self.addresses = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag in LOADING and given.get("rel") not in ("canonical", "prev", "next", "alternate"):
            self.addresses.append(given.get(LOADING[tag]) or "")


def test_it_loads_nothing_from_elsewhere(site):
    for page in site.rglob("*.html"):
        strangers = [one for one in Loaded(page.read_text(encoding="utf-8")).addresses if re.match(r"\w+:|//", one)]
        assert [one for one in strangers if not one.startswith("data:")] == [], page
    for style in site.rglob("*.css"):
        assert re.findall(r"url\(\s*['\"]?(?:https?:)?//", style.read_text(encoding="utf-8")) == [], style


@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_of_six_readers_finds_a_page_in_either_language_from_the_first(site, language):
    folder = site if language == "en" else site / "fr"
    first = (folder / "index.html").read_text(encoding="utf-8")
    assert f'<html lang="{language}"' in first
    for page in FOR_SIX_READERS:
        assert f'href="{page.lower()}.html"' in first, page
        assert (folder / f"{page.lower()}.html").is_file()


@pytest.mark.parametrize("page", ["index", "reader", "owner"])
def test_what_is_for_everybody_is_in_french_with_its_spaces(site, page):
    text = (site / "fr" / f"{page}.html").read_text(encoding="utf-8")
    article = text.split("<article")[1].split("</article>")[0]
    assert article != (site / f"{page}.html").read_text(encoding="utf-8").split("<article")[1].split("</article>")[0]
    assert re.findall(r"«\s|\s[;?!»]", re.sub(r"<pre.*?</pre>|\u00a0", "", article, flags=re.DOTALL)) == []


def test_every_decision_is_listed_and_a_page(site):
    listed = (site / "decisions" / "index.html").read_text(encoding="utf-8")
    for decision in (ROOT / "docs" / "decisions").glob("*.md"):
        assert f'href="{decision.stem}.html"' in listed
        assert (site / "decisions" / f"{decision.stem}.html").is_file()


def test_its_search_works_where_it_is_read_as_files(site):
    assert 'src="vendor/iframe-worker.js"' in (site / "index.html").read_text(encoding="utf-8").replace("./", "")
    index = (site / "search" / "search_index.js").read_text(encoding="utf-8")
    assert "Vos propres fiches" in index
    assert "Your own sheets" in index
