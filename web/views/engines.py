"""What other programs than people's eyes look for on a site: browsers, search engines, feed readers.

An OpenSearch description adds the search to the address bar of a browser; robots.txt keeps crawlers from endless
searches and leads them to the sheets by the sitemap; a search followed as an Atom feed tells when there is more of it.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from fastapi import Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse
from starlette.exceptions import HTTPException

from search import Catalogue
from web.address import origin, permalink, prefix
from web.corpora import addresses_of
from web.dependencies import AskedSearch, CurrentVisitor, OpenCatalogue, OpenSearcher
from web.exports import Listed, printable
from web.rendering import asset_address
from web.views.files import conditions_in_words, found_initiatives

OPENSEARCH, ATOM, SITEMAP = (
    "http://a9.com/-/spec/opensearch/1.1/",
    "http://www.w3.org/2005/Atom",
    "http://www.sitemaps.org/schemas/sitemap/0.9",
)
IN_FEED = 30  # initiatives of a feed
MOST_ADDRESSES = 50_000  # of one sitemap, by its protocol
IN_BATCH = 500  # addresses that are written before any of them is sent
A_DAY = {"Cache-Control": "public, max-age=86400"}

# What a crawler would never come to the end of, or has no use for.
NOT_CRAWLED = (
    "/?",
    "/answer",
    "/suggest",
    "/compare",
    "/search",
    "/ask",
    "/similar",
    "/initiatives",
    "/export.",
    "/v1/",
)


def opensearch_description(request: Request, visitor: CurrentVisitor) -> Response:
    """Tell browsers how to search here."""
    home, say = _home(request), visitor.texts
    icon = {"type": "image/svg+xml", "width": "64", "height": "64"}
    told = _element(
        "OpenSearchDescription",
        ("ShortName", {}, say("site.name")),
        ("Description", {}, say("site.title")),
        ("InputEncoding", {}, "UTF-8"),
        ("Image", icon, f"{home}{asset_address('icon.svg')}"),
        ("Url", {"type": "text/html", "template": f"{home}/?q={{searchTerms}}"}, None),
        ("Url", {"type": "application/atom+xml", "template": f"{home}/search.atom?q={{searchTerms}}"}, None),
        ("Url", {"type": "application/json", "template": f"{home}/search?q={{searchTerms}}"}, None),
        namespace=OPENSEARCH,
    )
    return _xml(told, "application/opensearchdescription+xml", A_DAY)


def robots(request: Request) -> Response:
    """Tell crawlers what to leave alone, and where the sheets are."""
    home, named = prefix(request), addresses_of(request)
    lines = ["User-agent: *", *(f"Disallow: {before}{path}" for before in (home, *named) for path in NOT_CRAWLED)]
    # The first of several corpora is found where none is named.
    maps = [f"Sitemap: {origin(request)}{before}/sitemap.xml" for before in (home, *named[1:])]
    text = "\n".join([*lines, "", *maps, ""])
    return Response(text, media_type="text/plain; charset=utf-8", headers=A_DAY)


def sitemap(request: Request, catalogue: OpenCatalogue) -> StreamingResponse:
    """List the pages that are worth finding; where there are more than one file may hold, the files that list them."""
    files = range(1, _files_of(catalogue) + 1)
    if len(files) == 1:
        return sitemap_file(request, catalogue, 1)
    return _addresses("sitemapindex", "sitemap", (f"{_home(request)}/sitemap-{number}.xml" for number in files))


def sitemap_file(request: Request, catalogue: OpenCatalogue, number: int) -> StreamingResponse:
    """One of the files that list pages, counted from 1: the start, the catalogue, every sheet."""
    if not 1 <= number <= _files_of(catalogue):
        raise HTTPException(404)
    home, start = _home(request), (number - 1) * MOST_ADDRESSES
    pages = chain((f"{home}/", f"{home}/browse"), (permalink(request, one.id) for one in catalogue.initiatives))
    return _addresses("urlset", "url", islice(pages, start, start + MOST_ADDRESSES))


def _files_of(catalogue: Catalogue) -> int:
    return math.ceil((len(catalogue.initiatives) + 2) / MOST_ADDRESSES)


def _addresses(root: str, child: str, addresses: Iterable[str]) -> StreamingResponse:
    """Addresses in the format of sitemaps, written while they are sent."""

    def pieces() -> Iterator[str]:
        yield f'<?xml version="1.0" encoding="utf-8"?>\n<{root} xmlns="{SITEMAP}">\n'
        lines = (f"<{child}><loc>{escape(printable(one))}</loc></{child}>\n" for one in addresses)
        yield from iter(lambda: "".join(islice(lines, IN_BATCH)), "")
        yield f"</{root}>\n"

    return StreamingResponse(pieces(), media_type="application/xml; charset=utf-8", headers=A_DAY)


def favicon() -> Response:
    """Lead those who ask for the icon by its old name to it."""
    return RedirectResponse(asset_address("icon.svg").lstrip("/"), 308, A_DAY)


def search_feed(request: Request, searcher: OpenSearcher, visitor: CurrentVisitor, asked: AskedSearch) -> Response:
    """What is on the subject of a search, as a feed: the newest documents first. Raises what a search raises.

    Without a question it is all that meets the conditions: what is told of a topic, a public or a place.
    """
    entries, _ = found_initiatives(request, searcher, asked, visitor, IN_FEED if asked.text else None)
    entries.sort(key=lambda one: _moment(one.document.date), reverse=True)
    newest = max((_moment(document.date) for document in searcher.catalogue.documents.values()), default=_moment(""))
    page = "/" if asked.text else "/browse"
    title = [asked.text, *conditions_in_words(asked, searcher.catalogue, visitor), visitor.texts("site.name")]
    told = _element(
        "feed",
        ("id", {}, f"{origin(request)}{visitor.link('/search.atom', asked.parameters())}"),
        ("title", {}, " — ".join(filter(None, title))),
        ("updated", {}, _moment(entries[0].document.date) if entries else newest),
        ("link", {"rel": "self", "href": str(request.url)}, None),
        ("link", {"rel": "alternate", "href": f"{origin(request)}{visitor.link(page, asked.parameters())}"}, None),
        namespace=ATOM,
    )
    for one in entries[:IN_FEED]:
        told.append(_entry(one))
    return _xml(told, "application/atom+xml", {"Cache-Control": "no-store", "Vary": "Accept-Language"})


def _entry(one: Listed) -> ElementTree.Element:
    """One initiative: the words of its sheet that speak for it, else what is said of it."""
    summary = one.quote.text if one.quote else one.record.summary if one.record else ""
    entry = _element(
        "entry",
        ("id", {}, one.permalink),
        ("title", {}, one.title),
        ("updated", {}, _moment(one.document.date)),
        ("link", {"href": one.quote.address if one.quote else one.permalink}, None),
        ("summary", {}, summary),
    )
    entry.append(_element("author", ("name", {}, one.document.publisher or one.document.title)))
    return entry


def _moment(date: str) -> str:
    """The first moment of a date in ISO 8601, as exact as it is known. Example: "2018-10" → "2018-10-01T00:00:00Z"."""
    year, month, day = [*date.split("-"), "", ""][:3]
    return f"{year or '1970'}-{month or '01'}-{day or '01'}T00:00:00Z"


def _home(request: Request) -> str:
    return f"{origin(request)}{prefix(request)}"


def _element(
    name: str, *children: tuple[str, Mapping[str, str], str | None], namespace: str | None = None
) -> ElementTree.Element:
    """An element with children that hold text or nothing: of each its name, its attributes and its text."""
    made = ElementTree.Element(name, {"xmlns": namespace} if namespace else {})
    for child, attributes, text in children:
        ElementTree.SubElement(made, child, dict(attributes)).text = None if text is None else printable(text)
    return made


def _xml(told: ElementTree.Element, media_type: str, headers: Mapping[str, str]) -> Response:
    content = ElementTree.tostring(told, encoding="utf-8", xml_declaration=True)
    return Response(content, media_type=f"{media_type}; charset=utf-8", headers=dict(headers))
