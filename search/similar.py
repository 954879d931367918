"""Similar initiatives: like aim and public, whatever the place, by the cosine of document embeddings."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index import Encoded, Encoder, Index, passage_spans, unit_rows
from search.normalise import validate_description
from search.rerank import RankedInitiative

# What the similarity of expansions weighs beside that of the sheets, which has 1
# (docs/decisions/0010-editorial-records.md).
EXPANSION_WEIGHT = 0.5

# What is encoded of a description, so that a stranger's costs no more than a search with a long question: a window has
# some 170 tokens in French, and at most what the encoder reads. Of the one sheet of the shipped corpus that is longer,
# nine of the eleven nearest are the same; with as many windows from its beginning, seven.
MOST_WINDOWS = 4
ENOUGH_TOKENS = 600


@dataclass(frozen=True, slots=True)
class InitiativeEmbedding:
    """What an initiative, or a description of one, is about: centred unit vectors."""

    sheet: NDArray[np.float32]  # [d], idf-weighted mean of its own token embeddings
    expansions: NDArray[np.float32] | None  # [d], mean of the expansions of its record; None where there are none


def embedding_of_initiative(index: Index, row: int) -> InitiativeEmbedding:
    """The embedding of an initiative by its row."""
    record = int(index.records_of_initiatives[row])
    expansions = index.expansion.embeddings[record] if index.expansion is not None and record >= 0 else None
    return InitiativeEmbedding(index.document_embeddings.initiatives[row], expansions)


def embedding_of_text(index: Index, encoder: Encoder, text: str) -> InitiativeEmbedding:
    """The embedding of a description. Raises BadQuestion when it is too long or without a word.

    Of a long one some windows are encoded, its first and its last passage and those evenly between: MOST_WINDOWS at
    most, fewer where they hold many tokens. That is all of a description of up to some 3,500 characters.
    """
    readable = validate_description(text)
    # Cut by length alone: to count the tokens of every stretch would cost more than to encode some.
    spans = passage_spans(readable, fits=lambda _: True)
    passages, questions = _encoded_windows(encoder, [readable[start:end] for start, end in spans])
    states = unit_rows(np.concatenate([one.states for one in passages]) - index.multivector.mean)
    sheet = index.document_embeddings.embed(
        states, index.multivector.weights(np.concatenate([one.tokens for one in passages]))
    )
    if index.expansion is None:
        return InitiativeEmbedding(sheet, None)
    vectors = np.stack([one.vector for one in questions])
    return InitiativeEmbedding(sheet, index.expansion.embed(index.centre.vectors(vectors)))


def _encoded_windows(encoder: Encoder, pieces: Sequence[str]) -> tuple[list[Encoded], list[Encoded]]:
    """Some of one or more pieces of a text, evenly spread, encoded as passages and as questions."""
    passages: list[Encoded] = []
    questions: list[Encoded] = []
    chosen = np.linspace(0, len(pieces) - 1, min(len(pieces), MOST_WINDOWS)).round().astype(int)
    for position in chosen:
        piece = pieces[position]
        if sum(len(one.tokens) for one in passages) >= ENOUGH_TOKENS:
            break
        while not encoder.fits(piece):
            piece = piece[: len(piece) // 2]
        passages += encoder.passages([piece])
        questions += encoder.questions([piece])
    return passages, questions


def rank_by_similarity(
    index: Index, embedding: InitiativeEmbedding, clusters: NDArray[np.int64], own: int | None
) -> tuple[RankedInitiative, ...]:
    """Real-world initiatives by the cosine of their embeddings, each with its closest passage; `own` is left out.

    `clusters` [passages] are those of the passages' initiatives, `own` one of them.
    """
    similarity = _similarities(index, embedding)
    closeness = index.document_embeddings.passages @ embedding.sheet
    ranked: dict[int, RankedInitiative] = {}
    for initiative in np.argsort(-similarity, kind="stable"):
        passages = np.arange(*np.searchsorted(index.owners, [initiative, initiative + 1]))  # they follow each other
        if len(passages) and clusters[passages[0]] != own:
            passage = int(passages[np.argmax(closeness[passages])])
            ranked.setdefault(int(clusters[passage]), RankedInitiative(passage, float(similarity[initiative])))
    return tuple(ranked.values())


def _similarities(index: Index, embedding: InitiativeEmbedding) -> NDArray[np.float32]:
    """The cosine with every initiative, float32 [initiatives]: of sheets and, where both have them, of expansions."""
    by_sheet = np.asarray(index.document_embeddings.initiatives @ embedding.sheet, np.float32)
    if index.expansion is None or embedding.expansions is None:
        return by_sheet
    rows = index.records_of_initiatives
    by_expansions = (index.expansion.embeddings @ embedding.expansions)[rows]
    combined = (by_sheet + EXPANSION_WEIGHT * by_expansions) / (1 + EXPANSION_WEIGHT)
    return np.where(rows < 0, by_sheet, combined).astype(np.float32)
