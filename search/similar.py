"""Similar initiatives: like aim and public, whatever the place, by the cosine of document embeddings."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.text import normalise_text, visible_form
from index import Encoder, Index, passage_spans, unit_rows
from search.normalise import validate_description
from search.rerank import RankedInitiative

# What the similarity of expansions weighs beside that of the sheets, which has 1
# (docs/decisions/0010-editorial-records.md).
EXPANSION_WEIGHT = 0.5


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
    """The embedding of a description. Raises BadQuestion when it is too long or without a word."""
    readable = validate_description(normalise_text(visible_form(text)).text)
    pieces = [readable[start:end] for start, end in passage_spans(readable, encoder.fits)]
    encoded = encoder.passages(pieces)
    states = unit_rows(np.concatenate([one.states for one in encoded]) - index.multivector.mean)
    sheet = index.document_embeddings.embed(
        states, index.multivector.weights(np.concatenate([one.tokens for one in encoded]))
    )
    if index.expansion is None:
        return InitiativeEmbedding(sheet, None)
    vectors = np.stack([one.vector for one in encoder.questions(pieces)])
    return InitiativeEmbedding(sheet, index.expansion.embed(index.centre.vectors(vectors)))


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
