"""Faithfulness: what an editorial record or a fact says that the sheets it speaks of do not.

Numbers, years, places, names and acronyms are looked up in every sheet of the initiative's cluster; the numbers of a
fact's answer in its quotes. What a number means, and whether a plan is told as done, only a person can tell.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from corpus.bilingual import Language
from corpus.enrichment import EditorialRecord, Vocabulary
from corpus.facts import Fact
from corpus.model import Departement, Initiative
from corpus.organisations import is_organisation
from corpus.places import Gazetteer, Place, PlaceKind
from corpus.text import (
    EMAIL,
    ENGLISH_DAYS,
    ENGLISH_MONTHS,
    PHONE,
    Number,
    fold,
    fold_name,
    fold_words,
    numbers_in,
    numbers_in_digits,
)
from corpus.thesaurus import Concept

SUMMARY_WORDS = range(12, 61)
LONGEST_TITLE = 120  # characters
LONGEST_EXPANSION = 160  # characters
FRENCH_EXPANSIONS, ENGLISH_EXPANSIONS = 6, 4
MOST_KEYS = 4  # publics, or topics, of one record
# Of a fact; two wordings in French, which most people ask in, and one in English at least.
FRENCH_WORDINGS, ENGLISH_WORDINGS = 2, 1
LONGEST_QUESTION, LONGEST_ANSWER, LONGEST_SHORT, LONGEST_QUOTE = 140, 280, 90, 400  # characters
MOST_QUOTES = 3
# The English of a fact may name a body in French: so many stop words in French for each in English are its name's.
NAMED = 4
REGIONS = frozenset({PlaceKind.REGION, PlaceKind.FORMER_REGION})

WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
SENTENCE_START = re.compile(r"(?:^|[.:!?…«\"(]\s*)$")
ACRONYM = re.compile(r"[A-ZÉÀ][A-Z0-9ÉÀ]+")

# Stop words of one language that are no words of the other; "on", "or" and "a" are words of both.
FRENCH = """le la les un une des du de et en dans avec sur au aux est sont qui que ne pas se son sa ses ce cette pour ou
où par je mon ma il elle"""
ENGLISH = """the an of and in for with to is are who that by not their its it this from at how where what my does can"""
STOP_WORDS: dict[Language, frozenset[str]] = {
    "fr": frozenset(FRENCH.split()),
    "en": frozenset(ENGLISH.split()),
}

# Helplines are known by their number, "le 115"; smaller numbers in everyday forms count something.
HELPLINES = range(100, 10_000)

# Words that English writes with a capital within a sentence, and its abbreviations for common nouns.
ENGLISH_CAPITALS = frozenset(
    {
        *ENGLISH_MONTHS,
        *ENGLISH_DAYS,
        "i",
        *("french", "english", "german", "spanish", "european", "france", "europe", "state", "county", "council"),
        *("ministry", "minister", "department", "departmental", "regional", "region", "national", "public", "health"),
        *("agency", "office", "centre", "center", "house", "local", "authority", "employment", "service", "prefecture"),
        *("chamber", "agriculture", "commerce", "family", "allowance", "fund", "social", "security", "internet", "web"),
        *("metropolis", "university", "gp", "it", "eu", "diy", "hr", "cv", "faq", "ngo", "uk"),
        *("swiss", "belgian", "italian", "luxembourg", "corsican", "british", "american", "canadian", "dutch"),
        *("interior", "prefect", "olympic", "paralympic", "etat", "director", "affairs", "finance", "ecological"),
        *("higher", "cross", "red", "geneva", "switzerland", "quebec", "new", "zealand"),
    }
)

# Numbers of a question that say nothing of a sheet: the age of whoever asks, an hour, what one dials in an emergency.
ASKERS_OWN = re.compile(r"\b\d{1,2}\s?(?:ans\b|years? old\b|h\b|[ap]\.?m\b)|\ble (?:15|17|18|112)\b", re.IGNORECASE)


@dataclass(frozen=True)
class ClusterText:
    """Everything that the sheets of one real-world initiative say, as a record is held to it."""

    cluster: Sequence[Initiative]
    gazetteer: Gazetteer

    @cached_property
    def text(self) -> str:
        """The printed text with titles, places and lead organisations, which readers may have mended."""
        return "\n".join(
            part
            for one in self.cluster
            for part in (
                one.title,
                *one.also_titled,
                one.text,
                one.theme or "",
                one.territory or "",
                *one.lead_organisations,
                *(departement.name for departement in one.departements),
            )
        )

    @cached_property
    def words(self) -> frozenset[str]:
        """Its words, folded, with the parts of those that are joined."""
        return frozenset(part for word in WORD.findall(self.text) for part in _parts(word))

    @cached_property
    def numbers(self) -> frozenset[float]:
        """Every number it gives, in digits or words."""
        return frozenset(value for number in numbers_in(self.text) for value in number.readings)

    @cached_property
    def codes(self) -> frozenset[float]:
        """The numbers by which people call its départements: "dans le 62"."""
        return frozenset(float(one.code) for one in self.departements if one.code.isdecimal())

    @cached_property
    def named(self) -> frozenset[tuple[PlaceKind, str]]:
        """The places it names, by kind and code, be it by those who live there: "parisienne"."""
        return frozenset((place.kind, place.code) for place in self._places)

    @cached_property
    def departements(self) -> frozenset[Departement]:
        """Where it takes place, those it names, and those of the towns it names."""
        placed = (one for sheet in self.cluster for one in (*sheet.departements, *sheet.cited_departements))
        towns = (place for place in self._places if place.kind not in REGIONS)
        return frozenset([*placed, *(departement for place in towns for departement in place.departements)])

    @cached_property
    def _places(self) -> tuple[Place, ...]:
        return self.gazetteer.places_in(self.text)

    def names(self, name: str, place: Place) -> bool:
        """Whether it names a place, in these or other words, or lies in the département or region that it is."""
        if (place.kind, place.code) in self.named or all(part in self.words for part in _parts(name)):
            return True
        return place.kind is not PlaceKind.COMMUNE and not self.departements.isdisjoint(place.departements)

    def is_near(self, place: Place) -> bool:
        """Whether a place lies in a region of the sheet, as the town has that somebody who asks would name.

        Or the region itself, under the name that it had before.
        """
        named = (one for place in self._places if place.kind in REGIONS for one in place.departements)
        regions = {self.gazetteer.region_of(one) for one in (*self.departements, *named)}
        return any(self.gazetteer.region_of(one) in regions for one in place.departements)


@dataclass(frozen=True)
class Faithfulness:
    """Holds records to their sheets."""

    gazetteer: Gazetteer
    vocabulary: Vocabulary
    known: frozenset[str]  # words that may have a capital without naming anyone, folded
    helplines: frozenset[float] = frozenset()  # numbers that everybody may dial

    @classmethod
    def of(cls, gazetteer: Gazetteer, vocabulary: Vocabulary, thesaurus: Sequence[Concept]) -> "Faithfulness":
        """Take the acronyms of the thesaurus for generally known, and its English words for ordinary ones.

        English writes the translated names of bodies in capitals; what they are made of is ordinary words.
        """
        acronyms = {fold_name(concept.acronym) for concept in thesaurus if concept.acronym}
        english = {
            part for concept in thesaurus for form in concept.en for word in WORD.findall(form) for part in _parts(word)
        }
        everyday = (number for concept in thesaurus for form in concept.lay for number in numbers_in_digits(form))
        helplines = {value for number in everyday for value in number.readings if value in HELPLINES}
        return cls(gazetteer, vocabulary, ENGLISH_CAPITALS | acronyms | english, frozenset(helplines))

    def faults(self, record: EditorialRecord, cluster: Sequence[Initiative]) -> tuple[str, ...]:
        """What is wrong with a record of the initiative that these sheets tell of, a sentence each; none when sound."""
        sheet, statements, expansions = ClusterText(cluster, self.gazetteer), _statements(record), _expansions(record)
        faults = list(self._shape(record))
        for where, text in statements:
            faults += _numbers(where, numbers_in(text), sheet.numbers)
            faults += self._places_and_names(where, text, sheet)
        for where, text in expansions:
            faults += _numbers(where, numbers_in_digits(text), sheet.numbers | self.helplines)
            faults += self._distant_places(where, text, sheet)
        faults += _languages(record)
        texts = (*statements, *expansions)
        faults += [f"{where} holds contact data" for where, text in texts if _holds_contact(text)]
        return tuple(faults)

    def faults_of_fact(self, fact: Fact, cluster: Sequence[Initiative]) -> tuple[str, ...]:
        """What is wrong with a fact about the initiative that these sheets tell of, a sentence each; none when sound.

        Its quotes were looked up when it was read.
        """
        sheet, proof = ClusterText(cluster, self.gazetteer), _proven_numbers(fact, cluster)
        statements, questions = _fact_statements(fact), _fact_questions(fact)
        faults = list(_fact_shape(fact))
        for where, text in statements:
            faults += _numbers(where, numbers_in(text), proof, "which neither the quotes nor the title give")
            faults += self._places_and_names(where, text, sheet)
        for where, text in questions:
            told = ASKERS_OWN.sub(" ", text)
            faults += _numbers(where, numbers_in_digits(told), sheet.numbers | sheet.codes | self.helplines)
            faults += self._distant_places(where, text, sheet)
        faults += _strayed("its French", "\n".join([fact.answer.fr, fact.short.fr, *fact.questions.fr]), "en")
        faults += _strayed("its English", "\n".join([fact.answer.en, fact.short.en, *fact.questions.en]), "fr", NAMED)
        quotes = ((f"quotes[{n}]", quote.text) for n, quote in enumerate(fact.quotes, start=1))
        people = list(_people(cluster))
        for where, text in (*statements, *questions, *quotes):
            if _holds_contact(text):
                faults.append(f"{where} holds contact data")
            folded = " ".join(fold_words(text))
            faults += [f"{where} names the contact '{name}'" for name in people if _holds_name(folded, name)]
        return tuple(faults)

    def _shape(self, record: EditorialRecord) -> Iterator[str]:
        for language, summary in (("fr", record.summary.fr), ("en", record.summary.en)):
            if (count := len(summary.split())) not in SUMMARY_WORDS:
                asked = f"{SUMMARY_WORDS.start} to {SUMMARY_WORDS.stop - 1}"
                yield f"summary.{language} has {count} words, not {asked}"
        if not 0 < len(record.title_en) <= LONGEST_TITLE:
            yield f"title_en has {len(record.title_en)} characters, at most {LONGEST_TITLE} are allowed"
        for name, keys, known in (
            ("publics", record.publics, self.vocabulary.publics),
            ("topics", record.topics, self.vocabulary.topics),
        ):
            if not 0 < len(set(keys)) == len(keys) <= MOST_KEYS or set(keys) - known.keys():
                yield f"{name} must be 1 to {MOST_KEYS} different keys of the vocabulary, not '{', '.join(keys)}'"
        french, english = record.expansions.fr, record.expansions.en
        if (len(french), len(english)) != (FRENCH_EXPANSIONS, ENGLISH_EXPANSIONS):
            wanted = f"{FRENCH_EXPANSIONS} and {ENGLISH_EXPANSIONS}"
            yield f"expansions are {len(french)} French and {len(english)} English, not {wanted}"
        folded = [" ".join(WORD.findall(fold(text))) for text in (*french, *english)]
        if "" in folded or len(set(folded)) < len(folded):
            yield "expansions have a blank one, or one that stands twice"
        if any(len(text) > LONGEST_EXPANSION for text in (*french, *english)):
            yield f"one of expansions is longer than {LONGEST_EXPANSION} characters"

    def _places_and_names(self, where: str, text: str, sheet: ClusterText) -> Iterator[str]:
        places = self.gazetteer.places_in(text)
        for place in places:
            if not sheet.names(text[place.start : place.end], place):
                yield f"{where} names the place '{text[place.start : place.end]}', which the sheet does not"
        known = sheet.words | self.known
        for name in _names(text, [range(place.start, place.end) for place in places]):
            if not all(part in known or part.removesuffix("s") in known for part in _parts(name)):
                yield f"{where} names '{name}', whom the sheet does not"

    def _distant_places(self, where: str, text: str, sheet: ClusterText) -> Iterator[str]:
        for place in self.gazetteer.places_in(text):
            name = text[place.start : place.end]
            if not sheet.names(name, place) and not sheet.is_near(place):
                yield f"{where} asks near '{name}', in no region of the sheet"


def _numbers(
    where: str, numbers: Iterable[Number], known: frozenset[float], unknown: str = "which the sheet does not give"
) -> Iterator[str]:
    for number in numbers:
        if not number.readings & known:
            yield f"{where} has the number '{number.text}', {unknown}"


def _proven_numbers(fact: Fact, cluster: Sequence[Initiative]) -> frozenset[float]:
    """The numbers that the answer of a fact may have: those of its quotes, and the sheets' titles and years."""
    years = (str(one.start_year) for one in cluster if one.start_year)
    titles = (title for one in cluster for title in (one.title, *one.also_titled))
    text = "\n".join([*(quote.text for quote in fact.quotes), *titles, *years])
    return frozenset(value for number in numbers_in(text) for value in number.readings)


