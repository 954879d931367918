"""Cues: what around a name shows that it names a place and not an everyday word, a direction or a person.

Capitalised prose is believed readily; a question is often typed in lower case, and believed when nothing else fits.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from corpus.places.names import LARGE_TOWN, PlaceKind, Territory
from corpus.text import FRENCH_MONTHS, Word, fold

ARTICLES = frozenset({"le", "la", "les", "l"})
PLURALS = frozenset({"les", "des", "aux", "ces", "mes", "tes", "ses", "nos", "vos", "leurs", "quels", "plusieurs"})
LINKS = ARTICLES | {"de", "du", "des", "d", "of", "the"}
PARTICLES = LINKS | {"sur", "sous", "en", "et", "lez", "a", "au", "aux"}
BEFORE_DEPARTEMENT = LINKS | {"en", "par", "pour", "et"}
# A direction goes on: "dans le nord de la ville", "dans le nord est".
AFTER_DIRECTION = frozenset({"de", "du", "des", "d", "est", "ouest", "of"})
# fmt: off
OFFICES = frozenset({
    "departement", "dept", "dpt", "departemental", "departementale", "department", "prefecture", "mdph", "mda", "mdsi",
    "caf", "cpam", "msa", "ddt", "ddtm", "ddcs", "ddets", "cd", "sdis", "udaf", "udccas", "adil",
})
INSTITUTIONS = OFFICES | {
    "conseil", "prefet", "departementaux", "departementales", "ars", "direccte", "dreets", "cr", "region", "regional",
    "regionale", "academie", "collectivite", "territoire",
}
TOWN_NOUNS = frozenset({
    "ville", "villes", "commune", "mairie", "maire", "village", "agglomeration", "metropole", "urbaine", "communes",
    "chu", "ccas", "bourg", "communaute", "intercommunalite", "agglo", "territoire", "pays", "city", "town",
})
# They name a town only through "de": the "hôpital Saint-Louis" is named after a saint.
TOWN_NOUNS_WITH_LINK = TOWN_NOUNS | {"hopital", "hospitalier", "canton", "universite", "bassin"}
# After a number they make it a quantity: "dans le 15 jours".
COUNTED = frozenset({
    "ans", "an", "jours", "jour", "mois", "semaines", "heures", "minutes", "euros", "personnes", "membres", "communes",
    "arrondissement", "years", "days", "months", "people", *map(fold, FRENCH_MONTHS),
})
# Their number, in brackets too, is no département: "article (13)".
NUMBERED = frozenset({
    "article", "articles", "art", "loi", "annexe", "annexes", "page", "pages", "chapitre", "fiche", "fiches", "phase",
    "niveau", "axe", "objectif", "note", "figure", "tableau", "version", "etape", "ligne", "bus", "covid", "lot",
    "numero", "total", "nombre", "effectif", "classe", "groupe", "table", "section", "act", "law",
})
ENUMERATION = frozenset({
    "", ",", "et", "and", "/", "&", "-", "–", "ou", ", l'", "et l'", "et la", "et le", ", la", ", le",
})
# fmt: on
AFTER_TOWN = frozenset({"metropole", "agglomeration", "agglo", "communaute"})
ENGLISH_TOWN_CUES = frozenset({"in", "at", "near", "around"})
OPENERS, CLOSERS = "(/|–-;•*", ")/|;.,*–"
SENTENCE_ENDS = frozenset({".", "!", "?", ":"})
FILLING = frozenset({" ", ".", "…", "\t"})  # between a name and what stands after it, as in a contents page


def _last_before(text: str, end: int, stop: str) -> int:
    """Where the last character before `end` stands that is not white space, or is `stop`; `end` where there is none.

    Of a line of megabytes with a name every few words, looking at all that stands before each would take minutes.
    """
    at = end - 1
    while at >= 0 and text[at].isspace() and text[at] != stop:
        at -= 1
    return at if at >= 0 else end


class Wariness(StrEnum):
    """How much it takes to believe a name that is also something else."""

    NONE = ""
    ARTICLE = "article"  # an article is enough, if it is capitalised: "la Creuse"
    DIRECTION = "direction"  # an article is not enough: "le Nord"
    GIVEN_NAME = "given name"  # not before a surname: "Nancy Durand"
    TOWN = "town"  # as a town: "à Nice"
    CAPITAL = "capital"  # as a town and capitalised: "à Sens"
    CAPITALS = "capitals"  # with every word capitalised, inside a sentence: "de La Réunion"
    PLURAL = "plural"  # not after a plural article, in small letters: "les paris", bets
    CODE = "code"  # as the number of a département: "dans le 59"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A name as it stands in a text: words[first:after]."""

    text: str
    words: list[Word]  # of the whole text
    first: int
    after: int  # exclusive
    last_place: int  # where the place named before it ends, in characters; -1 if there is none

    def before(self, distance: int) -> str:
        """Give the folded word `distance` words before the name, "" where there is none."""
        at = self.first - distance
        return self.words[at].folded if at >= 0 else ""

    def next(self) -> str:
        """Give the folded word after the name, "" where there is none."""
        return self.words[self.after].folded if self.after < len(self.words) else ""

    def capitals(self) -> list[bool]:
        """Tell of each word of the name that carries meaning whether it is capitalised."""
        name = self.words[self.first : self.after]
        return [word.capital for word in name if word.folded not in PARTICLES] or [word.capital for word in name]

    def all_capitalised(self) -> bool:
        """Every word of the name is capitalised, its article too, and not because a sentence begins there."""
        start = self.words[self.first].start
        inside = self.first > 0 and self.text[_last_before(self.text, start, "") : start][:1] not in SENTENCE_ENDS
        return all(word.capital for word in self.words[self.first : self.after]) and (inside or self.isolated())

    def of_institution(self, institutions: frozenset[str] = INSTITUTIONS) -> bool:
        """An office of a département or region is named: "MDPH de la Somme", "région Centre"."""
        distance = 1
        while distance < 3 and self.before(distance) in LINKS:
            distance += 1
        return self.before(distance) in institutions

    def inside(self) -> bool:
        """Something happens inside: "dans le Nord", but not "dans le nord de la ville"."""
        if self.next() in AFTER_DIRECTION:
            return False
        return self.before(1) in ARTICLES and self.before(2) == "dans"

    def numbered(self) -> bool:
        """A number is a département's code: "dans le 59", "département 59", "MDPH du 93", "Rungis (94)"."""
        if self.next() in COUNTED:
            return False
        bracket = _last_before(self.text, self.words[self.first].start, "")
        is_bracket = self.text[bracket : bracket + 1] == "("
        if is_bracket and 0 <= self.last_place <= bracket and not self.text[self.last_place : bracket].strip():
            return True
        return (self.inside() and self.before(1) == "le") or self.of_institution(OFFICES)

    def bracketed(self) -> bool:
        """The name stands alone between brackets: "(33)"."""
        start, end = self.words[self.first].start, self.words[self.after - 1].end
        return self.text[start - 1 : start] == "(" and self.text[end : end + 1] == ")"

    def of_something_else(self) -> bool:
        """The number counts something that is numbered, or goes on: "article (13)", "dans le 33 000"."""
        return self.before(1) in NUMBERED or self.next().isdigit()

    def plural(self) -> bool:
        """Several are spoken of, and one word names them: "les paris", bets."""
        return self.after == self.first + 1 and self.before(1) in PLURALS

    def melted(self) -> bool:
        """The article of the name is melted into "à": "aux Lilas"."""
        return self.words[self.first].folded in {"au", "aux"}

    def as_town(self) -> bool:
        """A town is spoken of: "à Nice", "ville de Tours", "Bordeaux métropole", "in Orange"."""
        if self.next() in AFTER_TOWN or self.before(1) in TOWN_NOUNS:
            return True
        if self.before(1) in LINKS and self.before(2) in TOWN_NOUNS_WITH_LINK:
            return True
        if self.before(1) in ENGLISH_TOWN_CUES:
            return self.words[self.first].capital
        if self.first == 0:
            return False
        word = self.words[self.first - 1]
        return self.text[word.start : word.end] in {"à", "À"}

    def isolated(self) -> bool:
        """The name stands alone on its line, in its cell or between brackets."""
        start, end = self.words[self.first].start, self.words[self.after - 1].end
        left = self.text[_last_before(self.text, start, "\n") : start][:1].strip()
        while self.text[end : end + 1] in FILLING:
            end += 1
        right = self.text[end : end + 1]
        return (not left or left in OPENERS) and (not right or right == "\n" or right in CLOSERS)

    def listed(self) -> bool:
        """The name goes on a list of places: "l'Ain, le Lot et la Somme"."""
        start = self.words[self.first].start
        near = self.last_place >= 0 and start - self.last_place < 9
        return near and self.text[self.last_place : start].strip() in ENUMERATION

    def goes_on(self) -> bool:
        """A capitalised word follows at once: "Aude Martin", "Long Island", "Saint-Jean-Bosco"."""
        if self.after >= len(self.words):
            return False
        end, following = self.words[self.after - 1].end, self.words[self.after]
        return self.text[end : end + 1] == "-" or (following.capital and self.text[end : following.start] == " ")

    def surname(self) -> bool:
        """A given name precedes, at the head of its line or item: "Philippe Cholet, Directeur"."""
        if self.first == 0 or not self.words[self.first].capital:
            return False
        given = self.words[self.first - 1]
        spoken = self.text[given.start : given.end]
        if not given.capital or spoken.isupper() or given.folded in TOWN_NOUNS_WITH_LINK | INSTITUTIONS:
            return False
        left = self.text[_last_before(self.text, given.start, "\n") : given.start][:1].strip()
        return self.text[given.end : self.words[self.first].start] == " " and (not left or left in OPENERS)

    def inside_sentence(self) -> bool:
        """A word in lower case precedes at once, so that the capital is the name's own: "le Louvre de Lens"."""
        if self.first == 0 or self.words[self.first - 1].capital:
            return False
        return self.text[self.words[self.first - 1].end : self.words[self.first].start] in {" ", "'", "’", "\u00a0"}

    def part_of_longer_name(self) -> bool:
        """A hyphen ties the name to a word that is no place: "Seine-Nord", "Haute-Gironde"."""
        start = self.words[self.first].start
        return self.text[start - 1 : start] in {"-", "‑"} and self.last_place != start - 1


