"""What a list of initiatives shows, every word ready and every link made: its hits, and facets and map to narrow it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from corpus import Initiative
from corpus.places import Place
from corpus.text import fold, numbers_in
from search import OWN, Catalogue, FacetValue, Hit, Piece, RecordView, snippet
from web.parameters import Parameter
from web.rendering import STATIC, asset_address
from web.visitor import Link, Say, SearchRequest, Visitor, lines_in_words

SNIPPET_WIDTH = 420  # characters of a passage
MOST_WORDS = 3  # words that say why

# In the order of the page, with the filters that a value sets.
FACETS: dict[str, tuple[str, ...]] = {
    "public": ("public",),
    "topic": ("topic",),
    "departement": ("departement",),
    "region": ("region",),
    "year": ("year_from", "year_to"),
    "theme": ("theme",),
    "kind": ("kind",),
    "document": ("document",),
}
SHOWN = 6  # values before "more"
OPEN = 2  # facets that are unfolded without a value set

SHAPES = "departements.svg"
SHADES = 5  # from 1, the lightest, for anything above none


# --- hits ---


@dataclass(frozen=True, slots=True, kw_only=True)
class HitView:
    """One initiative in a list."""

    id: str
    rank: int
    title: str
    printed_title: str | None  # where another is shown above it
    address: str
    place: str
    carriers: str
    start: str
    kind: str
    age: str  # of the information
    record: RecordView | None
    pieces: tuple[Piece, ...]
    passage_address: str
    passage_lines: str
    reason: str  # why it is there, in a plain sentence or two
    duplicates: tuple[Link, ...]  # the documents that tell of it too

    @classmethod
    def of(cls, hit: Hit, catalogue: Catalogue, visitor: Visitor, places: Sequence[Place] = ()) -> "HitView":
        """The view of a hit for one visitor; `places` are those that the question asks for."""
        say, one, passage = visitor.texts, hit.initiative, hit.passage
        document = catalogue.document(one)
        title = hit.record.title if hit.record else one.title
        return cls(
            id=one.id,
            rank=hit.rank,
            title=title,
            printed_title=one.title if title != one.title else None,
            address=visitor.sheet(one.id),
            place=place_of(one),
            carriers=", ".join(one.lead_organisations),
            start=str(one.start_year or ""),
            kind=say(f"kind.{one.kind.value}"),
            age=say("results.age", document=document.title, year=document.date[:4]),
            record=hit.record,
            pieces=snippet(passage.text, hit.highlights, SNIPPET_WIDTH),
            passage_address=visitor.sheet(one.id, (passage.start_line, passage.end_line)),
            passage_lines=lines_in_words(passage.start_line, passage.end_line, say),
            reason=" ".join(filter(None, [_reason(hit, places, say), _in_place(one, places, say)])),
            duplicates=tuple(_duplicate(id, catalogue, visitor) for id in hit.also_in),
        )


def place_of(initiative: Initiative) -> str:
    """Where an initiative takes place: its départements, else the place in the document's own words, if any."""
    return ", ".join(departement.name for departement in initiative.departements) or initiative.territory or ""


def _reason(hit: Hit, places: Sequence[Place], say: Say) -> str:
    """What speaks for a hit: a concept in another form, shared words, its record, a translation, or its meaning."""
    for one in hit.highlights:
        said = hit.passage.text[one.start : one.end]
        if one.names_concept and not _is_same(one.question_word, said):
            return say("why.concept", asked=one.question_word, said=" ".join(said.split()))
    nearest = sorted(hit.highlights, key=lambda one: -one.similarity)
    names = {fold(word) for place in places for word in place.name.split()}  # told by themselves
    words = [
        (one.question_word, hit.passage.text[one.start : one.end])
        for one in nearest
        if fold(one.question_word) not in names and not any(numbers_in(one.question_word))  # "deux" says nothing alone
    ]
    shared = list({_singular(word): word for asked, word in words if _is_same(asked, word)}.values())
    if shared:
        return say("why.said", words=", ".join(say("why.word", word=word) for word in shared[:MOST_WORDS]))
    if hit.by_record:
        return say("why.editorial")
    if words:
        return say("why.otherwise", asked=words[0][0], word=words[0][1])
    return say("why.meaning")


def _is_same(asked: str, said: str) -> bool:
    """Whether words of a sheet are those of the question, or one of them, in whatever number."""
    words = [_singular(word) for word in asked.split()]
    return _singular(said) in words or [_singular(word) for word in said.split()] == words


def _singular(word: str) -> str:
    """A word without its accents, capitals and the letter of its plural."""
    return fold(word).rstrip("sx")


def _in_place(initiative: Initiative, places: Sequence[Place], say: Say) -> str | None:
    """That an initiative takes place where the question asks, if it does."""
    asked = {departement.code for place in places for departement in place.departements}
    there = [departement.name for departement in initiative.departements if departement.code in asked]
    return say("why.place", place=", ".join(there)) if there else None


