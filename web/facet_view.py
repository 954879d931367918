"""A facet as the page shows it: values with their counts, each a link that sets it or takes it out."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from search import FacetValue
from web.page_query import PageQuery
from web.reader import Parameter, Reader

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


@dataclass(frozen=True, slots=True)
class ValueView:
    """One value."""

    id: str  # of its link, for focus to come back to
    label: str
    count: int
    address: str
    is_set: bool


@dataclass(frozen=True, slots=True)
class FacetView:
    """One facet."""

    name: str
    label: str
    first: tuple[ValueView, ...]
    more: tuple[ValueView, ...]
    is_open: bool
    more_is_open: bool


def facet_views(
    facets: Mapping[str, Sequence[FacetValue]],
    query: PageQuery,
    reader: Reader,
    path: str = "/",
    kept: Sequence[Parameter] = (),
) -> tuple[FacetView, ...]:
    """The facets that can tell initiatives apart; their links lead to `path` and keep some parameters."""
    views: list[FacetView] = []
    for name, filters in FACETS.items():
        values = tuple(_value(name, filters, value, query, reader, path, kept) for value in facets.get(name, ()))
        if len(values) > 1 or any(value.is_set for value in values):
            is_set, more = any(value.is_set for value in values), values[SHOWN:]
            is_open, more_is_open = is_set or len(views) < 2, any(value.is_set for value in more)
            views.append(FacetView(name, reader.texts(f"facet.{name}"), values[:SHOWN], more, is_open, more_is_open))
    return tuple(views)


def _value(
    name: str,
    filters: tuple[str, ...],
    value: FacetValue,
    query: PageQuery,
    reader: Reader,
    path: str,
    kept: Sequence[Parameter],
) -> ValueView:
    conditions = dict(query.conditions)
    is_set = all(conditions.get(one) == value.value for one in filters)
    changed = query.with_conditions((one, None if is_set else value.value) for one in filters)
    label = reader.texts(f"kind.{value.value}") if name == "kind" else value.label
    id = re.sub(r"\W+", "-", f"{name}-{value.value}")
    return ValueView(id, label, value.count, reader.link(path, [*changed.parameters(), *kept]), is_set)
