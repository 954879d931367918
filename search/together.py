"""Several corpora searched together: each ranks by its own profile, and standard scores merge the rankings.

Scores of different corpora cannot be compared: they hold what each profile adds, and the same words score higher where
everybody writes like that. What can be compared is how far the best passage of a corpus lies above those of questions
about something else (`index.thresholds`), in their standard deviations. An initiative further down lies as far below it
as it does in its own ranking, so that no corpus is ranked anew.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from corpus import Language
from corpus.places import Gazetteer
from search.catalogue import FacetValue, Filters
from search.errors import UnknownFilter
from search.hits import Hit, Results
from search.query import Query
from search.rerank import RankedInitiative
from search.searcher import Ranking, Searcher

CORPUS = "corpus"  # the facet


@dataclass(frozen=True, slots=True, kw_only=True)
class TogetherResults:
    """What a search over several corpora found."""

    query: Query  # as the corpus of the first hit understands it
    total: int  # initiatives on the subject, of all corpora
    further: int
    hits: tuple[tuple[str, Hit], ...]  # with their corpora; ranks and standard scores are those of the merged list
    facets: dict[str, tuple[FacetValue, ...]]  # the corpora first, then the sums of those of each
    language: Language
    hint: str | None
    took_ms: float
    left_out: dict[str, str]  # corpora in which no initiative can meet the conditions, and why


@dataclass(frozen=True, slots=True)
class _Merged:
    """An initiative of a ranking in the merged list."""

    corpus: str
    one: RankedInitiative
    score: float  # standard
    is_relevant: bool


def search_together(
    searchers: Mapping[str, Searcher],
    text: str,
    *,
    k: int = 10,
    filters: Callable[[Gazetteer], Filters] = lambda _: Filters(),
    language: Language | None = None,
    ignored: AbstractSet[str] = frozenset(),
) -> TogetherResults:
    """The k best initiatives of several corpora for a question, by the names of the corpora.

    A corpus in which a filter has no meaning is left out. Raises UnknownFilter where it has none in any, and
    BadQuestion.
    """
    rankings: dict[str, Ranking] = {}
    left_out: dict[str, UnknownFilter] = {}
    for name, searcher in searchers.items():
        try:
            rankings[name] = searcher.rank(text, filters(searcher.catalogue.gazetteer), ignored)
        except UnknownFilter as fault:
            left_out[name] = fault
    if not rankings:
        raise next(iter(left_out.values()))
    merged = sorted(
        (one for name, ranking in rankings.items() for one in _merged(name, searchers[name], ranking)),
        key=lambda one: (not one.is_relevant, -one.score),
    )
    leading = rankings[merged[0].corpus if merged else next(iter(rankings))]
    language = language or leading.query.language
    results = {name: searchers[name].results(ranking, 0, language) for name, ranking in rankings.items()}
    total = sum(one.total for one in results.values())
    return TogetherResults(
        query=leading.query,
        total=total,
        further=sum(one.further for one in results.values()),
        hits=tuple(_hits(merged[:k], searchers, rankings, language)),
        facets=_facets(results),
        language=language,
        hint=None if total else next(one.hint for one in results.values()),
        took_ms=round(sum(one.took_ms for one in results.values()), 1),
        left_out={name: fault.what for name, fault in left_out.items()},
    )


def _merged(name: str, searcher: Searcher, ranking: Ranking) -> Iterable[_Merged]:
    """The initiatives of a ranking that may be shown, with standard scores."""
    if not ranking.nearest:
        return
    thresholds, reranked = searcher.index.thresholds, ranking.reranked
    # Of late interaction alone, as the thresholds are: without what the profile adds for fusion and place.
    best = float(reranked.scores[ranking.allowed[reranked.passages]].max())
    first, mean, deviation = ranking.nearest[0].score, thresholds.means[0], thresholds.deviations[0]
    for group, is_relevant in ((ranking.relevant, True), (ranking.further, False)):
        for one in group:
            yield _Merged(name, one, (best - mean - (first - one.score)) / deviation, is_relevant)


def _hits(
    merged: list[_Merged], searchers: Mapping[str, Searcher], rankings: Mapping[str, Ranking], language: Language
) -> Iterable[tuple[str, Hit]]:
    """What is shown of the merged list, presented by the corpora it comes from."""
    presented = {
        name: iter(searchers[name].hits(ranking, [one.one for one in merged if one.corpus == name], language))
        for name, ranking in rankings.items()
    }
    for rank, one in enumerate(merged, start=1):
        yield one.corpus, replace(next(presented[one.corpus]), rank=rank, score=round(one.score, 4))


def _facets(results: Mapping[str, Results]) -> dict[str, tuple[FacetValue, ...]]:
    """How many initiatives there are in each corpus, and of each value in all of them together.

    As in one corpus, a count is the total once the facet is set to the value alone: a corpus that does not have it adds
    none.
    """
    facets = {CORPUS: tuple(FacetValue(name, name, one.total) for name, one in results.items() if one.total)}
    for facet in dict.fromkeys(facet for one in results.values() for facet in one.facets):
        values = [value for one in results.values() for value in one.facets.get(facet, ())]
        counts: Counter[str] = Counter()
        for value in values:
            counts[value.value] += value.count
        labels = {value.value: value.label for value in reversed(values)}
        summed = [FacetValue(value, labels[value], count) for value, count in counts.items()]
        facets[facet] = tuple(sorted(summed, key=lambda value: (-value.count, value.label)))
    return facets
