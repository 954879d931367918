"""A location: in which départements an initiative takes place, told from those that are merely named."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.initiative import Departement
from corpus.places import Gazetteer, Place, PlaceKind

# "Corse" or "La Réunion" say where; "Bretagne" leaves the reader with four départements to choose from.
NARROW = 2  # départements
# "Pays de Lorient" is wider than Lorient.
REACH = re.compile(r"\b(?i:pays|agglomération|académie|bassin|territoire) (?:de la |de |du |d['’])$")
REGIONS = (PlaceKind.REGION, PlaceKind.FORMER_REGION)


@dataclass(frozen=True, slots=True)
class Location:
    """What a text says of the place of an initiative."""

    departements: tuple[Departement, ...]
    cited_departements: tuple[Departement, ...]
    territory: str | None  # in the text's own words, when finer or wider than a département


def locate(gazetteer: Gazetteer, statements: Sequence[str], prose: str) -> Location:
    """Where an initiative takes place, by the first of `statements` that leads to a département.

    Put the most telling statement first: a line that says where, the carrier, the description. Départements named
    in `prose` or in a later statement are cited only.
    """
    deciding, places = next(
        ((statement, found) for statement in statements if _departements(found := gazetteer.places_in(statement))),
        ("", ()),
    )
    departements = _departements(places)
    named = gazetteer.departements_in("\n".join([*statements, prose]))
    cited = tuple(departement for departement in named if departement not in departements)
    return Location(departements, cited, _territory(gazetteer, deciding, statements))


def _departements(places: Sequence[Place]) -> tuple[Departement, ...]:
    """The départements of the places that are narrow enough, in the order of the text, each once."""
    return tuple(dict.fromkeys(d for place in places if len(place.departements) <= NARROW for d in place.departements))


def _territory(gazetteer: Gazetteer, deciding: str, statements: Sequence[str]) -> str | None:
    """Places finer than a département where the text decides by them, else the regions it names."""
    if deciding:
        finer = (
            place
            for place in gazetteer.places_in(deciding)
            if place.kind != PlaceKind.DEPARTEMENT and len(place.departements) <= NARROW
        )
        return _printed(deciding, finer)
    for statement in statements:
        wider = (place for place in gazetteer.places_in(statement) if place.kind in REGIONS)
        if printed := _printed(statement, wider):
            return printed
    return None


def _printed(text: str, places: Iterable[Place]) -> str | None:
    """The places as the text prints them, each once, with the noun that says how far they reach."""
    names: dict[str, str] = {}
    for place in places:
        reach = REACH.search(text, 0, place.start)
        names.setdefault(place.code, text[reach.start() if reach else place.start : place.end])
    return ", ".join(names.values()) or None