def _fact_shape(fact: Fact) -> Iterator[str]:
    if len(fact.questions.fr) < FRENCH_WORDINGS or len(fact.questions.en) < ENGLISH_WORDINGS:
        yield f"questions must be {FRENCH_WORDINGS} or more French and {ENGLISH_WORDINGS} or more English"
    if len(fact.quotes) > MOST_QUOTES:
        yield f"quotes are {len(fact.quotes)}, at most {MOST_QUOTES} are allowed"
    quotes = tuple(quote.text for quote in fact.quotes)
    for name, texts, longest in (
        ("questions", (*fact.questions.fr, *fact.questions.en), LONGEST_QUESTION),
        ("answer", (fact.answer.fr, fact.answer.en), LONGEST_ANSWER),
        ("short", (fact.short.fr, fact.short.en), LONGEST_SHORT),
        ("quotes", quotes, LONGEST_QUOTE),
    ):
        if any(len(text) > longest for text in texts):
            yield f"one of {name} is longer than {longest} characters"


def _fact_statements(fact: Fact) -> list[tuple[str, str]]:
    """The texts that say something of the initiative, each with its place in the fact."""
    answer, short = fact.answer, fact.short
    return [("answer.fr", answer.fr), ("answer.en", answer.en), ("short.fr", short.fr), ("short.en", short.en)]


