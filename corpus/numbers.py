"""Numbers in French and English texts, in digits or words, so that one text can be held to another."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.spelling import fold

DIGITS = re.compile(r"(?<!\w)\d+(?:[ \u00a0\u202f.,]\d{3})*(?:[.,]\d+)?(?![\dA-LN-Z])")
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
SCALE = re.compile(r"[ \u00a0\u202f](million|milliard|billion)", re.IGNORECASE)
SCALES = {"million": 1e6, "milliard": 1e9, "billion": 1e9}

# The first is worth 2: "un", "une" and "one" are articles and pronouns far more often than numbers.
FRENCH = """deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit
dix-neuf vingt"""
ENGLISH = """two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen twenty"""
ROUND = {
    "double": 2, "triple": 3, "douzaine": 12, "quinzaine": 15, "dozen": 12, "vingtaine": 20, "dizaine": 10,
    "trente": 30, "trentaine": 30, "thirty": 30, "quarante": 40, "quarantaine": 40, "forty": 40,
    "cinquante": 50, "cinquantaine": 50, "fifty": 50, "soixante": 60, "soixantaine": 60, "sixty": 60,
    "soixante-dix": 70, "seventy": 70, "quatre-vingt": 80, "eighty": 80, "quatre-vingt-dix": 90, "ninety": 90,
    "cent": 100, "centaine": 100, "hundred": 100, "mille": 1000, "millier": 1000, "thousand": 1000,
}  # fmt: skip
WORDS = {
    fold(word): float(value)
    for numbered in (enumerate(FRENCH.split(), 2), enumerate(ENGLISH.split(), 2), ((n, w) for w, n in ROUND.items()))
    for value, word in numbered
}


@dataclass(frozen=True, slots=True)
class Number:
    """A number as a text has it. "1,500" may be 1500 or 1.5: both are readings."""

    text: str
    readings: frozenset[float]


def numbers_in(text: str) -> Iterator[Number]:
    """The numbers of a text: those in digits, then those in words from two on.

    Example: "1,5 million de repas pour deux villes" → 1.5 or 1500000, 2
    """
    yield from numbers_in_digits(text)
    for match in WORD.finditer(text):
        if (word := fold(match[0])) in WORDS or word.removesuffix("s") in WORDS:
            value = WORDS.get(word) or WORDS[word.removesuffix("s")]
            yield Number(match[0], frozenset({value}))


def numbers_in_digits(text: str) -> Iterator[Number]:
    """The numbers of a text that are written in digits; "3D" has none."""
    for match in DIGITS.finditer(text):
        scale = SCALE.match(text, match.end())
        values = _values(match[0])
        yield Number(match[0], frozenset(values | {value * SCALES[scale[1].lower()] for value in values if scale}))


def _values(digits: str) -> set[float]:
    """What digits may mean: with every separator one of thousands, or with the last one that of decimals."""
    values = {float(re.sub(r"\D", "", digits))}
    if decimal := re.fullmatch(r"(.*)[.,](\d+)", digits):
        values.add(float(f"{re.sub(chr(92) + 'D', '', decimal[1])}.{decimal[2]}"))
    return values
