"""The judgements of a collection, folded so that a real-world initiative counts once."""

import pytest

from eval.fault import BadCollection
from eval.relevance import relevance_of
from tests.small_collection import catalogue, catalogue_of, collection_of


def test_twins_share_the_least_id_and_the_highest_grade():
    collection = collection_of({"q": {"b": 1, "a": 3, "c": 2}}, twins=[{"a", "b"}])
    relevance = relevance_of(collection, catalogue_of(collection))
    assert relevance.grades == {"q": {"a": 3, "c": 2}}
    assert [relevance.name(one) for one in "abc"] == ["a", "a", "c"]


def test_without_twins_in_the_collection_those_of_the_catalogue_count():
    collection = collection_of({"q": {"b": 2}})
    relevance = relevance_of(collection, catalogue("abc", same_as={"a": ("b",), "b": ("a",)}))
    assert relevance.grades == {"q": {"a": 2}}
    assert (relevance.grade("q", "b"), relevance.grade("q", "c")) == (2, None)


def test_the_best_answer_is_the_highest_grade_and_of_several_the_first_of_the_file():
    collection = collection_of({"q": {"a": 1, "c": 3, "b": 3}})
    assert relevance_of(collection, catalogue_of(collection)).best("q") == "c"


def test_an_initiative_that_the_catalogue_does_not_hold_is_refused():
    collection = collection_of({"q": {"a": 3}})
    with pytest.raises(
        BadCollection, match=r"No initiative has the id 'a' \(x\.jsonl:1\)\. Give an id as /initiatives"
    ):
        relevance_of(collection, catalogue("b"))
