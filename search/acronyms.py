"""Acronyms in questions, met in either form."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from index.acronyms import Acronym
from index.index import Contents
from index.words import fold, plain_words

CAPITALS = re.compile(r"\b[A-ZÀ-Ý]{2,}\b")
SMALL_WORD = re.compile(r"\b[a-zà-öø-ÿœ]+\b")


@dataclass(frozen=True)
class Acronyms:
    """The acronyms that the corpus explains, by the forms under which a question may name them."""

    long: Mapping[tuple[str, ...], Acronym]  # by the folded words
    short: Mapping[str, Acronym]  # by the folded form
    ordinary: frozenset[str]  # folded short forms that are words too ("cas"), and count in capitals only

    @classmethod
    def of(cls, contents: Contents) -> "Acronyms":
        """Take the acronyms of a corpus, and see which of them it also writes as words in small letters."""
        short = {fold(acronym.short): acronym for acronym in contents.acronyms}
        long = {tuple(plain_words(one.long)): one for one in contents.acronyms}
        return cls(long, short, small_words(contents) & short.keys())

    def named_in(self, text: str) -> tuple[Acronym, ...]:
        """The acronyms that a question names, in the order of the alphabet.

        In small letters a short form counts unless the corpus writes it as a word: "rsa" does, "dans ce cas" does not
        name the CAS.
        """
        words = plain_words(text)
        capitals = {fold(word) for word in re.findall(r"\w+", text) if word.isupper()}
        named = (word for word in words if word in self.short and (word in capitals or word not in self.ordinary))
        found = {self.short[word] for word in named}
        for length in {len(form) for form in self.long}:
            stretches = (tuple(words[i : i + length]) for i in range(len(words) - length + 1))
            found |= {self.long[stretch] for stretch in stretches if stretch in self.long}
        return tuple(sorted(found, key=lambda acronym: acronym.short))


def acronyms_alone(contents: Contents) -> frozenset[str]:
    """The words that the passages write in capitals and never in small letters, folded."""
    capitals = (word for passage in contents.passages for word in CAPITALS.findall(passage.text))
    return frozenset(map(fold, capitals)) - small_words(contents)


def small_words(contents: Contents) -> frozenset[str]:
    """The words that the passages write in small letters, folded."""
    return frozenset(fold(word) for passage in contents.passages for word in SMALL_WORD.findall(passage.text))
