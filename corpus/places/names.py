"""The names of places: the official tables of corpus/gazetteer, and every spelling under which a place is known.

names = PlaceNames.read()
derive_tables(Path("package/data"))   # writes the tables anew from @etalab/decoupage-administratif
"""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from corpus.model import Departement
from corpus.text import Word, fold_name, fold_words

# Below it the name of a commune is too obscure to be meant without a cue.
LARGE_TOWN = 10_000  # inhabitants
# Several communes bear one name: it means the largest when that is this many times larger than the next.
DOMINANT = 5
# A name is known despite one slip only if it is long, and if asked for often: a département, a region, a large city.
SLIP_LENGTH = 7  # letters
SLIP_POPULATION = 100_000  # inhabitants
# "CD33" is the Conseil départemental of 33, and was its Conseil général, "CG33".
OFFICES_BEFORE_CODE = ("CD", "CG", "MDPH")
# What an article and the preposition before it become.
MELTED = {"le": ("au", "du"), "les": ("aux", "des")}
FOLDER = Path(__file__).parents[1] / "gazetteer"

# Smaller communes would treble the file and the time to open it, and the sheets name almost none.
SMALLEST_POPULATION = 1000  # inhabitants
OVERSEAS_COLLECTIVITIES = "com"  # their "départements" are none
MERGED = ("commune-deleguee", "commune-associee")  # what merged communes are called that keep their name
METROPOLE_DE_LYON = "69M"
# What surrounds the name of an intercommunality in the source: "CC du Lac d'Aiguebelette (CCLA)".
EPCI_KIND = re.compile(r"^(CC|CA|CU|METRO) ((du|de la|de|des) |(de l|d|l)['’])?|\s*\([A-Z0-9 -]+\)$")


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
    population: int = 0  # inhabitants; known of communes of today only
    merged: bool = False  # known by the name of a commune that is part of it since they merged


Key = tuple[str, ...]  # the folded words of a name


@dataclass(frozen=True, kw_only=True)
class PlaceNames:
    """Every known name, by its key (`key_of`)."""

    singles: dict[str, tuple[Territory, ...]]  # names of one word: "lyon"
    compounds: dict[Key, tuple[tuple[Key, tuple[Territory, ...]], ...]]  # by their first two words, longest name first
    demonyms: dict[str, Territory]  # "parisienne" and its other inflections → Paris
    wariness: dict[Key, str]  # names that are also everyday words → a `corpus.places.cues.Wariness`
    not_places: frozenset[Key]  # what looks like a name and is none, as "corée du nord"

    @classmethod
    def none(cls) -> "PlaceNames":
        """No name at all."""
        return cls(singles={}, compounds={}, demonyms={}, wariness={}, not_places=frozenset())

    @classmethod
    def read(cls, folder: Path = FOLDER) -> "PlaceNames":
        """Read the tables of a gazetteer folder."""
        territories = list(_territories(folder))
        by_code = {(territory.kind, territory.code): territory for territory in territories}
        named = [(territory.name, territory) for territory in territories]
        departements = [territory for territory in territories if territory.kind is PlaceKind.DEPARTEMENT]
        named += [(f"{office}{d.code}", d) for office in ("", *OFFICES_BEFORE_CODE) for d in departements]
        named += [(row["name"], by_code[PlaceKind(row["kind"]), row["code"]]) for row in _rows(folder, "other_names")]
        # "Boulogne" is rather short for Boulogne-Billancourt, and "Bourgogne" is the region.
        taken = {words[0] for t in territories if t.population >= LARGE_TOWN and len(words := fold_words(t.name)) > 1}
        taken |= {
            " ".join(fold_words(t.name)) for t in territories if t.kind in (PlaceKind.REGION, PlaceKind.FORMER_REGION)
        }
        for row in _rows(folder, "merged_communes"):
            today = by_code[PlaceKind.COMMUNE, row["code"]]
            # "Hellemmes-Lille" is Hellemmes to those who live there.
            for name in sorted({row["name"], row["name"].removesuffix(f"-{today.name}")}):
                if " ".join(fold_words(name)) in taken:
                    continue
                named.append((name, today._replace(population=0, merged=True)))
        large = [territory for territory in territories if territory.population >= LARGE_TOWN]
        named += [(form, town) for town in large for form in _contractions(town.name)]
        not_places = frozenset(key_of(line) for line in (folder / "not_places.txt").read_text("utf-8").splitlines())
        names = _by_key(named)
        return cls(
            singles={key[0]: found for key, found in names.items() if len(key) == 1},
            compounds=_by_first_words(names, not_places),
            demonyms={
                form: by_code[PlaceKind(row["kind"]), row["code"]]
                for row in _rows(folder, "demonyms")
                for form in _inflections(fold_name(row["demonym"]))
            },
            wariness={
                key_of(form): row["wariness"]
                for row in _rows(folder, "everyday_words")
                for form in (row["name"], *_contractions(row["name"]))
            },
            not_places=not_places,
        )

    def compounds_at(self, words: list[Word], at: int) -> Iterator[tuple[int, Key, tuple[Territory, ...]]]:
        """Give the names of several words that begin with word `at`, longest first, with the index after the last."""
        begin = tuple(without_inflection(word.folded) for word in words[at : at + 2])
        for key, territories in self.compounds.get(begin, ()):
            after = at + len(key)
            if after <= len(words) and all(
                without_inflection(words[at + n].folded) == key[n] for n in range(2, len(key))
            ):
                yield after, key, territories

    @cached_property
    def slip_index(self) -> dict[str, tuple[tuple[Key, Territory], ...]]:
        """The names known despite a slip, under their letters run together, whole and with any one letter left out."""
        named = [((word,), territories) for word, territories in self.singles.items()]
        found: dict[str, list[tuple[Key, Territory]]] = {}
        for key, territories in [*named, *(name for names in self.compounds.values() for name in names)]:
            written = "".join(key)
            if len(written) < SLIP_LENGTH or key in self.wariness or not any(map(_often_asked, territories)):
                continue
            often_asked = [territory for territory in unmistakable(territories) if _often_asked(territory)]
            if often_asked:
                for form in without_one_letter(written):
                    found.setdefault(form, []).append((key, often_asked[0]))
        return {form: tuple(names) for form, names in found.items()}

    @cached_property
    def slip_ends(self) -> tuple[frozenset[str], frozenset[str]]:
        """The first words and the last words of names of several words: one slip leaves one of them whole."""
        keys = {key for names in self.slip_index.values() for key, _ in names if len(key) > 1}
        return frozenset(key[0] for key in keys), frozenset(key[-1] for key in keys)


