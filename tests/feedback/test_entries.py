"""Entries: what somebody says of a search, and what a search came to, as judgements and misses."""

from dataclasses import replace

import pytest

from feedback import Judgement, Miss, MissKind, judged, missed_by_answer, missed_by_search, question_key, reported
from feedback.entries import without_personal_data
from search import NO_FILTERS, BadQuestion, Filters, Searcher, UnknownInitiative
from search.answer import Answer, MadeBy, Verdict

BUS = Judgement(query="un bus", language="fr", initiative="bus", grade=2, comment="Très proche.")
NIGHT = Miss("garde d'enfants la nuit", "fr", MissKind.NOTHING_FOUND)


@pytest.fixture(scope="module")
def small(almanac) -> Searcher:
    return almanac.searcher()


def answer_of(verdict):
    return Answer(
        question="où loger ?",
        language="fr",
        verdict=verdict,
        confidence=0.1,
        statements=(),
        citations=(),
        path=MadeBy.EXTRACTIVE,
        fallback=None,
        removed=0,
        took_ms=1.0,
    )


# --- what somebody says ---


def test_a_judgement_knows_the_language_of_its_question(small):
    first = small.catalogue.initiatives[0].id
    assert judged(small, "un bus pour voir le médecin", first, 3) == Judgement(
        query="un bus pour voir le médecin", language="fr", initiative=first, grade=3
    )
    assert judged(small, "who helps the young people with housing?", first, 0, "No.").language == "en"


def test_a_report_is_a_miss_with_the_white_space_of_its_question_folded(small):
    assert reported(small, "  garde d'enfants \n la nuit ") == replace(NIGHT, kind=MissKind.REPORTED)


@pytest.mark.parametrize("query", ["", " ?! ", "x" * 1001])
def test_a_question_that_cannot_be_read_is_refused_by_the_name_of_its_field(small, query):
    for give in (lambda: judged(small, query, small.catalogue.initiatives[0].id, 3), lambda: reported(small, query)):
        with pytest.raises(BadQuestion, match="Ask in a few words") as refused:
            give()
        assert refused.value.where == "query"


def test_a_judgement_of_an_unknown_initiative_is_refused_by_the_name_of_its_field(small):
    with pytest.raises(UnknownInitiative, match=r"There is no initiative 'nobody' \(initiative\)"):
        judged(small, "un bus", "nobody", 3)


# --- what a search came to ---


def test_a_search_without_a_hit_is_a_miss_and_one_with_hits_is_none(small):
    results = small.search("un bus pour voir le médecin")
    assert missed_by_search(replace(results, hits=()), NO_FILTERS) == Miss(
        "un bus pour voir le médecin", "fr", MissKind.NOTHING_FOUND
    )
    assert results.hits
    assert missed_by_search(results, NO_FILTERS) is None


def test_a_refused_answer_is_a_miss_and_one_that_was_given_is_none():
    assert missed_by_answer(answer_of(Verdict.REFUSED), NO_FILTERS) == Miss("où loger ?", "fr", MissKind.REFUSED)
    assert missed_by_answer(answer_of(Verdict.ANSWERED), NO_FILTERS) is None
    assert missed_by_answer(answer_of(Verdict.CLOSEST), NO_FILTERS) is None


def test_where_filters_may_be_the_cause_nothing_is_missed(small):
    narrowed = Filters(departement="33")
    assert missed_by_search(replace(small.search("un bus"), hits=()), narrowed) is None
    assert missed_by_answer(answer_of(Verdict.REFUSED), narrowed) is None


# --- without personal data ---


def test_question_and_comment_lose_what_may_tell_who_somebody_is():
    kept = without_personal_data(replace(BUS, query="un bus, 0612345678", comment="Voir Mme Anne ROY"))
    assert kept == replace(BUS, query="un bus,", comment="Voir")


def test_a_comment_of_which_nothing_is_left_is_none():
    assert without_personal_data(replace(BUS, comment="a@b.fr")).comment is None


def test_what_holds_no_personal_data_stays_as_it_is():
    assert without_personal_data(BUS) == BUS
    assert without_personal_data(NIGHT) == NIGHT


def test_a_question_of_which_nothing_is_left_is_refused():
    with pytest.raises(BadQuestion, match="Nothing is left of the question"):
        without_personal_data(replace(NIGHT, query="0612345678 ?"))


# --- one question in many spellings ---


@pytest.mark.parametrize("query", ["Où est l'été ?", "ou  est\tl'ete", "OÙ EST L'ÉTÉ…", " où est l'été !"])
def test_case_accents_spaces_and_closing_marks_make_no_other_question(query):
    assert question_key(query) == "ou est l'ete"


def test_other_words_are_another_question():
    assert question_key("où est l'hiver") != question_key("où est l'été")
