"""Similar initiatives: like aim and public, whatever the place."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder, unit_rows
from index.index import Index
from index.passage import cut
from index.plain import plain
from search.fault import BadQuestion
from search.query import clean
from search.ranking import Ranked

# What the likeness of editorial phrasings weighs beside that of the sheets, which has 1
# (docs/decisions/0010-editorial-layer.md).
PHRASINGS_SHARE = 0.5

LONGEST = 20_000  # characters of a description; the longest sheet of the development corpus has about 9,000


@dataclass(frozen=True, slots=True)
class Gist:
    """What an initiative, or a description of one, is about."""

    sheet: NDArray[np.float32]  # [d], of its own text
    phrasings: NDArray[np.float32] | None  # [d], of what people would ask it for; None where the layer says nothing


def gist_of_initiative(index: Index, row: int) -> Gist:
    """The gist of an initiative by its row."""
    record = int(index.records_of_initiatives[row])
    phrasings = index.editorial.gists[record] if index.editorial is not None and record >= 0 else None
    return Gist(index.gists.initiatives[row], phrasings)


def gist_of_text(index: Index, encoder: Encoder, text: str) -> Gist:
    """The gist of a description. Raises BadQuestion when it is too long or without a word."""
    readable = plain(clean(text)).text
    if len(readable) > LONGEST:
        what = f"The description has {len(readable)} characters, at most {LONGEST} are read"
        raise BadQuestion(what, "text", "Give the paragraphs that say what is done, and for whom.")
    if not any(character.isalnum() for character in readable):
        raise BadQuestion("The description holds no word", "text", "Say in a few sentences what is done, and for whom.")
    pieces = [readable[start:end] for start, end in cut(readable, encoder.fits)]
    encoded = encoder.passages(pieces)
    states = unit_rows(np.concatenate([one.states for one in encoded]) - index.tokens.mean)
    sheet = index.gists.of(states, index.tokens.weights(np.concatenate([one.tokens for one in encoded])))
    if index.editorial is None:
        return Gist(sheet, None)
    vectors = np.stack([one.vector for one in encoder.questions(pieces)])
    return Gist(sheet, index.editorial.gist_of(unit_rows(vectors - index.questions.vector)))


def most_alike(index: Index, gist: Gist, groups: NDArray[np.int64], without: int | None) -> list[Ranked]:
    """Real-world initiatives by the likeness of their gists, each with its closest passage, `without` left out."""
    likeness = _likeness(index, gist)
    closeness = index.gists.passages @ gist.sheet
    ranked: dict[int, Ranked] = {}
    for initiative in np.argsort(-likeness, kind="stable"):
        own = np.flatnonzero(index.owners == initiative)
        if len(own) and groups[own[0]] != without:
            passage = int(own[np.argmax(closeness[own])])
            ranked.setdefault(int(groups[passage]), Ranked(passage, float(likeness[initiative])))
    return list(ranked.values())


def _likeness(index: Index, gist: Gist) -> NDArray[np.float32]:
    """How like every initiative is, [initiatives]: by its sheet and, where there are records, by its phrasings."""
    of_sheets = np.asarray(index.gists.initiatives @ gist.sheet, np.float32)
    if index.editorial is None or gist.phrasings is None:
        return of_sheets
    rows = index.records_of_initiatives
    of_both = (of_sheets + PHRASINGS_SHARE * (index.editorial.gists @ gist.phrasings)[rows]) / (1 + PHRASINGS_SHARE)
    return np.where(rows < 0, of_sheets, of_both).astype(np.float32)
