"""The lexical index: how text becomes index terms, BM25 over them, and the acronyms that a corpus explains."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus import SNOWBALL, Language, SheetLanguage, stop_words
from corpus.text import fold, plain_words

# The usual parameters of BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009); the idf is that
# of Lucene, ln(1 + (n - df + 0.5) / (df + 0.5)).
K1, B = 1.2, 0.75

# Question words and quantifiers, folded, that the French stop list of the Snowball project leaves in.
FRENCH_QUESTION_WORDS = frozenset(
    {"comment", "combien", "pourquoi", "quand", "quel", "quels", "quelle", "quelles", "quoi"}
    | {"plus", "tout", "tous", "a"}
)


@dataclass(frozen=True)
class Analyser:
    """Text → index terms: stems of words, acronyms and numbers as they are, stop words left out."""

    stemmer: Any  # Stemmer.Stemmer, which has no type stubs
    french: frozenset[str]  # stop words, folded
    english: frozenset[str]
    language: SheetLanguage = "fr"  # of the sheets
    own: frozenset[str] = frozenset()  # stop words of the sheets' language, folded

    @classmethod
    def open(cls, language: SheetLanguage = "fr") -> "Analyser":
        """Load the stemmer and the stop words of the sheets' language, and those of the two that readers have."""
        import Stemmer

        french, english = stop_words("fr") | FRENCH_QUESTION_WORDS, stop_words("en")
        own = {"fr": french, "en": english}.get(language) or stop_words(language)
        return cls(Stemmer.Stemmer(SNOWBALL[language].lower()), french, english, language, own)

    def is_stop_word(self, word: str) -> bool:
        """Whether a folded word is a stop word of the sheets or of the readers."""
        return word in self.french or word in self.english or word in self.own

    def terms(self, text: str) -> list[str]:
        """Terms of a text of the sheets. Example: "Les aides à l'EHPAD en 2016" → ["aid", "ehpad", "2016"]."""
        words = (word for word in plain_words(text) if word not in self.own)
        return [self.term(word) for word in words if len(word) > 1 or word.isdigit()]

    def question_terms(self, text: str, language: Language) -> list[str]:
        """Terms of a question.

        Of French sheets an English one also loses the English stop words, many of which are French words ("on", "or",
        "son", "but"), and every word of two letters; of English sheets a French one does. Of other sheets a question is
        taken to be in their language.
        """
        if language == self.language or self.language not in ("fr", "en"):
            return self.terms(text)
        words = (word for word in plain_words(text) if word not in self.english | self.french)
        return [self.term(word) for word in words if len(word) > 2 or word.isdigit()]

    def term(self, word: str) -> str:
        """The stem of one folded word; words with a digit stay as they are."""
        return word if any(c.isdigit() for c in word) else str(self.stemmer.stemWord(word))


@dataclass(frozen=True)
class LexicalIndex:
    """BM25 over passages."""

    analyser: Analyser
    bm25: Any  # bm25s.BM25
    vocabulary: dict[str, int]  # term → its column in bm25

    @classmethod
    def build(cls, texts: Sequence[str], analyser: Analyser) -> "LexicalIndex":
        """Index texts; row i is texts[i]."""
        import bm25s

        # Terms by number, in the order in which they first come: the same in every process, and small in memory.
        vocabulary: dict[str, int] = {}
        tokens = [[vocabulary.setdefault(term, len(vocabulary)) for term in analyser.terms(text)] for text in texts]
        bm25 = bm25s.BM25(k1=K1, b=B, method="lucene")
        bm25.index(bm25s.tokenization.Tokenized(ids=tokens, vocab=vocabulary), show_progress=False)
        return cls(analyser, bm25, dict(bm25.vocab_dict))

    @classmethod
    def open(cls, folder: Path, analyser: Analyser) -> "LexicalIndex":
        """Open what `save` wrote."""
        import bm25s

        bm25 = bm25s.BM25.load(folder)
        return cls(analyser, bm25, dict(bm25.vocab_dict))

    def save(self, folder: Path) -> None:
        """Write the index into `folder`, which is made."""
        self.bm25.save(folder, show_progress=False)

    def scores(self, terms: Sequence[str]) -> NDArray[np.float32]:
        """BM25 score of every passage, float32 [passages], 0 or more; zeros when no term is known."""
        known = [term for term in terms if term in self.vocabulary]
        if not known:
            return np.zeros(self.bm25.scores["num_docs"], np.float32)
        return np.asarray(self.bm25.get_scores(known), np.float32)


# --- Acronyms that a corpus itself explains: "Maison départementale des personnes handicapées (MDPH)" -----------------

SHORT = r"[A-ZÉ][A-Z0-9ÉÀ&'’\-]{1,11}"
LONG_THEN_SHORT = re.compile(rf"([^\n.;:()•]{{6,160}}?)\s*\(\s*({SHORT})\s*\)")
QUOTES = "«»\"' \u00a0"
ANY = "*"  # a letter that any word may have
MANY_LETTERS = 6
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
            readings[short][_words_of(long, short, analyser.own, from_end=True)] += 1
        for short, long in SHORT_THEN_LONG.findall(text):
            readings[short][_words_of(long, short, analyser.own, from_end=False)] += 1
    best = {short: _most_frequent(found) for short, found in readings.items()}
    return tuple(Acronym(short, long) for short, long in sorted(best.items()) if long)


def _most_frequent(readings: Counter[str]) -> str:
    """The reading met most often; spellings that differ in case and accents count together, as the first of them."""
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
    Solidaire" spells ESES). What stands in brackets behind the letters explains them whole, so that of many letters one
    may be another's ("Centre d'Expertise National des Technologies de l'Information et de la Communication pour
    l'autonomie" explains CENTICH). Example: "à la Maison de l'autonomie", "MA", from its end → "Maison de l'autonomie"
    """
    letters = re.sub("[^a-z0-9]", "", fold(short))
    words = re.findall(r"[^\s'’/-]+(?:['’])?", long)
    starts = range(len(words) - 1, -1, -1) if from_end else [0]
    for little_count in (False, True):
        for start in starts:
            if _spells(words[start:], letters, little, little_count):
                return _joined(long, words[start:], from_end=from_end)
    if not from_end and len(letters) >= MANY_LETTERS:
        astray = (letters[:at] + ANY + letters[at + 1 :] for at in range(1, len(letters)))
        if any(_spells(words, one, little, False) for one in astray):
            return _joined(long, words, from_end=False)
    return ""


def _spells(words: list[str], letters: str, little: frozenset[str], little_count: bool) -> bool:
    """Whether the initials of the words, little ones left out or also counted, spell the letters."""
    folded = [word for word in ("".join(plain_words(word)) for word in words) if word]
    is_little = [word in little or len(word) == 1 for word in folded]
    if not folded or not letters or is_little[0] or is_little[-1]:
        return False
    spelt = {0}  # how many letters may have been spelt so far
    for word, skippable in zip(folded, is_little, strict=True):
        further = {n + 1 for n in spelt if n < len(letters) and letters[n] in (word[0], ANY)}
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
