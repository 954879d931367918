"""Measures: what ir-measures says of rankings, question by question, and the means of that.

A ranking may hold any telling of a real-world initiative; a second one further down takes a place and earns nothing.
Figures are made in this way only.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import ir_measures
import numpy as np
from ir_measures import RR, Judged, Qrel, R, ScoredDoc, Success, nDCG

from eval.relevance import Relevance
from eval.significance import Interval, intervals

# Initiative ids, best first.
Ranking = Sequence[str]

# Name of a series → id of a question → value.
Series = dict[str, dict[str, float]]

# How far down rankings are looked at.
DEPTH = 50

# Where a measure knows only yes and no, these grades and above are yes.
RELEVANT = 2

# Gains of 2^grade - 1 (Burges et al., "Learning to rank using gradient descent", ICML 2005): a perfect answer is worth
# more than two fair ones. The name prints as nDCG(gains={2:3,3:7})@10 for ir-measures' own command.
GAINS = {0: 0, 1: 1, 2: 3, 3: 7}

# By the names that series and JSON have.
MEASURES = {
    "ndcg_10": nDCG(gains=GAINS) @ 10,
    "recall_10": R(rel=RELEVANT) @ 10,
    "recall_50": R(rel=RELEVANT) @ DEPTH,
    "mrr_10": RR(rel=RELEVANT) @ 10,
    "success_1": Success(rel=RELEVANT) @ 1,
    "judged_10": Judged @ 10,
}

# As the literature writes them.
HEADINGS = {
    "ndcg_10": "nDCG@10",
    "recall_10": "Recall@10",
    "recall_50": "Recall@50",
    "mrr_10": "MRR@10",
    "success_1": "Success@1",
    "judged_10": "judged@10",
}


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over some questions, each from 0 to 1."""

    questions: int
    ndcg_10: float  # gains of 2^grade - 1
    recall_10: float  # 0 for a question without a relevant judgement
    recall_50: float
    mrr_10: float
    success_1: float
    judged_10: float  # share of the first ten that somebody judged: below 1, the other figures may be too low
    intervals: dict[str, Interval]  # 95 %, by the names above; none for a single question


def values_of(relevance: Relevance, rankings: Mapping[str, Ranking]) -> Series:
    """What each measure says of each question's ranking; a question without a ranking counts as 0."""
    by_measure = {measure: name for name, measure in MEASURES.items()}
    values: Series = {name: {} for name in MEASURES}
    for metric in ir_measures.iter_calc(list(MEASURES.values()), qrels_of(relevance), run_of(relevance, rankings)):
        values[by_measure[metric.measure]][metric.query_id] = float(metric.value)
    return {name: {question: of[question] for question in relevance.grades} for name, of in values.items()}


def qrels_of(relevance: Relevance) -> list[Qrel]:
    """The folded judgements, as ir-measures reads them."""
    return [
        Qrel(question, initiative, grade)
        for question, of_question in relevance.grades.items()
        for initiative, grade in of_question.items()
    ]


def run_of(relevance: Relevance, rankings: Mapping[str, Ranking]) -> list[ScoredDoc]:
    """The rankings of the judged questions, as ir-measures reads them, with scores that fall strictly.

    It orders ties by name. A second telling of a real-world initiative gets a name of its own, which nobody judged.
    """
    return [
        ScoredDoc(question, name, -float(rank))
        for question in relevance.grades
        for rank, name in enumerate(_names(relevance, rankings.get(question, ())))
    ]


def _names(relevance: Relevance, ranking: Ranking) -> list[str]:
    names: list[str] = []
    for rank, initiative in enumerate(ranking, start=1):
        name = relevance.name(initiative)
        names.append(f"{name}#again-at-{rank}" if name in names else name)
    return names


def figures_of(values: Series, questions: Iterable[str]) -> Figures:
    """The means of the six measures over some questions, one at least, and where they may lie."""
    ids = list(questions)
    matrix = np.array([[values[name][question] for question in ids] for name in MEASURES])
    means = {name: float(mean) for name, mean in zip(MEASURES, matrix.mean(axis=1), strict=True)}
    found = intervals(matrix)
    return Figures(len(ids), **means, intervals=dict(zip(MEASURES, found, strict=True)) if found else {})
