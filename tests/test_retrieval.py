"""What an evaluation puts to a system, and what it makes of the replies."""

from collections.abc import Sequence
from io import StringIO

import pytest
from rich.console import Console

from eval.collection import SimilarGroup, Unit
from eval.measures import Figures
from eval.relevance import relevance_of
from eval.retrieval import Evaluation, Likeness, Retrieval, Silence, evaluate, judge, likeness, merits, silence
from eval.system import System, ask
from eval.tables import show_rankings
from tests.small_collection import HERE, catalogue_of, collection_of, run_of


def group(id_: str, strength: str, *members: str) -> SimilarGroup:
    return SimilarGroup(id_, strength, tuple(Unit(member, None, None, HERE) for member in members), HERE)


COLLECTION = collection_of(
    {"k1": {"a": 3}, "k2": {"a": 3}, "p1": {"a": 3}},
    unanswerable=["n1"],
    similar=[group("s1", "related", "a", "b", "c"), group("s2", "very_similar", "a", "b")],
)
CATALOGUE = catalogue_of(COLLECTION)
RANKINGS = {"text of k1": ["a"], "text of k2": ["b", "a"], "text of p1": [], "text of n1": ["c"]}
SHOWN = {"a": ["b", "x"], "b": ["a", "c"], "c": []}
SYSTEM = System("small search", lambda text: RANKINGS[text], CATALOGUE, lambda one: SHOWN[one])


def test_a_system_is_asked_the_text_of_each_question():
    run = ask(SYSTEM, COLLECTION.questions)
    assert run.rankings == {"k1": ("a",), "k2": ("b", "a"), "p1": ()}
    assert (run.system, list(run.took_ms)) == ("small search", ["k1", "k2", "p1"])


def test_means_are_taken_overall_and_for_each_slice():
    retrieval = evaluate(SYSTEM, COLLECTION).retrieval
    assert retrieval.overall.mrr_10 == pytest.approx((1 + 1 / 2 + 0) / 3)
    assert {name: (figures.questions, figures.mrr_10) for name, figures in retrieval.by_type.items()} == {
        "k": (2, 0.75),
        "p": (1, 0),
    }
    assert retrieval.by_language == {"fr": retrieval.overall}
    assert retrieval.by_document == {"d": retrieval.overall}
    assert retrieval.by_theme == {"no theme": retrieval.overall}
    assert retrieval.by_length == {"short": retrieval.overall}


def test_every_value_behind_a_mean_is_kept_in_a_series():
    series = evaluate(SYSTEM, COLLECTION).series
    assert series["mrr_10"] == {"k1": 1, "k2": 1 / 2, "p1": 0}
    assert series["silence"] == {"k1": 1, "k2": 1, "p1": 0, "n1": 0}
    assert series["similar"] == {"s1:a": 1 / 2, "s1:b": 1, "s1:c": 0, "s2:a": 1, "s2:b": 1}


def test_how_much_was_judged_is_no_merit():
    merited = merits(evaluate(SYSTEM, COLLECTION))
    assert list(merited) == ["ndcg_10", "recall_10", "recall_50", "mrr_10", "success_1", "silence", "similar"]


def test_the_slices_are_those_of_all_series():
    labels = [one.label for one in evaluate(SYSTEM, COLLECTION).slices]
    assert labels[:3] == ["type k", "type no_answer", "type p"]
    assert labels[-2:] == ["strength related", "strength very_similar"]


def test_a_run_that_was_only_read_tells_nothing_of_silence_and_of_similar_initiatives():
    run = run_of("theirs", CATALOGUE, {"k1": ["a"]})
    evaluation = judge(run, COLLECTION, relevance_of(COLLECTION, CATALOGUE))
    assert (evaluation.silence, evaluation.similar, evaluation.series["similar"]) == (None, {}, {})
    assert evaluation.retrieval.overall.success_1 == pytest.approx(1 / 3)


def test_silence_counts_empty_lists_on_both_sides():
    counts = silence(answerable=[["a"], []], unanswerable=[[], [], ["b"]])
    assert counts == Silence(unanswerable=3, unanswerable_empty=2, answerable=2, answerable_empty=1)


def test_likeness_is_the_mean_share_of_the_others_that_each_member_finds():
    recalls = evaluate(SYSTEM, COLLECTION).series["similar"]
    assert likeness(recalls, COLLECTION.similar) == {
        "related": Likeness(groups=1, members=3, recall_10=pytest.approx((1 / 2 + 1 + 0) / 3)),
        "very_similar": Likeness(groups=1, members=2, recall_10=1),
    }


def rows_shown(evaluation: Evaluation) -> Sequence[str]:
    console = Console(file=StringIO(), width=80)
    show_rankings(evaluation, console)
    assert isinstance(console.file, StringIO)
    return [" ".join(line.replace("│", " ").split()) for line in console.file.getvalue().splitlines()]


def test_the_tables_show_every_figure():
    figures = Figures(20, 0.8126, 0.75, 0.875, 0.5, 0.25, 0.9, {"ndcg_10": (0.7, 0.9)})
    few = Figures(5, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, {})
    by = {"document": {"d": figures}, "theme": {"t": few}, "length": {"short": figures}}
    retrieval = Retrieval(figures, {"place": figures}, {"fr": figures}, *by.values())
    likenesses = {"related": Likeness(30, 77, 0.625)}
    rows = rows_shown(Evaluation("small", "recueil", retrieval, Silence(20, 15, 120, 1), likenesses, {}, (), {}))
    for name in ("all", "place", "fr", "d", "short"):
        assert f"{name} 20 0.813 0.70–0.90 0.750 0.875 0.500 0.250 0.900" in rows
    assert not any(row.startswith("t 5") for row in rows)
    assert "Slices of fewer than 6 questions are left out here; --json has them." in rows
    assert "that no initiative answers 20 15" in rows
    assert "that some initiative answers 120 1" in rows
    assert "related 30 77 0.625" in rows
