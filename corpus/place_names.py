"""The names of places: the official tables of corpus/gazetteer, and every spelling under which a place is known."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from corpus.initiative import Departement
from corpus.spelling import Word, fold, fold_all, loose

# "CD33" is the Conseil départemental of 33, and was its Conseil général, "CG33".
OFFICES_BEFORE_CODE = ("CD", "CG", "MDPH")
FOLDER = Path(__file__).parent / "gazetteer"


class PlaceKind(StrEnum):
    """What sort of place a name designates."""

    DEPARTEMENT = "departement"
    REGION = "region"
    FORMER_REGION = "former_region"  # a region that existed until 2015
    COMMUNE = "commune"
    INTERCOMMUNALITY = "intercommunality"


class Territory(NamedTuple):
    """One row of the gazetteer: a place, wherever it may be named."""

    name: str  # official
    kind: PlaceKind
    code: str  # INSEE code, SIREN for intercommunalities
    departements: tuple[Departement, ...]
    population: int = 0  # inhabitants; known of communes only


Key = tuple[str, ...]


@dataclass(frozen=True)
class PlaceNames:
    """Every known name. Names of one word are told apart exactly, names of several words loosely (see `loose`)."""

    singles: dict[str, tuple[Territory, ...]]
    compounds: dict[str, tuple[tuple[Key, tuple[Territory, ...]], ...]]  # by first word, longest name first
    demonyms: dict[str, Territory]
    wariness: dict[Key, str]  # names that are also everyday words, and how much it takes to believe them
    not_places: frozenset[Key]

    @classmethod
    def read(cls, folder: Path = FOLDER) -> "PlaceNames":
        """Read the tables of a gazetteer folder."""
        territories = list(_territories(folder))
        by_code = {(territory.kind, territory.code): territory for territory in territories}
        named = [(territory.name, territory) for territory in territories]
        departements = [territory for territory in territories if territory.kind is PlaceKind.DEPARTEMENT]
        named += [(f"{office}{d.code}", d) for office in ("", *OFFICES_BEFORE_CODE) for d in departements]
        named += [(row["name"], by_code[PlaceKind(row["kind"]), row["code"]]) for row in _rows(folder, "other_names")]
        not_places = frozenset(key_of(line) for line in (folder / "not_places.txt").read_text("utf-8").splitlines())
        names = _by_key(named)
        return cls(
            singles={key[0]: found for key, found in names.items() if len(key) == 1},
            compounds=_by_first_word(names, not_places),
            demonyms={
                form: by_code[PlaceKind(row["kind"]), row["code"]]
                for row in _rows(folder, "demonyms")
                for form in _inflections(fold(row["demonym"]))
            },
            wariness={key_of(row["name"]): row["wariness"] for row in _rows(folder, "everyday_words")},
            not_places=not_places,
        )

    def compounds_at(self, words: list[Word], at: int) -> Iterator[tuple[int, Key, tuple[Territory, ...]]]:
        """Give the names of several words that begin with word `at`, longest first, with the index after the last."""
        for key, territories in self.compounds.get(loose(words[at].folded), ()):
            after = at + len(key)
            if after <= len(words) and all(loose(words[at + n].folded) == key[n] for n in range(1, len(key))):
                yield after, key, territories


def key_of(name: str) -> Key:
    """Give the words by which a name is known: exact for one word, loose for several."""
    folded = fold_all(name)
    return tuple(folded) if len(folded) == 1 else tuple(map(loose, folded))


def _rows(folder: Path, table: str) -> Iterator[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def _territories(folder: Path) -> Iterator[Territory]:
    rows = list(_rows(folder, "departements"))
    known = {row["code"]: Departement(row["code"], row["name"]) for row in rows}
    for row in rows:
        yield Territory(row["name"], PlaceKind.DEPARTEMENT, row["code"], (known[row["code"]],))
    for region in _rows(folder, "regions"):
        inside = tuple(known[row["code"]] for row in rows if row["region"] == region["code"])
        yield Territory(region["name"], PlaceKind.REGION, region["code"], inside)
    for kind, code, table in (
        (PlaceKind.FORMER_REGION, "code", "former_regions"),
        (PlaceKind.INTERCOMMUNALITY, "siren", "intercommunalites"),
    ):
        for row in _rows(folder, table):
            yield Territory(row["name"], kind, row[code], tuple(known[c] for c in row["departements"].split()))
    for row in _rows(folder, "communes"):
        home = (known[row["departement"]],)
        yield Territory(row["name"], PlaceKind.COMMUNE, row["code"], home, int(row["population"]))


def _by_key(named: Iterable[tuple[str, Territory]]) -> dict[Key, tuple[Territory, ...]]:
    found: dict[Key, list[Territory]] = {}
    for name, territory in named:
        places = found.setdefault(key_of(name), [])
        if territory not in places:
            places.append(territory)
    return {key: tuple(places) for key, places in found.items()}


def _by_first_word(
    names: dict[Key, tuple[Territory, ...]], not_places: frozenset[Key]
) -> dict[str, tuple[tuple[Key, tuple[Territory, ...]], ...]]:
    by_first: dict[str, list[tuple[Key, tuple[Territory, ...]]]] = {}
    for key, places in [*names.items(), *((key, ()) for key in not_places)]:
        if len(key) > 1:
            by_first.setdefault(key[0], []).append((key, places))
    return {first: tuple(sorted(keys, key=lambda k: -len(k[0]))) for first, keys in by_first.items()}


def _inflections(demonym: str) -> tuple[str, ...]:
    """Example: "breton" -> breton, bretons, bretonne, bretonnes."""
    feminine = demonym + ("ne" if demonym.endswith(("en", "on")) else "e")
    return demonym, f"{demonym}s", feminine, f"{feminine}s"