def _fact_questions(fact: Fact) -> list[tuple[str, str]]:
    languages = (("fr", fact.questions.fr), ("en", fact.questions.en))
    return [(f"questions.{name}[{n}]", text) for name, texts in languages for n, text in enumerate(texts, start=1)]


def _people(cluster: Sequence[Initiative]) -> Iterator[str]:
    """The persons whom sheets print as contacts, folded."""
    names = {contact.name for one in cluster for contact in one.contacts if contact.name}
    yield from (" ".join(fold_words(name)) for name in sorted(names) if not is_organisation(name))


def _holds_name(folded: str, name: str) -> bool:
    return f" {name} " in f" {folded} "


def _statements(record: EditorialRecord) -> list[tuple[str, str]]:
    """The texts that say something of the initiative, each with its place in the record."""
    return [("title_en", record.title_en), ("summary.fr", record.summary.fr), ("summary.en", record.summary.en)]


def _expansions(record: EditorialRecord) -> list[tuple[str, str]]:
    """The ways people would ask, each with its place in the record: their names and words need not be the sheet's."""
    languages = (("fr", record.expansions.fr), ("en", record.expansions.en))
    return [(f"expansions.{name}[{n}]", text) for name, texts in languages for n, text in enumerate(texts, start=1)]


def _languages(record: EditorialRecord) -> Iterator[str]:
    """The texts with more stop words of the other language than of their own; expansions are judged together."""
    french, english = record.summary.fr, record.summary.en
    yield from _strayed("summary.fr", french, "en")
    yield from _strayed("summary.en", english, "fr")
    yield from _strayed("expansions.fr", "\n".join(record.expansions.fr), "en")
    yield from _strayed("expansions.en", "\n".join(record.expansions.en), "fr")


