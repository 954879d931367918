"""Figures of rankings, on collections small enough to reckon them by hand."""

from collections.abc import Mapping, Sequence
from io import StringIO
from math import log2

import ir_measures
import pytest
from rich.console import Console

from eval.collection import Collection, Judgement, Question, SimilarGroup, Unit
from eval.measures import MRR_10, NDCG_10, RECALL_10, SUCCESS_1, Figures, Retrieval, score
from eval.retrieval import Evaluation, Likeness, Silence, likeness, rank_all, show, silence

HERE = "x.jsonl:1"


def collection(grades: Mapping[str, Mapping[str, int]], twins: Sequence[set[str]] = ()) -> Collection:
    """Question id → unit id → grade. The type of a question is the first letter of its id."""
    units = sorted({unit for of_question in grades.values() for unit in of_question})
    return Collection(
        name="small",
        questions=tuple(Question(id_, f"text of {id_}", "fr", id_[0], HERE) for id_ in grades),
        judgements=tuple(
            Judgement(question, unit, grade, HERE)
            for question, of_question in grades.items()
            for unit, grade in of_question.items()
        ),
        units=tuple(Unit(unit, "d.txt", unit, HERE) for unit in units),
        twins=tuple(frozenset(group) for group in twins),
        unanswerable=(),
        similar=(),
    )


def scored(
    grades: Mapping[str, Mapping[str, int]], rankings: Mapping[str, Sequence[str]], twins: Sequence[set[str]] = ()
) -> Retrieval:
    """Score with initiatives that have the ids of their units in capitals."""
    judged = collection(grades, twins)
    return score(judged, {unit.id: unit.id.upper() for unit in judged.units}, rankings)


def test_the_best_order_earns_everything():
    figures = scored({"q": {"a": 3, "b": 2, "c": 1, "d": 0}}, {"q": ["A", "B", "C", "D"]}).overall
    assert figures == Figures(questions=1, ndcg_10=1, recall_10=1, mrr_10=1, success_1=1)


def test_gains_are_powers_of_two_less_one_and_are_discounted_by_the_logarithm_of_the_rank():
    figures = scored({"q": {"a": 3, "b": 1}}, {"q": ["B", "A"]}).overall
    assert figures.ndcg_10 == pytest.approx((1 + 7 / log2(3)) / (7 + 1 / log2(3)))
    assert figures.ndcg_10 == pytest.approx(0.7098, abs=1e-4)


def test_grades_two_and_three_are_relevant():
    figures = scored({"q": {"a": 1, "b": 2, "c": 3, "d": 3}}, {"q": ["A", "B", "C"]}).overall
    assert (figures.recall_10, figures.mrr_10, figures.success_1) == pytest.approx((2 / 3, 1 / 2, 0))


def test_only_the_first_ten_count():
    ranking = [f"X{n}" for n in range(10)] + ["A"]
    assert scored({"q": {"a": 3}}, {"q": ranking}).overall == Figures(1, 0, 0, 0, 0)


def test_what_nobody_judged_takes_a_place_and_earns_nothing():
    assert scored({"q": {"a": 3}}, {"q": ["X", "A"]}).overall.mrr_10 == 1 / 2


@pytest.mark.parametrize("rankings", [{"q": []}, {}], ids=["empty", "missing"])
def test_a_question_without_hits_counts_as_nothing(rankings: dict[str, list[str]]):
    assert scored({"q": {"a": 3}}, rankings).overall == Figures(1, 0, 0, 0, 0)


def test_the_first_rank_counts_most_even_among_many_hits():
    """Rankings are told to ir-measures by scores; equal ones would be ordered by name."""
    assert scored({"q": {"z": 3}}, {"q": ["Z", "A", "B"]}).overall.success_1 == 1


def test_means_are_taken_overall_and_for_each_type_and_language():
    retrieval = scored({"k1": {"a": 3}, "k2": {"a": 3}, "p1": {"a": 3}}, {"k1": ["A"], "k2": ["B", "A"], "p1": []})
    assert retrieval.overall.mrr_10 == pytest.approx((1 + 1 / 2 + 0) / 3)
    assert {name: (figures.questions, figures.mrr_10) for name, figures in retrieval.by_type.items()} == {
        "k": (2, 0.75),
        "p": (1, 0),
    }
    assert retrieval.by_language == {"fr": retrieval.overall}


