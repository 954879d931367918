"""A sheet as Markdown: complete, and without HTML."""

import re

import pytest

from corpus import Corpus
from web.markdown import as_printed, escaped, fields_of, markdown


def say(key: str, **values) -> str:
    if key == "dates.months":
        return " ".join("abcdefghijkl")
    return " ".join([key, *(f"{name}={value}" for name, value in values.items())])


@pytest.fixture
def sheet(corpus: Corpus):
    one = next(one for one in corpus.initiatives if one.contacts and one.status)
    document = next(document for document in corpus.documents if document.id == one.source.document)
    return one, markdown(one, document, None, "http://x.example/sheet/a", say)


def test_a_sheet_in_markdown_has_title_fields_text_contacts_and_citation(sheet):
    one, text = sheet
    assert text.startswith(f"# {escaped(one.title)}\n")
    assert [line for line in text.split("\n") if line.startswith("## ")] == [
        "## sheet.text.title",
        "## sheet.contacts.title",
        "## sheet.citation.title",
    ]
    assert f"**sheet.field.status** {escaped(one.status)}" in text
    assert f"sheet.contacts.check year={2018}" in text


def test_the_text_is_there_as_printed(sheet):
    one, text = sheet
    assert as_printed(one.text) in text


def test_what_is_empty_has_no_field(corpus: Corpus):
    for one in corpus.initiatives:
        names = [field.name for field in fields_of(one, say)]
        assert ("partners" in names) == bool(one.partners)
        assert "kind" in names


def test_markup_of_a_field_is_text():
    assert escaped("a*b* [c](d) <e>\n# f") == r"a\*b\* \[c\](d) \<e\> \# f"


def test_a_text_cannot_bring_html_along_and_its_own_stars_stay():
    assert as_printed("**a** <script>\n    b\n - c &lt;") == "**a** \\<script>\nb\n - c &amp;lt;"


def test_no_sheet_of_the_corpus_holds_a_tag_afterwards(corpus: Corpus):
    assert not [one.id for one in corpus.initiatives if re.search(r"(?<!\\)<", as_printed(one.text))]
