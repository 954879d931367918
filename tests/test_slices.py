"""Slices: the questions by type, language, length, and the document and theme of what answers them."""

import pytest

from eval.catalogue import Catalogue, Sheet
from eval.relevance import relevance_of
from eval.slices import length_of, slices_of
from tests.small_collection import collection_of


def test_every_question_is_in_one_slice_of_each_kind():
    collection = collection_of({"k1": {"a": 1, "b": 3}, "p1": {"a": 3}}, unanswerable=["n1"])
    sheets = {"a": Sheet("a", "A", "d", "Emploi", "", 1, ()), "b": Sheet("b", "B", "e", None, "", 1, ())}
    catalogue = Catalogue(sheets, {})
    slices = slices_of(collection, relevance_of(collection, catalogue), catalogue)
    assert {one.label: one.members for one in slices} == {
        "type k": ("k1",),
        "type no_answer": ("n1",),
        "type p": ("p1",),
        "language en": ("n1",),
        "language fr": ("k1", "p1"),
        "document d": ("p1",),
        "document e": ("k1",),  # b answers k1 better than a does
        "theme Emploi": ("p1",),
        "theme no theme": ("k1",),
        "length short": ("k1", "p1", "n1"),
    }


@pytest.mark.parametrize(("words", "length"), [(1, "short"), (5, "short"), (6, "medium"), (15, "medium"), (16, "long")])
def test_the_length_of_a_question_is_counted_in_words(words: int, length: str):
    assert length_of(" ".join(["mot"] * words)) == length
