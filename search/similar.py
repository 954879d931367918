"""Similar initiatives: like aim and public, whatever the place."""

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder, unit_rows
from index.index import Index
from index.passage import cut
from index.plain import plain
from search.fault import BadQuestion
from search.query import clean
from search.ranking import Ranked

LONGEST = 20_000  # characters of a description; the longest sheet of the development corpus has about 9,000


def gist_of_text(index: Index, encoder: Encoder, text: str) -> NDArray[np.float32]:
    """The gist of a description, float32 [d]. Raises BadQuestion when it is too long or without a word."""
    readable = plain(clean(text)).text
    if len(readable) > LONGEST:
        what = f"The description has {len(readable)} characters, at most {LONGEST} are read"
        raise BadQuestion(what, "text", "Give the paragraphs that say what is done, and for whom.")
    if not any(character.isalnum() for character in readable):
        raise BadQuestion("The description holds no word", "text", "Say in a few sentences what is done, and for whom.")
    pieces = [readable[start:end] for start, end in cut(readable, encoder.fits)]
    encoded = encoder.passages(pieces)
    states = unit_rows(np.concatenate([one.states for one in encoded]) - index.tokens.mean)
    return index.gists.of(states, index.tokens.weights(np.concatenate([one.tokens for one in encoded])))


def most_alike(index: Index, gist: NDArray[np.float32], groups: NDArray[np.int64], without: int | None) -> list[Ranked]:
    """Real-world initiatives by the likeness of their gists, each with its closest passage, `without` left out."""
    likeness = index.gists.initiatives @ gist
    closeness = index.gists.passages @ gist
    ranked: dict[int, Ranked] = {}
    for initiative in np.argsort(-likeness, kind="stable"):
        own = np.flatnonzero(index.owners == initiative)
        if len(own) and groups[own[0]] != without:
            passage = int(own[np.argmax(closeness[own])])
            ranked.setdefault(int(groups[passage]), Ranked(passage, float(likeness[initiative])))
    return list(ranked.values())
