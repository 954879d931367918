"""Telling: the sentence of a passage that answers the words of a question best, one by one."""

import numpy as np

from index.index import Index
from search.answering.quoting import sentences
from search.ranking import Weighed


def telling_sentence(index: Index, question: Weighed, passage: int) -> tuple[int, int]:
    """The span of the sentence, in characters of the passage's text; the first of equals.

    A sentence scores as a passage does in late interaction: each token of the question has its best cosine there, by
    its weight; a token that finds nothing alike counts as 0.
    """
    cosines = index.tokens.compare(question.states, np.array([passage])).cosines(0)
    spans, text = index.tokens.spans_of(passage), index.contents.passages[passage].text
    best, found = -1.0, (0, len(text))
    for start, end in sentences(text):
        inside = (spans[:, 0] >= start) & (spans[:, 1] <= end)
        score = float(cosines[:, inside].max(axis=1, initial=0.0) @ question.weights)
        if score > best:
            best, found = score, (start, end)
    return found
