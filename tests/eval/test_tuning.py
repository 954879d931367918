"""Weights are fitted to a collection of their own corpus, with what tells how far to trust them."""

from pathlib import Path

import pytest

from corpus.places import Gazetteer
from eval.collection import Collection, Judgement, Question, named_units
from eval.errors import CannotMeasure
from eval.tuning import FEWEST, FUSION, PLACE, tune
from search import Searcher
from tests.small_index import searcher_of, sheet

NAMES = [f"outil{n}" for n in range(FEWEST)]


@pytest.fixture(scope="module")
def searcher(gazetteer: Gazetteer) -> Searcher:
    return searcher_of(*(sheet(f"atlas-{name}", f"prêter {name}") for name in NAMES), gazetteer=gazetteer)


def collection_of(questions: int) -> Collection:
    judged = tuple(Judgement(f"q{n}", f"atlas-{NAMES[n]}", 3, "qrels:1") for n in range(questions))
    asked = tuple(
        Question(id=f"q{n}", text=f"prêter {NAMES[n]}", language="fr", type="topic", where="queries:1")
        for n in range(questions)
    )
    return Collection(folder=Path("ours"), questions=asked, judgements=judged, units=named_units(judged))


def test_a_weight_says_on_what_it_was_fitted_how_many_and_when(searcher: Searcher):
    tuned = tune(searcher, collection_of(FEWEST), today="2026-11-29")
    fitted = tuned.weights[FUSION]
    assert (fitted.on, fitted.n, fitted.date) == ("the questions of 'ours'", FEWEST, "2026-11-29")


def test_what_the_questions_cannot_tell_is_not_fitted(searcher: Searcher):
    """No question names a place, and nothing was adapted: only the fusion of lists can be weighed."""
    assert tune(searcher, collection_of(FEWEST), today="2026-11-29").weights.keys() == {FUSION}
    assert searcher.weights.place_bonus.value == 0.3
    assert PLACE not in tune(searcher, collection_of(FEWEST), today="2026-11-29").by_fold[0]


def test_nothing_is_better_than_what_finds_everything_already(searcher: Searcher):
    tuned = tune(searcher, collection_of(FEWEST), today="2026-11-29")
    assert (tuned.before, tuned.held_out, tuned.is_better) == (1.0, 1.0, False)


def test_few_questions_fit_nothing(searcher: Searcher):
    with pytest.raises(CannotMeasure, match=f"Judge {FEWEST} or more"):
        tune(searcher, collection_of(FEWEST - 1), today="2026-11-29")
