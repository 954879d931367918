"""The answer type of a question (a number, a date, a place …), and the entity types that some words name.

    answer_type_of("Combien de foyers testent le kit ?")   # HOW_MANY
    expected_entities(AnswerType.HOW_MANY)                  # {NUMBER}
    entities_in("86 personnes", gazetteer)                  # {NUMBER, PERSON}

Rules about form only: question words, digits, capitals, little words; the vocabulary is that of French administration.
"""

import re
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType

from corpus import ORGANISATION_NOUNS
from corpus.places import Gazetteer
from corpus.text import FRENCH_DAYS, FRENCH_MONTHS, fold

QUESTION_WORDS = Path(__file__).with_name("question_words.toml")

# Fewer words with a question mark are a topic all the same: "mobilité ?".
FEWEST_ASKED = 4

# What may stand between "quelle" or "which" and the noun that says what is asked: "quelles autres villes".
BETWEEN = """
est sont etait sera le la les l grande?s? petite?s? premiere?s? nouve\\w+ autres? jeunes?
is are was will be the big small first new other young local public private european american famous
"""


class AnswerType(StrEnum):
    """The kinds of questions, by what a good answer leads with."""

    CONTACT = "contact"  # whom to write to, and how
    LIST = "list"  # several initiatives
    HOW_MANY = "how_many"  # a number, a sum, a share, a duration
    WHEN = "when"  # a date, a year, a rhythm
    WHERE = "where"  # a place
    WHO = "who"  # an organisation, a person, a profession, a public
    PARTNERS = "partners"  # with whom
    FOR_WHOM = "for_whom"  # a public
    HOW = "how"  # a means
    WHY = "why"  # a reason, an aim
    RESULTS = "results"  # what came of it
    ACRONYM = "acronym"  # the words that letters stand for
    YES_NO = "yes_no"  # whether something is so
    WHAT = "what"  # a name, a meaning, anything else
    WISH = "wish"  # what somebody looks for
    TOPIC = "topic"  # no question, some words as typed into a search box
    NEED = "need"  # what somebody lives through, told (`search.answer.needs`)

    @property
    def is_list(self) -> bool:
        """Whether the answer is a list of initiatives."""
        return self in (AnswerType.LIST, AnswerType.WISH, AnswerType.TOPIC, AnswerType.NEED)


def answer_type_of(question: str) -> AnswerType:
    """Give the answer type of a question in French or English; what asks nothing is a topic.

    Example: "Combien de foyers testent le kit ?" → HOW_MANY, "mobilité des jeunes" → TOPIC
    """
    words = " ".join(re.findall(r"\w+", fold(question)))
    found = next((kind for kind, pattern in _patterns().items() if pattern.search(words)), None)
    if found:
        return found
    is_asked = question.rstrip().endswith("?") and len(words.split()) >= FEWEST_ASKED
    return AnswerType.WHAT if is_asked else AnswerType.TOPIC


@cache
def _patterns() -> Mapping[AnswerType, re.Pattern[str]]:
    """A pattern for each type, in the order in which they are tried."""
    tables = tomllib.loads(QUESTION_WORDS.read_text(encoding="utf8"))
    which = rf"(?:quel(?:le)?s?|which|what) (?:(?:{'|'.join(BETWEEN.split())}) )*"
    patterns = {}
    for kind, table in tables.items():
        said = [rf"(?:{phrase})" for phrase in table["phrases"]]
        said += [rf"{which}(?:{nouns})" for nouns in table.get("which", [])]
        patterns[AnswerType(kind)] = re.compile(rf"(?<!\w)(?:{'|'.join(said)})(?!\w)")
    return patterns


class EntityType(StrEnum):
    """Sorts of things that words name."""

    NUMBER = "number"
    DATE = "date"
    PERSON = "person"  # by name, profession or public
    ORGANISATION = "organisation"
    PLACE = "place"


