"""The context of answering: a question, its nearest initiatives, and what their fields hold that may answer.

context = AnswerContext.of(searcher, searcher.rank(question), table)
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from corpus import Initiative
from corpus.places import Gazetteer
from corpus.text import fold, holds_contact, in_lower_case, plain_words
from index import Encoded, Index, TokenSimilarities
from search import Catalogue, Query, Ranking, Searcher, find_words
from search.answer.answer_type import AnswerType, answer_type_of
from search.answer.sentence_table import SentenceTable

# Initiatives among which the answer is looked for, and passages of theirs that are read: the passage that holds it is
# among them for 98 % of the training questions, for 99 % with twice as many (docs/decisions/0007-answers.md).
INITIATIVES = 5
PASSAGES = 4

# Weight of the best score of the initiative beside that of the passage itself, which has 1, in choosing what is read.
INITIATIVE_SHARE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerContext:
    """A question and the best initiatives for it, with their passages compared with it: what answering starts from.

    Those are the first INITIATIVES of the ranking and one more, for comparison; the sheets of one cluster share its
    rank.
    """

    index: Index
    catalogue: Catalogue
    table: SentenceTable
    clusters: NDArray[np.int64]  # [passages of the index], the cluster of each passage's initiative
    ranking: Ranking
    asked: Encoded  # the whole question, places included, which the search leaves out: a sheet's words repeat them
    answer_type: AnswerType
    question_words: frozenset[str]  # folded
    ranks: dict[int, int]  # row of an initiative → its rank from 1
    passages: NDArray[np.int64]  # [m], rows of all passages of these initiatives that the filters allow, ascending
    passage_ranks: NDArray[np.int64]  # [m], the rank of the initiative of each
    cosines: NDArray[np.float32]  # [m, t], the best cosine of each of the question's t tokens in each passage
    similarities: TokenSimilarities | None  # of the question's tokens with those of these passages; None without any
    scores: NDArray[np.float32]  # [m], MaxSim: the mean of `cosines` by idf, -1 to 1
    best_scores: dict[int, float]  # rank → the best of `scores` in that initiative, in any of its sheets

    @classmethod
    def of(cls, searcher: Searcher, ranking: Ranking, table: SentenceTable) -> "AnswerContext":
        """Compare the question of a ranking with all passages of its nearest initiatives."""
        index, query, clusters = searcher.index, ranking.query, searcher.passage_clusters
        ranks = {
            row: rank
            for rank, one in enumerate(ranking.nearest[: INITIATIVES + 1], start=1)
            for row in np.unique(index.owners[ranking.allowed & (clusters == clusters[one.passage])]).tolist()
        }
        passages = np.flatnonzero(np.isin(index.owners, list(ranks)) & ranking.allowed)
        passage_ranks = np.array([ranks[int(row)] for row in index.owners[passages]], np.int64)
        compared = index.multivector.compare(query.tokens.embeddings, passages) if len(passages) else None
        scores = compared.scores(query.tokens.weights) if compared else np.zeros(0, np.float32)
        return cls(
            index=index,
            catalogue=searcher.catalogue,
            table=table,
            clusters=clusters,
            ranking=ranking,
            asked=_whole(searcher, query),
            answer_type=_answer_type(searcher, query),
            question_words=frozenset(plain_words(query.text)),
            ranks=ranks,
            passages=passages,
            passage_ranks=passage_ranks,
            cosines=compared.best() if compared else np.zeros((0, len(query.tokens.weights)), np.float32),
            similarities=compared,
            scores=scores,
            best_scores={rank: float(scores[passage_ranks == rank].max()) for rank in set(ranks.values())},
        )

    @property
    def gazetteer(self) -> Gazetteer:
        """The places that are known."""
        return self.catalogue.gazetteer

    def initiative(self, candidate: "AnswerCandidate") -> Initiative:
        """The initiative that a candidate stands in."""
        return self.index.contents.initiatives[candidate.row]

    def cosines_of(self, rank: int) -> NDArray[np.float32]:
        """The best cosine of each token of the question anywhere in the initiative of this rank, float32 [t]."""
        return np.asarray(self.cosines[self.passage_ranks == rank].max(axis=0), np.float32)

    def nearest_passages(self) -> tuple[int, ...]:
        """Rows of the PASSAGES passages nearest to the question, those of near initiatives first."""
        of_initiative = np.array([self.best_scores[rank] for rank in self.passage_ranks.tolist()])
        order = np.argsort(-(self.scores + INITIATIVE_SHARE * of_initiative), kind="stable")
        return tuple(self.passages[order[self.passage_ranks[order] <= INITIATIVES][:PASSAGES]].tolist())


def _answer_type(searcher: Searcher, query: Query) -> AnswerType:
    """What a question asks for; who asks what an acronym is, and no more, asks what its letters stand for."""
    found = answer_type_of(query.text)
    if found is AnswerType.WHAT and query.acronyms:
        terms = searcher.index.lexical.analyser.question_terms(query.without_places(), query.language)
        if {fold(term) for term in terms} <= {fold(one.short) for one in query.acronyms}:
            return AnswerType.ACRONYM
    return found


def _whole(searcher: Searcher, query: Query) -> Encoded:
    """The whole question as the encoder reads it: encoded once more where the search compared another text."""
    if query.searched.text == query.text:
        return query.encoded
    return searcher.encoder.questions([in_lower_case(query.text)])[0]


class Origin(StrEnum):
    """Where a candidate comes from."""

    SPAN = "span"  # the span reader
    LEAD_ORGANISATION = "lead organisation"
    PARTNER = "partner"
    PLACE = "place"
    START = "start"
    STATUS = "status"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCandidate:
    """Words of an initiative that may answer a question."""

    row: int  # of the initiative in the index
    start: int  # characters of the initiative's text, 0-based
    end: int  # exclusive
    lead: str  # the words as a short answer
    origin: Origin
    score: float  # of the span reader, 0 for a field


def from_fields(row: int, initiative: Initiative, answer_type: AnswerType) -> Iterator[AnswerCandidate]:
    """The fields of a sheet that answer a question of this type, as far as they stand in its text."""
    for origin, value in _values(initiative, answer_type):
        if place := find_words(value, initiative.text):
            start, end = place
            yield AnswerCandidate(row=row, start=start, end=end, lead=value, origin=origin, score=0.0)


def _values(initiative: Initiative, answer_type: AnswerType) -> Iterable[tuple[Origin, str]]:
    if answer_type in (AnswerType.WHO, AnswerType.CONTACT):
        yield from ((Origin.CONTACT, named) for named in _people(initiative))
    if answer_type is AnswerType.WHO:
        yield from ((Origin.LEAD_ORGANISATION, name) for name in initiative.lead_organisations)
        yield from ((Origin.PARTNER, partner) for partner in initiative.partners)
    if answer_type is AnswerType.WHERE:
        yield from ((Origin.PLACE, departement.name) for departement in initiative.departements)
        yield from ((Origin.PLACE, territory) for territory in (initiative.territory,) if territory)
    if answer_type is AnswerType.WHEN:
        start = initiative.start_text or (str(initiative.start_year) if initiative.start_year else None)
        yield from ((Origin.START, text) for text in (start,) if text)
    asks_for_figures = answer_type in (AnswerType.WHEN, AnswerType.HOW_MANY)
    if asks_for_figures and initiative.status and any(map(str.isdigit, initiative.status)):
        yield Origin.STATUS, initiative.status


def _people(initiative: Initiative) -> Iterator[str]:
    """Name and role of each contact, without address or telephone number."""
    for contact in initiative.contacts:
        named = ", ".join(part for part in (contact.name, contact.role) if part)
        if named and not holds_contact(named):
            yield named
