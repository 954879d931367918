"""The gate: what a change may not do to the figures.

    check_gate(read_baseline(path), path, digest_of(folder), proof.held())

It stays closed for a significant loss against a baseline, overall or on any slice, and for a mean below a floor. Series
of any name pass through it, in all of which more is better. Questions that are not the project's have floors only:
nothing of them is written down. The baseline is one JSON file: the values that a system had
when somebody last decided that they were the ones to keep, and their provenance: what was measured, with what. Floors
are written into it by hand; everything else by `moved`, which says why in the history.
"""

import json
import os
import platform
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import fmean

from pydantic import TypeAdapter, ValidationError

from eval.compare import ALL, differences
from eval.errors import BadBaseline, WorseThanBaseline
from eval.formats import digest_of
from eval.metrics import Series, Slice
from index import Manifest

LEAST_LOSS = 0.005  # a significant loss counts when somebody could notice it, too: half a point of a hundred
SHOWN = 5  # losses that are told one by one: a broken search loses on every slice of every series
WORST = "worst"  # before a kind of slice: a floor for the least of them
DIGITS = 6  # behind the point of a value: more would tell processors apart, not rankings

LIBRARIES = ("onnxruntime", "tokenizers", "faiss-cpu", "bm25s", "numpy", "scipy", "scikit-learn", "ir-measures")

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a gate holds a search to."""

    paired: Series  # compared with the baseline question by question, and held to floors
    floored: Series  # held to floors alone; the name begins with that of a front: "real_words.ndcg_10"
    slices: tuple[Slice, ...]  # of the members of all series

    @property
    def series(self) -> Series:
        """All of them."""
        return self.paired | self.floored


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a gate compares with."""

    identity: Provenance
    # Series → "all", the label of a slice, or "worst" and a kind of slice → the least mean.
    floors: dict[str, dict[str, float]]
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
        what = f"The baseline cannot be read: {error.strerror}"
        raise BadBaseline(what, str(path), "Give a readable file.") from None
    except ValidationError as error:
        first = error.errors()[0]
        what = f"The baseline is damaged: {'.'.join(map(str, first['loc'])) or 'the file'}: {first['msg']}"
        raise BadBaseline(what, str(path), "Mend it by hand, or take it from the version control again.") from None


