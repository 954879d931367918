"""Figures of rankings, on collections small enough to reckon them by hand."""

from collections.abc import Mapping, Sequence
from io import StringIO
from math import log2

import ir_measures
import pytest

from eval.collection import Catalogue, Qrels, Sheet
from eval.metrics import HEADINGS, MEASURES, Figures, figures_of, length_of, slices_of, values_of
from tests.small_collection import catalogue_of, collection_of


def scored(
    grades: Mapping[str, Mapping[str, int]], rankings: Mapping[str, Sequence[str]], twins: Sequence[set[str]] = ()
) -> Figures:
    collection = collection_of(grades, twins)
    values = values_of(Qrels.of(collection, catalogue_of(collection)), rankings)
    return figures_of(values, grades)


def means(figures: Figures) -> tuple[float, ...]:
    return tuple(getattr(figures, name) for name in MEASURES)


def test_the_best_order_earns_everything():
    assert means(scored({"q": {"a": 3, "b": 2, "c": 1, "d": 0}}, {"q": ["a", "b", "c", "d"]})) == (1, 1, 1, 1, 1, 1, 1)


def test_gains_are_powers_of_two_less_one_and_are_discounted_by_the_logarithm_of_the_rank():
    figures = scored({"q": {"a": 3, "b": 1}}, {"q": ["b", "a"]})
    assert figures.ndcg_10 == pytest.approx((1 + 7 / log2(3)) / (7 + 1 / log2(3)))
    assert figures.ndcg_10 == pytest.approx(0.7098, abs=1e-4)


def test_grades_two_and_three_are_relevant():
    figures = scored({"q": {"a": 1, "b": 2, "c": 3, "d": 3}}, {"q": ["a", "b", "c"]})
    assert (figures.recall_10, figures.mrr_10, figures.success_1) == pytest.approx((2 / 3, 1 / 2, 0))


@pytest.mark.parametrize(("rank", "found"), [(10, (1, 1)), (11, (0, 1)), (50, (0, 1)), (51, (0, 0))])
def test_recall_looks_at_the_first_ten_and_at_the_first_fifty(rank: int, found: tuple[float, float]):
    figures = scored({"q": {"a": 3}}, {"q": [*(f"x{n}" for n in range(1, rank)), "a"]})
    assert (figures.recall_10, figures.recall_50) == found
    assert (figures.ndcg_10 > 0, figures.mrr_10 > 0) == (rank == 10, rank == 10)


def test_what_nobody_judged_takes_a_place_and_earns_nothing():
    figures = scored({"q": {"a": 3}}, {"q": ["x", "a"]})
    assert (figures.mrr_10, figures.judged_10) == (1 / 2, 1 / 2)


def test_a_judgement_of_nought_is_a_judgement():
    assert scored({"q": {"a": 3, "b": 0}}, {"q": ["b", "a", "x", "y"]}).judged_10 == 2 / 4


@pytest.mark.parametrize("rankings", [{"q": []}, {}], ids=["empty", "missing"])
def test_a_question_without_hits_counts_as_nothing(rankings: dict[str, list[str]]):
    assert means(scored({"q": {"a": 3}}, rankings)) == (0, 0, 0, 0, 0, 0, 0)


def test_the_first_rank_counts_most_even_among_many_hits():
    """Rankings are told to ir-measures by scores; equal ones would be ordered by name."""
    assert scored({"q": {"z": 3}}, {"q": ["z", "a", "b"]}).success_1 == 1


def test_values_are_kept_for_each_question():
    collection = collection_of({"q1": {"a": 3}, "q2": {"a": 3}, "q3": {"a": 3}})
    values = values_of(Qrels.of(collection, catalogue_of(collection)), {"q1": ["a"], "q2": ["b", "a"]})
    assert values["mrr_10"] == {"q1": 1, "q2": 1 / 2, "q3": 0}
    assert list(values) == list(MEASURES) == list(HEADINGS)


def test_figures_are_means_over_the_questions_asked_for_with_their_intervals():
    values = {name: {"q1": 1.0, "q2": 0.5, "q3": 0.0} for name in MEASURES}
    figures = figures_of(values, ["q1", "q2"])
    assert (figures.questions, figures.mrr_10) == (2, 0.75)
    assert figures.intervals["mrr_10"] == (0.5, 1)


def test_one_question_has_no_interval():
    assert figures_of({name: {"q1": 1.0} for name in MEASURES}, ["q1"]).intervals == {}


@pytest.mark.parametrize("ranking", [["a"], ["b"]])
def test_either_twin_earns_the_highest_grade_of_both(ranking: list[str]):
    figures = scored({"q": {"a": 1, "b": 3}}, {"q": ranking}, twins=[{"a", "b"}])
    assert means(figures) == (1, 1, 1, 1, 1, 1, 1)


def test_a_second_twin_takes_a_place_and_earns_nothing():
    figures = scored({"q": {"a": 3, "b": 3, "c": 3}}, {"q": ["a", "b", "c"]}, twins=[{"a", "b"}])
    assert figures.ndcg_10 == pytest.approx((7 + 7 / log2(4)) / (7 + 7 / log2(3)))
    assert (figures.recall_10, figures.judged_10) == (1, 2 / 3)


def test_ir_measures_reads_the_same_figures_from_trec_files():
    qrels = "k1 0 a 3\nk1 0 b 1\nk1 0 c 2\np1 0 a 0\np1 0 c 3\n"
    run = "k1 Q0 b 1 9 t\nk1 Q0 c 2 8 t\nk1 Q0 a 3 7 t\np1 Q0 a 1 9 t\np1 Q0 c 2 8 t\n"
    ours = scored({"k1": {"a": 3, "b": 1, "c": 2}, "p1": {"a": 0, "c": 3}}, {"k1": ["b", "c", "a"], "p1": ["a", "c"]})
    theirs = ir_measures.calc_aggregate(
        [ir_measures.parse_measure(str(measure)) for measure in MEASURES.values()],
        ir_measures.read_trec_qrels(StringIO(qrels)),
        ir_measures.read_trec_run(StringIO(run)),
    )
    assert means(ours) == pytest.approx(tuple(theirs[measure] for measure in MEASURES.values()))


def test_every_question_is_in_one_slice_of_each_kind():
    collection = collection_of({"k1": {"a": 1, "b": 3}, "p1": {"a": 3}}, unanswerable=["n1"])
    sheets = {
        "a": Sheet(id="a", title="A", document="d", theme="Emploi", text="", start_line=1, same_as=()),
        "b": Sheet(id="b", title="B", document="e", theme=None, text="", start_line=1, same_as=()),
    }
    catalogue = Catalogue(sheets, {})
    slices = slices_of(collection, Qrels.of(collection, catalogue), catalogue)
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


@pytest.mark.parametrize(("words", "length"), [(1, "short"), (5, "short"), (6, "medium"), (20, "medium"), (21, "long")])
def test_the_length_of_a_question_is_counted_in_words(words: int, length: str):
    assert length_of(" ".join(["mot"] * words)) == length
