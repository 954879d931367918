"""The report: everything that was measured, the parts of the search beside the whole, and what it was measured on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from eval.collection import Collection
from eval.comparison import Comparison, compare
from eval.identity import Identity
from eval.proof import Means, Proof, prove
from eval.relevance import relevance_of
from eval.retrieval import judge
from eval.system import Run, System
from eval.worst import Worst, worst_of

# Worst questions that are shown, with their rankings.
WORST = 15


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured, when, and how to do it again."""

    on: date
    identity: Identity
    settings: Mapping[str, str]  # those that figures depend on; no path and no secret
    versions: Mapping[str, str]  # of libraries
    command: str


@dataclass(frozen=True, slots=True)
class Report:
    """What the page is made of."""

    measured: Measured
    proof: Proof  # of the system that the others are compared with
    comparison: Comparison
    worst: tuple[Worst, ...]
    not_compared: Mapping[str, str]  # system → why it is not among those compared


def report_of(
    measured: Measured,
    collection: Collection,
    folder: Path,
    full: System,
    means: Means,
    runs: Sequence[Run],
    not_compared: Mapping[str, str],
) -> Report:
    """Make a report of runs, the first of which is that of the full search, and of what else can be measured of it.

    `folder` is that of the collection. Raises as `compare` and `prove` do.
    """
    relevance = relevance_of(collection, full.catalogue)
    comparison = compare(collection, runs)
    proof = prove(judge(runs[0], collection, relevance, full.similar), means, folder)
    worst = worst_of(collection, runs[0], relevance, comparison.evaluations, WORST)
    return Report(measured, proof, comparison, worst, not_compared)