Belief = Callable[[Mention, Territory, Wariness], bool]


def in_prose(mention: Mention, territory: Territory, wariness: Wariness) -> bool:
    """Whether a name in running text is a place: it is capitalised, and cued as much as its wariness asks.

    Names of communes that merged are left to questions: a sheet prints those of today, and many are surnames.
    """
    return not territory.merged and _named_in_prose(mention, territory, wariness)


def _named_in_prose(mention: Mention, territory: Territory, wariness: Wariness) -> bool:
    if wariness is Wariness.CODE:
        return mention.numbered()
    if wariness is Wariness.PLURAL:
        wariness = Wariness.NONE  # the capital that prose asks of every name tells enough
    if not _capitalised(mention, territory) or mention.part_of_longer_name():
        return False
    if mention.goes_on() and _slight(territory, mention, wariness):
        return False
    if wariness is Wariness.NONE:
        return _plainly_meant(mention, territory)
    return _cued(mention, wariness)


def in_query(mention: Mention, territory: Territory, wariness: Wariness) -> bool:
    """Whether a name in a question is a place: as in prose inside the sentence, else by what precedes it."""
    if wariness is Wariness.CODE:
        return not mention.of_something_else() and (mention.numbered() or mention.bracketed())
    capital_tells = not mention.text.isupper()
    several = mention.plural() and not (capital_tells and mention.capitals()[0])
    if several and (territory.kind is PlaceKind.COMMUNE or wariness is Wariness.PLURAL):
        return False
    if territory.merged and mention.as_town() and wariness is Wariness.NONE:
        return True
    if mention.first > 0 and capital_tells and _cued_capital(mention, territory, wariness):
        return True
    match wariness:
        case Wariness.CAPITALS if mention.all_capitalised():
            return not mention.text.isupper()
        case Wariness.ARTICLE | Wariness.DIRECTION | Wariness.CAPITALS:
            return mention.of_institution() or mention.inside() or (_is_town(territory) and mention.as_town())
        case Wariness.GIVEN_NAME:
            return mention.of_institution() or mention.as_town() or mention.before(1) in {"en", "l", "in"}
        case Wariness.TOWN:
            return mention.as_town()
        case Wariness.CAPITAL:
            return capital_tells and mention.melted() and _capitalised(mention, territory)
    return territory.kind not in {PlaceKind.COMMUNE, PlaceKind.INTERCOMMUNALITY} or _is_town(territory)


