"""Comparing: means over the same questions, several systems beside one, and the questions that tell most of them.

comparison = compare_runs(collection, [full.run(questions), lexical.run(questions)])
comparison.differences[0].gain, comparison.differences[0].corrected_p
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from eval.collection import Collection, Qrels, Question
from eval.errors import CannotMeasure
from eval.evaluation import Evaluation, gated_series, score
from eval.metrics import RELEVANT, Series, Slice
from eval.run import Run
from eval.significance import FEWEST, LEVEL, Interval, holm, interval, randomisation_p

# What all questions of a series are called, where slices have their label.
ALL = "all"

# Questions that changed most, of each system, and how much of their rankings is shown.
CHANGES, LINES = 10, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One mean compared with another, over the same questions."""

    system: str
    series: str
    kind: str  # of the slice, or ALL
    label: str  # of the slice, or ALL
    questions: int
    before: float  # mean of the first system, or of the baseline
    after: float  # mean of this one
    interval: Interval | None  # of after - before, 95 %
    p: float  # paired randomisation, two-sided
    corrected_p: float  # Holm, over all systems and all slices of the same kind in the same series

    @property
    def gain(self) -> float:
        """How much better than before; negative for a loss."""
        return self.after - self.before

    @property
    def significant(self) -> bool:
        """Whether chance is an unlikely reason."""
        return self.corrected_p < LEVEL


def differences(first: Series, others: Mapping[str, Series], slices: Iterable[Slice]) -> tuple[Difference, ...]:
    """Compare each system's series with the first one's of the same name: overall and on every slice of theirs.

    `others` is by name of system. Only questions that both series have a value of are compared. Slices of fewer than
    FEWEST of them are left out: they could only weaken the correction.
    """
    slices = list(slices)
    found = [
        difference
        for system, series in others.items()
        for name in first
        if name in series
        for difference in _of_series(system, name, first[name], series[name], slices)
    ]
    return _corrected(found)


def _of_series(
    system: str, name: str, first: Mapping[str, float], other: Mapping[str, float], slices: Iterable[Slice]
) -> list[Difference]:
    shared = {question: (first[question], other[question]) for question in first if question in other}
    parts = [(one.kind, one.label, [shared[member] for member in one.members if member in shared]) for one in slices]
    parts = [(ALL, ALL, list(shared.values()))] * bool(shared) + [part for part in parts if len(part[2]) >= FEWEST]
    return [_difference(system, name, kind, label, pairs) for kind, label, pairs in parts]


def _difference(system: str, name: str, kind: str, label: str, pairs: list[tuple[float, float]]) -> Difference:
    before, after = (fmean(side) for side in zip(*pairs, strict=True))
    gains = [after - before for before, after in pairs]
    p = randomisation_p(gains)
    return Difference(
        system=system,
        series=name,
        kind=kind,
        label=label,
        questions=len(pairs),
        before=before,
        after=after,
        interval=interval(gains),
        p=p,
        corrected_p=p,
    )


def _corrected(found: list[Difference]) -> tuple[Difference, ...]:
    """The same, with p-values corrected in each family: a series' overall means are one, each kind of slice another."""
    families: dict[tuple[str, str], list[int]] = {}
    for position, one in enumerate(found):
        families.setdefault((one.series, one.kind), []).append(position)
    for positions in families.values():
        ps = holm([found[position].p for position in positions])
        for position, p in zip(positions, ps, strict=True):
            found[position] = replace(found[position], corrected_p=p)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Line:
    """One initiative in a ranking that is shown to people."""

    initiative: str
    title: str
    grade: int | None  # None when nobody judged it


@dataclass(frozen=True, slots=True, kw_only=True)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class RunComparison:
    """Several systems beside each other. `dataclasses.asdict` makes it ready for JSON."""

    collection: str
    first: str  # the system that the others are compared with
    evaluations: tuple[Evaluation, ...]  # of each system, the first one first
    differences: tuple[Difference, ...]  # of the others to the first
    changes: tuple[Change, ...]  # of each other system, the largest first

    def on(self, system: str, series: str, label: str) -> Difference | None:
        """The difference of one mean on a slice."""
        wanted = (system, series, label)
        return next((one for one in self.differences if (one.system, one.series, one.label) == wanted), None)


