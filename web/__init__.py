"""Everything HTTP: JSON for programs and pages for people, over one searcher.

    from web.routes import router       # /search, /ask, /initiatives, …
    from web.views import add_views     # /, /sheet/…, /browse, /compare: complete without JavaScript, in two languages

A request comes in as `parameters`, a route asks the searcher that `dependencies` hand it, and the reply is made by
`schemas` for programs or by a file of `views` and its template for people; `errors` gives every refusal its status;
`address` and `safety` stand before all of it: whom we answer, how long an address may be, what browsers may do.
What this face exports needs no web framework: the command line checks filters, prints JSON and builds with it.
"""

from web.building import Build, BuildRuns
from web.collection_schemas import ComparisonReply, DocumentsReply, FacetsReply
from web.parameters import (
    AskParameters,
    CompareParameters,
    FacetParameters,
    FilterParameters,
    LanguageParameters,
    NoParameters,
    PageParameters,
    SearchParameters,
    SimilarParameters,
    SimilarText,
)
from web.schemas import NEAREST, AskReply, FaultReply, HitReply, InitiativeSheet, PageReply, SearchReply, SimilarReply

__all__ = [
    "NEAREST",
    "AskParameters",
    "AskReply",
    "Build",
    "BuildRuns",
    "CompareParameters",
    "ComparisonReply",
    "DocumentsReply",
    "FacetParameters",
    "FacetsReply",
    "FaultReply",
    "FilterParameters",
    "HitReply",
    "InitiativeSheet",
    "LanguageParameters",
    "NoParameters",
    "PageParameters",
    "PageReply",
    "SearchParameters",
    "SearchReply",
    "SimilarParameters",
    "SimilarReply",
    "SimilarText",
]
