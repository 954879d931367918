"""The page of several corpora searched together: the box, and the hits of all with the corpus that each is of."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fastapi import Request
from fastapi.responses import HTMLResponse

from corpus import SheetLanguage
from search import CORPUS, Hit, Searcher, search_together
from web.corpora import address_of, chosen_of, title_of
from web.dependencies import AskedSearch, CurrentVisitor, RunningServices
from web.rendering import page
from web.together import open_searchers
from web.views.results import HitView
from web.visitor import Link, SearchRequest, Visitor, texts_in

PATH = "/together"
HITS = 10
MOST_HITS = 100


@dataclass(frozen=True, slots=True)
class CorpusView:
    """How much one corpus has."""

    title: str
    address: str  # of the same search there
    count: int


@dataclass(frozen=True, slots=True)
class CorpusHitView:
    """A hit, as its own corpus shows it, and where that is."""

    hit: HitView
    corpus: Link
    sheets_in: SheetLanguage


@dataclass(frozen=True, slots=True, kw_only=True)
class TogetherView:
    """Everything below the box."""

    total: int
    further_total: int
    hits: tuple[CorpusHitView, ...]
    further: tuple[CorpusHitView, ...]
    more: str | None  # the address that shows more of both
    counts: tuple[CorpusView, ...]
    left_out: tuple[str, ...]  # titles of corpora that are not open


def together_page(
    request: Request, services: RunningServices, asked: AskedSearch, visitor: CurrentVisitor
) -> HTMLResponse:
    """Give the page for a question, or the box alone. Raises UnknownCorpus, NotReady and BadQuestion."""
    # In the words of no single corpus.
    visitor = replace(visitor, texts=texts_in(visitor.language))
    chosen = chosen_of(services, request.query_params.getlist(CORPUS))
    searchers, found = open_searchers(chosen), None
    titles = {name: title_of(one, visitor.language) for name, one in chosen.items()}
    if asked.text:
        shown = MOST_HITS if request.query_params.get("all") else HITS
        results = search_together(
            searchers, asked.text, k=shown, language=visitor.language, ignored=frozenset(asked.ignored)
        )
        of_corpora = {name: _within(request, name, searcher, visitor) for name, searcher in searchers.items()}
        links = {name: Link(titles[name], one.link("/", asked.parameters())) for name, one in of_corpora.items()}

        def views(hits: Sequence[tuple[str, Hit]]) -> tuple[CorpusHitView, ...]:
            return tuple(
                CorpusHitView(
                    HitView.of(hit, searchers[name].catalogue, of_corpora[name]),
                    links[name],
                    of_corpora[name].sheets_in,
                )
                for name, hit in hits
            )

        there_is_more = len(results.hits) == HITS < results.total + results.further
        found = TogetherView(
            total=results.total,
            further_total=results.further,
            hits=views(results.hits[: results.total]),
            further=views(results.hits[results.total :]),
            more=_more(asked, visitor) if there_is_more else None,
            counts=tuple(
                CorpusView(titles[one.value], links[one.value].address, one.count) for one in results.facets[CORPUS]
            ),
            left_out=tuple(titles[name] for name in chosen if name not in searchers),
        )
    return page(request, "together.html", visitor, query=asked, found=found)


def _within(request: Request, name: str, searcher: Searcher, visitor: Visitor) -> Visitor:
    """The same visitor in one of the corpora."""
    sheets_in = searcher.index.contents.profile.language
    return replace(visitor, prefix=address_of(request, name), sheets_in=sheets_in)


def _more(asked: SearchRequest, visitor: Visitor) -> str:
    return visitor.link(PATH, [*asked.parameters(), ("all", 1)], f"hit-{HITS + 1}")
