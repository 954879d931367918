"""Numbers and dates in French and English texts, in digits or words, so that one text can be held to another.

    [number.readings for number in numbers_in("1,5 million de repas")]   -> [{1.5, 15.0, 1500000.0, 15000000.0}]
    list(claimed_figures("50,000 homes since May 2016"))                 -> [{"50000", "50.000"}, {"2016"}, {"mai"}]

`numbers_in` gives the values that a number may have; `claimed_figures` gives them as they are written, with signs of
percent, months and weekdays, in forms that both languages share.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from corpus.text.normalise import fold

# fmt: off
FRENCH_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)
ENGLISH_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)
FRENCH_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
ENGLISH_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# fmt: on
# Months and weekdays, folded: English -> French.
CALENDAR = MappingProxyType(
    {e: fold(f) for e, f in zip(ENGLISH_MONTHS + ENGLISH_DAYS, FRENCH_MONTHS + FRENCH_DAYS, strict=True)}
)
_FRENCH_CALENDAR = frozenset(CALENDAR.values())

# One word each, folded. "Un", "une" and "one" are left out: articles and pronouns far more often than numbers.
NUMBER_WORDS = MappingProxyType(
    {
        "deux": 2, "two": 2, "trois": 3, "three": 3, "quatre": 4, "four": 4, "cinq": 5, "five": 5, "six": 6,
        "sept": 7, "seven": 7, "huit": 8, "eight": 8, "neuf": 9, "nine": 9, "dix": 10, "dizaine": 10, "ten": 10,
        "onze": 11, "eleven": 11, "douze": 12, "douzaine": 12, "twelve": 12, "dozen": 12, "treize": 13, "thirteen": 13,
        "quatorze": 14, "fourteen": 14, "quinze": 15, "quinzaine": 15, "fifteen": 15, "seize": 16, "sixteen": 16,
        "seventeen": 17, "eighteen": 18, "nineteen": 19, "vingt": 20, "vingtaine": 20, "twenty": 20,
        "trente": 30, "trentaine": 30, "thirty": 30, "quarante": 40, "quarantaine": 40, "forty": 40,
        "cinquante": 50, "cinquantaine": 50, "fifty": 50, "soixante": 60, "soixantaine": 60, "sixty": 60,
        "seventy": 70, "eighty": 80, "ninety": 90, "cent": 100, "centaine": 100, "hundred": 100,
        "mille": 1000, "millier": 1000, "thousand": 1000,
    }
)  # fmt: skip
# Words of several parts that stand for one value, and words that say how many times.
_COMPOUNDS = {
    "dix-sept": 17, "dix-huit": 18, "dix-neuf": 19, "soixante-dix": 70, "quatre-vingt": 80, "quatre-vingt-dix": 90,
    "double": 2, "triple": 3,
}  # fmt: skip
_VALUES = NUMBER_WORDS | _COMPOUNDS
# Words that only make a number together with others, or are loosely said alone.
_COMPOSED = NUMBER_WORDS | {"un": 1, "une": 1, "one": 1, "million": 10**6, "milliard": 10**9, "billion": 10**9}
LEAST_CLAIMED = 3  # of number words: "un", "deux" and their like are said loosely and claimed by nobody

_DIGITS = re.compile(r"(?<!\w)\d+(?:[ \u00a0\u202f.,]\d{3})*(?:[.,]\d+)?(?![\dA-LN-Z])")
_NOT_DIGIT = re.compile(r"\D")
_HYPHENATED_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SCALE_WORD = re.compile(r"[ \u00a0\u202f](million|milliard|billion)", re.IGNORECASE)
_SCALES = MappingProxyType({"thousand": 10**3, "million": 10**6, "milliard": 10**9, "billion": 10**9})

_FIGURE = re.compile(
    r"""
    (?P<written>(?<!\d)(?:\d{1,3}(?:[ \u00a0\u202f'’]\d{3}(?!\d))+|\d+)(?:[.,]\d+)*)
    (?: (?P<percent>\s?%)
    | \s?(?P<thousand>(?:mille|milliers?|thousand)\b|[kK]€)
    | \s?(?P<million>millions?\b|M€)
    | \s?(?P<milliard>(?:milliards?|billions?)\b|Mds?€) )?
    """,
    re.VERBOSE,
)
# What follows the 20 of "20 à 30 %".
_UP_TO_PERCENT = re.compile(r"\s?(?:à|et|ou|to|and|or|-|–)\s?\d+(?:[.,]\d+)?\s?%")
_PERCENT = re.compile(r"\b(?:pour|per)\s?cents?\b")
_DATE = re.compile(r"(?<!\d)\d{1,2}[/.-](?P<month>0?[1-9]|1[0-2])[/.-](?:\d{4}|\d\d)(?!\d)")
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER_WORDS_TIE = re.compile(r"[\s-]+(?:(?:et|and)[\s-]+)?")


@dataclass(frozen=True, slots=True)
class Number:
    """A number as a text has it. "1,500" may be 1500 or 1.5: both are readings."""

    text: str
    readings: frozenset[float]


def numbers_in(text: str) -> Iterator[Number]:
    """The numbers of a text: those in digits, then those in words from two on.

    Example: "1,5 million de repas pour deux villes" -> 1.5, 15 or either in millions; 2
    """
    yield from numbers_in_digits(text)
    for match in _HYPHENATED_WORD.finditer(text):
        word = fold(match[0])
        if value := _VALUES.get(word) or _VALUES.get(word.removesuffix("s")):
            yield Number(match[0], frozenset({float(value)}))


def numbers_in_digits(text: str) -> Iterator[Number]:
    """The numbers of a text that are written in digits; "3D" has none."""
    for match in _DIGITS.finditer(text):
        scale = _SCALE_WORD.match(text, match.end())
        values = _values(match[0])
        yield Number(match[0], frozenset(values | {value * _SCALES[scale[1].lower()] for value in values if scale}))


def _values(digits: str) -> set[float]:
    """What digits may mean: with every separator one of thousands, or with the last one that of decimals."""
    values = {float(_NOT_DIGIT.sub("", digits))}
    if decimal := re.fullmatch(r"(.*)[.,](\d+)", digits):
        values.add(float(f"{_NOT_DIGIT.sub('', decimal[1])}.{decimal[2]}"))
    return values


def claimed_figures(sentence: str) -> Iterator[frozenset[str]]:
    """Each number, month and weekday that a sentence claims, as the readings of it: one of them must be held.

    Number words count from `LEAST_CLAIMED` on.
    """
    yield from _figures_in_digits(sentence)
    for value, sign in _figures_in_words(sentence):
        if value >= LEAST_CLAIMED:
            yield frozenset({f"{value}{sign}"})
    for day_or_month in _calendar(sentence):
        yield frozenset({day_or_month})


def figures_held(source: str) -> frozenset[str]:
    """Every reading of every number, month and weekday of a source."""
    held = {reading for readings in _figures_in_digits(source) for reading in readings}
    held |= {f"{value}{sign}" for value, sign in _figures_in_words(source)}
    held |= {fold(FRENCH_MONTHS[int(date["month"]) - 1]) for date in _DATE.finditer(source)}
    return frozenset(held | set(_calendar(source)))


def _figures_in_digits(text: str) -> Iterator[frozenset[str]]:
    """The readings of each number in digits. Example: "1,5 M€ pour 20 %" -> {"1500000"}, {"20%"}."""
    text = _PERCENT.sub("%", text)
    for match in _FIGURE.finditer(text):
        whole, *tail = re.split("[.,]", match["written"])
        digits = _NOT_DIGIT.sub("", whole)
        readings = _readings(digits, tail, re.findall("[.,]", match["written"]))
        for one in [readings] if readings else [{_trimmed(group)} for group in [digits, *tail]]:
            yield frozenset(_measured(one, match))


def _measured(readings: set[str], match: re.Match[str]) -> set[str]:
    """Readings with what the number is followed by: a scale, or a sign of percent now or after a second number."""
    if match["percent"]:
        return {f"{reading}%" for reading in readings}
    if scale := _SCALES.get(match.lastgroup or ""):
        return {_scaled(reading, scale) for reading in readings}
    if _UP_TO_PERCENT.match(match.string, match.end()):
        return readings | {f"{reading}%" for reading in readings}
    return readings


def _scaled(reading: str, scale: int) -> str:
    scaled = f"{Decimal(reading) * scale:f}"
    return scaled.rstrip("0").rstrip(".") if "." in scaled else scaled


def _readings(digits: str, tail: list[str], marks: list[str]) -> set[str]:
    """What a number can mean: 16,60 is 16.6; 50,000 is 50000 or 50.000; none for a date such as 12.03.2016."""
    if not tail:
        return {_trimmed(digits)}
    decimal = f"{_trimmed(digits)}.{tail[-1]}"
    grouped = len(digits) <= 3 and digits[0] != "0" and all(len(group) == 3 for group in tail)
    if len(tail) == 1:
        return {_trimmed("".join([digits, *tail])), decimal} if grouped else {decimal.rstrip("0").rstrip(".")}
    if grouped and len(set(marks)) == 1:
        return {"".join([digits, *tail])}
    if marks[-1] not in marks[:-1] and all(len(group) == 3 for group in tail[:-1]):
        return {"".join([digits, *tail[:-1]]) + f".{tail[-1]}".rstrip("0").rstrip(".")}
    return set()


def _trimmed(digits: str) -> str:
    return digits.lstrip("0") or "0"


def _figures_in_words(text: str) -> Iterator[tuple[int, str]]:
    """The values of number words, and "%" after them: "vingt-cinq foyers" gives 25, "a hundred and ten" 110."""
    # Digits are left out with the scale after them: the million of "3 millions" is no number of its own.
    folded = _FIGURE.sub("#", _PERCENT.sub("%", fold(text)))
    run: list[int] = []
    end = 0
    for word in _WORD.finditer(folded):
        value = _COMPOSED.get(word[0]) or _COMPOSED.get(word[0].removesuffix("s"))
        if value is None:
            continue
        if run and not _NUMBER_WORDS_TIE.fullmatch(folded, end, word.start()):
            yield _value(run), _percent_at(folded, end)
            run = []
        run.append(value)
        end = word.end()
    if run:
        yield _value(run), _percent_at(folded, end)


def _percent_at(text: str, position: int) -> str:
    return "%" if text[position:].lstrip().startswith("%") else ""


def _value(run: list[int]) -> int:
    """Compose number words: 4 · 20 + 10 + 7 is quatre-vingt-dix-sept; the article of "une dizaine" adds nothing."""
    total = current = 0
    for value in run[1:] if run[0] == 1 and len(run) > 1 else run:
        if value >= 1000:
            total, current = total + max(current, 1) * value, 0
        elif value == 100 or (value == 20 and current == 4):
            current = max(current, 1) * value
        else:
            current += value
    return total + current


def _calendar(text: str) -> Iterator[str]:
    """Months and weekdays, in French: English ones only with their capital, and not where any word has one."""
    for number, word in enumerate(_WORD.findall(text)):
        forms = (fold(word), fold(word).removesuffix("s"))
        french = next((form for form in forms if form in _FRENCH_CALENDAR), None)
        if french is None and number > 0 and word[0].isupper():
            french = next((CALENDAR[form] for form in forms if form in CALENDAR), None)
        if french is not None:
            yield french
