"""The asker: from a question to an answer that quotes its sources, or a refusal. No language model takes part."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from search.answering.answer import Answer, Citation, Statement, Verdict
from search.answering.answer import Path as MadeBy
from search.answering.calibration import Calibration
from search.answering.composing import Composed, compose, refuse
from search.answering.evidence import Asking
from search.answering.gathering import Found, gather, weigh
from search.answering.span_reader import SpanReader
from search.engine import Engine
from search.filters import Filters

# A statement and what it rests on.
Ready = tuple[Statement, tuple[Citation, ...]]


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

    def stream(self, text: str, filters: Filters | None = None) -> Iterator[Ready | Answer]:
        """Give each statement as soon as it is ready, and at last the whole answer, which is what counts.

        Raises what `ask` raises, before anything is given.
        """
        answer = self.ask(text, filters)
        for statement in answer.statements:
            yield statement, tuple(answer.citations[position] for position in statement.citations)
        yield answer

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
            return compose(asking, found, verdict)
        contents = self.engine.index.contents
        filtered = filters is not None and filters != Filters()
        searched = len(self.engine.select(filters)) if filtered else len(contents.initiatives)
        return refuse(asking.trail.results, searched, len(contents.documents), filtered)
