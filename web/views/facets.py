"""What narrows a list of initiatives: boxes to tick, a range of years and the map, all of one form with the question.

Every control belongs to the form "asked", wherever it stands: whoever asks anew or narrows sends all of it, with a
script and without. The number of a value is how many there are with it alone, the other facets as they are.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus import Kind
from search import OWN, Catalogue, FacetValue
from web.parameters import Parameter
from web.views.map import MapView, map_view
from web.visitor import YEARS, SearchRequest, Visitor

# In the order of the page; those of columns of a brought corpus follow. Years are a range.
FACETS = ("public", "topic", "departement", "region", "theme", "kind", "document")
SHOWN = 6  # values before "more"
OPEN = 2  # facets that are unfolded without a value ticked
LONG = 12  # values from which on one can search among them

# A facet's name and a value of it.
Named = tuple[str, str]


@dataclass(frozen=True, slots=True)
class NarrowedList:
    """A list of initiatives that is narrowed: where it is, what it is narrowed by, and what its links keep."""

    visitor: Visitor
    path: str
    asked: SearchRequest
    kept: Sequence[Parameter] = ()

    def link(self, asked: SearchRequest) -> str:
        """The address of the list for another request."""
        return self.visitor.link(self.path, [*asked.parameters(), *self.kept])


@dataclass(frozen=True, slots=True)
class Chip:
    """Something that was understood or set, and the address without it."""

    kind: str  # key of the texts
    text: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetValueView:
    """One value."""

    id: str  # of its box, for focus to come back to
    name: str  # of the parameter
    value: str
    label: str
    count: int
    is_set: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetView:
    """One facet."""

    id: str
    label: str
    first: tuple[FacetValueView, ...]
    more: tuple[FacetValueView, ...]
    is_open: bool
    more_is_open: bool
    is_long: bool


@dataclass(frozen=True, slots=True)
class YearsView:
    """A range of years of start."""

    earliest: str  # that any initiative of the list began in
    latest: str
    first: str  # what is set, blank where nothing is
    last: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NarrowingView:
    """All that narrows a list."""

    facets: tuple[FacetView, ...]
    years: YearsView | None  # None where there are no two to choose from
    map: MapView | None  # None where no sheet lies in a département
    chips: tuple[Chip, ...]  # the conditions that are set
    cleared: str  # the address without any

    @classmethod
    def of(
        cls,
        facets: Mapping[str, Sequence[FacetValue]],
        catalogue: Catalogue,
        shown: NarrowedList,
        lifted: Collection[Named] = (),
    ) -> "NarrowingView":
        """The view of the facets of a list; `lifted` are the values that the question names, which come first."""
        return cls(
            facets=_facets(facets, shown, lifted),
            years=_years(facets["year"], shown.asked),
            map=map_view(facets["departement"], catalogue, shown),
            chips=tuple(_chips(facets, catalogue, shown)),
            cleared=shown.link(shown.asked.without_conditions()),
        )


def _chips(facets: Mapping[str, Sequence[FacetValue]], catalogue: Catalogue, shown: NarrowedList) -> Iterator[Chip]:
    say = shown.visitor.texts
    labels = {(name, one.value): one.label for name, values in facets.items() for one in values}
    labels |= {("departement", code): name for code, name in catalogue.gazetteer.departement_names.items()}
    labels |= {("kind", kind.value): say(f"kind.{kind.value}") for kind in Kind}
    for name, value in shown.asked.conditions:
        yield Chip(f"chip.{name}", labels.get((name, value), value), shown.link(shown.asked.without(name, value)))


def _facets(
    facets: Mapping[str, Sequence[FacetValue]], shown: NarrowedList, lifted: Collection[Named]
) -> tuple[FacetView, ...]:
    """The facets that can tell initiatives apart."""
    views: list[FacetView] = []
    for name in (*FACETS, *(name for name in facets if name.startswith(OWN))):
        counted = sorted(facets.get(name, ()), key=lambda one: (name, one.value) not in lifted)
        values = [_value(name, one, shown) for one in counted]
        is_set = any(value.is_set for value in values)
        if len(values) > 1 or is_set:
            label = name.removeprefix(OWN) if name.startswith(OWN) else shown.visitor.texts(f"facet.{name}")
            views.append(
                FacetView(
                    id=_id(name),
                    label=label,
                    first=tuple(values[:SHOWN]),
                    more=tuple(values[SHOWN:]),
                    is_open=is_set or len(views) < OPEN,
                    more_is_open=any(value.is_set for value in values[SHOWN:]),
                    is_long=len(values) > LONG,
                )
            )
    return tuple(views)


def _value(name: str, value: FacetValue, shown: NarrowedList) -> FacetValueView:
    parameter = "field" if name.startswith(OWN) else name
    return FacetValueView(
        id=_id(f"{name}-{value.value}"),
        name=parameter,
        value=value.value,
        label=shown.visitor.texts(f"kind.{value.value}") if name == "kind" else value.label,
        count=value.count,
        is_set=(parameter, value.value) in shown.asked.conditions,
    )


def _years(values: Sequence[FacetValue], asked: SearchRequest) -> YearsView | None:
    first, last = ((asked.values_of(name) or [""])[-1] for name in YEARS)
    years = sorted(one.value for one in values)
    if len(set(years)) <= 1 and not (first or last):
        return None
    return YearsView(years[0] if years else "", years[-1] if years else "", first, last)


def _id(name: str) -> str:
    return re.sub(r"\W+", "-", name)
