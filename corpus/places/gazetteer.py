"""The gazetteer: knows the départements, regions and towns of France, and finds them in a text or a question."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from corpus.model import Departement
from corpus.places.cues import ARTICLES, Belief, Mention, Wariness, in_prose, in_query
from corpus.places.names import (
    LARGE_TOWN,
    SLIP_LENGTH,
    Key,
    PlaceKind,
    PlaceNames,
    Territory,
    key_of,
    unmistakable,
    without_inflection,
    without_one_letter,
)
from corpus.places.numbers import SpokenNames
from corpus.text import Word, edit_distance, fold_words, words_of

# "Département de la …": what may stand before the name in a header line or a table.
TITLES = frozenset({"departement", "conseil", "departemental"})
LINKS = ARTICLES | {"de", "du", "des", "d"}
# What may follow the name: "… – Territoire de Lens-Liévin", "… (Une démarche similaire…)", "… et Cantons de Genève".
ADDITION = re.compile(r"\s[–—-]\s|\s*[(,;:/|.…]|\s(?:et|&)\s")
# Between the words of one name: a space, a hyphen, an apostrophe, an end of line.
TIE = re.compile(r"[ \u00a0]?[-‐‑'’\s\u00a0][ \u00a0]?")
SLIPS_FORGIVEN = 2  # letters, in the one name asked for
MELTED_ARTICLES = frozenset({"au", "du", "aux", "des"})  # found with the name, but no part of it: "du Mans"
LONGEST_NAME = 4  # words of a name known despite a slip: "Alpes de Haute Provence"


@dataclass(frozen=True, slots=True)
class Region:
    """A region by its INSEE code: one of the eighteen of today, or one that existed until 2015."""

    code: str
    name: str
    former: bool
    departements: tuple[Departement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place and where a text names it."""

    name: str  # official
    kind: PlaceKind
    code: str  # INSEE code, SIREN for intercommunalities
    departements: tuple[Departement, ...]  # those it is, or lies in
    start: int  # characters, 0-based
    end: int  # exclusive


