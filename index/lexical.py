"""The lexical index: how French text becomes index terms, and BM25 over them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
    """Text → index terms: stems of French words, acronyms and numbers as they are, stop words left out."""

    stemmer: Any  # Stemmer.Stemmer, which has no type stubs
    french: frozenset[str]  # stop words, folded
    english: frozenset[str]

    @classmethod
    def open(cls) -> "Analyser":
        """Load the French stemmer and the stop lists of both languages."""
        import Stemmer
        from bm25s.stopwords import STOPWORDS_EN_PLUS, STOPWORDS_FRENCH

        french, english = (frozenset(map(fold, words)) for words in (STOPWORDS_FRENCH, STOPWORDS_EN_PLUS))
        return cls(Stemmer.Stemmer("french"), french | FRENCH_QUESTION_WORDS, english)

    def terms(self, text: str) -> list[str]:
        """Terms of a French text. Example: "Les aides à l'EHPAD en 2016" → ["aid", "ehpad", "2016"]."""
        words = (word for word in plain_words(text) if word not in self.french)
        return [self.term(word) for word in words if len(word) > 1 or word.isdigit()]

    def question_terms(self, text: str, language: str) -> list[str]:
        """Terms of a question.

        An English one also loses the English stop words, many of which are French words ("on", "or", "son", "but"), and
        every word of two letters.
        """
        if language != "en":
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

        tokens = [analyser.terms(text) for text in texts]
        bm25 = bm25s.BM25(k1=K1, b=B, method="lucene")
        bm25.index(tokens, show_progress=False)
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
