"""Findings: words of a sheet that may answer, at their place in its text."""

import re
from dataclasses import replace

import pytest

from corpus import Contact, Corpus, Departement, Initiative
from index.passage import Passage
from search import Engine
from search.answer import AnswerType, holds_contact, passage_start, readable
from search.answer.candidates import AnswerCandidate, Origin, from_fields
from tests.atlas import initiative

TEXT = """Le bus
Département de l'Ain
Avec **la Ville** et l'État
Depuis 2016
Direction du bus, 04 00 00 00 00
Il va dans le Pas de
Calais."""


def sheet() -> Initiative:
    return replace(
        initiative(),
        text=TEXT,
        departements=(Departement("62", "Pas-de-Calais"), Departement("33", "Gironde")),
        contacts=(Contact("Direction du bus", None, "bus@ain", "04 00 00 00 00"),),
    )


def found(asked: AnswerType, told: Initiative | None = None) -> list[tuple[Origin, str, str]]:
    """Origin, lead, and the words at the place of each finding."""
    told = told or sheet()
    return [(one.origin, one.lead, told.text[one.start : one.end]) for one in from_fields(7, told, asked)]


def test_a_passage_begins_where_its_words_stand():
    told = sheet()
    passage = Passage("atlas-le-bus-01#0", told.id, None, 6, 6, "2016")
    assert told.text[passage_start(passage, told) :].startswith("2016\n")


def test_of_the_same_words_on_two_lines_those_of_the_passage_count():
    told = replace(initiative(), text="Un bus.\nUn car.\nUn bus.")
    first, last = (Passage("", told.id, None, line, line, "Un bus.") for line in (3, 5))
    assert (passage_start(first, told), passage_start(last, told)) == (0, 16)


def test_every_passage_of_the_corpus_begins_where_its_words_stand(engine: Engine):
    for passage, row in zip(engine.index.contents.passages, engine.index.owners, strict=True):
        told = engine.initiatives[int(row)]
        start = passage_start(passage, told)
        assert told.text[start : start + len(passage.text)] == passage.text
        assert told.text.count("\n", 0, start) == passage.start_line - told.source.start_line


def test_who_finds_people_carriers_and_partners_that_the_text_names():
    told = replace(sheet(), partners=("La ville", "La Poste"))
    assert found(AnswerType.WHO, told) == [
        (Origin.CONTACT, "Direction du bus", "Direction du bus"),
        (Origin.CARRIER, "Département de l'Ain", "Département de l'Ain"),
        (Origin.PARTNER, "La ville", "la Ville"),  # the post office is not in the text
    ]


def test_where_finds_places_whatever_stands_between_their_words():
    told = replace(sheet(), territory="L’Ain")
    assert found(AnswerType.WHERE, told) == [
        (Origin.PLACE, "Pas-de-Calais", "Pas de\nCalais"),
        (Origin.PLACE, "L’Ain", "l'Ain"),
    ]


@pytest.mark.parametrize(("start_text", "words"), [("Depuis 2016", "Depuis 2016"), (None, "2016")])
def test_when_finds_the_start_as_printed_or_its_year(start_text: str | None, words: str):
    assert found(AnswerType.WHEN, replace(sheet(), start_text=start_text)) == [(Origin.START, words, words)]


def test_a_field_is_found_in_whole_words_only():
    assert found(AnswerType.WHEN, replace(sheet(), start_text=None, start_year=201)) == []


@pytest.mark.parametrize(
    "asked", [AnswerType.HOW_MANY, AnswerType.HOW, AnswerType.WHAT, AnswerType.LIST, AnswerType.TOPIC]
)
def test_other_questions_are_answered_by_no_field(asked: AnswerType):
    assert found(asked) == []


def test_a_finding_of_a_field_belongs_to_its_row_and_has_no_score_of_the_reader():
    start = TEXT.index("2016")
    told = replace(sheet(), start_text="2016")
    assert list(from_fields(7, told, AnswerType.WHEN)) == [
        AnswerCandidate(row=7, start=start, end=start + 4, lead="2016", origin=Origin.START, score=0.0)
    ]


def test_a_contact_is_named_with_the_role_and_without_address():
    told = replace(sheet(), contacts=(Contact("Direction", "du bus", "bus@ain", "04 00 00 00 00"),))
    assert found(AnswerType.CONTACT, told) == [(Origin.CONTACT, "Direction, du bus", "Direction du bus")]


def test_a_contact_without_a_name_is_no_finding():
    told = replace(sheet(), contacts=(Contact(None, None, "bus@ain", "04 00 00 00 00"),))
    assert found(AnswerType.CONTACT, told) == []


def test_no_name_that_holds_contact_data_is_a_finding():
    told = replace(sheet(), contacts=(Contact("Direction du bus, 04 00 00 00 00", None, None, None),))
    assert found(AnswerType.CONTACT, told) == []


@pytest.mark.parametrize("asked", [AnswerType.WHO, AnswerType.CONTACT, AnswerType.WHERE, AnswerType.WHEN])
def test_fields_of_the_corpus_are_found_as_they_are_written_and_without_contact_data(corpus: Corpus, asked: AnswerType):
    count = 0
    for told in corpus.initiatives:
        for one in from_fields(0, told, asked):
            count += 1
            written = re.findall(r"\w+", readable(told.text[one.start : one.end]).lower())
            assert written == re.findall(r"\w+", readable(one.lead).lower())
            assert not holds_contact(one.lead)
    assert count > 20