@dataclass(frozen=True)
class Gazetteer:
    """Knows the places of France by name; one is enough for a process, and threads may share it."""

    names: PlaceNames

    @classmethod
    def open(cls, places: Literal["france", "none"] = "france") -> "Gazetteer":
        """Read the tables that come with the package, or know no place at all: then every name is just a word."""
        return cls(PlaceNames.read() if places == "france" else PlaceNames.none())

    @property
    def is_empty(self) -> bool:
        """Whether it knows no place: there is nothing to filter by and nothing to draw on a map."""
        return not self.names.singles

    def departement(self, name: str) -> Departement | None:
        """Read one département's name or code, whatever its casing, accents, hyphens, article or small slips.

        Example: "Département des Pyrénées Atlantiques" -> 64, "2a" -> Corse-du-Sud, "la mairie" -> None
        """
        found = self._read_one(name, PlaceKind.DEPARTEMENT)
        return found.departements[0] if found else None

    def region(self, name: str) -> Region | None:
        """Read one region's name, current or former, as tolerantly, or the code of a current one.

        The current region wins where both bear the name. Example: "Bretagne" or "53" -> Bretagne
        """
        if name.strip() in self._region_codes:
            return self._region_codes[name.strip()]
        found = self._read_one(name, PlaceKind.REGION) or self._read_one(name, PlaceKind.FORMER_REGION)
        return _region(found) if found else None

    def region_of(self, departement: Departement) -> Region:
        """Give the region of today in which a département lies."""
        return self._regions[departement.code]

    @cached_property
    def departement_names(self) -> dict[str, str]:
        """The names of all départements, by their codes."""
        of_regions = {one.code: one.name for region in self._region_codes.values() for one in region.departements}
        return dict(sorted(of_regions.items()))

    def departements_in(self, text: str) -> tuple[Departement, ...]:
        """Give the départements named in prose, each once, in order of mention."""
        named = (p.departements[0] for p in self.places_in(text) if p.kind is PlaceKind.DEPARTEMENT)
        return tuple(dict.fromkeys(named))

    def places_in(self, text: str) -> tuple[Place, ...]:
        """Find the places named in prose, in order, without overlap: capitalised, and cued where the word is common."""
        return tuple(self._find(text, words_of(text), in_prose))

    def places_in_query(self, text: str) -> tuple[Place, ...]:
        """Find the places a question names, in any casing, in French or English; in doubt, none."""
        words = words_of(text)
        exact = list(self._find(text, words, in_query))
        covered = [(place.start, place.end) for place in exact]
        slipped = self._find_slipped([w for w in words if not any(a <= w.start < b for a, b in covered)])
        return tuple(sorted([*exact, *slipped], key=lambda place: place.start))

    def with_names(self, question: str) -> str:
        """Give a question with the numbers of its départements written out, so that both spellings are one question.

        Example: "emploi (13)" -> "emploi dans les Bouches-du-Rhône"; "25 ans" is no place, and stays
        """
        return self._spoken.written_out(question, self._ends_in) if any(map(str.isdigit, question)) else question

    def _ends_in(self, head: str, code: str) -> bool:
        """Whether a text ends with the name of a place in a département."""
        last = self.places_in_query(head)[-1:]
        return any(place.end == len(head) and code in {d.code for d in place.departements} for place in last)

    def _read_one(self, name: str, kind: PlaceKind) -> Territory | None:
        """Read the whole text as a name, then what precedes an addition, longest first; then forgive slips."""
        known = self._of_kind[kind]
        heads = [name[: m.start()] for m in reversed(list(ADDITION.finditer(name)))]
        keys = [_bare(head) for head in (name, *heads)]
        exact = (known[key] for key in keys if key in known)
        return next(exact, None) or next((found for key in keys if (found := _nearest(key, known))), None)

    def _find(self, text: str, words: list[Word], believed: Belief) -> Iterator[Place]:
        at, last = 0, -1
        while at < len(words):
            after, territory = self._name_at(text, words, at, last, believed)
            if territory:
                head = at + 1 if words[at].folded in MELTED_ARTICLES else at
                start, last = words[head].start, words[after - 1].end
                yield _place(territory, start, last)
            at = after

    def _find_slipped(self, words: list[Word]) -> Iterator[Place]:
        """Find the names written with one slip, among words that name nothing as they stand."""
        at = 0
        while at < len(words):
            spans = (words[at : at + count] for count in range(LONGEST_NAME, 0, -1))
            found = next(((span, t) for span in spans if (t := self._slipped(span))), None)
            if found:
                span, territory = found
                yield _place(territory, span[0].start, span[-1].end)
            at += len(found[0]) if found else 1

    def _slipped(self, span: list[Word]) -> Territory | None:
        key = (span[0].folded,) if len(span) == 1 else tuple(without_inflection(word.folded) for word in span)
        written = "".join(key)
        if len(written) < SLIP_LENGTH or key in self.names.not_places or key[0] in self.names.singles:
            return None
        firsts, lasts = self.names.slip_ends
        if len(span) > 1 and key[0] not in firsts and key[-1] not in lasts:
            return None
        for form in without_one_letter(written):
            for name, territory in self.names.slip_index.get(form, ()):
                # The first letter is seldom the wrong one. A name may be run together; words are not joined into it.
                if len(key) <= len(name) and written[0] == name[0][0] and edit_distance(written, "".join(name), 1) <= 1:
                    return territory
        return None

    def _name_at(
        self, text: str, words: list[Word], at: int, last: int, believed: Belief
    ) -> tuple[int, Territory | None]:
        """Give the place whose name begins with word `at`, if any, and the word to read on from."""
        for after, key, territories in self.names.compounds_at(words, at):
            if not _tied(text, words, at, after):
                continue
            if not territories:
                return after, None  # known to be no place, it hides the names inside it
            mention = Mention(text=text, words=words, first=at, after=after, last_place=last)
            chosen = self._choose(mention, territories, key, believed)
            if chosen:
                return after, chosen
        word = words[at].folded
        territories = self.names.singles.get(word, ())
        demonym = self.names.demonyms.get(word)
        if not territories and not demonym:
            return at + 1, None
        if not text[words[at].start : words[at].end].isascii():
            # "Aïn Oussara" is not the Ain: nobody adds an accent to a name that has none.
            territories = tuple(territory for territory in territories if not territory.name.isascii())
        mention = Mention(text=text, words=words, first=at, after=at + 1, last_place=last)
        if demonym and not mention.surname():
            return at + 1, demonym
        return at + 1, self._choose(mention, territories, (word,), believed)

    def _choose(
        self, mention: Mention, territories: tuple[Territory, ...], key: Key, believed: Belief
    ) -> Territory | None:
        """Give the territory a name means here: of a town when one is spoken of, else the widest."""
        if not territories:
            return None
        wariness = Wariness.CODE if key[0][0].isdigit() else Wariness(self.names.wariness.get(key, Wariness.NONE))
        candidates = unmistakable(territories)
        if mention.as_town():
            candidates.sort(key=lambda territory: territory.population < LARGE_TOWN)
        return next((t for t in candidates if believed(mention, t, wariness)), None)

    @cached_property
    def _spoken(self) -> SpokenNames:
        return SpokenNames.read(self.departement_names, lambda text: bool(self.places_in_query(text)))

    @cached_property
    def _of_kind(self) -> dict[PlaceKind, dict[Key, Territory]]:
        """Every name of the départements and regions, by kind."""
        found: dict[PlaceKind, dict[Key, Territory]] = {kind: {} for kind in PlaceKind}
        named: list[tuple[Key, tuple[Territory, ...]]] = [
            ((word,), places) for word, places in self.names.singles.items()
        ]
        named += [compound for compounds in self.names.compounds.values() for compound in compounds]
        for key, territories in named:
            bare = key_of(" ".join(key[1:])) if key[0] in ARTICLES else key
            for territory in territories:
                found[territory.kind][key] = found[territory.kind][bare] = territory
        return found

    @cached_property
    def _regions(self) -> dict[str, Region]:
        regions = self._of_kind[PlaceKind.REGION].values()
        return {departement.code: _region(t) for t in regions for departement in t.departements}

    @cached_property
    def _region_codes(self) -> dict[str, Region]:
        return {region.code: region for region in self._regions.values()}


