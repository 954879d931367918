"""The map: départements shaded by how many of the initiatives found take place there, and the same as a table."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from search import FacetValue
from web.assets import STATIC, address

SHAPES = "departements.svg"
SHADES = 5  # from 1, the lightest, for anything above none


@dataclass(frozen=True, slots=True)
class Area:
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
    areas: tuple[Area, ...]  # those with a shape, in the order of the map
    listed: tuple[Area, ...]  # those with an initiative, most first


def map_view(
    values: Sequence[FacetValue], names: dict[str, str], chosen: str | None, link: Callable[[str], str]
) -> MapView:
    """The map of a facet of départements; `names` are those of all, by code, `link` filters by a code."""
    counts = {value.value: value.count for value in values}
    most = max(counts.values(), default=1)
    view_box, codes = shapes()

    def area(code: str) -> Area:
        count = counts.get(code, 0)
        shape = f"{address(SHAPES)}#d{code}" if code in codes else None
        return Area(code, names[code], count, -(-SHADES * count // most), shape, link(code), code == chosen)

    return MapView(
        view_box,
        f"{address(SHAPES)}#labels",
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
