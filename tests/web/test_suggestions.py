"""Suggestions: what is found by what somebody has typed so far."""

from dataclasses import replace

import pytest

from corpus import Expansions
from index import Acronym
from search import Catalogue
from web.suggestions import KINDS, Suggester

QUESTIONS = ("Qui prête un vélo aux apprentis ?", "bosser sans bagnole ?", "prêt de vélos")


@pytest.fixture(scope="module")
def suggester(small_searcher, gazetteer) -> Suggester:
    contents = small_searcher.index.contents
    (record,) = contents.enrichment.records
    records = (replace(record, expansions=Expansions(QUESTIONS, ())),)
    asked = replace(contents, enrichment=replace(contents.enrichment, records=records))
    acronyms = [Acronym("MNA", "mineurs non accompagnés")]
    return Suggester.of(Catalogue.of(asked, gazetteer), "fr", acronyms)


def found(suggester: Suggester, typed: str) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for one in suggester.suggest(typed)]


@pytest.mark.parametrize("typed", ["mna", "MNA", "mineurs non", "non accompagnes"])
def test_an_acronym_is_found_by_either_form_and_searched_by_the_short_one(suggester, typed):
    (one,) = suggester.suggest(typed)
    assert (one.kind, one.text, one.path) == ("acronym", "MNA : mineurs non accompagnés", "/")
    assert one.parameters == (("q", "MNA"),)


def test_whole_questions_are_suggested_and_no_other_wording(suggester):
    assert ("question", QUESTIONS[0]) in found(suggester, "velo app")
    assert found(suggester, "bosser") == []
    assert all(kind != "question" for kind, _ in found(suggester, "pret de"))


@pytest.mark.parametrize(
    ("typed", "is_found"),
    [
        ("apprentis", True),
        ("aprentis", True),  # dropped
        ("appprentis", True),  # added
        ("apprantis", True),  # changed
        ("apprenits", True),  # swapped
        ("aprantis", False),  # two slips
        ("xpprentis", False),  # the first letter is sure
        ("vlé", False),  # too short to be sure
    ],
)
def test_one_letter_of_a_longer_word_may_be_wrong(suggester, typed, is_found):
    assert (("question", QUESTIONS[0]) in found(suggester, typed)) is is_found


def test_what_begins_as_typed_comes_first_and_there_are_few_of_each_kind(suggester):
    texts = [one.text for one in suggester.suggest("le défi")]
    assert len(texts) <= sum(KINDS.values())
    kinds = [one.kind for one in suggester.suggest("a")] + [one.kind for one in suggester.suggest("vé")]
    assert kinds == sorted(kinds, key=list(KINDS).index)
