"""A query: a question as it is understood."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from corpus.editorial_record import Language
from corpus.places import Gazetteer, Place
from index.acronyms import Acronym
from index.index import Index
from search.acronyms import Acronyms, acronyms_alone
from search.fault import BadQuestion
from search.language import Languages
from search.lexicon import Lexicon, Notion

LONGEST = 1000  # characters; a long statement of a problem has about 400

# What leads up to the name of a place, and goes with it: "dans le département de la", "near".
TOWARDS = re.compile(
    r"(?:(?<!\w)(?:en|à|au|aux|dans|chez|sur|vers|près|autour|de|du|des|le|la|les|et|ou|and|or|département|région|in|near|around|at|of|the)"
    r"\s+|(?<!\w)[dl]['’]\s*|(?<=\s)\(\s*)+$",
    re.IGNORECASE,
)

MEND = "Ask in a few words or sentences, for example: hébergement des femmes sans domicile."


@dataclass(frozen=True, slots=True)
class Query:
    """What was understood of a question."""

    text: str  # as asked, white space folded
    language: Language
    places: tuple[Place, ...]  # where the initiatives asked for take place
    acronyms: tuple[Acronym, ...]  # those the corpus explains, met in either form
    notions: tuple[Notion, ...]  # of the lexicon, named in whatever words

    def without(self, ignored: Collection[str]) -> "Query":
        """The same question without some of what was understood: names of places, acronyms, words of notions."""
        return replace(
            self,
            places=tuple(place for place in self.places if place.name not in ignored),
            acronyms=tuple(acronym for acronym in self.acronyms if acronym.short not in ignored),
            notions=tuple(one for one in self.notions if self.text[one.start : one.end] not in ignored),
        )

    def anywhere(self) -> str:
        """The question without the names of its places and what leads up to them.

        Example: "garde d'enfants en Ariège ?" → "garde d'enfants ?"
        """
        kept = self.text
        for place in sorted(self.places, key=lambda place: -place.start):
            kept = f"{TOWARDS.sub('', kept[: place.start])}{kept[place.end :].lstrip(')')}"
        return " ".join(kept.split())

    def understood_as(self) -> list[tuple[str, tuple[str, ...]]]:
        """Words of the question, and the standard terms that they were understood as too."""
        return [(self.text[notion.start : notion.end], notion.also) for notion in self.notions if notion.also]


@dataclass(frozen=True)
class Understanding:
    """What is needed to understand questions."""

    languages: Languages
    gazetteer: Gazetteer
    acronyms: Acronyms
    lexicon: Lexicon

    @classmethod
    def of(cls, gazetteer: Gazetteer, index: Index) -> "Understanding":
        """Prepare to understand questions about what this index holds."""
        lexicon = Lexicon.of(index.contents.lexicon, index.words.analyser, acronyms_alone(index.contents))
        languages = Languages.of(index.words, index.questions)
        return cls(languages, gazetteer, Acronyms.of(index.contents), lexicon)

    def understand(self, asked: str, vector: NDArray[np.float32]) -> Query:
        """Understand a readable question, given its sentence vector [d]."""
        return Query(
            asked,
            self.languages.language(asked, vector),
            self.gazetteer.places_in_query(asked),
            self.acronyms.named_in(asked),
            self.lexicon.named_in(asked),
        )


def readable_question(text: str) -> str:
    """The question as it is read. Raises BadQuestion when it is blank, too long, or without a letter or digit."""
    asked = clean(text)
    if len(asked) > LONGEST:
        raise BadQuestion(f"The question has {len(asked)} characters, at most {LONGEST} are read", "q", MEND)
    if not any(character.isalnum() for character in asked):
        raise BadQuestion("The question holds no word", "q", MEND)
    return asked


def clean(text: str) -> str:
    """Fold white space and leave out control characters and halves of surrogate pairs, which are no text."""
    readable = "".join(c for c in text if c.isspace() or unicodedata.category(c) not in ("Cc", "Cs"))
    return " ".join(readable.split())
