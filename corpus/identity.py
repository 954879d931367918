"""Identity: which initiatives are one and the same, told in several documents or twice in one.

Two signs, both found in the texts:

- two tellings share so many rare words that nothing else explains it (`ALIKE`);
- two documents tell of the same programme: most initiatives of the shorter one have in the longer one a counterpart of
  their own, nearer to them than anything else there, and they to it (`COUNTERPART`, `RETOLD`). A challenge told in two
  lines and the experiment made of it share few words; that all of them find each other is what shows the identity.

Initiatives of two places with no département in common are never the same, however alike: many do the same thing.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
import numpy.typing as npt

from corpus.initiative import Initiative
from corpus.spelling import fold

Likeness = npt.NDArray[np.float64]  # [n, n], symmetric, 0..1
Possible = npt.NDArray[np.bool_]  # [n, n], symmetric

# Between the least alike and the most alike pair that this sign must tell apart, as far from one as from the other.
ALIKE = 0.34
# How much nearer a counterpart stands than the next candidate on either side.
COUNTERPART = 1.3
# Share of the shorter document, and number of initiatives, that must have a counterpart: one pair may be chance.
RETOLD, FEWEST_RETOLD = 0.5, 3
# "simplifier", "simplification", "simplifié": the same word for our purpose.
ENDING = re.compile(
    r"(?<=\w{4})(?:issements?|ations?|ements?|elles?|ives?|eurs?|euses?|antes?|ants?|ees?|ers?|es?|[sx])$"
)
# The words of a title tell the most.
TITLE_COUNTS = 2  # times
# A short text is easily alike to a long one: as many rare words are taken to be unshared in each text.
DOUBT = 8.0


def link(initiatives: Sequence[Initiative]) -> tuple[Initiative, ...]:
    """Set `same_as` of every initiative, in the given order; being the same is mutual and transitive."""
    groups = _groups(len(initiatives), same_pairs(initiatives))
    return tuple(
        replace(initiative, same_as=tuple(sorted(initiatives[other].id for other in groups[n] if other != n)))
        for n, initiative in enumerate(initiatives)
    )


def same_pairs(initiatives: Sequence[Initiative]) -> set[tuple[int, int]]:
    """The pairs of positions, lower first, that one of the two signs shows to be the same initiative."""
    likeness, possible = likeness_of(initiatives), may_be_same(initiatives)
    same = {(int(a), int(b)) for a, b in np.argwhere(np.triu((likeness >= ALIKE) & possible, k=1))}
    by_document: dict[str, list[int]] = defaultdict(list)
    for n, initiative in enumerate(initiatives):
        by_document[initiative.source.document].append(n)
    for one, other in combinations(by_document.values(), 2):
        pairs = counterparts(likeness, possible, one, other)
        if len(pairs) >= max(FEWEST_RETOLD, RETOLD * min(len(one), len(other))):
            same |= {(min(pair), max(pair)) for pair in pairs}
    return same


def likeness_of(initiatives: Sequence[Initiative]) -> Likeness:
    """How much the words of each two initiatives agree, rare words counting most."""
    counts = [Counter(_stems(initiative)) for initiative in initiatives]
    spread = Counter(stem for count in counts for stem in count)
    # A word that stands in one text only can agree with nothing.
    column = {stem: n for n, stem in enumerate(sorted(stem for stem, texts in spread.items() if texts > 1))}
    weights = np.zeros((len(counts), len(column)))
    for row, count in enumerate(counts):
        for stem, times in count.items():
            if stem in column:
                weights[row, column[stem]] = (1 + np.log(times)) * (1 - np.log(spread[stem]) / np.log(len(counts)))
    agreement = weights @ weights.T
    length = np.sqrt(agreement.diagonal() + DOUBT)
    # Texts without a single telling word have no length, and agree with nothing.
    likeness: Likeness = agreement / np.maximum(np.outer(length, length), np.finfo(float).tiny)
    return likeness


def may_be_same(initiatives: Sequence[Initiative]) -> Possible:
    """Whether two initiatives have a département in common, or one of them names none."""
    places = [frozenset(departement.code for departement in initiative.departements) for initiative in initiatives]
    return np.array([[not (a and b and a.isdisjoint(b)) for b in places] for a in places], dtype=bool)


def counterparts(
    likeness: Likeness, possible: Possible, one: Sequence[int], other: Sequence[int]
) -> list[tuple[int, int]]:
    """The possible pairs across two sets of positions in which each is clearly the nearest to the other.

    A rival counts even where it is impossible: that it is as near shows how little the nearness means.
    """
    between = likeness[np.ix_(one, other)]
    pairs = []
    for row, column in enumerate(between.argmax(axis=1)):
        rivals = np.concatenate([np.delete(between[row], column), np.delete(between[:, column], row)])
        pair = one[row], other[int(column)]
        if possible[pair] and between[row, column] > COUNTERPART * rivals.max(initial=0):
            pairs.append(pair)
    return pairs


def _stems(initiative: Initiative) -> Iterable[str]:
    lines = initiative.text.split("\n")
    first = initiative.source.start_line
    prose = (line for s in initiative.sections for line in lines[s.start_line - first : s.end_line - first + 1])
    titles = " ".join([initiative.title, *initiative.also_titled])
    words = re.findall(r"[^\W_]{3,}", " ".join([titles] * TITLE_COUNTS + [*prose]))
    return (ENDING.sub("", fold(word)) for word in words)


def _groups(size: int, pairs: Iterable[tuple[int, int]]) -> list[frozenset[int]]:
    """The group of every position, itself included."""
    group = [frozenset([n]) for n in range(size)]
    for a, b in pairs:
        joined = group[a] | group[b]
        for n in joined:
            group[n] = joined
    return group