def _place(territory: Territory, start: int, end: int) -> Place:
    return Place(
        name=territory.name,
        kind=territory.kind,
        code=territory.code,
        departements=territory.departements,
        start=start,
        end=end,
    )


def _region(territory: Territory) -> Region:
    former = territory.kind is PlaceKind.FORMER_REGION
    return Region(territory.code, territory.name, former, territory.departements)


def _bare(name: str) -> Key:
    """Give the key of a name without title and article: "Département de l'Oise" -> ("oise",)."""
    words = fold_words(name)
    start = 0
    while start < len(words) and words[start] in TITLES:
        start += 1
    while start < len(words) - 1 and words[start] in LINKS:
        start += 1
    return key_of(" ".join(words[start:]))


def _nearest(key: Key, known: dict[Key, Territory]) -> Territory | None:
    """Give the one territory whose name is nearest within the slips forgiven: none when two are as near."""
    written = "".join(key)
    # A short name is some other word at one letter's distance: "Var" and "par". Seven letters bear one slip, ten two.
    most = min(SLIPS_FORGIVEN, (len(written) - 4) // 3)
    found: dict[str, int] = {}
    by_code = {territory.code: territory for territory in known.values()}
    for name, territory in known.items():
        count = edit_distance(written, "".join(name), most) if most > 0 else 1
        if count <= most:
            found[territory.code] = min(count, found.get(territory.code, count))
    best = [code for code, count in found.items() if count == min(found.values())]
    return by_code[best[0]] if len(best) == 1 else None


def _tied(text: str, words: list[Word], first: int, after: int) -> bool:
    return all(TIE.fullmatch(text, words[n].end, words[n + 1].start) for n in range(first, after - 1))