def _cued(mention: Mention, wariness: Wariness) -> bool:
    match wariness:
        case Wariness.ARTICLE:
            return mention.before(1) in BEFORE_DEPARTEMENT or mention.inside_sentence() or _designated(mention)
        case Wariness.DIRECTION:
            return _designated(mention)
        case Wariness.CAPITALS:
            return mention.all_capitalised() or mention.of_institution()
        case Wariness.GIVEN_NAME:
            return not mention.goes_on() or mention.before(1) in BEFORE_DEPARTEMENT or mention.as_town()
        case Wariness.TOWN:
            return mention.as_town() or mention.inside_sentence() or _designated(mention)
    return mention.as_town()


def _cued_capital(mention: Mention, territory: Territory, wariness: Wariness) -> bool:
    """A question has no cells and lists hardly: standing alone proves nothing there."""
    if wariness is Wariness.DIRECTION:
        return _capitalised(mention, territory) and (mention.of_institution() or mention.inside())
    if wariness is Wariness.TOWN:
        return _capitalised(mention, territory) and (mention.as_town() or mention.inside_sentence())
    return _named_in_prose(mention, territory, wariness)


def _designated(mention: Mention) -> bool:
    return mention.of_institution() or mention.inside() or mention.isolated() or mention.listed()


def _capitalised(mention: Mention, territory: Territory) -> bool:
    capitals = mention.capitals()
    if territory.kind in {PlaceKind.COMMUNE, PlaceKind.INTERCOMMUNALITY} or len(capitals) < 3:
        return capitals[0] and capitals[-1]
    return any(capitals)


