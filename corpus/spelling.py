"""The spelling of names: how a printed word is reduced to what two spellings of one name have in common."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

# Letters and digits, with the accents that stand apart from their letter in decomposed text.
WORD = re.compile(r"(?:[^\W_]|[\u0300-\u036f])+")
PLAIN_WORD = re.compile(r"[a-z0-9]+")
# What decomposition leaves whole, and the apostrophe that is not ASCII.
LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "’": "'"})
ABBREVIATIONS = {"st": "saint", "ste": "sainte"}


class Word(NamedTuple):
    """One word of a text: `start` and `end` count characters, 0-based, end exclusive."""

    folded: str
    start: int
    end: int
    capital: bool  # begins with a capital letter


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """Lower-case, without accents, abbreviations written out: "Hérault" -> "herault", "St" -> "saint"."""
    letters = unicodedata.normalize("NFKD", word.translate(LIGATURES)).lower()
    plain = "".join(char for char in letters if not unicodedata.combining(char))
    return ABBREVIATIONS.get(plain, plain)


def fold_all(text: str) -> list[str]:
    """Fold every word of a short text: "L'Haÿ-les-Roses" -> ["l", "hay", "les", "roses"]."""
    letters = unicodedata.normalize("NFKD", text.translate(LIGATURES)).encode("ascii", "ignore").decode().lower()
    return [ABBREVIATIONS.get(word, word) for word in PLAIN_WORD.findall(letters)]


def words_of(text: str) -> list[Word]:
    """Give the words of a text in order; hyphens, apostrophes and spaces all part them."""
    return [Word(fold(m[0]), m.start(), m.end(), m[0][0].isupper()) for m in WORD.finditer(text)]


@lru_cache(maxsize=65536)
def loose(folded: str) -> str:
    """Drop plural and gender, which slip in compound names: "hautes", "hauts", "haut" -> "haut"."""
    singular = folded.removesuffix("s") if len(folded) > 2 else folded
    return {"haute": "haut", "basse": "ba"}.get(singular, singular)


def slips(one: str, other: str, most: int) -> int:
    """Count the letters to add, drop, change or swap between two words, up to `most` + 1.

    Example: ("finistere", "finister", 2) -> 1
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        before, above, row = row, before, [i]
        for j, wanted in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, above[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
