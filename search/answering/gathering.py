"""Gathering: what an answer could be made of, found by the span reader and in the fields of sheets, then weighed."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from math import exp

import numpy as np

from index.words import plain_words
from search.answering.asked import what_is_asked
from search.answering.evidence import Asking, Row, of_finding, of_question
from search.answering.finding import Finding, Origin, from_fields, offset_of
from search.answering.quoting import readable
from search.answering.span_reader import Span, SpanReader
from search.engine import Engine, Trail
from search.filters import Filters

# Initiatives among which the answer is looked for, and passages of theirs that are read: the passage that holds it is
# among them for 98 % of the training questions, for 99 % with twice as many (docs/decisions/0007-answers.md).
INITIATIVES = 5
PASSAGES = 4

# How much the score of the initiative counts beside that of the passage, for what is read.
INITIATIVE_SHARE = 0.5

SPANS = 2  # of each passage
FIELDS_OF = 3  # initiatives whose fields are looked at

HITS = 10


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything an answer could be made of."""

    asking: Asking
    findings: tuple[Finding, ...]
    read: tuple[int, ...]  # rows of the passages that were read, nearest first
    reader: float  # the best score of the span reader, 0 without any


@dataclass(frozen=True, slots=True)
class Found:
    """The findings weighed."""

    findings: tuple[Finding, ...]  # best first
    certainty: float  # the probability that the best of them says the right thing, 0 without any
    evidence: Row | None  # for the best of them, as `of_question` gives it; None without any


def gather(
    engine: Engine, reader: SpanReader, text: str, filters: Filters | None = None, ignored: Collection[str] = ()
) -> Gathered:
    """Search, read the nearest passages, and look at the fields of the nearest sheets.

    `ignored` names what shall not be understood of the question. Raises BadQuestion and UnknownFilter as
    `Engine.search` does.
    """
    asking = _asking(engine, engine.trail(text, HITS, filters, ignored=ignored, even_irrelevant=True))
    nearest = _nearest(asking)
    spans = reader.read(asking.index, asking.trail.encoded, nearest, SPANS) if nearest else []
    findings = (*_from_spans(asking, spans), *_from_fields(asking))
    return Gathered(asking, findings, nearest, max((span.score for span in spans), default=0.0))


def weigh(gathered: Gathered, choice: Callable[[Row], float]) -> Found:
    """Order the findings by what speaks for them, and gather what speaks for the best.

    `choice` gives the log-odds of a finding for evidence as `of_finding` gives it.
    """
    asking = gathered.asking
    odds = [choice(of_finding(asking, finding)) for finding in gathered.findings]
    if not odds:
        return Found((), 0.0, None)
    order = sorted(range(len(odds)), key=lambda number: -odds[number])
    best = gathered.findings[order[0]]
    evidence = of_question(asking, best, odds[order[0]], gathered.reader)
    ordered = tuple(gathered.findings[number] for number in order)
    return Found(ordered, 1 / (1 + exp(-odds[order[0]])), evidence)


def _asking(engine: Engine, trail: Trail) -> Asking:
    """The tellings of the best initiatives, with their ranks, and how near all their passages are to the question."""
    owners = engine.index.owners
    ranks = {
        row: rank
        for rank, one in enumerate(trail.ranked[: INITIATIVES + 1], start=1)
        for row in np.unique(owners[trail.allowed & (engine.groups == engine.groups[one.passage])]).tolist()
    }
    passages = np.flatnonzero(np.isin(owners, list(ranks)) & trail.allowed)
    passage_ranks = np.array([ranks[int(row)] for row in owners[passages]], np.int64)
    question = trail.question
    compared = engine.index.tokens.compare(question.states, passages) if len(passages) else None
    closeness = compared.scores(question.weights) if compared else np.zeros(0, np.float32)
    return Asking(
        engine.index,
        engine.gazetteer,
        trail,
        what_is_asked(question.text),
        ranks,
        frozenset(plain_words(question.text)),
        passages,
        passage_ranks,
        closeness,
        {rank: float(closeness[passage_ranks == rank].max()) for rank in set(ranks.values())},
        compared.best() if compared else np.zeros((0, len(question.weights)), np.float32),
    )


def _nearest(asking: Asking) -> tuple[int, ...]:
    """The passages nearest to the question, those of near initiatives first."""
    ranks = asking.passage_ranks
    lent = np.array([asking.nearest[rank] for rank in ranks.tolist()])
    order = np.argsort(-(asking.closeness + INITIATIVE_SHARE * lent), kind="stable")
    return tuple(asking.passages[order[ranks[order] <= INITIATIVES][:PASSAGES]].tolist())


def _from_spans(asking: Asking, spans: Sequence[Span]) -> Iterator[Finding]:
    contents = asking.index.contents
    for span in spans:
        row, passage = int(asking.index.owners[span.passage]), contents.passages[span.passage]
        start = offset_of(passage, contents.initiatives[row]) + span.start
        lead = readable(passage.text[span.start : span.end])
        yield Finding(row, start, start + span.end - span.start, lead, Origin.SPAN, span.score)


def _from_fields(asking: Asking) -> Iterator[Finding]:
    for row, rank in asking.ranks.items():
        if rank <= FIELDS_OF:
            yield from from_fields(row, asking.index.contents.initiatives[row], asking.asked)