_EXPECTED = MappingProxyType(
    {
        AnswerType.HOW_MANY: frozenset({EntityType.NUMBER}),
        AnswerType.WHEN: frozenset({EntityType.DATE}),
        AnswerType.WHERE: frozenset({EntityType.PLACE}),
        AnswerType.WHO: frozenset({EntityType.PERSON, EntityType.ORGANISATION}),
        AnswerType.PARTNERS: frozenset({EntityType.ORGANISATION}),
        AnswerType.FOR_WHOM: frozenset({EntityType.PERSON}),
        AnswerType.CONTACT: frozenset({EntityType.PERSON}),
    }
)

# Number words of French as answers use them, "un" and fractions among them, unlike those of `corpus.text`.
_NUMBER = re.compile(
    r"\d|\b(?:un|une|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quinze|vingt|trente|quarante|cinquante"
    r"|soixante|cent|cents|mille|million|millions|moitie|tiers|quart|dizaine|douzaine|quinzaine|vingtaine|trentaine"
    r"|quarantaine|cinquantaine|centaine|millier|double|triple|plusieurs)s?\b"
)
_DATE = re.compile(
    rf"\b(?:19|20)\d\d\b|\b(?:{'|'.join(map(fold, (*FRENCH_MONTHS, *FRENCH_DAYS)))})\b"
    r"|\b(?:semestre|trimestre|mensuel\w*|annuel\w*|hebdomadaire\w*)\b"
    r"|\btou(?:s|tes)\sles\b|\bpar\s(?:an|mois|semaine|jour)\b|\bchaque\s(?:annee|mois|semaine|jour)\b|\bdepuis\b|\bde[sb]ut\b"
    r"|\b(?:ans|annees|mois|semaines|jours)\b"
)
_ORGANISATION = re.compile(rf"\b(?:{'|'.join(sorted(map(fold, ORGANISATION_NOUNS)))})s?\b")
_ACRONYM = re.compile(r"\b[A-ZÀ-Ý][A-ZÀ-Ý&.'’-]+\b")
_PROFESSION = re.compile(
    r"\b\w{3,}(?:iste|istes|ologue|ologues|eur|eurs|euse|euses|trice|trices|ien|iens|ienne|iennes|iers?|ieres?|ants?|antes?"
    r"|medecins?|elus?|benevoles?|agents?|familles?|jeunes|enfants|personnes|parents|femmes|professionnels?|habitants?)\b"
    r"|\b(?:medecins?|elus?|benevoles?|agents?|familles?|jeunes|enfants|personnes|parents|femmes|habitants?|conseill\w+)\b"
)
_NAME = re.compile(r"\b[A-ZÀ-Ý][\w'’-]+(?:\s+[A-ZÀ-Ý][\w'’-]+)+")
_PLACE_CUE = re.compile(
    r"\b(?:secteur|territoire|ville|commune|departement|quartier|bassin|canton|agglomeration|academie|pays|locaux|centre"
    r"|site|region|maison|college|lycee|hopital|batiment|rue|place)s?\b"
)


def expected_entities(answer_type: AnswerType) -> frozenset[EntityType]:
    """What an answer of this type should name; empty where it may be anything."""
    return _EXPECTED.get(answer_type, frozenset())


def entities_in(text: str, gazetteer: Gazetteer) -> frozenset[EntityType]:
    """What some words of a source name.

    Example: "86 personnes sur deux années" → NUMBER, DATE, PERSON
    """
    folded = fold(text)
    found = {
        EntityType.NUMBER: _NUMBER.search(folded),
        EntityType.DATE: _DATE.search(folded),
        EntityType.PERSON: _NAME.search(text) or _PROFESSION.search(folded),
        EntityType.ORGANISATION: _ORGANISATION.search(folded) or _ACRONYM.search(text) or _NAME.search(text),
        EntityType.PLACE: _PLACE_CUE.search(folded) or gazetteer.places_in(text),
    }
    return frozenset(entity for entity, match in found.items() if match)
