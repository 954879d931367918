"""The gate: what a change may not do to the figures.

    check_gate(read_baseline(path), path, digest_of(folder), report.gated, report.slices)

It stays closed for a significant loss against a baseline, overall or on any slice, and for a mean below a floor. Series
of any name pass through it, in all of which more is better. The baseline is one JSON file: the values that a system had
when somebody last decided that they were the ones to keep, and their provenance: what was measured, with what. Floors
are written into it by hand; everything else by `moved`, which says why in the history.
"""

import json
import os
import platform
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import fmean

from pydantic import TypeAdapter, ValidationError

from eval.compare import ALL, Difference, differences
from eval.errors import BadBaseline, WorseThanBaseline
from eval.formats import digest_of
from eval.metrics import Series, Slice
from index import Manifest

# A significant loss counts when somebody could notice it, too: half a point of a hundred.
LEAST_LOSS = 0.005

# Losses that are told one by one: a broken search loses on every slice of every series.
SHOWN = 5

# Digits behind the point of a value: more would tell processors apart, not rankings.
DIGITS = 6

LIBRARIES = ("onnxruntime", "tokenizers", "faiss-cpu", "bm25s", "numpy", "scipy", "scikit-learn", "ir-measures")

HERE, CPUINFO = Path(__file__).resolve().parent, Path("/proc/cpuinfo")

MEND = 'Mend the search; if the loss is wanted, say why: `recueil eval baseline --why "…"`.'
MOVE = 'Move the baseline: `recueil eval baseline --why "…"`.'


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What the figures of a run depend on. None where it cannot be told."""

    commit: str | None  # of the program in git; "+" follows when files were changed since
    encoder: str | None  # name of the model
    model: str | None  # its digest
    corpus: str | None  # digest of the documents and initiatives as read
    collection: str  # digest of the collection's files
    threads: int | None  # of one encoding
    machine: str  # Example: "x86_64 AMD EPYC 7B13, 2 cores, Python 3.11.9"


@dataclass(frozen=True, slots=True, kw_only=True)
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

    identity: Provenance
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


def moved(before: Baseline | None, series: Series, identity: Provenance, why: str) -> Baseline:
    """The baseline with new values, and the reason at the end of its history. Floors stay as they are."""
    rounded = {name: {member: round(value, DIGITS) for member, value in of.items()} for name, of in series.items()}
    now = datetime.now(UTC).isoformat(timespec="seconds")
    move = Move(
        when=now,
        why=why,
        commit=identity.commit,
        before=_means(before.series) if before else {},
        after=_means(rounded),
    )
    history = before.history if before else ()
    return Baseline(identity, before.floors if before else {}, (*history, move), rounded)


def _means(series: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    return {name: round(fmean(of.values()), DIGITS) for name, of in series.items()}


def check_gate(baseline: Baseline, where: Path, collection: str, series: Series, slices: Iterable[Slice]) -> None:
    """Let the series pass, or say which of them lost what.

    `where` is the file of the baseline, `collection` the digest of what was measured on. Raises BadBaseline when the
    baseline was measured on another collection, has other series or members, or a floor for something unknown;
    WorseThanBaseline, with slice, figures and p of the worst losses, when the gate stays closed.
    """
    slices = list(slices)
    _check_comparable(baseline, where, collection, series)
    _check_floors(baseline, where, series, slices)
    losses = [(-one.gain, _told(one)) for one in _significant_losses(baseline.series, series, slices)]
    losses += _below_floor(baseline, series, slices)
    if losses:
        raise WorseThanBaseline(f"The search is worse than its baseline:\n{_worst(losses)}", str(where), MEND)


def _significant_losses(before: Series, after: Series, slices: Iterable[Slice]) -> list[Difference]:
    """The losses that are neither chance nor too small to notice, those of all questions first."""
    found = differences(before, {"now": after}, slices)
    return [one for one in found if one.significant and -one.gain >= LEAST_LOSS]


def _told(loss: Difference) -> str:
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


# --- Provenance


def provenance_of(manifest: Manifest | None, threads: int | None, collection: Path) -> Provenance:
    """The provenance of a run on a collection's folder; without a manifest neither model nor corpus is known."""
    return Provenance(
        commit=_commit(),
        encoder=manifest.encoder if manifest else None,
        model=manifest.model if manifest else None,
        corpus=manifest.corpus if manifest else None,
        collection=digest_of(collection),
        threads=threads,
        machine=f"{_processor()}, {os.cpu_count()} cores, Python {platform.python_version()}",
    )


def versions() -> dict[str, str]:
    """The versions of the libraries that figures depend on, by name."""
    return {name: version(name) for name in LIBRARIES}


def _processor() -> str:
    """What the processor calls itself, as Linux tells; elsewhere, its kind."""
    told = CPUINFO.read_text(encoding="utf-8", errors="replace") if CPUINFO.is_file() else ""
    names = [line.partition(":")[2].strip() for line in told.splitlines() if line.startswith("model name")]
    return f"{platform.machine()} {names[0] if names else ''}".strip()


def _commit() -> str | None:
    head = _git(["rev-parse", "HEAD"])
    changed = _git(["status", "--porcelain", "--untracked-files=no"])
    return f"{head}{'+' * bool(changed)}" if head else None


def _git(words: Sequence[str]) -> str | None:
    """What git says; None when there is no git here, or no repository, as where the package is installed."""
    try:
        done = subprocess.run(["git", "-C", str(HERE), *words], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
