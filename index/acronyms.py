"""Acronyms that the corpus itself explains: "Maison départementale des personnes handicapées (MDPH)"."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from corpus.text import fold, plain_words
from index.lexical import Analyser

SHORT = r"[A-ZÉ][A-Z0-9ÉÀ&'’\-]{1,11}"
LONG_THEN_SHORT = re.compile(rf"([^\n.;:()•]{{6,160}}?)\s*\(\s*({SHORT})\s*\)")
QUOTES = "«»\"' \u00a0"
SHORT_THEN_LONG = re.compile(rf"\b({SHORT})\s*\(\s*([^\n()]{{6,160}}?)\s*\)")


@dataclass(frozen=True, slots=True)
class Acronym:
    """An acronym and what it stands for, as the corpus writes them most often."""

    short: str  # "MDPH"
    long: str  # "Maison départementale des personnes handicapées"


def explained_acronyms(texts: Iterable[str], analyser: Analyser) -> tuple[Acronym, ...]:
    """The acronyms explained in the texts, in the order of the alphabet; of several readings, the most frequent."""
    readings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        for long, short in LONG_THEN_SHORT.findall(text):
            readings[short][_words_of(long, short, analyser.french, from_end=True)] += 1
        for short, long in SHORT_THEN_LONG.findall(text):
            readings[short][_words_of(long, short, analyser.french, from_end=False)] += 1
    best = {short: _most_frequent(found) for short, found in readings.items()}
    return tuple(Acronym(short, long) for short, long in sorted(best.items()) if long)


def _most_frequent(readings: Counter[str]) -> str:
    """The reading met most often; spellings that differ in case and accents count together, the first one speaks."""
    folded: Counter[str] = Counter()
    for long, times in readings.items():
        if long:
            folded[fold(long)] += times
    if not folded:
        return ""
    winner = folded.most_common(1)[0][0]
    return next(long for long in readings if fold(long) == winner)


def _words_of(long: str, short: str, little: frozenset[str], *, from_end: bool) -> str:
    """The words at the end (or start) of `long` whose initials spell `short`, "" when none do.

    Little words are left out first ("Revenu de solidarité active" spells RSA), then may count ("Économie Sociale et
    Solidaire" spells ESES). Example: "à la Maison de l'autonomie", "MA", from its end → "Maison de l'autonomie"
    """
    letters = re.sub("[^a-z0-9]", "", fold(short))
    words = re.findall(r"[^\s'’/-]+(?:['’])?", long)
    starts = range(len(words) - 1, -1, -1) if from_end else [0]
    for little_count in (False, True):
        for start in starts:
            if _spells(words[start:], letters, little, little_count):
                return _joined(long, words[start:], from_end=from_end)
    return ""


def _spells(words: list[str], letters: str, little: frozenset[str], little_count: bool) -> bool:
    """Whether the initials of the words, little ones left out or also counted, spell the letters."""
    folded = [word for word in ("".join(plain_words(word)) for word in words) if word]
    is_little = [word in little or len(word) == 1 for word in folded]
    if not folded or not letters or is_little[0] or is_little[-1]:
        return False
    spelt = {0}  # how many letters may have been spelt so far
    for word, skippable in zip(folded, is_little, strict=True):
        further = {n + 1 for n in spelt if n < len(letters) and letters[n] == word[0]}
        spelt = (further if little_count else set()) | spelt if skippable else further
    return len(letters) in spelt


def _joined(long: str, stretch: list[str], *, from_end: bool) -> str:
    """The part of `long` that the stretch of words covers."""
    if not from_end:
        return long.strip(QUOTES)
    at = len(long)
    for word in reversed(stretch):
        at = long.rindex(word, 0, at)
    return long[at:].strip(QUOTES)
