"""The choice: the sentence that answers, the one that completes it, the short answer, the fact that says it ahead.

extracted = extract_candidates(context, reader)      # every unit of the nearest sheets, with its features
chosen = choose(extracted, ranker, finding)          # what an answer is made of, None where there is nothing
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import nan

import numpy as np

from corpus import Fact
from corpus.text import fold, plain_words, strip_markup
from search import Citation
from search.answer.answer_type import AnswerType
from search.answer.candidates import INITIATIVES, AnswerContext
from search.answer.confidence import LogisticModel
from search.answer.facts import ToldAhead, facts_in_sentences, proof_of, said_ahead
from search.answer.features import Features, OfSentence, place_of, question_features
from search.answer.leads import Lead, lead_of
from search.answer.sentence_ranker import (
    ScoredSentences,
    SentenceCandidate,
    SentenceFeatures,
    SentenceRanker,
    score_sentences,
)
from search.answer.span_reader import SpanReader

# A number, in digits or in French or English words; "un" and "one" are none.
AMOUNT = re.compile(
    r"\d|\b(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quinze|vingt|trente|quarante|cinquante|soixante"
    r"|cent|mille|million|moitie|tiers|quart|dizaine|douzaine|quinzaine|vingtaine|trentaine|centaine|millier|double"
    r"|triple|aucun|annuel\w*|mensuel\w*"
    r"|two|three|four|five|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|hundred|thousand|half"
    r"|quarter|third|dozen)s?\b"
)

SPANS = 6  # of each passage that is read
LOWEST = -8.0  # log-odds that stand for "no other initiative"

# A second sentence is shown when it is at least this probable beside the first one, in log-odds, and the first is not
# surer than this.
COMPLETES = -1.0
SURE_ALONE = 3.0
TOO_ALIKE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What an answer is made of."""

    best: SentenceCandidate
    second: SentenceCandidate | None
    lead: Lead | None
    reworded: str  # the sentence of a fact in the reader's language, blank without one
    proof: tuple[Citation, ...]  # the fact's other quotes
    ranked: tuple[SentenceCandidate, ...]  # all units, best first
    features: Features  # of the question, seen from the best sentence


@dataclass(frozen=True, slots=True)
class ExtractedCandidates:
    """Everything an answer could be made of."""

    context: AnswerContext
    scored: ScoredSentences
    told: Mapping[tuple[int, int], ToldAhead]  # facts near to the question, by row and sentence
    read: tuple[int, ...]  # rows of the passages that were read, nearest first
    reader: float  # the best score of the span reader, 0 without any


def extract_candidates(
    context: AnswerContext, reader: SpanReader, left_out: frozenset[Fact] = frozenset()
) -> ExtractedCandidates:
    """Read the nearest passages, and score all sentences of the nearest sheets, without the `left_out` facts."""
    nearest = context.nearest_passages()
    spans = reader.read(context.index, context.asked, nearest, SPANS) if nearest else []
    best = max((span.score for span in spans), default=0.0)
    told = facts_in_sentences(context, left_out)
    return ExtractedCandidates(context, score_sentences(context, spans, told), told, nearest, best)


def choose(extracted: ExtractedCandidates, ranker: SentenceRanker, finding: LogisticModel) -> Chosen | None:
    """Choose the best sentence, with what stands before and after it; None where there is no sentence."""
    context, scored = extracted.context, extracted.scored
    odds = ranker.log_odds(scored.features)
    if not len(odds):
        return None
    order = np.argsort(-odds, kind="stable")
    order = np.array(_fitting(context, scored, order.tolist()), np.int64)
    if not len(order):
        return None
    ranked = tuple(replace(scored.candidates[at], score=float(odds[at])) for at in order.tolist())
    lead = lead_of(context, ranked[0], finding)
    ahead = said_ahead(context, ranked[0].unit, ranked[0].row, extracted.told)
    own = SentenceFeatures(*scored.features[order[0]].tolist())
    rank = context.ranks[ranked[0].row]
    rival = next((one.score for one in ranked if context.ranks[one.row] != rank), LOWEST)
    of_sentence = OfSentence(
        row=ranked[0].row,
        choice=ranked[0].score,
        ahead=ranked[0].score - rival,
        sentence=own.closeness,
        in_sentence=own.matched,
        fits=own.fits,
        counted=own.counted,
        short=float(lead is not None),
        field=float(lead is not None and lead.of_field),
        fact=own.fact,
        asked=own.asked,
        asked_in_sheet=own.asked_in_sheet,
        asked_logit=own.asked_logit,
        fact_logit=max(
            (one.likelihood.logit for (row, _), one in extracted.told.items() if context.ranks.get(row) == rank),
            default=nan,
        ),
        reader=extracted.reader,
    )
    return Chosen(
        best=ranked[0],
        second=second_of(context, ranked),
        lead=lead,
        reworded=ahead.near.fact.answer.text_in(context.ranking.query.language) if ahead else "",
        proof=proof_of(context, ahead.near.fact) if ahead else (),
        ranked=ranked,
        features=question_features(context, of_sentence),
    )


def _fitting(context: AnswerContext, scored: ScoredSentences, order: Sequence[int]) -> list[int]:
    """The units that can answer such a question at all, in their order.

    Where a place is named and one of the nearest initiatives lies there, what others say is no answer. A number is
    given by a unit with a number, and what letters stand for by one that has both, if there is any.
    """
    in_place = _rows_in_place(context)
    kept = [at for at in order if not in_place or scored.candidates[at].row in in_place]
    if context.answer_type is AnswerType.HOW_MANY:
        return [at for at in kept if AMOUNT.search(_folded(context, scored.candidates[at]))]
    if context.answer_type is AnswerType.ACRONYM and (acronyms := context.ranking.query.acronyms):
        long = fold(acronyms[0].long)
        return [at for at in kept if long in _folded(context, scored.candidates[at])] or kept
    return kept


def _rows_in_place(context: AnswerContext) -> frozenset[int]:
    """The rows of the nearest initiatives that lie where the question asks; none where it names no place."""
    near = (row for row, rank in context.ranks.items() if rank <= INITIATIVES)
    return frozenset(row for row in near if place_of(context, context.index.contents.initiatives[row])[0])


def _folded(context: AnswerContext, candidate: SentenceCandidate) -> str:
    text = context.index.contents.initiatives[candidate.row].text
    return " ".join(fold(text[start:end]) for start, end in candidate.unit.pieces)


def second_of(context: AnswerContext, ranked: Sequence[SentenceCandidate]) -> SentenceCandidate | None:
    """The sentence that completes the best one: of the same initiative, nearly as probable, in other words."""
    best = ranked[0]
    if best.score >= SURE_ALONE:
        return None
    words, rank = unit_words(context, best), context.ranks[best.row]
    for one in ranked[1:12]:
        if one.score < COMPLETES:
            return None
        if context.ranks[one.row] != rank or (one.row == best.row and _overlap(one, best)):
            continue
        others = unit_words(context, one)
        if len(words & others) < TOO_ALIKE * min(len(words), len(others)):
            return one
    return None


def _overlap(one: SentenceCandidate, other: SentenceCandidate) -> bool:
    mine = set(one.unit.members) - ({one.unit.members[0]} if len(one.unit.pieces) > 1 else set())
    return bool(mine & set(other.unit.members))


def unit_words(context: AnswerContext, candidate: SentenceCandidate) -> frozenset[str]:
    """The folded words of a unit."""
    text = context.index.contents.initiatives[candidate.row].text
    return frozenset(plain_words(" ".join(strip_markup(text[start:end]) for start, end in candidate.unit.pieces)))
