"""Unmet needs: questions that found nothing, gathered by what they are about.

The sentence vectors of the questions are clustered (average linkage on cosine distances); a need is a cluster.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import AgglomerativeClustering

from eval.anonymity import GeneralWords, may_be_printed
from eval.asked import Asked
from index.encoder import unit_rows
from search import Engine
from search.feedback.entry import MissKind

# The mean cosine distance within which questions are about one need. On written sets of like questions this value parts
# all that differ and joins half of what is alike; 0.6 joins more, and joins childcare at night to street lamps at night
# (docs/decisions/0009-feedback.md).
APART = 0.55

# Distances are taken between all pairs: 4,000 questions take 128 MB and a few seconds. The least frequent are left out.
MOST_QUESTIONS = 4000

NEAREST = 3  # initiatives shown with a need


@dataclass(frozen=True, slots=True)
class Near:
    """An initiative that comes nearest to a need, without meeting it."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Need:
    """What several questions look for that the catalogue does not hold."""

    name: str | None  # the most central of the questions that may be printed; None when there is none
    questions: tuple[Asked, ...]  # those that may be printed, most frequent first
    withheld: int  # questions that are only counted
    times: int  # the questions' times together
    by_month: dict[str, int]  # "2026-03" → times
    kinds: tuple[MissKind, ...]
    nearest: tuple[Near, ...]


@dataclass(frozen=True, slots=True)
class Needs:
    """All unmet needs, the most frequent first."""

    needs: tuple[Need, ...]
    questions: int  # different ones
    withheld: int  # of them, those that are only counted
    left_out: int  # of the least frequent, those beyond the most that can be compared
    first: str | None  # "2026-03", the first month of all; None without any question
    last: str | None


def unmet_needs(engine: Engine, asked: Sequence[Asked]) -> Needs:
    """Cluster questions, most frequent first as `gather` gives them, and name each cluster by its centre."""
    compared = asked[:MOST_QUESTIONS]
    vectors = _vectors(engine, compared)
    general = GeneralWords.of(engine)
    printed = np.array([may_be_printed(one, general) for one in compared], bool)
    labels = _clusters(vectors)
    needs = [
        _need(engine, [compared[int(row)] for row in rows], vectors[rows], printed[rows])
        for rows in (np.flatnonzero(labels == label) for label in np.unique(labels))
    ]
    months = sorted(month for one in asked for month in one.by_month)
    return Needs(
        tuple(sorted(needs, key=lambda need: (-need.times, need.name is None, need.name or ""))),
        len(asked),
        int((~printed).sum()),
        len(asked) - len(compared),
        months[0] if months else None,
        months[-1] if months else None,
    )


def _vectors(engine: Engine, asked: Sequence[Asked]) -> NDArray[np.float32]:
    """Sentence vectors of questions, centred as those of every question, [n, d]."""
    encoded = engine.encoder.questions([one.text for one in asked])
    if not encoded:
        return np.zeros((0, 1), np.float32)
    return unit_rows(np.stack([one.vector for one in encoded]) - engine.index.questions.vector)


def _clusters(vectors: NDArray[np.float32]) -> NDArray[np.int64]:
    """A label for each row, [n]."""
    if len(vectors) < 2:  # which is less than there is to cluster
        return np.zeros(len(vectors), np.int64)
    clustering = AgglomerativeClustering(n_clusters=None, metric="cosine", linkage="average", distance_threshold=APART)
    return np.asarray(clustering.fit_predict(vectors), np.int64)


def _need(engine: Engine, asked: list[Asked], vectors: NDArray[np.float32], printed: NDArray[np.bool_]) -> Need:
    closeness = vectors @ vectors.mean(axis=0)
    centre = asked[int(closeness.argmax())]
    shown = np.where(printed, closeness, -np.inf)
    by_month = sum((Counter(one.by_month) for one in asked), Counter[str]())
    return Need(
        asked[int(shown.argmax())].text if printed.any() else None,
        tuple(one for one, may_be in zip(asked, printed, strict=True) if may_be),
        int((~printed).sum()),
        sum(one.times for one in asked),
        dict(sorted(by_month.items())),
        tuple(kind for kind in MissKind if any(kind in one.kinds for one in asked)),
        _nearest(engine, centre.text),
    )


def _nearest(engine: Engine, text: str) -> tuple[Near, ...]:
    hits = engine.trail(text, NEAREST, even_irrelevant=True).results.hits
    return tuple(Near(hit.initiative.id, hit.initiative.title) for hit in hits)
