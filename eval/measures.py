"""Measures: what ir-measures says of rankings, overall and for each slice of the questions.

A real-world initiative counts once. The judgements of its twins are folded into one, the highest, and a ranking may
hold any of them. A second twin further down takes a place and earns nothing. Figures are made in this way only.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import ir_measures
from ir_measures import RR, Qrel, R, ScoredDoc, Success, nDCG

from eval.collection import Collection, Question

# Initiative ids, best first.
Ranking = Sequence[str]

DEPTH = 10

# Where a measure knows only yes and no, these grades and above are yes.
RELEVANT = 2

# Gains of 2^grade - 1 (Burges et al., "Learning to rank using gradient descent", ICML 2005): a perfect answer is worth
# more than two fair ones. The name prints as nDCG(gains={2:3,3:7})@10 for ir-measures' own command.
GAINS = {0: 0, 1: 1, 2: 3, 3: 7}

NDCG_10 = nDCG(gains=GAINS) @ DEPTH
RECALL_10 = R(rel=RELEVANT) @ DEPTH
MRR_10 = RR(rel=RELEVANT) @ DEPTH
SUCCESS_1 = Success(rel=RELEVANT) @ 1


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over some questions, each from 0 to 1."""

    questions: int
    ndcg_10: float  # gains of 2^grade - 1
    recall_10: float  # 0 for a question without a relevant judgement
    mrr_10: float
    success_1: float


@dataclass(frozen=True, slots=True)
class Retrieval:
    """How well rankings answer the questions of a collection."""

    overall: Figures
    by_type: dict[str, Figures]  # in the order of the names
    by_language: dict[str, Figures]


def score(collection: Collection, initiatives: Mapping[str, str], rankings: Mapping[str, Ranking]) -> Retrieval:
    """Score one ranking for each question; a question without a ranking counts as 0.

    `initiatives` gives each unit's id its initiative's, as `map_units` does; `rankings` has the ids of questions.
    """
    real_world = _real_world(collection, initiatives)
    qrels = _judged(collection)
    run = {question: _retrieved(question, ranking, real_world) for question, ranking in rankings.items()}

    def figures(questions: Sequence[Question]) -> Figures:
        judged = [qrel for question in questions for qrel in qrels[question.id]]
        retrieved = [document for question in questions for document in run.get(question.id, [])]
        means = ir_measures.calc_aggregate([NDCG_10, RECALL_10, MRR_10, SUCCESS_1], judged, retrieved)
        return Figures(len(questions), means[NDCG_10], means[RECALL_10], means[MRR_10], means[SUCCESS_1])

    questions = collection.questions
    return Retrieval(
        figures(questions),
        {name: figures(part) for name, part in _sliced(questions, lambda question: question.type)},
        {name: figures(part) for name, part in _sliced(questions, lambda question: question.language)},
    )


def _sliced(questions: Iterable[Question], name_of: Callable[[Question], str]) -> Iterator[tuple[str, list[Question]]]:
    slices: dict[str, list[Question]] = {}
    for question in questions:
        slices.setdefault(name_of(question), []).append(question)
    yield from sorted(slices.items())


def _eldest(collection: Collection) -> dict[str, str]:
    """Each unit with twins → the one of them that stands for all: the least id."""
    return {unit: min(group) for group in collection.twins for unit in group}


def _real_world(collection: Collection, initiatives: Mapping[str, str]) -> dict[str, str]:
    """Each initiative's id → the unit that stands for the real-world initiative."""
    eldest = _eldest(collection)
    return {initiatives[unit.id]: eldest.get(unit.id, unit.id) for unit in collection.units}


def _judged(collection: Collection) -> dict[str, list[Qrel]]:
    """The judgements of each question, twins folded to their highest grade."""
    eldest = _eldest(collection)
    grades: dict[str, dict[str, int]] = {}
    for judgement in collection.judgements:
        of_question = grades.setdefault(judgement.question, {})
        unit = eldest.get(judgement.unit, judgement.unit)
        of_question[unit] = max(judgement.grade, of_question.get(unit, 0))
    return {
        question: [Qrel(question, unit, grade) for unit, grade in of_question.items()]
        for question, of_question in grades.items()
    }


def _retrieved(question: str, ranking: Ranking, real_world: Mapping[str, str]) -> list[ScoredDoc]:
    """A ranking as ir-measures reads it, with scores that fall strictly: it orders ties by name."""
    retrieved = []
    seen: set[str] = set()
    for rank, initiative in enumerate(ranking):
        unit = real_world.get(initiative, initiative)
        name = f"again at {rank}" if unit in seen else unit
        seen.add(unit)
        retrieved.append(ScoredDoc(question, name, -float(rank)))
    return retrieved
