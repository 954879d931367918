"""The gate: what a change may not do to the figures.

It stays closed for a significant loss against the baseline, overall or on any slice, and for a mean below a floor.
Series of any name pass through it, in all of which more is better.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import fmean

from eval.baseline import Baseline
from eval.differences import ALL, Difference, differences
from eval.fault import BadBaseline, WorseThanBaseline
from eval.measures import Series
from eval.slices import Slice

# A loss counts when chance would bring it about less often than this, after correction, …
LEVEL = 0.05

# … and when somebody could notice it: half a point of a hundred.
LEAST_LOSS = 0.005

# Losses that are told one by one: a broken search loses on every slice of every series.
SHOWN = 5

MEND = 'Mend the search; if the loss is wanted, say why: `recueil eval baseline --why "…"`.'
MOVE = 'Move the baseline: `recueil eval baseline --why "…"`.'


def check(baseline: Baseline, where: Path, collection: str, series: Series, slices: Iterable[Slice]) -> None:
    """Let the series pass, or say which of them lost what.

    `where` is the file of the baseline, `collection` the digest of what was measured on. Raises BadBaseline when the
    baseline was measured on another collection, has other series or members, or a floor for something unknown;
    WorseThanBaseline, with slice, figures and p of the worst losses, when the gate stays closed.
    """
    slices = list(slices)
    _check_comparable(baseline, where, collection, series)
    _check_floors(baseline, where, series, slices)
    losses = [(-one.gain, told(one)) for one in significant_losses(baseline.series, series, slices)]
    losses += _below_floor(baseline, series, slices)
    if losses:
        raise WorseThanBaseline(f"The search is worse than its baseline:\n{_worst(losses)}", str(where), MEND)


def significant_losses(before: Series, after: Series, slices: Iterable[Slice]) -> list[Difference]:
    """The losses that are neither chance nor too small to notice, those of all questions first."""
    found = differences(before, {"now": after}, slices)
    return [one for one in found if one.corrected_p < LEVEL and -one.gain >= LEAST_LOSS]


def told(loss: Difference) -> str:
    """Say a loss. Example: "ndcg_10, type place: .974 → .701 on 10 questions, p = .016 (corrected)"."""
    return (
        f"{loss.series}, {loss.label}: {loss.before:.3f} → {loss.after:.3f} on {loss.questions} questions,"
        f" p = {loss.corrected_p:.4f} (corrected)"
    )


def _worst(losses: Sequence[tuple[float, str]]) -> str:
    """The largest losses, one a line, and how many more there are."""
    lines = [f"    {loss}" for _, loss in sorted(losses, key=lambda loss: -loss[0])[:SHOWN]]
    more = len(losses) - len(lines)
    return "\n".join(lines + [f"    and {more} more"] * bool(more))


def _below_floor(baseline: Baseline, series: Series, slices: Iterable[Slice]) -> list[tuple[float, str]]:
    """How much is lacking, and how that is told."""
    of_label = {one.label: one.members for one in slices}
    below = []
    for name, floors in baseline.floors.items():
        for label, floor in floors.items():
            members = series[name] if label == ALL else of_label[label]
            values = [series[name][member] for member in members if member in series[name]]
            if (mean := fmean(values)) < floor:
                lacking = f"{name}, {label}: {mean:.3f} on {len(values)} questions is below the floor of {floor}"
                below.append((floor - mean, lacking))
    return below


def _check_comparable(baseline: Baseline, where: Path, collection: str, series: Series) -> None:
    if baseline.identity.collection != collection:
        raise BadBaseline("The collection is not the one that the baseline was measured on", str(where), MOVE)
    for name in sorted(baseline.series.keys() | series.keys()):
        before, after = baseline.series.get(name), series.get(name)
        if before is None or after is None:
            lacking = "baseline" if before is None else "evaluation"
            raise BadBaseline(f"The {lacking} has no series '{name}'", str(where), MOVE)
        if different := sorted(before.keys() ^ after.keys()):
            raise BadBaseline(f"Baseline and evaluation differ on '{different[0]}' of '{name}'", str(where), MOVE)


def _check_floors(baseline: Baseline, where: Path, series: Series, slices: Iterable[Slice]) -> None:
    members = {ALL: {member for of in series.values() for member in of}}
    members |= {one.label: set(one.members) for one in slices}
    for name, floors in baseline.floors.items():
        for label in floors:
            if name not in series or members.get(label, set()).isdisjoint(series[name]):
                raise BadBaseline(
                    f"There is a floor for '{label}' of '{name}', which is not measured",
                    str(where),
                    "Take the floor out of the file, or name a series and a slice that `recueil eval --json` shows.",
                )
