"""The language of a question: French or English."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.editorial_record import Language
from index.questions import QuestionNorms
from index.words import WordIndex, plain_words


@dataclass(frozen=True)
class Languages:
    """Tells them apart by little words, then by the words of the corpus (French), then by the sentence vector."""

    french: frozenset[str]  # little words that are none in English, folded
    english: frozenset[str]
    words: WordIndex
    norms: QuestionNorms

    @classmethod
    def of(cls, words: WordIndex, norms: QuestionNorms) -> "Languages":
        """Take the little words from the analyser's stop lists."""
        french, english = words.analyser.french, words.analyser.english
        return cls(french - english, english - french, words, norms)

    def language(self, text: str, vector: NDArray[np.float32]) -> Language:
        """Give "fr" or "en" for a question and its sentence vector [d].

        Example: "insertion RSA" has no little word, but the corpus knows both words; of "homeless women" it knows none,
        and the vector lies nearer to the English sample questions.
        """
        words = plain_words(text)
        lead = sum(word in self.english for word in words) - sum(word in self.french for word in words)
        if lead:
            return "en" if lead > 0 else "fr"
        known = all(term in self.words.vocabulary for term in self.words.analyser.terms(text))
        return "fr" if known or self.norms.english_side(vector) <= 0 else "en"
