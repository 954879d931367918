"""A baseline: the values that a system had when somebody last decided that they were the ones to keep.

It is one JSON file. Floors are written into it by hand; everything else by `moved`, which says why in the history.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean

from pydantic import TypeAdapter, ValidationError

from eval.fault import BadBaseline
from eval.identity import Identity
from eval.measures import Series

# Digits behind the point of a value: more would tell processors apart, not rankings.
DIGITS = 6


@dataclass(frozen=True, slots=True)
class Move:
    """One entry of the history: when the baseline was moved, why, and the means of its series before and after."""

    when: str  # ISO 8601, UTC
    why: str
    commit: str | None
    before: dict[str, float]
    after: dict[str, float]


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a gate compares with."""

    identity: Identity
    floors: dict[str, dict[str, float]]  # series → "all" or the label of a slice → the least mean
    history: tuple[Move, ...]  # oldest first
    series: Series


BASELINE = TypeAdapter(Baseline)


def read_baseline(path: Path) -> Baseline:
    """Read a baseline. Raises BadBaseline when there is none, or a damaged one."""
    try:
        return BASELINE.validate_json(path.read_bytes(), strict=True)
    except FileNotFoundError:
        mend = 'Make one with `recueil eval baseline --why "…"`.'
        raise BadBaseline("There is no baseline", str(path), mend) from None
    except OSError as error:
        raise BadBaseline(
            f"The baseline cannot be read: {error.strerror}", str(path), "Give a readable file."
        ) from None
    except ValidationError as error:
        first = error.errors()[0]
        what = f"The baseline is damaged: {'.'.join(map(str, first['loc'])) or 'the file'}: {first['msg']}"
        raise BadBaseline(what, str(path), "Mend it by hand, or take it from the version control again.") from None


def write_baseline(path: Path, baseline: Baseline) -> None:
    """Write it, one value a line, so that version control shows what changed. Raises BadBaseline when it cannot."""
    try:
        path.write_text(json.dumps(asdict(baseline), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise BadBaseline(
            f"The baseline cannot be written: {error.strerror}", str(path), "Give a path that can be written."
        ) from None


def moved(before: Baseline | None, series: Series, identity: Identity, why: str) -> Baseline:
    """The baseline with new values, and the reason at the end of its history. Floors stay as they are."""
    rounded = {name: {member: round(value, DIGITS) for member, value in of.items()} for name, of in series.items()}
    now = datetime.now(UTC).isoformat(timespec="seconds")
    move = Move(now, why, identity.commit, _means(before.series) if before else {}, _means(rounded))
    history = before.history if before else ()
    return Baseline(identity, before.floors if before else {}, (*history, move), rounded)


def _means(series: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    return {name: round(fmean(of.values()), DIGITS) for name, of in series.items()}
