"""The page that sets initiatives side by side, how to choose them, and the comparison as a file.

The choice is kept in the address and nowhere else: /compare?id=…&id=…
"""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from corpus import Initiative
from search import MAX_COMPARED, MIN_COMPARED, Catalogue, Searcher, compare
from web.address import origin
from web.comparison import ComparisonView, exported_comparison
from web.dependencies import CurrentVisitor, OpenCatalogue, OpenSearcher
from web.parameters import Parameter
from web.rendering import page
from web.views.files import file_links, file_of, listed
from web.views.results import place_of
from web.views.sheet import no_such_sheet
from web.visitor import Visitor

PROPOSED = 8  # initiatives to add


@dataclass(frozen=True, slots=True)
class ChoiceView:
    """An initiative that may be compared."""

    id: str
    title: str
    place: str
    address: str  # of its sheet


def comparison_page(request: Request, searcher: OpenSearcher, visitor: CurrentVisitor) -> HTMLResponse:
    """The initiatives of the address side by side, or the choice of them while there are too few or too many."""
    ids, catalogue = chosen_ids(request), searcher.catalogue
    for id in ids:
        if id not in catalogue.rows:
            return no_such_sheet(request, id, catalogue, visitor)
    initiatives = [catalogue.initiative(id) for id in ids]
    words = request.query_params.get("add", "").strip()
    if words or not MIN_COMPARED <= len(initiatives) <= MAX_COMPARED:
        return _choice_page(request, searcher, initiatives, words, visitor)
    comparison = _comparison(catalogue, initiatives, visitor)
    without = {id: visitor.link("/compare", naming([one for one in ids if one != id])) for id in ids}
    return page(
        request,
        "compare.html",
        visitor,
        comparison=comparison,
        exports=file_links(visitor, "/compare", naming(ids)),
        as_list=visitor.link("/list", naming(ids)),
        without=without,
        most=MAX_COMPARED,
    )


def comparison_file(request: Request, catalogue: OpenCatalogue, visitor: CurrentVisitor) -> Response:
    """The comparison as a file, its addresses whole. Raises UnknownInitiative or BadComparison."""
    initiatives = [catalogue.initiative(id) for id in chosen_ids(request)]
    comparison = _comparison(catalogue, initiatives, visitor, origin(request))
    references = [listed(request, one.id, catalogue, visitor).reference for one in initiatives]
    exported = exported_comparison(comparison, references, visitor.texts, visitor.sheets_in)
    return file_of(request, exported, visitor)


def chosen_ids(request: Request) -> list[str]:
    """The ids of an address, each once, in order."""
    return list(dict.fromkeys(id for id in request.query_params.getlist("id") if id))


def naming(ids: Sequence[str]) -> list[Parameter]:
    """The parameters of an address that names these ids, in order."""
    return [("id", id) for id in ids]


def _comparison(
    catalogue: Catalogue, initiatives: Sequence[Initiative], visitor: Visitor, origin: str = ""
) -> ComparisonView:
    def address(id: str, lines: tuple[int, int] | None) -> str:
        return origin + visitor.sheet(id, lines)

    records = [catalogue.record(one, visitor.language) for one in initiatives]
    return ComparisonView.of(compare(initiatives), catalogue.documents, records, address, visitor.texts)


def _choice_page(
    request: Request, searcher: Searcher, initiatives: Sequence[Initiative], words: str, visitor: Visitor
) -> HTMLResponse:
    return page(
        request,
        "compare_choice.html",
        visitor,
        chosen=[_choice(one, visitor) for one in initiatives],
        proposals=[_choice(one, visitor) for one in _proposals(searcher, initiatives, words, visitor)],
        words=words,
        fewest=MIN_COMPARED,
        most=MAX_COMPARED,
        is_too_many=len(initiatives) > MAX_COMPARED,
    )


def _proposals(searcher: Searcher, initiatives: Sequence[Initiative], words: str, visitor: Visitor) -> list[Initiative]:
    """What to add: what the words find, else what is like the first one chosen."""
    if words:
        hits = searcher.search(words, PROPOSED, language=visitor.language).hits
    elif initiatives:
        hits = searcher.similar(initiatives[0].id, PROPOSED, visitor.language)
    else:
        return []
    known = {one.id for one in initiatives}
    return [hit.initiative for hit in hits if hit.initiative.id not in known]


def _choice(one: Initiative, visitor: Visitor) -> ChoiceView:
    return ChoiceView(one.id, one.title, place_of(one), visitor.sheet(one.id))