def without_one_letter(word: str) -> set[str]:
    """Give a word and every word made by leaving out one of its letters: two words one slip apart share one."""
    return {word, *(word[:n] + word[n + 1 :] for n in range(len(word)))}


def unmistakable(territories: Sequence[Territory]) -> list[Territory]:
    """Order the territories of one name, widest first, with one commune at most: the one it means, if any."""
    wider = [territory for territory in territories if territory.kind is not PlaceKind.COMMUNE]
    communes = [territory for territory in territories if territory.kind is PlaceKind.COMMUNE]
    first, *others = sorted((c.population for c in communes), reverse=True) or [0]
    return wider + [c for c in communes if c.population == first and all(first >= DOMINANT * p for p in others)]


@lru_cache(maxsize=65536)
def without_inflection(folded: str) -> str:
    """Drop plural and gender, which slip in compound names: "hautes", "hauts", "haut" -> "haut"."""
    singular = folded.removesuffix("s") if len(folded) > 2 else folded
    return {"haute": "haut", "basse": "ba"}.get(singular, singular)


def key_of(name: str) -> Key:
    """Give the words by which a name is known: exact for one word, without inflection for several."""
    folded = fold_words(name)
    return tuple(folded) if len(folded) == 1 else tuple(map(without_inflection, folded))


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
    homes = {code: (departement,) for code, departement in known.items()}
    with (folder / "communes.csv").open(encoding="utf-8", newline="") as stream:
        communes = csv.reader(stream)
        next(communes)  # the header; a table this long is read by position, twice as fast
        for code, name, home, population in communes:
            yield Territory(name, PlaceKind.COMMUNE, code, homes[home], population=int(population))


def _contractions(name: str) -> tuple[str, ...]:
    """Melt the article into the preposition: "Le Mans" -> "au Mans", "du Mans"; "Les Ulis" -> "aux Ulis"."""
    article, _, bare = name.partition(" ")
    return tuple(f"{melted} {bare}" for melted in MELTED.get(article.lower(), ()))


def _often_asked(territory: Territory) -> bool:
    if territory.kind is PlaceKind.COMMUNE:
        return territory.population >= SLIP_POPULATION
    return territory.kind is not PlaceKind.INTERCOMMUNALITY


