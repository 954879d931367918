"""The languages that sheets may be in: their stemmers, their stop words, and which of them a text is in."""

from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import Literal, get_args

from corpus.text import fold, plain_words

# ISO 639-1 codes of the languages for which there are both a Snowball stemmer and a list of stop words.
SheetLanguage = Literal["fr", "en", "da", "de", "es", "it", "nl", "no", "pt", "ru", "sv", "tr"]
SHEET_LANGUAGES: tuple[SheetLanguage, ...] = get_args(SheetLanguage)

# The name of each, in capitals as the lists of stop words have it; stemmers and BibTeX have it in lower case.
SNOWBALL: dict[SheetLanguage, str] = {
    "fr": "FRENCH",
    "en": "ENGLISH",
    "da": "DANISH",
    "de": "GERMAN",
    "es": "SPANISH",
    "it": "ITALIAN",
    "nl": "DUTCH",
    "no": "NORWEGIAN",
    "pt": "PORTUGUESE",
    "ru": "RUSSIAN",
    "sv": "SWEDISH",
    "tr": "TURKISH",
}

WORDS_LOOKED_AT = 20_000  # of a collection: more would not change what its stop words say
SURE = 1.1  # times as many stop words as in the next language, else the first of the list is taken


@cache
def stop_words(language: SheetLanguage) -> frozenset[str]:
    """The stop words of a language, folded."""
    from bm25s import stopwords

    listed = stopwords.STOPWORDS_EN_PLUS if language == "en" else getattr(stopwords, f"STOPWORDS_{SNOWBALL[language]}")
    return frozenset(map(fold, listed))


def guess_language(texts: Iterable[str]) -> tuple[SheetLanguage, float]:
    """The language whose stop words texts hold most often, and the share of all words that these are.

    Lists of stop words differ in length, so that words which several languages have count for none of them.
    """
    shared = Counter(word for language in SHEET_LANGUAGES for word in stop_words(language))
    telling = {language: {w for w in stop_words(language) if shared[w] == 1} for language in SHEET_LANGUAGES}
    words: list[str] = []
    for text in texts:
        words += plain_words(text)
        if len(words) >= WORDS_LOOKED_AT:
            break
    counts = Counter(words)
    said = {language: sum(counts[word] for word in own) for language, own in telling.items()}
    best, next_best = sorted(SHEET_LANGUAGES, key=lambda language: -said[language])[:2]
    language = best if said[best] >= SURE * said[next_best] else SHEET_LANGUAGES[0]
    return language, said[language] / max(len(words), 1)