def compare_runs(collection: Collection, runs: Sequence[Run], first: str | None = None) -> RunComparison:
    """Compare runs with the first of them, or with that of the system named.

    Raises CannotMeasure for fewer than two runs, two of one name, or a name that none has; BadCollection when a unit
    cannot be found in a system's catalogue.
    """
    ordered = _ordered(runs, first)
    qrels = [Qrels.of(collection, run.catalogue) for run in ordered]
    evaluations = tuple(score(run, collection, of) for run, of in zip(ordered, qrels, strict=True))
    series = {one.system: gated_series(one) for one in evaluations}
    scored = list(zip(ordered, qrels, evaluations, strict=True))
    return RunComparison(
        collection=collection.name,
        first=ordered[0].system,
        evaluations=evaluations,
        differences=differences(series.pop(ordered[0].system), series, evaluations[0].slices),
        changes=tuple(one for other in scored[1:] for one in _changes(collection.questions, scored[0], other)),
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
    questions: Sequence[Question], first: tuple[Run, Qrels, Evaluation], other: tuple[Run, Qrels, Evaluation]
) -> list[Change]:
    """The questions whose nDCG@10 changed most, largest change first; those that did not change are left out."""
    before, after = (scored[2].series["ndcg_10"] for scored in (first, other))
    changed = [one for one in questions if after[one.id] - before[one.id]]
    changed.sort(key=lambda one: (-abs(after[one.id] - before[one.id]), one.id))
    return [
        Change(
            system=other[0].system,
            question=one.id,
            text=one.text,
            type=one.type,
            before=before[one.id],
            after=after[one.id],
            ranking_before=_lines(first[0], first[1], one.id),
            ranking_after=_lines(other[0], other[1], one.id),
        )
        for one in changed[:CHANGES]
    ]


def _lines(run: Run, qrels: Qrels, question: str) -> tuple[Line, ...]:
    """The first ten of a ranking, with titles and grades."""
    return tuple(
        Line(initiative, run.catalogue.title(initiative), qrels.grade(question, initiative))
        for initiative in run.rankings.get(question, ())[:LINES]
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """An initiative that a question should find."""

    initiative: str
    title: str
    grade: int
    rank: int | None  # where it was found, from 1; None when it was not


@dataclass(frozen=True, slots=True, kw_only=True)
class HardQuestion:
    """One of the questions that a search answers least well, its ranking and the judgements beside each other."""

    question: Question
    ndcg_10: float
    found: tuple[Line, ...]  # best first
    wanted: tuple[Wanted, ...]  # those judged best first
    others: dict[str, float]  # nDCG@10 of the other systems


def hardest(collection: Collection, run: Run, comparison: RunComparison, most: int) -> tuple[HardQuestion, ...]:
    """The questions with the lowest nDCG@10 in the first run of a comparison, lowest first, perfect ones left out."""
    first, *others = comparison.evaluations
    qrels, values = Qrels.of(collection, run.catalogue), first.series["ndcg_10"]
    ordered = sorted(collection.questions, key=lambda question: (values[question.id], question.id))
    return tuple(
        HardQuestion(
            question=one,
            ndcg_10=values[one.id],
            found=_lines(run, qrels, one.id),
            wanted=_wanted(one.id, run, qrels),
            others={other.system: other.series["ndcg_10"][one.id] for other in others},
        )
        for one in ordered[:most]
        if values[one.id] < 1
    )


def _wanted(question: str, run: Run, qrels: Qrels) -> tuple[Wanted, ...]:
    """The relevant initiatives by falling grade, those found first; the less relevant where nothing better is known."""
    grades, ranking = qrels.grades[question], run.rankings.get(question, ())
    ranks: dict[str, int] = {}
    for rank, initiative in enumerate(ranking, start=1):
        ranks.setdefault(qrels.cluster(initiative), rank)
    least = min(RELEVANT, max(grades.values()))
    relevant = [
        Wanted(one, run.catalogue.title(one), grade, ranks.get(one)) for one, grade in grades.items() if grade >= least
    ]
    return tuple(sorted(relevant, key=lambda one: (-one.grade, one.rank or len(ranking) + 1, one.initiative))[:LINES])