def _by_key(named: Iterable[tuple[str, Territory]]) -> dict[Key, tuple[Territory, ...]]:
    found: dict[Key, list[Territory]] = {}
    for name, territory in named:
        places = found.setdefault(key_of(name), [])
        if territory not in places:
            places.append(territory)
    return {key: tuple(places) for key, places in found.items()}


def _by_first_words(
    names: dict[Key, tuple[Territory, ...]], not_places: frozenset[Key]
) -> dict[Key, tuple[tuple[Key, tuple[Territory, ...]], ...]]:
    by_first: dict[Key, list[tuple[Key, tuple[Territory, ...]]]] = {}
    for key, places in [*names.items(), *((key, ()) for key in not_places)]:
        if len(key) > 1:
            by_first.setdefault(key[:2], []).append((key, places))
    return {first: tuple(sorted(keys, key=lambda k: -len(k[0]))) for first, keys in by_first.items()}


def _inflections(demonym: str) -> tuple[str, ...]:
    """Example: "breton" -> breton, bretons, bretonne, bretonnes."""
    feminine = demonym + ("ne" if demonym.endswith(("en", "on")) else "e")
    return demonym, f"{demonym}s", feminine, f"{feminine}s"


# --- How the official tables were made --------------------------------------------------------------------------------


def derive_tables(folder: Path) -> None:
    """Write the derived tables of the gazetteer from the data folder of the package.

    corpus/gazetteer/README.md says which version, and what is made of it.
    """
    epci = _read_json(folder, "epci")
    in_lyon = {m["code"] for e in epci if e["type"] == "MET69" for m in e["membres"]}
    communes = [
        c
        for c in _read_json(folder, "communes")
        if c["type"] == "commune-actuelle" and c["zone"] != OVERSEAS_COLLECTIVITIES
    ]
    home = {c["code"]: METROPOLE_DE_LYON if c["code"] in in_lyon else c["departement"] for c in communes}
    departements = [d for d in _read_json(folder, "departements") if d["zone"] != OVERSEAS_COLLECTIVITIES]
    rows = [(d["code"], d["nom"], d["region"]) for d in departements]
    lyon = (METROPOLE_DE_LYON, "Métropole de Lyon", next(r for code, _, r in rows if code == "69"))
    _write_table("departements.csv", ("code", "name", "region"), sorted([*rows, lyon]))
    regions = [r for r in _read_json(folder, "regions") if r["zone"] != OVERSEAS_COLLECTIVITIES]
    _write_table("regions.csv", ("code", "name"), [(r["code"], r["nom"]) for r in regions])
    large = [c for c in communes if c.get("population", 0) >= SMALLEST_POPULATION]
    _write_table(
        "communes.csv",
        ("code", "name", "departement", "population"),
        [(c["code"], c["nom"], home[c["code"]], str(c["population"])) for c in large],
    )
    _write_table("merged_communes.csv", ("name", "code"), _merged(_read_json(folder, "communes"), large))
    members = [(e, sorted({home[m["code"]] for m in e["membres"] if m["code"] in home})) for e in epci]
    _write_table(
        "intercommunalites.csv",
        ("siren", "name", "departements"),
        [(e["code"], _bare_name(e["nom"]), " ".join(homes)) for e, homes in members if homes and e["type"] != "MET69"],
    )


def _merged(communes: list[dict[str, Any]], large: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    """The names of communes that merged into one of `large`, with its code: those that no other commune bears."""
    merged = [c for c in communes if c["type"] in MERGED]
    borne = Counter(key_of(c["nom"]) for c in merged)
    borne.update(key_of(c["nom"]) for c in communes if c["type"] == "commune-actuelle")
    today = {c["code"] for c in large}
    return sorted((c["nom"], c["chefLieu"]) for c in merged if borne[key_of(c["nom"])] == 1 and c["chefLieu"] in today)


def _read_json(folder: Path, table: str) -> list[dict[str, Any]]:
    """Give the rows of one table of the package."""
    rows: list[dict[str, Any]] = json.loads((folder / f"{table}.json").read_text("utf-8"))
    return rows


def _write_table(name: str, header: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Write one table of corpus/gazetteer."""
    with (FOLDER / name).open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([header, *rows])


def _bare_name(name: str) -> str:
    """Take kind and initials off the name of an intercommunality: "CC du Pays de Gex" -> "Pays de Gex"."""
    return EPCI_KIND.sub("", name)
