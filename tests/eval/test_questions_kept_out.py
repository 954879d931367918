"""The questions that answers are measured on: about initiatives kept out of training, with gold that a sheet holds."""

import hashlib
import json
from collections import Counter
from pathlib import Path

import pytest

from corpus import Corpus
from corpus.text import fold, strip_markup
from eval.answers import FILE_KEPT_OUT, AnswerQuestion, read_answer_questions
from eval.collection import Catalogue, Sheet

DEVELOPMENT = Path(__file__).parents[2] / "eval" / "collections" / "development"


@pytest.fixture(scope="module")
def questions() -> list[AnswerQuestion]:
    return [one for one in read_answer_questions(DEVELOPMENT) if one.kept_out]


@pytest.fixture(scope="module")
def sheets(corpus: Corpus) -> dict[str, Sheet]:
    return dict(Catalogue.of(corpus.initiatives, corpus.documents).sheets)


def sources(question: AnswerQuestion, sheets: dict[str, Sheet]) -> set[str]:
    support = fold(strip_markup(question.supports[0]))
    return {id_ for id_, sheet in sheets.items() if support in fold(strip_markup(sheet.text))}


def test_they_are_of_many_kinds_in_both_languages_and_some_have_no_answer(questions):
    answerable = [one for one in questions if one.answers]
    kinds = Counter(one.type for one in answerable)
    assert min(kinds.values()) >= 9
    assert set(kinds) == {
        *("who", "with_whom", "where", "when", "how_many", "how_much", "what", "how", "why", "for_whom"),
        *("results", "yes_no", "contact", "acronym", "list"),
    }
    assert Counter(one.language for one in answerable) == {"fr": 114, "en": 94}
    assert Counter(one.type for one in questions if not one.answers) == {"near_miss": 40, "other_subject": 40}


def test_their_initiatives_are_those_that_nothing_is_trained_on(questions, sheets):
    lines = (DEVELOPMENT / FILE_KEPT_OUT).read_text(encoding="utf-8").splitlines()
    clusters = {told["qid"]: told["cluster"] for told in map(json.loads, lines) if told["answers"]}
    assert all(int(hashlib.sha256(one.encode()).hexdigest(), 16) % 4 == 0 for one in clusters.values())
    for question in questions:
        if question.answers:
            found = sources(question, sheets)
            cluster = clusters[question.id]
            assert found, question.id
            assert found <= {cluster, *sheets[cluster].same_as}, question.id
            assert cluster == min({cluster, *sheets[cluster].same_as}), question.id


def test_the_title_and_the_place_of_a_sheet_alone_are_never_right(questions, sheets):
    """But for what an acronym means, which a title may spell out."""
    for question in questions:
        if question.answers and question.type != "acronym":
            titles = " ".join(sheets[id_].title for id_ in sources(question, sheets))
            assert not question.gold.is_held(titles), question.id


def test_some_sheet_has_the_words_of_every_gold(questions, sheets):
    """But for contacts that a sheet does not print: of these it is right to say so."""
    lacking = {
        question.id
        for question in questions
        if question.answers and not any(question.gold.is_held(sheets[id_].text) for id_ in sources(question, sheets))
    }
    assert lacking == {"k077"}


def test_no_two_ask_the_same(questions):
    assert len({fold(one.text) for one in questions}) == len(questions) == 288
