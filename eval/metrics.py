"""Metrics: what ir-measures says of rankings, question by question; means of that, overall and on slices.

    values = values_of(qrels, run.rankings)               # {"ndcg_10": {"q1": 0.92, …}, …}
    figures_of(values, values["ndcg_10"]).ndcg_10         # the mean, with its interval in .intervals

A ranking may hold any telling of a real-world initiative; a second one further down takes a place and earns nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import ir_measures
import numpy as np
from ir_measures import RR, Judged, Qrel, R, ScoredDoc, Success, nDCG

from eval.collection import Catalogue, Collection, Qrels, Question
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
    "success_3": Success(rel=RELEVANT) @ 3,
    "judged_10": Judged @ 10,
}

# As the literature writes them.
HEADINGS = {
    "ndcg_10": "nDCG@10",
    "recall_10": "Recall@10",
    "recall_50": "Recall@50",
    "mrr_10": "MRR@10",
    "success_1": "Success@1",
    "success_3": "Success@3",
    "judged_10": "judged@10",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Means over some questions, each from 0 to 1."""

    questions: int
    ndcg_10: float  # gains of 2^grade - 1
    recall_10: float  # 0 for a question without a relevant judgement
    recall_50: float
    mrr_10: float
    success_1: float
    success_3: float  # share of the questions that have a relevant initiative among the first three
    judged_10: float  # share of the first ten that somebody judged: below 1, the other figures may be too low
    intervals: dict[str, Interval]  # 95 %, by the names above; none for a single question


def values_of(qrels: Qrels, rankings: Mapping[str, Ranking]) -> Series:
    """What each measure says of each question's ranking; a question without a ranking counts as 0."""
    by_measure = {measure: name for name, measure in MEASURES.items()}
    values: Series = {name: {} for name in MEASURES}
    for metric in ir_measures.iter_calc(list(MEASURES.values()), trec_qrels(qrels), trec_run(qrels, rankings)):
        values[by_measure[metric.measure]][metric.query_id] = float(metric.value)
    return {name: {question: of[question] for question in qrels.grades} for name, of in values.items()}


def trec_qrels(qrels: Qrels) -> list[Qrel]:
    """The judgements as ir-measures reads them."""
    return [
        Qrel(question, cluster, grade)
        for question, of_question in qrels.grades.items()
        for cluster, grade in of_question.items()
    ]


def trec_run(qrels: Qrels, rankings: Mapping[str, Ranking]) -> list[ScoredDoc]:
    """The rankings of the judged questions as ir-measures reads them, with scores that fall strictly.

    It orders ties by name. A second telling of a real-world initiative gets a name of its own, which nobody judged.
    """
    return [
        ScoredDoc(question, name, -float(rank))
        for question in qrels.grades
        for rank, name in enumerate(_names(qrels, rankings.get(question, ())))
    ]


def _names(qrels: Qrels, ranking: Ranking) -> list[str]:
    names: list[str] = []
    for rank, initiative in enumerate(ranking, start=1):
        cluster = qrels.cluster(initiative)
        names.append(f"{cluster}#again-at-{rank}" if cluster in names else cluster)
    return names


def figures_of(values: Series, questions: Iterable[str]) -> Figures:
    """The means of the measures over some questions, one at least, and where they may lie."""
    ids = list(questions)
    matrix = np.array([[values[name][question] for question in ids] for name in MEASURES])
    means = {name: float(mean) for name, mean in zip(MEASURES, matrix.mean(axis=1), strict=True)}
    found = intervals(matrix)
    return Figures(questions=len(ids), **means, intervals=dict(zip(MEASURES, found, strict=True)) if found else {})


# Words of a short question, at most, and of a medium one: keywords, a sentence, and beyond it a problem told at length.
SHORT, MEDIUM = 5, 20

NO_THEME = "no theme"


@dataclass(frozen=True, slots=True)
class Slice:
    """Some of the questions, or of whatever else a series has values of."""

    kind: str  # what they are sliced by: "type", "language", "document", "theme", "length", "strength"
    name: str  # what is common to them
    members: tuple[str, ...]  # ids

    @property
    def label(self) -> str:
        """How figures and floors name it. Example: "type place"."""
        return f"{self.kind} {self.name}"


def slices_of(collection: Collection, qrels: Qrels, catalogue: Catalogue) -> tuple[Slice, ...]:
    """All slices of the questions, by kind and name.

    The document and the theme of a question are those of the initiative that answers it best; one that no initiative
    answers is in no slice of these two kinds.
    """
    best = {question.id: catalogue.sheets[qrels.best(question.id)] for question in collection.questions}
    everything = collection.all_questions
    return (
        *_sliced("type", everything, lambda question: question.type),
        *_sliced("language", everything, lambda question: question.language),
        *_sliced("document", collection.questions, lambda question: best[question.id].document),
        *_sliced("theme", collection.questions, lambda question: best[question.id].theme or NO_THEME),
        *_sliced("length", everything, lambda question: length_of(question.text)),
    )


def _sliced(kind: str, questions: Iterable[Question], name_of: Callable[[Question], str]) -> tuple[Slice, ...]:
    """One slice for each name, in the order of the names."""
    members: dict[str, list[str]] = {}
    for question in questions:
        members.setdefault(name_of(question), []).append(question.id)
    return tuple(Slice(kind, name, tuple(ids)) for name, ids in sorted(members.items()))


def length_of(text: str) -> str:
    """Tell "short", "medium" or "long" by the number of words. Example: "un bus en Ardèche" → "short"."""
    words = len(text.split())
    return "short" if words <= SHORT else "medium" if words <= MEDIUM else "long"
