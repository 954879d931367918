"""The README is what a newcomer needs in five minutes, and cannot lie: its figures, commands and links are real."""

import re

from tests.census import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
FIGURES = (ROOT / "docs" / "figures.md").read_text(encoding="utf-8")
MOST_LINES = 100
FOR_SIX_READERS = ("reader", "owner", "operating", "http", "research", "CONTRIBUTING")


def test_it_is_short_and_leads_each_of_six_readers_on():
    assert len(README.splitlines()) <= MOST_LINES
    assert [page for page in FOR_SIX_READERS if f"{page}.md)" not in README] == []


def test_its_figures_are_those_of_the_page_of_figures_and_begin_with_real_people(corpus):
    table = re.search(r"^\| \| questions.*?\n\n", README, re.MULTILINE | re.DOTALL)[0]
    assert table in FIGURES
    assert table.splitlines()[2].startswith("| **real people's words**")


def test_its_numbers_are_those_of_the_sheets_that_it_comes_with(corpus):
    assert f"{len(corpus.initiatives)} initiatives from five public documents" in " ".join(README.split())
    assert len(corpus.documents) == 5


def test_its_commands_are_targets_of_the_makefile():
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    told = set(re.findall(r"(?:^|`)make (\w+)", README, re.MULTILINE))
    assert {"serve", "test", "docs"} <= told <= targets
