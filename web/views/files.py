"""What a page offers to take along: links to its files, the files themselves, and those of what a search finds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from fastapi import Request, Response

from corpus import Kind
from search import NO_FILTERS, Catalogue, Hit, Searcher, first_words, quoted_text
from web.address import origin, permalink
from web.dependencies import AskedSearch, CurrentVisitor, OpenSearcher
from web.exports import FORMATS, Exported, Listed, Quote, exported_list
from web.parameters import Parameter
from web.rendering import download
from web.views.results import in_order
from web.visitor import Link, Say, SearchRequest, Visitor, date_in_words, lines_in_words

MOST_EXPORTED = 500  # initiatives of one file; whoever wants them all takes the whole collection
LONGEST_QUOTE = 400  # characters of the passage that speaks for a hit


def file_links(visitor: Visitor, path: str, parameters: Iterable[Parameter] = ()) -> tuple[Link, ...]:
    """Links to what lies at a path in every format. Example of an address: "/compare.odt?id=a&id=b"."""
    kept = list(parameters)
    return tuple(Link(visitor.texts(f"export.{ending}"), visitor.link(f"{path}.{ending}", kept)) for ending in FORMATS)


@dataclass(frozen=True, slots=True)
class TakeAlong:
    """What a list of initiatives offers besides reading it: its files, a mail that tells of it, a feed to follow it."""

    exports: tuple[Link, ...]
    mail: str
    feed: str

    @classmethod
    def of(cls, request: Request, path: str, asked: SearchRequest, title: str, visitor: Visitor) -> "TakeAlong":
        """What the list at a path offers, as a search asks for it."""
        parameters = asked.parameters()
        return cls(
            exports=file_links(visitor, "/search", parameters),
            mail=mail_link(title, origin(request) + visitor.link(path, parameters)),
            feed=visitor.link("/search.atom", parameters),
        )


def file_of(request: Request, exported: Exported, visitor: Visitor) -> Response:
    """The file, in the format that the ending of the address names."""
    ending = request.url.path.rpartition(".")[2]
    chosen = FORMATS[ending]
    return download(f"{exported.name}.{ending}", chosen.write(exported, visitor.texts), chosen.media_type)


def today(say: Say) -> str:
    """The day on which something is taken along, in words."""
    return date_in_words(datetime.now(UTC).date().isoformat(), say)


def mail_link(subject: str, *lines: str) -> str:
    """The address by which a program for mail writes these lines to somebody. Example: "mailto:?subject=a&body=b"."""
    return f"mailto:?{urlencode({'subject': subject, 'body': chr(10).join(lines)}, quote_via=quote)}"


def search_file(request: Request, searcher: OpenSearcher, visitor: CurrentVisitor, asked: AskedSearch) -> Response:
    """What is on the subject of a search, best first; without a question, all that meets its conditions.

    Raises what a search raises.
    """
    found, total = found_initiatives(request, searcher, asked, visitor, MOST_EXPORTED)
    say, page = visitor.texts, "/" if asked.text else "/browse"
    address = origin(request) + visitor.link(page, asked.parameters())
    about = [
        *conditions_in_words(asked, searcher.catalogue, visitor),
        say("export.found", count=total),
        f"{today(say)} · {address}",
    ]
    if len(found) < total:
        about.append(say("export.first", count=len(found)))
    title = asked.text or say("export.hits")
    exported = exported_list(say("export.hits_file"), title, about, found, say, visitor.sheets_in, with_contacts=False)
    return file_of(request, exported, visitor)


def found_initiatives(
    request: Request, searcher: Searcher, asked: SearchRequest, visitor: Visitor, most: int | None
) -> tuple[list[Listed], int]:
    """The first that are on the subject of a search, best first, or that meet its conditions; and how many there are.

    Raises what a search raises.
    """
    catalogue = searcher.catalogue
    filters = asked.filters(catalogue.gazetteer)
    if not asked.text:
        every = catalogue.once_each(catalogue.select(filters))
        return [listed(request, one.id, catalogue, visitor) for one in every[:most]], len(every)
    ranking = in_order(searcher.rank(asked.text, filters, frozenset(asked.ignored)), asked.sort, searcher)
    hits = searcher.hits(ranking, ranking.relevant[:most], visitor.language)
    found = [listed(request, hit.initiative.id, catalogue, visitor, _quote(request, hit, visitor)) for hit in hits]
    return found, len(ranking.relevant)


def listed(request: Request, id: str, catalogue: Catalogue, visitor: Visitor, quote: Quote | None = None) -> Listed:
    """An initiative with all that a file tells of it. Raises UnknownInitiative."""
    initiative = catalogue.initiative(id)
    return Listed(
        initiative=initiative,
        document=catalogue.document(initiative),
        record=catalogue.record(initiative, visitor.language),
        permalink=permalink(request, id),
        quote=quote,
    )


def _quote(request: Request, hit: Hit, visitor: Visitor) -> Quote:
    passage, lines = hit.passage, (hit.passage.start_line, hit.passage.end_line)
    words = quoted_text(passage.text, *first_words(passage.text, 0, len(passage.text), LONGEST_QUOTE))
    return Quote(words, lines_in_words(*lines, visitor.texts), permalink(request, hit.initiative.id, lines))


def conditions_in_words(asked: SearchRequest, catalogue: Catalogue, visitor: Visitor) -> list[str]:
    """The conditions of a search. Example: "Topic: Housing"."""
    say = visitor.texts
    facets = catalogue.count_facets(catalogue.allowed(NO_FILTERS), visitor.language)
    labels = {(name, value.value): value.label for name, values in facets.items() for value in values}
    departements = {("departement", code): name for code, name in catalogue.gazetteer.departement_names.items()}
    kinds = {("kind", kind.value): say(f"kind.{kind}") for kind in Kind}
    told = labels | departements | kinds
    return [
        say("export.condition", name=say(f"chip.{name}"), value=told.get((name, value), value))
        for name, value in asked.conditions
    ]
