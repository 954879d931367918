"""The sentences of a sheet are whole: no bracket stays open, an entry has its heading, titles stand apart."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import Corpus, Initiative, Section
from search.answer.sentences import LONGEST_LIST, Part, readable, sentences_of_sheet, units_of
from tests.small_index import sheet


def units(told: Initiative) -> list[list[str]]:
    """The pieces of every unit of a sheet, as printed."""
    found = units_of(sentences_of_sheet(told))
    return [[told.text[start:end] for start, end in unit.pieces] for unit in found]


def test_every_sentence_is_a_unit():
    assert units(sheet("bus", "Un bus roule. Il aide 250 familles, etc. par an !")) == [
        ["Un bus roule."],
        ["Il aide 250 familles, etc. par an !"],
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Le bus (avec M. Roy. Et Mme Roy) roule.",
        "Il dit : « Le bus roule. Il est vert. » et part.",
        "Le bus « du soir. Du matin » roule.",
    ],
)
def test_no_sentence_ends_between_brackets_or_marks_that_it_opened(sentence: str):
    assert units(sheet("bus", f"{sentence} Puis il dort.")) == [[sentence], ["Puis il dort."]]


def listed(*entries: str) -> Initiative:
    """A sheet with a list, introduced by a line."""
    text = "\n".join(["Le bus offre :", *(f"- {entry}" for entry in entries), "Il roule."])
    return replace(sheet("bus", text), text=text, sections=(Section("DESCRIPTION", 1, len(entries) + 2),))


def test_an_entry_comes_with_the_line_that_introduces_its_list_and_a_short_list_whole():
    assert units(listed("un repas", "un lit")) == [
        ["Le bus offre :", "un repas"],
        ["Le bus offre :", "un lit"],
        ["Il roule."],
        ["Le bus offre :\n- un repas\n- un lit"],
    ]


def test_a_long_list_is_not_quoted_whole():
    assert not [one for one in units(listed("un repas " * 60, "un lit " * 60)) if len(one) == 1 and "\n" in one[0]]


def test_a_title_that_stands_right_before_the_first_sentence_is_no_part_of_it():
    told = replace(sheet("bus", "**Un bus**Il roule partout."), title="Un bus")
    assert units(told) == [["Il roule partout."]]
    assert units(replace(sheet("bus", "Un bus roule partout."), title="Un bus")) == [["Un bus roule partout."]]


@pytest.mark.parametrize(
    ("heading", "part"),
    [
        ("CONTEXTE/OBJECTIFS", Part.CONTEXT),
        ("DESCRIPTION DU PROJET", Part.DESCRIPTION),
        ("IMPACTS/CRITERES D'EVALUATION", Part.RESULTS),
        (None, Part.OTHER),
    ],
)
def test_the_heading_of_a_section_says_what_it_is_about(heading: str | None, part: Part):
    told = replace(sheet("bus", "Un bus roule."), sections=(Section(heading, 1, 1),))
    assert [one.part for one in sentences_of_sheet(told)] == [part]


def test_a_source_is_read_on_one_line_with_its_entries_parted():
    assert readable("Un **bus** - vert - roule") == "Un bus - vert - roule"
    assert readable("Il y a :\n- un **bus**\n\n• un car") == "Il y a : un bus – un car"


@given(
    st.lists(
        st.sampled_from(["Un bus.", "- un lit", "(ouvert", "fermé)", "« Oui. »", "Titre", "", "dit :"]), max_size=12
    )
)
def test_units_of_any_text_stand_in_it_in_order(lines: list[str]):
    told = sheet("bus", "\n".join(lines))
    told = replace(told, sections=(Section(None, 1, max(len(lines), 1)),))
    sentences = sentences_of_sheet(told)
    assert all(one.end <= other.start for one, other in pairwise(sentences))
    assert all(told.text[one.start : one.end].strip() for one in sentences)


def test_units_of_the_corpus_close_their_brackets_and_are_no_longer_than_a_paragraph(corpus: Corpus):
    opened = count = 0
    for told in corpus.initiatives:
        for unit in units(told):
            count += 1
            opened += any(piece.count("(") > piece.count(")") or piece.count("«") > piece.count("»") for piece in unit)
            assert len(unit) > 1 or "\n" not in unit[0] or len(unit[0]) <= LONGEST_LIST
    assert opened < count / 100  # some sheets forget to close one