def _is_town(territory: Territory) -> bool:
    return territory.kind is PlaceKind.COMMUNE and territory.population >= LARGE_TOWN


def _plainly_meant(mention: Mention, territory: Territory) -> bool:
    if _obscure(territory, mention):
        # The article is capitalised too: "à La Marche" and not "à la Marche".
        return mention.as_town() and mention.words[mention.first].capital
    return territory.kind is not PlaceKind.COMMUNE or not mention.surname()


def _obscure(territory: Territory, mention: Mention) -> bool:
    """Most often something else bears the name: an intercommunality, a small commune of one word or a saint's name."""
    if territory.kind is PlaceKind.INTERCOMMUNALITY:
        return True
    name = [word.folded for word in mention.words[mention.first : mention.after] if word.folded not in ARTICLES]
    short = len(name) == 1 or (len(name) == 2 and name[0] in {"saint", "sainte"})
    return short and territory.kind is PlaceKind.COMMUNE and not _is_town(territory)


def _slight(territory: Territory, mention: Mention, wariness: Wariness) -> bool:
    """Whether the name is the beginning of a longer one when it goes on: Marseille and Gironde are not."""
    if territory.kind is PlaceKind.COMMUNE:
        return wariness is not Wariness.NONE or _obscure(territory, mention) or mention.after > mention.first + 1
    return wariness in {Wariness.DIRECTION, Wariness.CAPITALS}
