"""The asker: from a question to an answer that quotes its sources, or a refusal. No language model takes part."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from search.answering.answer import Answer, Verdict
from search.answering.answer import Path as MadeBy
from search.answering.asked import what_is_asked
from search.answering.calibration import Calibration
from search.answering.composing import Composed, compose, refuse
from search.answering.evidence import Asking, Row, of_finding, of_question
from search.answering.finding import Finding, Origin, from_fields, offset_of
from search.answering.quoting import readable
from search.answering.span_reader import Span, SpanReader
from search.engine import Engine, Trail
from search.filters import Filters

# Initiatives among which the answer is looked for, and passages of theirs that are read: the passage that holds it is
# among them for 99 % of the training questions, and for no more with twice as many (docs/decisions/0007-answers.md).
INITIATIVES = 5
PASSAGES = 6

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
    reader: float  # the best score of the span reader, 0 without any


@dataclass(frozen=True, slots=True)
class Found:
    """The findings weighed."""

    findings: tuple[Finding, ...]  # best first
    evidence: Row | None  # for the best of them, as `of_question` gives it; None without any


def gather(engine: Engine, reader: SpanReader, text: str, filters: Filters | None = None) -> Gathered:
    """Search, read the nearest passages, and look at the fields of the nearest sheets.

    Raises BadQuestion and UnknownFilter as `Engine.search` does.
    """
    asking = _asking(engine, engine.trail(text, HITS, filters, even_irrelevant=True))
    spans = _spans(asking, reader)
    findings = (*_from_spans(asking, spans), *_from_fields(asking))
    return Gathered(asking, findings, max((span.score for span in spans), default=0.0))


def weigh(gathered: Gathered, calibration: Calibration) -> Found:
    """Order the findings by what speaks for them, and gather what speaks for the best."""
    asking = gathered.asking
    odds = [calibration.choice(of_finding(asking, finding)) for finding in gathered.findings]
    if not odds:
        return Found((), None)
    order = sorted(range(len(odds)), key=lambda number: -odds[number])
    best = gathered.findings[order[0]]
    evidence = of_question(asking, best, odds[order[0]], gathered.reader)
    return Found(tuple(gathered.findings[number] for number in order), evidence)


def _asking(engine: Engine, trail: Trail) -> Asking:
    """The tellings of the best initiatives, with their ranks, and how near all their passages are to the question."""
    ranks = {
        row: rank
        for rank, one in enumerate(trail.ranked[: INITIATIVES + 1], start=1)
        for row in np.flatnonzero(engine.rows_of_groups == engine.groups[one.passage]).tolist()
    }
    passages = np.flatnonzero(np.isin(engine.index.owners, list(ranks)))
    compared = engine.index.tokens.compare(trail.question.states, passages) if len(passages) else None
    return Asking(
        engine.index,
        engine.gazetteer,
        trail,
        what_is_asked(trail.results.query.text),
        ranks,
        passages,
        compared.scores(trail.question.weights) if compared else np.zeros(0, np.float32),
        compared.best() if compared else np.zeros((0, len(trail.question.weights)), np.float32),
    )


def _spans(asking: Asking, reader: SpanReader) -> list[Span]:
    """Read the passages nearest to the question, those of near initiatives first."""
    ranks = np.array([asking.ranks[int(row)] for row in asking.index.owners[asking.passages]])
    lent = np.array([asking.closeness_of(rank) for rank in ranks])
    order = np.argsort(-(asking.closeness + INITIATIVE_SHARE * lent), kind="stable")
    nearest = asking.passages[order[ranks[order] <= INITIATIVES][:PASSAGES]]
    return reader.read(asking.index, asking.trail.encoded, nearest.tolist(), SPANS) if len(nearest) else []


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


@dataclass(frozen=True)
class Asker:
    """Answers questions over one index. Nothing in it changes, so threads may share it."""

    engine: Engine
    reader: SpanReader
    calibration: Calibration

    @classmethod
    def open(cls, engine: Engine, folder: Path, threads: int) -> "Asker":
        """Open the span reader and the calibration of a folder; raises BadReader or BadCalibration."""
        model = engine.encoder.digest
        return cls(engine, SpanReader.open(folder, model, threads), Calibration.open(folder, model))

    def ask(self, text: str, filters: Filters | None = None) -> Answer:
        """Answer a question in French or English. Raises BadQuestion and UnknownFilter as `Engine.search` does."""
        began = time.perf_counter()
        gathered = gather(self.engine, self.reader, text, filters)
        found = weigh(gathered, self.calibration)
        confidence = self._confidence(gathered.asking, found)
        composed = self._composed(gathered.asking, found, self._verdict(confidence), filters)
        results = gathered.asking.trail.results
        return Answer(
            results.query.text,
            results.query.language,
            composed.verdict,
            round(confidence, 4),
            composed.statements,
            composed.citations,
            results.hits,
            MadeBy.EXTRACTIVE,
            fallback=None,
            removed=0,
            took_ms=round((time.perf_counter() - began) * 1000, 1),
        )

    def _confidence(self, asking: Asking, found: Found) -> float:
        if found.evidence is None:
            return 0.0
        return self.calibration.confidence(found.evidence, asking.asked.several)

    def _verdict(self, confidence: float) -> Verdict:
        if confidence < self.calibration.closest_from:
            return Verdict.REFUSED
        return Verdict.ANSWERED if confidence >= self.calibration.answered_from else Verdict.CLOSEST

    def _composed(self, asking: Asking, found: Found, verdict: Verdict, filters: Filters | None) -> Composed:
        if verdict is not Verdict.REFUSED:
            return compose(asking, found.findings, verdict)
        contents = self.engine.index.contents
        filtered = filters is not None and filters != Filters()
        searched = len(self.engine.select(filters)) if filtered else len(contents.initiatives)
        return refuse(asking.trail.results, searched, len(contents.documents), filtered)
