"""The language of a question: French or English."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.questions import QuestionNorms
from index.words import Analyser, plain_words


@dataclass(frozen=True)
class Languages:
    """Tells the languages apart by their little words, and where these do not decide, by the sentence vector."""

    french: frozenset[str]  # little words that are none in English, folded
    english: frozenset[str]
    norms: QuestionNorms

    @classmethod
    def of(cls, analyser: Analyser, norms: QuestionNorms) -> "Languages":
        """Take the little words from the analyser's stop lists."""
        return cls(analyser.french - analyser.english, analyser.english - analyser.french, norms)

    def language(self, text: str, vector: NDArray[np.float32]) -> str:
        """Give "fr" or "en" for a question and its sentence vector [d].

        Example: "homeless women" has no little word; its vector lies nearer to the English sample questions.
        """
        words = plain_words(text)
        lead = sum(word in self.english for word in words) - sum(word in self.french for word in words)
        if lead == 0:
            return "en" if self.norms.english_side(vector) > 0 else "fr"
        return "en" if lead > 0 else "fr"
