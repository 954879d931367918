"""A text as printed: line by line, bold where it was bold, marked where it is cited."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import Corpus
from corpus.markup import plain
from web.dates import in_words
from web.printed import Look, Run, lines_of, runs_of


def test_markup_that_the_conversion_left_is_shown_as_it_looked():
    assert runs_of("le 1^{er} **mai 2^{e}**, *vite*, n^o 3") == (
        Run("le 1", Look.PLAIN),
        Run("er", Look.RAISED),
        Run(" ", Look.PLAIN),
        Run("mai 2e", Look.BOLD),
        Run(", ", Look.PLAIN),
        Run("vite", Look.ITALIC),
        Run(", n", Look.PLAIN),
        Run("o", Look.RAISED),
        Run(" 3", Look.PLAIN),
    )


def test_a_star_that_closes_nothing_was_not_printed():
    assert runs_of("*En cours") == (Run("En cours", Look.PLAIN),)


@given(st.text())
def test_no_word_of_a_line_is_lost(text):
    line = " ".join(text.split())
    assert plain("".join(run.text for run in runs_of(line))) == plain(line)


@pytest.fixture
def sheet(corpus: Corpus):
    return next(one for one in corpus.initiatives if one.title.startswith("Wimooov"))


def test_the_lines_of_a_sheet_have_the_numbers_of_the_document(corpus: Corpus, sheet):
    document = next(one for one in corpus.documents if one.id == sheet.source.document)
    lines = lines_of(sheet, range(0))
    assert lines[0].number == sheet.source.start_line
    for line in lines:
        assert plain("".join(run.text for run in line.runs)) == plain(document.lines[line.number - 1])


def test_every_line_with_words_is_there(sheet):
    shown = {line.number for line in lines_of(sheet, range(0))}
    written = {n for n, text in enumerate(sheet.text.split("\n"), sheet.source.start_line) if text.strip()}
    assert written <= shown


def test_headings_are_those_of_sections(sheet):
    headings = ["".join(run.text for run in line.runs) for line in lines_of(sheet, range(0)) if line.is_heading]
    assert headings == ["CONTEXTE/OBJECTIFS", "DESCRIPTION DU PROJET", "IMPACT/CRITERES D'EVALUATION"]


def test_cited_lines_are_marked_and_the_first_of_them_is_known(sheet):
    start = sheet.sections[0].start_line
    lines = lines_of(sheet, range(start - 1, start + 3))
    marked = [line.number for line in lines if line.is_cited]
    assert marked[0] in (start - 1, start)
    assert [line.number for line in lines if line.is_first_cited] == marked[:1]
    assert all(line.runs for line in lines if line.is_cited)


def test_lines_of_another_sheet_mark_nothing(sheet):
    assert not [line for line in lines_of(sheet, range(1, 10)) if line.is_cited or line.is_first_cited]


@pytest.mark.parametrize(("date", "words"), [("2018", "2018"), ("2018-02", "B 2018"), ("2018-12-05", "5 L 2018")])
def test_a_date_is_said_as_exactly_as_it_is_known(date, words):
    assert in_words(date, lambda key: " ".join("ABCDEFGHIJKL")) == words