def _duplicate(id: str, catalogue: Catalogue, visitor: Visitor) -> Link:
    return Link(catalogue.document(catalogue.initiative(id)).title, visitor.sheet(id))


# --- facets: each value is a link that sets its facet to it alone, or takes it out; its number is the total then ---


@dataclass(frozen=True, slots=True)
class NarrowedList:
    """A list of initiatives that links narrow: where it is, what it is narrowed by, and what the links keep."""

    visitor: Visitor
    path: str
    asked: SearchRequest
    kept: Sequence[Parameter] = ()

    def link(self, asked: SearchRequest) -> str:
        """The address of the list for another request."""
        return self.visitor.link(self.path, [*asked.parameters(), *self.kept])


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetValueView:
    """One value."""

    id: str  # of its link, for focus to come back to
    label: str
    count: int
    address: str
    is_set: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetView:
    """One facet."""

    name: str
    label: str
    first: tuple[FacetValueView, ...]
    more: tuple[FacetValueView, ...]
    is_open: bool
    more_is_open: bool


def facet_views(facets: Mapping[str, Sequence[FacetValue]], shown: NarrowedList) -> tuple[FacetView, ...]:
    """The facets that can tell initiatives apart."""
    views: list[FacetView] = []
    for name in (*FACETS, *(name for name in facets if name.startswith(OWN))):
        values = tuple(_value(name, value, shown) for value in facets.get(name, ()))
        is_set = any(value.is_set for value in values)
        if len(values) > 1 or is_set:
            views.append(
                FacetView(
                    name=name,
                    label=name.removeprefix(OWN) if name.startswith(OWN) else shown.visitor.texts(f"facet.{name}"),
                    first=values[:SHOWN],
                    more=values[SHOWN:],
                    is_open=is_set or len(views) < OPEN,
                    more_is_open=any(value.is_set for value in values[SHOWN:]),
                )
            )
    return tuple(views)


def _value(name: str, value: FacetValue, shown: NarrowedList) -> FacetValueView:
    filters = FACETS.get(name, ("field",))  # else of an own column
    is_set = all((one, value.value) in shown.asked.conditions for one in filters)
    changed = shown.asked.narrowed_to([(one, value.value) for one in filters])
    if is_set:
        changed = shown.asked
        for one in filters:
            changed = changed.without(one, value.value)
    return FacetValueView(
        id=re.sub(r"\W+", "-", f"{name}-{value.value}"),
        label=shown.visitor.texts(f"kind.{value.value}") if name == "kind" else value.label,
        count=value.count,
        address=shown.link(changed),
        is_set=is_set,
    )


# --- the map: départements shaded by how many of the initiatives take place there, and the same as a table ---


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaView:
    """One département."""

    code: str
    name: str
    count: int
    shade: int  # 0 for none, to SHADES
    shape: str | None  # address of its shape, None where the map has none
    link: str
    is_set: bool


@dataclass(frozen=True, slots=True)
class MapView:
    """The map of one list of initiatives."""

    view_box: str
    labels: str  # address of the names beside the squares overseas
    areas: tuple[AreaView, ...]  # those with a shape, in the order of the map
    listed: tuple[AreaView, ...]  # those with an initiative, most first


def map_view(facets: Mapping[str, Sequence[FacetValue]], catalogue: Catalogue, shown: NarrowedList) -> MapView | None:
    """The map of the facet of départements, None where no sheet of the collection lies in one."""
    if not catalogue.facets["departement"].values:
        return None
    values, names = facets["departement"], catalogue.gazetteer.departement_names
    counts = {value.value: value.count for value in values}
    most = max(counts.values(), default=1)
    view_box, codes = shapes()
    chosen = shown.asked.values_of("departement")

    def area(code: str) -> AreaView:
        count = counts.get(code, 0)
        return AreaView(
            code=code,
            name=names[code],
            count=count,
            shade=-(-SHADES * count // most),
            shape=f"{asset_address(SHAPES)}#d{code}" if code in codes else None,
            link=shown.link(shown.asked.toggled("departement", code)),
            is_set=code in chosen,
        )

    return MapView(
        view_box,
        f"{asset_address(SHAPES)}#labels",
        tuple(area(code) for code in codes if code in names),
        tuple(area(value.value) for value in values),
    )


@cache
def shapes() -> tuple[str, tuple[str, ...]]:
    """The view box of the map, and the codes of the départements it has shapes for."""
    drawn = (STATIC / SHAPES).read_text(encoding="utf-8")
    box = re.search(r'viewBox="([^"]+)"', drawn)
    assert box is not None
    return box[1], tuple(re.findall(r'id="d(\w+)"', drawn))
