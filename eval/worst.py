"""The worst questions: those that a search answers least well, what it gave, and what it should have given."""

from collections.abc import Sequence
from dataclasses import dataclass

from eval.collection import Collection, Question
from eval.comparison import LINES, Line, lines_of
from eval.measures import RELEVANT
from eval.relevance import Relevance
from eval.retrieval import Evaluation
from eval.system import Run


@dataclass(frozen=True, slots=True)
class Wanted:
    """An initiative that a question should find."""

    initiative: str
    title: str
    grade: int
    rank: int | None  # where it was found, from 1; None when it was not


@dataclass(frozen=True, slots=True)
class Worst:
    """One question, with its ranking and the judgements beside it."""

    question: Question
    ndcg_10: float
    found: tuple[Line, ...]  # best first
    wanted: tuple[Wanted, ...]  # those judged best first
    others: dict[str, float]  # nDCG@10 of the other systems


def worst_of(
    collection: Collection, run: Run, relevance: Relevance, evaluations: Sequence[Evaluation], most: int
) -> tuple[Worst, ...]:
    """The questions with the lowest nDCG@10, lowest first, perfect ones left out.

    `evaluations` are those of all systems, that of `run` the first.
    """
    values = evaluations[0].series["ndcg_10"]
    ordered = sorted(collection.questions, key=lambda question: (values[question.id], question.id))
    return tuple(
        Worst(
            question,
            values[question.id],
            lines_of(run, relevance, question.id),
            _wanted(question.id, run, relevance),
            {other.system: other.series["ndcg_10"][question.id] for other in evaluations[1:]},
        )
        for question in ordered[:most]
        if values[question.id] < 1
    )


def _wanted(question: str, run: Run, relevance: Relevance) -> tuple[Wanted, ...]:
    """The relevant initiatives by falling grade, those found first; the less relevant where nothing better is known."""
    grades = relevance.grades[question]
    ranks: dict[str, int] = {}
    for rank, initiative in enumerate(run.rankings.get(question, ()), start=1):
        ranks.setdefault(relevance.name(initiative), rank)
    least = min(RELEVANT, max(grades.values()))
    named = [Wanted(one, run.catalogue.title(one), grade, ranks.get(one)) for one, grade in grades.items()]
    relevant = [one for one in named if one.grade >= least]
    unfound = len(run.rankings.get(question, ())) + 1
    return tuple(sorted(relevant, key=lambda one: (-one.grade, one.rank or unfound, one.initiative))[:LINES])
