"""Telling: the sentence of a passage that answers the words of a question best, one by one."""

import numpy as np

from index.index import Index
from search.answering.quoting import holds_contact, sentences
from search.ranking import Weighed


def telling_sentence(index: Index, question: Weighed, passage: int) -> tuple[int, int] | None:
    """The span of the sentence, in characters of the passage's text as printed; the first of equals.

    A sentence scores as a passage does in late interaction: each token of the question has its best cosine there, by
    its weight; a token that finds nothing alike counts as 0. Sentences with contact data are passed over; None when
    there is no other.
    """
    cosines = index.tokens.compare(question.states, np.array([passage])).cosines(0)
    tokens, text = index.tokens.spans_of(passage), index.contents.passages[passage].text

    def score(span: tuple[int, int]) -> float:
        inside = (tokens[:, 0] >= span[0]) & (tokens[:, 1] <= span[1])
        return float(cosines[:, inside].max(axis=1, initial=0.0) @ question.weights)

    return max((span for span in sentences(text) if not holds_contact(text[slice(*span)])), key=score, default=None)
