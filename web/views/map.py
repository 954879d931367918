"""The map: départements shaded by how many of the initiatives take place there, and the same as a table."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from search import Catalogue, FacetValue
from web.rendering import STATIC, asset_address
from web.visitor import SearchRequest

SHAPES = "departements.svg"
SHADES = 5  # from 1, the lightest, for anything above none
LEAST_DARKEST = 5  # initiatives for the darkest shade: one or two are never many
INSET = ("75", "92", "93", "94")  # too small to be hit where they lie, and shown again larger


class Narrowed(Protocol):
    """What the links of the map narrow."""

    @property
    def asked(self) -> SearchRequest:
        """What it is narrowed by."""

    def link(self, asked: SearchRequest) -> str:
        """The address of the list for another request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaView:
    """One département."""

    code: str
    name: str
    count: int
    shade: int  # 0 for none, to SHADES
    shape: str | None  # address of its shape, None where the map has none
    link: str | None  # None where nothing is there
    is_set: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MapView:
    """The map of one list of initiatives."""

    view_box: str
    labels: str  # address of the names beside the squares overseas
    areas: tuple[AreaView, ...]  # those with a shape, in the order of the map
    inset: tuple[AreaView, ...]  # those of them that are shown larger beside it, none where nothing is there
    listed: tuple[AreaView, ...]  # those with an initiative, most first
    legend: tuple[tuple[int, str], ...]  # shades that there are, and how many initiatives each stands for


def map_view(values: Sequence[FacetValue], catalogue: Catalogue, shown: Narrowed) -> MapView | None:
    """The map of the facet of départements, None where no sheet of the collection lies in one."""
    if not catalogue.facets["departement"].values:
        return None
    names = catalogue.gazetteer.departement_names
    counts = {value.value: value.count for value in values}
    darkest = max([LEAST_DARKEST, *counts.values()])
    view_box, codes = shapes()
    chosen = shown.asked.values_of("departement")

    def area(code: str) -> AreaView:
        count = counts.get(code, 0)
        return AreaView(
            code=code,
            name=names[code],
            count=count,
            shade=_shade(count, darkest),
            shape=f"{asset_address(SHAPES)}#d{code}" if code in codes else None,
            link=shown.link(shown.asked.toggled("departement", code)) if count else None,
            is_set=code in chosen,
        )

    areas = tuple(area(code) for code in codes if code in names)
    inset = tuple(one for one in areas if one.code in INSET)
    return MapView(
        view_box=view_box,
        labels=f"{asset_address(SHAPES)}#labels",
        areas=areas,
        inset=inset if any(one.count for one in inset) else (),
        listed=tuple(area(value.value) for value in values),
        legend=tuple(_legend(darkest, max(counts.values(), default=0))),
    )


def _shade(count: int, darkest: int) -> int:
    return -(-SHADES * count // darkest)


def _legend(darkest: int, most: int) -> list[tuple[int, str]]:
    """Each shade up to that of the greatest number, with its numbers. Example: 10, 7 → (1, "1–2") … (4, "7")."""
    numbers: dict[int, list[int]] = {}
    for count in range(1, most + 1):
        numbers.setdefault(_shade(count, darkest), []).append(count)
    return [(shade, f"{n[0]}–{n[-1]}" if len(n) > 1 else str(n[0])) for shade, n in numbers.items()]


@cache
def shapes() -> tuple[str, tuple[str, ...]]:
    """The view box of the map, and the codes of the départements it has shapes for."""
    drawn = (STATIC / SHAPES).read_text(encoding="utf-8")
    box = re.search(r'viewBox="([^"]+)"', drawn)
    assert box is not None
    return box[1], tuple(re.findall(r'id="d(\w+)"', drawn))
