"""Facts beside sentences: which fact is near to the question, and in which sentences its proof stands.

    told = facts_in_sentences(context)          # {(row, sentence): NearFact}
    said_ahead(context, unit, row, told)        # the fact that may be shown before the quote of this unit

A fact is never a source. Its sentence is shown in the reader's language, marked as a rewording, before the words of the
sheet that prove it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus import Fact, FactKind, Quote
from index import NearFact
from search import Citation, cite, line_start
from search.answer.answer_type import AnswerType
from search.answer.candidates import INITIATIVES, AnswerContext
from search.answer.sentences import Unit

LOWEST = -12.0  # of log-probabilities

# A fact this near says what is asked; one that answers another type of question must be nearer.
SAYS_IT, SAYS_IT_OTHERWISE = 0.7, 0.8

Floats = NDArray[np.float32]

TYPES: Mapping[FactKind, frozenset[AnswerType]] = {
    FactKind.WHO: frozenset({AnswerType.WHO}),
    FactKind.PARTNERS: frozenset({AnswerType.PARTNERS, AnswerType.WHO}),
    FactKind.WHERE: frozenset({AnswerType.WHERE}),
    FactKind.WHEN: frozenset({AnswerType.WHEN, AnswerType.HOW_MANY}),
    FactKind.HOW_MUCH: frozenset({AnswerType.HOW_MANY, AnswerType.HOW}),
    FactKind.HOW_MANY: frozenset({AnswerType.HOW_MANY}),
    FactKind.WHAT: frozenset({AnswerType.WHAT, AnswerType.ACRONYM, AnswerType.HOW, AnswerType.YES_NO}),
    FactKind.HOW: frozenset({AnswerType.HOW, AnswerType.WHAT, AnswerType.YES_NO}),
    FactKind.WHY: frozenset({AnswerType.WHY, AnswerType.WHAT}),
    FactKind.FOR_WHOM: frozenset({AnswerType.FOR_WHOM, AnswerType.WHO, AnswerType.YES_NO}),
    FactKind.RESULTS: frozenset({AnswerType.RESULTS, AnswerType.WHAT, AnswerType.HOW_MANY}),
    FactKind.STATUS: frozenset({AnswerType.WHEN, AnswerType.WHAT, AnswerType.YES_NO}),
    FactKind.ORIGIN: frozenset({AnswerType.WHY, AnswerType.HOW, AnswerType.WHAT}),
    FactKind.CONTACT_ROLE: frozenset({AnswerType.CONTACT, AnswerType.WHO}),
    FactKind.LIST: frozenset({AnswerType.WHAT, AnswerType.LIST, AnswerType.WHO}),
}


@dataclass(frozen=True, slots=True)
class Likelihood:
    """How likely it is that a question asks for a fact, by the adaptation; 0 each without one."""

    logit: float  # comparable within one question, mostly -4 to 10
    among_near: float  # its log-probability among the facts of the nearest sheets, at least LOWEST
    in_sheet: float  # and among those of its initiative


@dataclass(frozen=True, slots=True)
class ToldAhead:
    """A fact near to the question."""

    near: NearFact
    likelihood: Likelihood
    fits: bool  # it answers the type of question that is asked
    echo: float  # the share of the question's longer words that its wordings and answers have, 0 to 1


def facts_in_sentences(
    context: AnswerContext, left_out: frozenset[Fact] = frozenset()
) -> dict[tuple[int, int], ToldAhead]:
    """The nearest fact whose proof stands in each sentence of the nearest sheets, by row and sentence."""
    rows = [row for row, rank in context.ranks.items() if rank <= INITIATIVES]
    nearest = context.index.facts.nearest(context.index.centre.vector(context.asked.vector), rows)
    nearest = [near for near in nearest if near.fact not in left_out]
    likelihoods = likelihoods_of(context, nearest)
    # Likeliest first; without an adaptation all are as likely, and the order is that of nearness.
    order = sorted(range(len(nearest)), key=lambda one: -likelihoods[one].logit)
    told: dict[tuple[int, int], ToldAhead] = {}
    for one in order:
        near, ahead = nearest[one], None
        for place in context.table.places_of(near.row):
            if place not in told:
                ahead = ahead or _ahead(context, near, likelihoods[one])
                told[place] = ahead
    return told


def likelihoods_of(context: AnswerContext, nearest: Sequence[NearFact]) -> list[Likelihood]:
    """How likely the question asks for each of some facts, [facts]."""
    index, reading = context.index, context.ranking.candidates.reading
    if index.adaptation is None or reading is None or not nearest:
        return [Likelihood(0.0, 0.0, 0.0)] * len(nearest)
    logits = index.adaptation.fact_logits(reading, index.adapted_facts[[near.row for near in nearest]])
    _, sheets = np.unique([near.fact.initiative for near in nearest], return_inverse=True)
    among = _log_softmax(logits, np.zeros(len(logits), np.int64))
    inside = _log_softmax(logits, sheets)
    return [Likelihood(*map(float, one)) for one in zip(logits, among, inside, strict=True)]


def _log_softmax(logits: Floats, groups: NDArray[np.int64]) -> Floats:
    """Log-probabilities [n] of logits [n], each group by itself; at least LOWEST."""
    powers = np.exp(logits - logits.max())
    sums = np.bincount(groups, powers)
    return np.asarray(np.maximum(np.log(np.maximum(powers, 1e-30) / sums[groups]), LOWEST), np.float32)


def _ahead(context: AnswerContext, near: NearFact, likelihood: Likelihood) -> ToldAhead:
    fits = context.answer_type in TYPES[near.fact.kind]
    asked = {word[:5] for word in context.question_words if len(word) > 3}
    held = context.table.words_of_fact(near.row)
    return ToldAhead(near, likelihood, fits, len(asked & held) / max(len(asked), 1))


def said_ahead(
    context: AnswerContext, unit: Unit, row: int, told: Mapping[tuple[int, int], ToldAhead]
) -> ToldAhead | None:
    """The nearest fact that a unit proves, None where none says what is asked."""
    found = [told[row, number] for number in unit.members if (row, number) in told]
    best = max(found, key=lambda one: one.near.similarity, default=None)
    if best is None or best.near.similarity < (SAYS_IT if best.fits else SAYS_IT_OTHERWISE):
        return None
    return best


def proof_of(context: AnswerContext, fact: Fact) -> tuple[Citation, ...]:
    """The citations of what proves a fact."""
    return tuple(_cited(context, quote) for quote in fact.quotes)


def _cited(context: AnswerContext, quote: Quote) -> Citation:
    initiative = context.catalogue.initiative(quote.initiative)
    start = initiative.text.index(quote.text, line_start(initiative, quote.source.start_line))
    return cite(initiative, start, start + len(quote.text))
