"""What the cells of a place column mean: codes and names of French places → départements.

Spreadsheets take the zero from "01004", write names in capitals and put a postcode before a town; where a code and a
name disagree, the name is believed: it is what people check.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property

from corpus.model import Departement
from corpus.places import Gazetteer, Place, PlaceKind
from corpus.text import fold_words

DEPARTEMENT_CODE = re.compile(r"0?(\d{1,2}|2[AB]|97[1-8]|69[DM])", re.I)
COMMUNE_CODE = re.compile(r"(\d{4,5}|2[AB]\d{3})", re.I)  # INSEE code or postcode, its zero perhaps lost
SIREN = re.compile(r"\d{9}")
POSTCODE_IN_TEXT = re.compile(r"(?<!\d)((?:0[1-9]|[1-8]\d|9[0-5]|97|98)\d{3})(?!\d)")
CORSICA_SOUTH = ("200", "201")  # how postcodes of Corse-du-Sud begin
LONGEST_NAME = 60  # characters; longer cells are sentences
NAMED = 0.7  # share of a cell that names must fill for it to be a place
WHOLE_COUNTRY = re.compile(r"(?i)\W*(?:(?:la )?france(?: entière| métropolitaine)?|nationale?|national level)\W*")


@dataclass(frozen=True)
class Locator:
    """Finds the départements of cells; remembers what it has read."""

    gazetteer: Gazetteer
    _read: dict[str, tuple[Departement, ...]] = field(default_factory=dict)
    _wholes: dict[str, tuple[Place, ...]] = field(default_factory=dict)

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
        if any(char.isdigit() for char in cell) or len(cell) > LONGEST_NAME:
            return bool(self.of_code(cell))
        return _folded(cell) in self._departements or bool(self._whole(cell))

    def is_region(self, cell: str) -> bool:
        """Whether a whole cell names a region, of today or former."""
        return any(one.kind in (PlaceKind.REGION, PlaceKind.FORMER_REGION) for one in self._whole(cell))

    def _of_name(self, cell: str) -> tuple[Departement, ...]:
        if WHOLE_COUNTRY.fullmatch(cell):
            return ()
        if (one := self._departements.get(_folded(cell))) is not None:
            return (one,)
        if code := POSTCODE_IN_TEXT.search(cell):
            return self._known(_departement_of(code[1]))
        read = _readable(cell)
        places = self.gazetteer.places_in(read) or (
            self.gazetteer.places_in_query(read) if len(read) <= LONGEST_NAME else ()
        )
        named = [place for place in places if place.kind not in (PlaceKind.REGION, PlaceKind.FORMER_REGION)]
        exact = [place for place in named if place.kind is PlaceKind.DEPARTEMENT] or named
        return tuple(dict.fromkeys(one for place in exact for one in place.departements))

    def _whole(self, cell: str) -> tuple[Place, ...]:
        """The places in a cell that is made of their names and little else, without the slips a question may have."""
        if len(cell) > LONGEST_NAME or any(char.isdigit() for char in cell):
            return ()
        if cell not in self._wholes:
            read = _readable(cell)
            found = self.gazetteer.places_in_query(read)
            named = sum(one.end - one.start for one in found) >= NAMED * len(read)
            self._wholes[cell] = found if named else ()
        return self._wholes[cell]

    @cached_property
    def _departements(self) -> dict[str, Departement]:
        """Every département by its folded name, exact: a commune must not be taken for one at a slip's distance."""
        return {_folded(name): Departement(code, name) for code, name in self.gazetteer.departement_names.items()}

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


def _folded(name: str) -> str:
    return " ".join(fold_words(name))


def _readable(cell: str) -> str:
    """A name in capitals as it is written in prose: "SAINT MAURICE DE BEYNOST" -> "Saint Maurice De Beynost"."""
    words = " ".join(cell.replace("_", " ").split())
    return words.title() if words.isupper() or words.islower() else words
