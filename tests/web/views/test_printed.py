"""A text as printed: line by line, bold where it was bold, marked where it is cited."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from corpus import Corpus, Section, Source
from corpus.text import strip_markup
from tests import atlas
from web.views.printed import Look, Run, lines_of, runs_of


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
    assert strip_markup("".join(run.text for run in runs_of(line))) == strip_markup(line)


def sheet():
    """Lines 10 to 15 of a document: a title, two blank lines, a heading, two lines of prose."""
    text = "**Le bus**\n\n\n**CONTEXTE**\nIl va *partout*.\nDepuis le 1^{er} mai."
    return replace(
        atlas.initiative(), text=text, source=Source("atlas", 10, 15), sections=(Section("CONTEXTE", 14, 15),)
    )


def shown(lines):
    return [(line.number, "".join(run.text for run in line.runs)) for line in lines]


def test_the_lines_of_a_sheet_have_the_numbers_of_the_document_and_one_blank_line_stands_for_many():
    assert shown(lines_of(sheet(), range(0))) == [
        (10, "Le bus"),
        (11, ""),
        (13, "CONTEXTE"),
        (14, "Il va partout."),
        (15, "Depuis le 1er mai."),
    ]


def test_headings_are_those_of_sections():
    assert [line.number for line in lines_of(sheet(), range(0)) if line.is_heading] == [13]


def test_cited_lines_are_marked_and_the_first_of_them_with_words_is_known():
    lines = lines_of(sheet(), range(11, 15))
    assert [line.number for line in lines if line.is_cited] == [13, 14]
    assert [line.number for line in lines if line.is_first_cited] == [13]


def test_lines_of_another_sheet_mark_nothing():
    assert not [line for line in lines_of(sheet(), range(1, 10)) if line.is_cited or line.is_first_cited]


def test_every_line_with_words_is_shown_with_its_own_words(corpus: Corpus):
    for one in corpus.initiatives:
        printed = dict(shown(lines_of(one, range(0))))
        written = list(enumerate(one.text.split("\n"), one.source.start_line))
        assert {number for number, text in written if text.strip()} <= printed.keys()
        assert all(
            strip_markup(printed[number]) == strip_markup(text) for number, text in written if number in printed
        ), one.id
