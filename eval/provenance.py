"""Provenance: what was measured, so that figures can be told apart and had again."""

import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from eval.formats import digest_of
from index import Manifest

HERE = Path(__file__).resolve().parent
CPUINFO = Path("/proc/cpuinfo")

LIBRARIES = ("onnxruntime", "tokenizers", "faiss-cpu", "bm25s", "numpy", "scipy", "scikit-learn", "ir-measures")


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
