"""A location: in which départements an initiative takes place, told from those that are merely named."""

import re
from collections.abc import Sequence
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
    places = [(statement, gazetteer.places_in(statement)) for statement in statements]
    departements = next((found for _, named in places if (found := _departements(named))), ())
    named = gazetteer.departements_in("\n".join([*statements, prose]))
    cited = tuple(departement for departement in named if departement not in departements)
    return Location(departements, cited, _territory(places, departements))


def _departements(places: Sequence[Place]) -> tuple[Departement, ...]:
    """The départements of the places that are narrow enough, in the order of the text, each once."""
    return tuple(dict.fromkeys(d for place in places if len(place.departements) <= NARROW for d in place.departements))


def _territory(places: list[tuple[str, tuple[Place, ...]]], departements: tuple[Departement, ...]) -> str | None:
    """Places finer than the départements, as printed; the regions named where no département is known."""
    printed: dict[str, str] = {}
    for statement, named in places:
        for place in named:
            reach = REACH.search(statement, 0, place.start)
            finer = bool(reach) or place.kind != PlaceKind.DEPARTEMENT
            if (finer and set(place.departements) <= set(departements)) if departements else place.kind in REGIONS:
                printed.setdefault(place.code, statement[reach.start() if reach else place.start : place.end])
    return ", ".join(printed.values()) or None
