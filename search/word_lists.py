"""Lists of French and English words with how often they are met, to tell which words there are at all.

They come with pyspellchecker (MIT), whose files alone are read.
"""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from corpus import Language
from corpus.text import fold

LEAST_ENGLISH = 100  # times that an English word must be met: below, the list has slips and names
EVERYDAY_ENGLISH = 1e-6  # of all words: from there on a word typed alone may well be meant in English


@dataclass(frozen=True)
class WordLists:
    """What both languages hold, all by folded words."""

    french: Mapping[str, tuple[str, int]]  # the most frequent spelling of a word, and how often it is met
    french_forms: frozenset[str]  # every spelling, in lower case
    english: frozenset[str]
    everyday_english: frozenset[str]

    @classmethod
    @cache
    def open(cls) -> "WordLists":
        """Read the lists, once for a process: about a quarter of a second."""
        french, english = _counts("fr"), _counts("en")
        best: dict[str, tuple[str, int]] = {}
        for word, count in french.items():
            key = word if word.isascii() else fold(word)
            if count > best.get(key, ("", 0))[1]:
                best[key] = (word, count)
        everyday = EVERYDAY_ENGLISH * sum(english.values())
        return cls(
            MappingProxyType(best),
            frozenset(french),
            frozenset(word for word, count in english.items() if count >= LEAST_ENGLISH),
            frozenset(word for word, count in english.items() if count >= everyday),
        )


def _counts(language: Language) -> dict[str, int]:
    packed = (files("spellchecker") / "resources" / f"{language}.json.gz").read_bytes()
    counts: dict[str, int] = json.loads(gzip.decompress(packed))
    return counts
