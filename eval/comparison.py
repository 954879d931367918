"""A comparison: several systems on one collection, and what changed between them."""

from collections.abc import Sequence
from dataclasses import dataclass

from eval.collection import Collection, Question
from eval.differences import Difference, differences
from eval.fault import CannotMeasure
from eval.measures import Series
from eval.relevance import Relevance, relevance_of
from eval.retrieval import Evaluation, judge, merits
from eval.system import Run

# Questions that changed most, of each system, and how much of their rankings is shown.
CHANGES, LINES = 10, 10


@dataclass(frozen=True, slots=True)
class Line:
    """One initiative in a ranking that is shown to people."""

    initiative: str
    title: str
    grade: int | None  # None when nobody judged it


@dataclass(frozen=True, slots=True)
class Change:
    """A question whose figure changed, with both rankings."""

    system: str
    question: str
    text: str
    type: str
    before: float  # nDCG@10 of the first system
    after: float  # and of this one
    ranking_before: tuple[Line, ...]
    ranking_after: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Several systems beside each other. `dataclasses.asdict` makes it ready for JSON."""

    collection: str
    first: str  # the system that the others are compared with
    evaluations: tuple[Evaluation, ...]  # of each system, the first one first
    differences: tuple[Difference, ...]  # of the others to the first
    changes: tuple[Change, ...]  # of each other system, the largest first


def compare(collection: Collection, runs: Sequence[Run], first: str | None = None) -> Comparison:
    """Compare runs with the first of them, or with that of the system named.

    Raises CannotMeasure for fewer than two runs, two of one name, or a name that none has; BadCollection when a unit
    cannot be found in a system's catalogue.
    """
    ordered = _ordered(runs, first)
    relevances = [relevance_of(collection, run.catalogue) for run in ordered]
    evaluations = tuple(judge(run, collection, of) for run, of in zip(ordered, relevances, strict=True))
    series = {one.system: merits(one) for one in evaluations}
    begun = (ordered[0], relevances[0])
    return Comparison(
        collection.name,
        ordered[0].system,
        evaluations,
        differences(series.pop(ordered[0].system), series, evaluations[0].slices),
        tuple(
            change
            for run, relevance, evaluation in zip(ordered[1:], relevances[1:], evaluations[1:], strict=True)
            for change in _changes(
                collection.questions, begun, evaluations[0].series, (run, relevance), evaluation.series
            )
        ),
    )


def _ordered(runs: Sequence[Run], first: str | None) -> list[Run]:
    names = [run.system for run in runs]
    mend = f"The systems are: {', '.join(names)}."
    if len(runs) < 2:
        raise CannotMeasure("There is nothing to compare with", "the systems", f"Give two or more. {mend}")
    if len(set(names)) < len(names):
        raise CannotMeasure("Two systems have one name", "the systems", f"Give each once. {mend}")
    if first is not None and first not in names:
        raise CannotMeasure(f"There is no system '{first}'", "the baseline system", mend)
    return sorted(runs, key=lambda run: run.system != (first or names[0]))


def _changes(
    questions: Sequence[Question],
    first: tuple[Run, Relevance],
    before: Series,
    other: tuple[Run, Relevance],
    after: Series,
) -> list[Change]:
    """The questions whose nDCG@10 changed most, largest change first; those that did not change are left out."""

    def gain(question: Question) -> float:
        return after["ndcg_10"][question.id] - before["ndcg_10"][question.id]

    changed = sorted((one for one in questions if gain(one)), key=lambda one: (-abs(gain(one)), one.id))
    return [
        Change(
            other[0].system,
            question.id,
            question.text,
            question.type,
            before["ndcg_10"][question.id],
            after["ndcg_10"][question.id],
            lines_of(*first, question.id),
            lines_of(*other, question.id),
        )
        for question in changed[:CHANGES]
    ]


def lines_of(run: Run, relevance: Relevance, question: str) -> tuple[Line, ...]:
    """The first ten of a ranking, with titles and grades."""
    return tuple(
        Line(initiative, run.catalogue.title(initiative), relevance.grade(question, initiative))
        for initiative in run.rankings.get(question, ())[:LINES]
    )
