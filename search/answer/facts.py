"""Facts beside sentences: which fact is near to the question, and in which sentences its proof stands.

    told = facts_in_sentences(context)          # {(row, sentence): NearFact}
    said_ahead(context, unit, row, told)        # the fact that may be shown before the quote of this unit

A fact is never a source. Its sentence is shown in the reader's language, marked as a rewording, before the words of the
sheet that prove it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from corpus import Fact, FactKind, Quote
from index import NearFact
from search import Citation, cite, line_start
from search.answer.answer_type import AnswerType
from search.answer.candidates import INITIATIVES, AnswerContext
from search.answer.sentences import Unit

# Facts less near than this are about something else.
LEAST_SIMILARITY = 0.2
# A fact this near says what is asked; one that answers another type of question must be nearer.
SAYS_IT, SAYS_IT_OTHERWISE = 0.7, 0.8

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
class ToldAhead:
    """A fact near to the question."""

    near: NearFact
    fits: bool  # it answers the type of question that is asked
    echo: float  # the share of the question's longer words that its wordings and answers have, 0 to 1


def facts_in_sentences(
    context: AnswerContext, left_out: frozenset[Fact] = frozenset()
) -> dict[tuple[int, int], ToldAhead]:
    """The nearest fact whose proof stands in each sentence of the nearest sheets, by row and sentence."""
    rows = [row for row, rank in context.ranks.items() if rank <= INITIATIVES]
    told: dict[tuple[int, int], ToldAhead] = {}
    for near in context.index.facts.nearest(context.index.centre.vector(context.asked.vector), rows):
        if near.similarity < LEAST_SIMILARITY:
            break
        if near.fact in left_out:
            continue
        ahead = None
        for place in context.table.places_of(near.row):
            if place not in told:
                ahead = ahead or _ahead(context, near)
                told[place] = ahead
    return told


def _ahead(context: AnswerContext, near: NearFact) -> ToldAhead:
    fits = context.answer_type in TYPES[near.fact.kind]
    asked = {word[:5] for word in context.question_words if len(word) > 3}
    held = context.table.words_of_fact(near.row)
    return ToldAhead(near, fits, len(asked & held) / max(len(asked), 1))


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
