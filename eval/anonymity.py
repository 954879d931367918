"""Anonymity: which questions may be printed, and which are only counted.

A question is printed when it was asked on two days at least, or when it is general: a few words, each of them used in
small letters by several sheets of the catalogue, or an acronym that it explains, or the name of a département or
region. Anybody may have typed those. What is particular in a question, such as a name, a village or a rare illness,
stands in no five sheets.
"""

import re
from collections import Counter
from dataclasses import dataclass

from corpus.place_names import PlaceKind
from corpus.places import Gazetteer
from eval.asked import Asked
from index.words import Analyser, fold, plain_words
from search import Engine

LEAST_DAYS = 2
MOST_WORDS = 8  # of a general question; a longer one tells a story
LEAST_SHEETS = 5  # that use a word: then it belongs to nobody

# A word with a capital: the name of somebody or something; or the first of a sentence, which stands elsewhere too.
WITH_CAPITAL = re.compile(r"[\w'’-]*[A-ZÀ-ÖØ-Þ][\w'’-]*")

LARGE_PLACES = frozenset({PlaceKind.DEPARTEMENT, PlaceKind.REGION, PlaceKind.FORMER_REGION})


@dataclass(frozen=True, slots=True)
class GeneralWords:
    """The words that belong to nobody."""

    analyser: Analyser
    gazetteer: Gazetteer
    terms: frozenset[str]  # stems, and acronyms of the catalogue, folded

    @classmethod
    def of(cls, engine: Engine) -> "GeneralWords":
        """The general words of a catalogue."""
        analyser = engine.index.words.analyser
        small = (WITH_CAPITAL.sub(" ", initiative.text) for initiative in engine.initiatives)
        sheets = Counter(term for text in small for term in set(analyser.terms(text)))
        acronyms = {fold(acronym.short) for acronym in engine.index.contents.acronyms}
        often = {term for term, times in sheets.items() if times >= LEAST_SHEETS}
        return cls(analyser, engine.gazetteer, frozenset(often | acronyms))

    def are_all_of(self, text: str) -> bool:
        """Whether a question is made of general words alone, and of few.

        Example: "logement des jeunes en Bretagne" yes, "logement à Paimpont" no, "logement de Kevin" no
        """
        readable = fold(text)
        if any(character.isalnum() and not ("a" <= character <= "z") for character in readable):
            return False  # figures, and scripts whose words cannot be told apart here
        if len(plain_words(text)) > MOST_WORDS:
            return False
        return all(self._is_general(word) for word in plain_words(self._without_large_places(text)))

    def _is_general(self, word: str) -> bool:
        return word in self.analyser.french | self.analyser.english or self.analyser.term(word) in self.terms

    def _without_large_places(self, text: str) -> str:
        for place in reversed(self.gazetteer.places_in_query(text)):
            if place.kind in LARGE_PLACES:
                text = f"{text[: place.start]} {text[place.end :]}"
        return text


def may_be_printed(asked: Asked, general: GeneralWords) -> bool:
    """Whether a question says nothing of who asked it."""
    return asked.times >= LEAST_DAYS or general.are_all_of(asked.text)
