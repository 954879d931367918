"""The list that somebody puts together: a page of its own for the sheets that its address names, and its files.

The address is the list, /list?id=…&id=…, in its order; the server keeps nothing. A script (static/shortlist.js) keeps
ids and notes on the device; notes travel in the fragment of a link, which browsers send to nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from search import MAX_COMPARED, MIN_COMPARED, Catalogue
from web.address import origin
from web.contacts import ContactView, contact_views
from web.dependencies import CurrentVisitor, OpenCatalogue
from web.exports import citation, exported_list
from web.parameters import MOST_LISTED, TooManyParameters
from web.rendering import page
from web.views.compare import chosen_ids, naming
from web.views.files import file_links, file_of, listed, mail_link, today
from web.views.results import place_of
from web.visitor import Visitor

PATH = "/list"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    """One sheet of a list."""

    id: str
    title: str
    printed_title: str | None  # where another is shown above it
    address: str
    place: str
    carriers: str
    start: str
    summary: str | None
    contacts: tuple[ContactView, ...]
    year: str  # in which the contacts were printed
    citation: str
    here: str  # the address of the list
    up: str | None  # that of the list with this sheet one place before
    down: str | None
    without: str


def list_page(request: Request, catalogue: OpenCatalogue, visitor: CurrentVisitor) -> HTMLResponse:
    """The sheets of the address, in its order; those that nobody has any more are counted. Raises TooManyParameters."""
    asked = _ids(request)
    ids = [id for id in asked if id in catalogue.rows]
    address = origin(request) + visitor.link(PATH, naming(ids))
    return page(
        request,
        "list.html",
        visitor,
        entries=[_entry(request, ids, at, catalogue, visitor) for at in range(len(ids))],
        gone=len(asked) - len(ids),
        exports=file_links(visitor, PATH, naming(ids)),
        mail=mail_link(visitor.texts("list.title"), address),
        fewest=MIN_COMPARED,
        most=MAX_COMPARED,
    )


def list_file(request: Request, catalogue: OpenCatalogue, visitor: CurrentVisitor) -> Response:
    """The list as a file. Raises UnknownInitiative and TooManyParameters."""
    ids, say = _ids(request), visitor.texts
    address = origin(request) + visitor.link(PATH, naming(ids))
    exported = exported_list(
        say("list.file"),
        say("list.title"),
        [say("list.count", count=len(ids)), f"{today(say)} · {address}"],
        [listed(request, id, catalogue, visitor) for id in ids],
        say,
        visitor.sheets_in,
        with_contacts=True,
    )
    return file_of(request, exported, visitor)


def _ids(request: Request) -> list[str]:
    ids = chosen_ids(request)
    if len(ids) > MOST_LISTED:
        what = f"{len(ids)} sheets are listed, at most {MOST_LISTED} are read"
        raise TooManyParameters(what, "id", "Make two lists of it.")
    return ids


def _entry(request: Request, ids: Sequence[str], at: int, catalogue: Catalogue, visitor: Visitor) -> EntryView:
    one = listed(request, ids[at], catalogue, visitor)
    initiative, say = one.initiative, visitor.texts
    others = [id for id in ids if id != initiative.id]

    def moved(to: int) -> str:
        return visitor.link(PATH, naming([*others[:to], initiative.id, *others[to:]]))

    return EntryView(
        id=initiative.id,
        title=one.title,
        printed_title=initiative.title if one.title != initiative.title else None,
        address=visitor.sheet(initiative.id),
        place=place_of(initiative),
        carriers=", ".join(initiative.lead_organisations),
        start=str(initiative.start_year or ""),
        summary=one.record.summary if one.record else None,
        contacts=contact_views(initiative.contacts),
        year=one.document.date[:4],
        citation=citation(one.reference, say),
        here=visitor.link(PATH, naming(ids)),
        up=moved(at - 1) if at else None,
        down=moved(at + 1) if at + 1 < len(ids) else None,
        without=visitor.link(PATH, naming(others)),
    )