@pytest.mark.parametrize("ranking", [["A"], ["B"]])
def test_either_twin_earns_the_highest_grade_of_both(ranking: list[str]):
    figures = scored({"q": {"a": 1, "b": 3}}, {"q": ranking}, twins=[{"a", "b"}]).overall
    assert figures == Figures(1, 1, 1, 1, 1)


def test_a_second_twin_takes_a_place_and_earns_nothing():
    figures = scored({"q": {"a": 3, "b": 3, "c": 3}}, {"q": ["A", "B", "C"]}, twins=[{"a", "b"}]).overall
    assert figures.ndcg_10 == pytest.approx((7 + 7 / log2(4)) / (7 + 7 / log2(3)))
    assert figures.recall_10 == 1


def test_ir_measures_reads_the_same_figures_from_trec_files():
    qrels = "k1 0 a 3\nk1 0 b 1\nk1 0 c 2\np1 0 a 0\np1 0 c 3\n"
    run = "k1 Q0 b 1 9 t\nk1 Q0 c 2 8 t\nk1 Q0 a 3 7 t\np1 Q0 a 1 9 t\np1 Q0 c 2 8 t\n"
    ours = scored(
        {"k1": {"a": 3, "b": 1, "c": 2}, "p1": {"a": 0, "c": 3}}, {"k1": ["B", "C", "A"], "p1": ["A", "C"]}
    ).overall
    theirs = ir_measures.calc_aggregate(
        [ir_measures.parse_measure(str(measure)) for measure in (NDCG_10, RECALL_10, MRR_10, SUCCESS_1)],
        ir_measures.read_trec_qrels(StringIO(qrels)),
        ir_measures.read_trec_run(StringIO(run)),
    )
    assert ours == Figures(2, theirs[NDCG_10], theirs[RECALL_10], theirs[MRR_10], theirs[SUCCESS_1])


def test_a_system_is_asked_the_text_of_each_question():
    questions = collection({"q1": {"a": 3}, "q2": {"a": 3}}).questions
    assert rank_all(lambda text: [text.upper()], questions) == {"q1": ["TEXT OF Q1"], "q2": ["TEXT OF Q2"]}


def test_silence_counts_empty_lists_on_both_sides():
    counts = silence(answerable=[["A"], []], unanswerable=[[], [], ["B"]])
    assert counts == Silence(unanswerable=3, unanswerable_empty=2, answerable=2, answerable_empty=1)


def group(id_: str, strength: str, *members: str) -> SimilarGroup:
    return SimilarGroup(id_, strength, tuple(Unit(member, "d", member, HERE) for member in members), HERE)


def test_likeness_is_the_mean_share_of_the_others_that_each_member_finds():
    shown = {"A": ["B", "X"], "B": ["A", "C"], "C": []}
    groups = [group("s1", "related", "a", "b", "c"), group("s2", "very_similar", "a", "b")]
    found = likeness(lambda one: shown[one], groups, {"a": "A", "b": "B", "c": "C"})
    assert found == {
        "related": Likeness(groups=1, members=3, recall_10=pytest.approx((1 / 2 + 1 + 0) / 3)),
        "very_similar": Likeness(groups=1, members=2, recall_10=1),
    }


def test_the_tables_show_every_figure():
    figures = Figures(2, 0.8126, 0.75, 0.5, 0.25)
    evaluation = Evaluation(
        "small",
        Retrieval(figures, {"place": figures}, {"fr": figures}),
        Silence(20, 15, 120, 1),
        {"related": Likeness(30, 77, 0.625)},
    )
    console = Console(file=StringIO(), width=100)
    show(evaluation, console)
    assert isinstance(console.file, StringIO)
    rows = [" ".join(line.replace("│", " ").split()) for line in console.file.getvalue().splitlines()]
    for name in ("all", "place", "fr"):
        assert f"{name} 2 0.813 0.750 0.500 0.250" in rows
    assert "that no initiative answers 20 15" in rows
    assert "that some initiative answers 120 1" in rows
    assert "related 30 77 0.625" in rows
