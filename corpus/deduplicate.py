"""Deduplication: which initiatives are one and the same, told in several documents or twice in one.

Two signs, both found in the texts:

- the texts of two share so many rare words that nothing else explains it (`MIN_SIMILARITY`);
- two documents tell of the same programme: most initiatives of the shorter one have a mutual best match in the longer
  one (`MUTUAL_MARGIN`, `MIN_DOCUMENT_OVERLAP`). A challenge told in two lines and the experiment made of it share few
  words; that all of them find each other is what shows the identity.

Initiatives of two places with no département in common are never the same, however similar: many do the same thing.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import log

import numpy as np
import numpy.typing as npt

from corpus.model import Initiative
from corpus.text import fold_name

Similarities = npt.NDArray[np.float64]  # [n, n], symmetric, 0..1
Possible = npt.NDArray[np.bool_]  # [n, n], symmetric

# Fitted on the five shipped documents: the geometric mean of .269, the most similar pair of different initiatives that
# may be the same by their places, and .440, the one true pair that this sign alone finds. On other texts unproven.
MIN_SIMILARITY = 0.34
# A mutual best match is this many times as similar as the next candidate on either side.
MUTUAL_MARGIN = 1.3
# Share of the shorter document, and number of initiatives, that must have a match: one pair may be chance.
MIN_DOCUMENT_OVERLAP, MIN_MATCHES = 0.5, 3
# "simplifier", "simplification", "simplifié": the same word for our purpose. French endings, cut off folded words.
ENDING = re.compile(
    r"(?<=\w{4})(?:issements?|ations?|ements?|elles?|ives?|eurs?|euses?|antes?|ants?|ees?|ers?|es?|[sx])$"
)
# The words of a title tell the most.
TITLE_WEIGHT = 2  # times
# Additive smoothing of the lengths, in units of squared idf: without it a short text is easily similar to a long one.
SMOOTHING = 8.0
# Rows of the similarities that are made at a time.
ROWS = 512


def link_duplicates(initiatives: Sequence[Initiative], least: float = MIN_SIMILARITY) -> tuple[Initiative, ...]:
    """Set `same_as` of every initiative, in the given order; being the same is mutual and transitive.

    `least` is how similar two texts must be.
    """
    groups = _groups(len(initiatives), duplicate_pairs(initiatives, similarities_of(initiatives), least))
    return tuple(
        replace(initiative, same_as=tuple(sorted(initiatives[other].id for other in groups[n] if other != n)))
        for n, initiative in enumerate(initiatives)
    )


@dataclass(frozen=True, slots=True)
class Proposed:
    """Two sheets that may tell of the same initiative."""

    one: Initiative
    other: Initiative
    similarity: float  # 0 to 1


def propose_duplicates(initiatives: Sequence[Initiative], least: float) -> tuple[Proposed, ...]:
    """The pairs that `link_duplicates` would link, the most similar first; pairs that are linked are left out."""
    if len(initiatives) < 2:
        return ()
    similarities = similarities_of(initiatives)
    pairs = sorted(duplicate_pairs(initiatives, similarities, least), key=lambda pair: (-similarities[pair], pair))
    proposed = (Proposed(initiatives[a], initiatives[b], float(similarities[a, b])) for a, b in pairs)
    return tuple(one for one in proposed if one.other.id not in one.one.same_as)


def link_named(initiatives: Sequence[Initiative], same: Sequence[Sequence[str]]) -> tuple[Initiative, ...]:
    """Set `same_as` by lists of ids that somebody has read; ids that no sheet has are passed over."""
    of_id = {id: tuple(sorted({*of_list} - {id})) for of_list in same for id in of_list}
    known = {one.id for one in initiatives}
    return tuple(
        replace(one, same_as=tuple(id for id in of_id[one.id] if id in known)) if one.id in of_id else one
        for one in initiatives
    )


def duplicate_pairs(
    initiatives: Sequence[Initiative], similarities: Similarities, least: float
) -> set[tuple[int, int]]:
    """The pairs of positions, lower first, that one of the two signs shows to be the same initiative."""
    possible = may_be_same(initiatives)
    same = {(int(a), int(b)) for a, b in np.argwhere(np.triu((similarities >= least) & possible, k=1))}
    by_document: dict[str, list[int]] = defaultdict(list)
    for n, initiative in enumerate(initiatives):
        by_document[initiative.source.document].append(n)
    for one, other in combinations(by_document.values(), 2):
        pairs = mutual_best_matches(similarities, possible, one, other)
        if len(pairs) >= max(MIN_MATCHES, MIN_DOCUMENT_OVERLAP * min(len(one), len(other))):
            same |= {(min(pair), max(pair)) for pair in pairs}
    return same


def similarities_of(initiatives: Sequence[Initiative]) -> Similarities:
    """How similar the words of each two initiatives are: tf-idf cosines with smoothed lengths, float64 [n, n].

    tf is 1 + log(count), idf is 1 - log(document frequency) / log(n): from 1 for one text to 0 for all.
    """
    from scipy.sparse import csr_array

    counts = [Counter(_stems(initiative)) for initiative in initiatives]
    spread = Counter(stem for count in counts for stem in count)
    # A word that stands in one text only can agree with nothing.
    column = {stem: n for n, stem in enumerate(sorted(stem for stem, texts in spread.items() if texts > 1))}
    rows, columns, weights = [], [], []
    for row, count in enumerate(counts):
        for stem, times in count.items():
            if stem in column:
                rows.append(row)
                columns.append(column[stem])
                weights.append((1 + log(times)) * (1 - log(spread[stem]) / log(len(counts))))
    # A text has few of all words: kept whole, the weights of ten thousand sheets would take gigabytes.
    told = csr_array((weights, (rows, columns)), shape=(len(counts), len(column)), dtype=np.float64)
    length = np.sqrt(told.multiply(told).sum(axis=1) + SMOOTHING)
    similarities: Similarities = np.empty((len(counts), len(counts)))
    for first in range(0, len(counts), ROWS):
        some = slice(first, first + ROWS)
        # Texts without a single telling word have no length, and agree with nothing.
        lengths = np.maximum(np.outer(length[some], length), np.finfo(float).tiny)
        similarities[some] = (told[some] @ told.T).toarray() / lengths
    return similarities


def may_be_same(initiatives: Sequence[Initiative]) -> Possible:
    """Whether two initiatives have a département in common, or one of them names none."""
    codes = sorted({departement.code for initiative in initiatives for departement in initiative.departements})
    column = {code: n for n, code in enumerate(codes)}
    there = np.zeros((len(initiatives), len(codes)), np.float32)
    for row, initiative in enumerate(initiatives):
        there[row, [column[departement.code] for departement in initiative.departements]] = 1
    anywhere = np.asarray(~there.any(axis=1), bool)
    possible: Possible = (there @ there.T > 0) | anywhere[:, None] | anywhere
    return possible


def mutual_best_matches(
    similarities: Similarities, possible: Possible, one: Sequence[int], other: Sequence[int]
) -> list[tuple[int, int]]:
    """The possible pairs across two sets of positions in which each is clearly the most similar to the other.

    A rival counts even where it is impossible: that it is as similar shows how little the similarity means.
    """
    between = similarities[np.ix_(one, other)]
    pairs = []
    for row, column in enumerate(between.argmax(axis=1)):
        rivals = np.concatenate([np.delete(between[row], column), np.delete(between[:, column], row)])
        pair = one[row], other[int(column)]
        if possible[pair] and between[row, column] > MUTUAL_MARGIN * rivals.max(initial=0):
            pairs.append(pair)
    return pairs


def _stems(initiative: Initiative) -> Iterable[str]:
    lines = initiative.text.split("\n")
    first = initiative.source.start_line
    prose = (line for s in initiative.sections for line in lines[s.start_line - first : s.end_line - first + 1])
    titles = " ".join([initiative.title, *initiative.also_titled])
    words = re.findall(r"[^\W_]{3,}", " ".join([titles] * TITLE_WEIGHT + [*prose]))
    return (ENDING.sub("", fold_name(word)) for word in words)


def _groups(size: int, pairs: Iterable[tuple[int, int]]) -> list[frozenset[int]]:
    """The group of every position, itself included."""
    group = [frozenset([n]) for n in range(size)]
    for a, b in pairs:
        joined = group[a] | group[b]
        for n in joined:
            group[n] = joined
    return group
