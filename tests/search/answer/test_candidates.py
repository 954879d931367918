"""Answer candidates: words of a sheet that may answer, at their place in its text."""

import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from corpus import Contact, Corpus, Departement, Initiative
from corpus.text import holds_contact, strip_markup
from search import RankedInitiative, Searcher
from search.answer import AnswerContext, AnswerType, SentenceTable
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
        contacts=(Contact(name="Direction du bus", role=None, email="bus@ain", phone="04 00 00 00 00"),),
    )


def found(asked: AnswerType, told: Initiative | None = None) -> list[tuple[Origin, str, str]]:
    """Origin, lead, and the words at the place of each candidate."""
    told = told or sheet()
    return [(one.origin, one.lead, told.text[one.start : one.end]) for one in from_fields(7, told, asked)]


def test_who_finds_people_lead_organisations_and_partners_that_the_text_names():
    told = replace(sheet(), partners=("La ville", "La Poste"))
    assert found(AnswerType.WHO, told) == [
        (Origin.CONTACT, "Direction du bus", "Direction du bus"),
        (Origin.LEAD_ORGANISATION, "Département de l'Ain", "Département de l'Ain"),
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


def test_a_candidate_of_a_field_belongs_to_its_row_and_has_no_score_of_the_reader():
    start = TEXT.index("2016")
    told = replace(sheet(), start_text="2016")
    assert list(from_fields(7, told, AnswerType.WHEN)) == [
        AnswerCandidate(row=7, start=start, end=start + 4, lead="2016", origin=Origin.START, score=0.0)
    ]


def test_a_contact_is_named_with_the_role_and_without_address():
    told = replace(
        sheet(), contacts=(Contact(name="Direction", role="du bus", email="bus@ain", phone="04 00 00 00 00"),)
    )
    assert found(AnswerType.CONTACT, told) == [(Origin.CONTACT, "Direction, du bus", "Direction du bus")]


def test_a_contact_without_a_name_is_no_candidate():
    told = replace(sheet(), contacts=(Contact(name=None, role=None, email="bus@ain", phone="04 00 00 00 00"),))
    assert found(AnswerType.CONTACT, told) == []


def test_no_name_that_holds_contact_data_is_a_candidate():
    told = replace(
        sheet(), contacts=(Contact(name="Direction du bus, 04 00 00 00 00", role=None, email=None, phone=None),)
    )
    assert found(AnswerType.CONTACT, told) == []


@pytest.mark.parametrize("asked", [AnswerType.WHO, AnswerType.CONTACT, AnswerType.WHERE, AnswerType.WHEN])
def test_fields_of_the_corpus_are_found_as_they_are_written_and_without_contact_data(corpus: Corpus, asked: AnswerType):
    count = 0
    for told in corpus.initiatives:
        for one in from_fields(0, told, asked):
            count += 1
            written = re.findall(r"\w+", strip_markup(told.text[one.start : one.end]).lower())
            assert written == re.findall(r"\w+", strip_markup(one.lead).lower())
            assert not holds_contact(one.lead)
    assert count > 20


def context_of(allowed: list[bool]) -> AnswerContext:
    """A search over five passages: two of the bus, one of its sheet in another document, two of the car."""
    sheets = tuple(replace(initiative(), id=name) for name in ("bus", "other-bus", "car"))
    cosines = np.array([[0.2, 0.6], [0.4, 0.2], [0.8, 0.6], [0.6, 0.4], [0.1, 0.3]], np.float32)

    def compare(states: None, rows: np.ndarray) -> SimpleNamespace:
        kept = cosines[rows]
        return SimpleNamespace(best=lambda: kept, scores=lambda weights: kept @ weights / weights.sum())

    index = SimpleNamespace(
        owners=np.array([0, 0, 1, 2, 2]),
        contents=SimpleNamespace(initiatives=sheets),
        multivector=SimpleNamespace(compare=compare),
    )
    searcher = SimpleNamespace(
        index=index, catalogue=SimpleNamespace(gazetteer=None), passage_clusters=np.array([0, 0, 0, 2, 2])
    )
    tokens = SimpleNamespace(embeddings=None, weights=np.array([1.0, 1.0], np.float32))
    text = "Où va le Bus ?"
    query = SimpleNamespace(text=text, searched=SimpleNamespace(text=text), tokens=tokens, encoded=None, acronyms=())
    nearest = (RankedInitiative(3, 0.5), RankedInitiative(2, 0.4))  # the car, then the bus
    return AnswerContext.of(
        searcher, SimpleNamespace(query=query, nearest=nearest, allowed=np.array(allowed)), table=None
    )


def test_all_sheets_of_an_initiative_share_its_rank_and_its_best_passage():
    context = context_of([True] * 5)
    assert (context.answer_type, context.question_words) == (AnswerType.WHERE, {"ou", "va", "le", "bus"})
    assert context.ranks == {0: 2, 1: 2, 2: 1}
    assert context.passages.tolist() == [0, 1, 2, 3, 4]
    assert context.scores.tolist() == pytest.approx([0.4, 0.3, 0.7, 0.5, 0.2])
    assert context.best_scores == pytest.approx({2: 0.7, 1: 0.5})
    assert context.cosines_of(2).tolist() == pytest.approx([0.8, 0.6])


def test_passages_are_read_by_their_score_and_half_of_that_of_their_initiative():
    # 0.4 + 0.35, 0.3 + 0.35, 0.7 + 0.35, 0.5 + 0.25, 0.2 + 0.25; the last of five is not read.
    assert context_of([True] * 5).nearest_passages()[0] == 2
    assert set(context_of([True] * 5).nearest_passages()) == {0, 1, 2, 3}


def test_what_the_filters_leave_out_is_not_read():
    context = context_of([True, True, False, True, True])
    assert context.ranks == {0: 2, 2: 1}
    assert 2 not in context.nearest_passages()


def test_where_filters_leave_nothing_there_is_nothing_to_read():
    context = context_of([False] * 5)
    assert (context.ranks, context.passages.tolist(), context.cosines.shape) == ({}, [], (0, 2))
    assert context.nearest_passages() == ()


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("C'est quoi le FSL ?", AnswerType.ACRONYM),
        ("What is the FAST in Lot?", AnswerType.ACRONYM),
        ("Qu'est-ce que le FSL apporte aux locataires ?", AnswerType.WHAT),
        ("Qu'est-ce que la technicothèque ?", AnswerType.WHAT),
    ],
)
def test_who_asks_what_an_acronym_is_asks_what_its_letters_stand_for(
    searcher: Searcher, question: str, kind: AnswerType
):
    ranking = searcher.rank(question)
    context = AnswerContext.of(searcher, ranking, SentenceTable(searcher.index, searcher.catalogue.gazetteer))
    assert context.answer_type is kind


def test_a_place_that_the_search_leaves_out_is_read_with_the_rest_of_the_question(searcher: Searcher):
    ranking = searcher.rank("Quelle aide aux femmes en Gironde ?")
    asked = AnswerContext.of(searcher, ranking, SentenceTable(searcher.index, searcher.catalogue.gazetteer)).asked
    (whole,) = searcher.encoder.questions(["quelle aide aux femmes en gironde"])
    assert asked.tokens.tolist() == whole.tokens.tolist()
    assert len(asked.tokens) > len(ranking.query.encoded.tokens)