def _strayed(where: str, text: str, other: Language, times: int = 1) -> Iterator[str]:
    own: Language = "fr" if other == "en" else "en"
    words = [part for word in WORD.findall(text) for part in re.split(r"['’-]", word.lower())]
    counts = {language: sum(word in stop_words for word in words) for language, stop_words in STOP_WORDS.items()}
    if counts[other] > times * counts[own]:
        yield f"{where} is {'English' if other == 'en' else 'French'}"


def _holds_contact(text: str) -> bool:
    # "C@P25" is the name of a project: an address has a domain.
    return PHONE.search(text) is not None or any("." in address.rpartition("@")[2] for address in EMAIL.findall(text))


def _parts(word: str) -> list[str]:
    """The folded parts of a word, elisions cut off. Example: "d'Indre-et-Loire" → ["indre", "et", "loire"]."""
    parts = re.split(r"[ '’-]", fold_name(word))
    return [part for part in parts if len(part) > 1] or parts


def _names(text: str, places: Sequence[range]) -> Iterator[str]:
    """The acronyms of a text, and the words with a capital that neither begin a sentence nor name a place."""
    for match in WORD.finditer(text):
        starts = bool(SENTENCE_START.search(text[: match.start()]))
        capital = any(part[:1].isupper() for part in re.split(r"['’-]", match[0]))
        if any(match.start() in place for place in places) or not capital:
            continue
        if len(match[0]) > 1 and (ACRONYM.fullmatch(match[0]) or not starts):
            yield match[0]
