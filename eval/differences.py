"""Differences: how other series of values compare with a first one, question by question, and whether by chance."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from statistics import fmean

from eval.measures import Series
from eval.significance import Interval, holm, interval, randomisation_p
from eval.slices import FEWEST, Slice

# What all questions of a series are called, where slices have their label.
ALL = "all"


@dataclass(frozen=True, slots=True)
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
    return Difference(system, name, kind, label, len(pairs), before, after, interval(gains), p, p)


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