def write_baseline(path: Path, baseline: Baseline) -> None:
    """Write it, one value a line, so that version control shows what changed. Raises BadBaseline when it cannot."""
    try:
        path.write_text(json.dumps(asdict(baseline), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        what, mend = f"The baseline cannot be written: {error.strerror}", "Give a path that can be written."
        raise BadBaseline(what, str(path), mend) from None


def moved(before: Baseline | None, held: Held, identity: Provenance, why: str) -> Baseline:
    """The baseline with new values, and the reason at the end of its history. Floors stay as they are.

    Of what is held to floors alone, the means stand in the history.
    """
    before = before or Baseline(identity, {}, (), {})
    after = {name: {member: round(value, DIGITS) for member, value in of.items()} for name, of in held.paired.items()}
    now = datetime.now(UTC).isoformat(timespec="seconds")
    last = before.history[-1].after if before.history else {}
    means = _means(after | held.floored)
    move = Move(when=now, why=why, commit=identity.commit, before=last, after=means)
    return Baseline(identity, before.floors, (*before.history, move), after)


def _means(series: Series) -> dict[str, float]:
    return {name: round(fmean(of.values()), DIGITS) for name, of in series.items()}


def check_gate(baseline: Baseline, where: Path, collection: str, held: Held) -> None:
    """Let the series pass, or say which of them lost what.

    `where` is the file of the baseline, `collection` the digest of what was measured on. Raises BadBaseline when the
    baseline was measured on another collection, has other series or members, or a floor for something unknown;
    WorseThanBaseline, with slice, figures and p of the worst losses, when the gate stays closed.
    """
    series, slices = held.paired, held.slices
    if baseline.identity.collection != collection:
        raise BadBaseline("The collection is not the one that the baseline was measured on", str(where), MOVE)
    for name in sorted(baseline.series.keys() | series.keys()):
        before, after = baseline.series.get(name), series.get(name)
        if before is None or after is None:
            lacking = "baseline" if before is None else "evaluation"
            raise BadBaseline(f"The {lacking} has no series '{name}'", str(where), MOVE)
        if different := sorted(before.keys() ^ after.keys()):
            raise BadBaseline(f"Baseline and evaluation differ on '{different[0]}' of '{name}'", str(where), MOVE)
    below = _below_floor(baseline, where, held)
    losses = sorted([*_significant_losses(baseline.series, series, slices), *below], key=lambda loss: -loss[0])
    if losses:
        lines = [f"    {told}" for _, told in losses[:SHOWN]]
        lines += [f"    and {len(losses) - SHOWN} more"] * (len(losses) > SHOWN)
        raise WorseThanBaseline("\n".join(["The search is worse than its baseline:", *lines]), str(where), MEND)


def _significant_losses(before: Series, after: Series, slices: Iterable[Slice]) -> Iterator[tuple[float, str]]:
    """Losses that are neither chance nor too small to notice: how much each is, and how it is told.

    Example: "ndcg_10, type place: 0.974 → 0.701 on 10 questions, p = 0.0160 (corrected)"
    """
    for one in differences(before, {"now": after}, slices):
        if one.significant and -one.gain >= LEAST_LOSS:
            figures = f"{one.before:.3f} → {one.after:.3f} on {one.questions} questions"
            yield -one.gain, f"{one.series}, {one.label}: {figures}, p = {one.corrected_p:.4f} (corrected)"


def _below_floor(baseline: Baseline, where: Path, held: Held) -> list[tuple[float, str]]:
    """How much is lacking, and how that is told. Raises BadBaseline for a floor of what is not measured."""
    below = []
    for name, label, floor in ((name, *one) for name, floors in baseline.floors.items() for one in floors.items()):
        if _is_absent(name, held):
            continue
        means = [(part, *_mean_of(held.series.get(name, {}), members)) for part, members in _parts(label, held)]
        measured = [(mean, part, questions) for part, mean, questions in means if questions]
        if not measured:
            what = f"There is a floor for '{label}' of '{name}', which is not measured"
            mend = "Take the floor out of the file, or name a series and a slice that `recueil eval --json` shows."
            raise BadBaseline(what, str(where), mend)
        mean, part, questions = min(measured)
        if mean < floor:
            below.append(
                (floor - mean, f"{name}, {part}: {mean:.3f} on {questions} questions is below the floor of {floor}")
            )
    return below


def _is_absent(series: str, held: Held) -> bool:
    """Whether a series, such as "foreign.mrr_10", is of a front that is not measured: its folder is missing."""
    front, dot, _ = series.partition(".")
    return bool(dot) and not any(name.startswith(front + dot) for name in held.series)


def _parts(label: str, held: Held) -> list[tuple[str, tuple[str, ...] | None]]:
    """The label and the members of each part that a floor is for; all members are None.

    Example: "worst variant" → every slice of the kind "variant", of which the least must reach the floor
    """
    if label == ALL:
        return [(ALL, None)]
    return [(one.label, one.members) for one in held.slices if label in (one.label, f"{WORST} {one.kind}")]


def _mean_of(series: Mapping[str, float], members: Iterable[str] | None) -> tuple[float, int]:
    """The mean over some members, or all, that the series has, and how many these are."""
    values = [series[member] for member in (series if members is None else members) if member in series]
    return (fmean(values) if values else 0.0), len(values)


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
    told = Path("/proc/cpuinfo").read_text("utf-8", "replace") if Path("/proc/cpuinfo").is_file() else ""
    name = re.search(r"^model name\s*: *(.*)", told, re.MULTILINE)
    return f"{platform.machine()} {name[1] if name else ''}".strip()


def _commit() -> str | None:
    """The commit of this program, "+" after it when files were changed since; None outside of a git repository."""
    head, changed = _git("rev-parse", "HEAD"), _git("status", "--porcelain", "--untracked-files=no")
    return f"{head}{'+' * bool(changed)}" if head else None


def _git(*words: str) -> str | None:
    """What git says; None when there is no git here, or no repository, as where the package is installed."""
    try:
        command = ["git", "-C", str(Path(__file__).resolve().parent), *words]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (FileNotFoundError, subprocess.CalledProcessError):
        return None
