"""What the cells of a place column mean: codes and names of French places → départements.

Spreadsheets take the zero from "01004", write names in capitals and put a postcode before a town; where a code and a
name disagree, the name is believed: it is what people check.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property

from corpus.model import Departement
from corpus.places import Gazetteer, PlaceKind

DEPARTEMENT_CODE = re.compile(r"0?(\d{1,2}|2[AB]|97[1-8]|69[DM])", re.I)
COMMUNE_CODE = re.compile(r"(\d{4,5}|2[AB]\d{3})", re.I)  # INSEE code or postcode, its zero perhaps lost
SIREN = re.compile(r"\d{9}")
POSTCODE_IN_TEXT = re.compile(r"(?<!\d)((?:0[1-9]|[1-8]\d|9[0-5]|97|98)\d{3})(?!\d)")
CORSICA_SOUTH = ("200", "201")  # how postcodes of Corse-du-Sud begin
WHOLE_COUNTRY = re.compile(r"(?i)\W*(?:(?:la )?france(?: entière| métropolitaine)?|nationale?|national level)\W*")


@dataclass(frozen=True)
class Locator:
    """Finds the départements of cells; remembers what it has read."""

    gazetteer: Gazetteer
    _read: dict[str, tuple[Departement, ...]] = field(default_factory=dict)

    def of_code(self, cell: str) -> tuple[Departement, ...]:
        """The département of a whole cell that is a code of département, commune or intercommunality."""
        code = cell.strip().upper().removesuffix(".0")
        if DEPARTEMENT_CODE.fullmatch(code) and not COMMUNE_CODE.fullmatch(code):
            return self._known(code.lstrip("0").zfill(2))
        if COMMUNE_CODE.fullmatch(code):
            return self._known(_departement_of(code.zfill(5)))
        if SIREN.fullmatch(code):
            return self._intercommunalities.get(code, ())
        return ()

    def of_name(self, cell: str) -> tuple[Departement, ...]:
        """The départements that the names in a cell mean; those of a region are none: it names no one of them."""
        if cell not in self._read:
            self._read[cell] = self._of_name(cell)
        return self._read[cell]

    def is_place(self, cell: str) -> bool:
        """Whether a whole cell names a place that is known, or several."""
        if any(char.isdigit() for char in cell) or len(cell) > 60:
            return bool(self.of_code(cell))
        read = _readable(cell)
        if self.gazetteer.region(read) is not None or self.gazetteer.departement(read) is not None:
            return True
        found = self.gazetteer.places_in_query(read)
        return bool(found) and sum(one.end - one.start for one in found) >= 0.7 * len(read)

    def _of_name(self, cell: str) -> tuple[Departement, ...]:
        if WHOLE_COUNTRY.fullmatch(cell):
            return ()
        read = _readable(cell)
        if len(read) <= 60 and (one := self._exact(read)) is not None:
            return (one,)
        if code := POSTCODE_IN_TEXT.search(cell):
            return self._known(_departement_of(code[1]))
        places = self.gazetteer.places_in(read) or (self.gazetteer.places_in_query(read) if len(read) <= 60 else ())
        named = [place for place in places if place.kind not in (PlaceKind.REGION, PlaceKind.FORMER_REGION)]
        exact = [place for place in named if place.kind is PlaceKind.DEPARTEMENT] or named
        return tuple(dict.fromkeys(one for place in exact for one in place.departements))

    def _exact(self, read: str) -> Departement | None:
        """The département that is named by the whole cell: without the slips that a gazetteer forgives."""
        found = self.gazetteer.departement(read)
        if found is None or not any(char.isalpha() for char in read):
            return None
        places = self.gazetteer.places_in_query(read)
        return found if any(one.kind is PlaceKind.DEPARTEMENT and found in one.departements for one in places) else None

    def _known(self, code: str) -> tuple[Departement, ...]:
        names = self.gazetteer.departement_names
        return (Departement(code, names[code]),) if code in names else ()

    @cached_property
    def _intercommunalities(self) -> dict[str, tuple[Departement, ...]]:
        """The départements of every intercommunality, by its SIREN."""
        names = self.gazetteer.names
        every = [*names.singles.values(), *(found for many in names.compounds.values() for _, found in many)]
        kind = PlaceKind.INTERCOMMUNALITY
        return {one.code: one.departements for found in every for one in found if one.kind is kind}


def _departement_of(code: str) -> str:
    """The département in a code of commune or a postcode: "97600" -> "976", "20090" -> "2A"."""
    if code.startswith("97"):
        return code[:3]
    if code.startswith("20"):
        return "2A" if code.startswith(CORSICA_SOUTH) else "2B"
    return code[:2].upper()


def _readable(cell: str) -> str:
    """A name in capitals as it is written in prose: "SAINT MAURICE DE BEYNOST" -> "Saint Maurice De Beynost"."""
    words = " ".join(cell.replace("_", " ").split())
    return words.title() if words.isupper() or words.islower() else words
