"""The asker: from a question to an answer that quotes its sources, or a refusal.

Without a language model the answer is made of words of the sheets. With one, its sentences are shown instead, each
after it was found supported; whenever that fails the answer is the one of the sheets' words, and says so.
"""

import time
from collections.abc import Collection, Generator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from search.answering.answer import Answer, Citation, Statement, Verdict
from search.answering.answer import Path as MadeBy
from search.answering.calibration import Calibration
from search.answering.composing import Composed, compose, refuse
from search.answering.finding import offset_of
from search.answering.gathering import Gathered, gather, weigh
from search.answering.generated import NotGenerated, Removed, generate
from search.answering.nearness import Nearness
from search.answering.prompt import NumberedPassage
from search.answering.quoting import cite
from search.answering.sentence import Sentence
from search.answering.span_reader import SpanReader
from search.engine import Engine
from search.filters import Filters
from search.language_model.language_model import LanguageModel

# A statement and what it rests on.
Ready = tuple[Statement, tuple[Citation, ...]]


@dataclass(frozen=True)
class Asker:
    """Answers questions over one index. Nothing in it changes, so threads may share it."""

    engine: Engine
    reader: SpanReader
    calibration: Calibration
    language_model: LanguageModel | None = None

    @classmethod
    def open(cls, engine: Engine, folder: Path, language_model: LanguageModel | None = None) -> "Asker":
        """Open the span reader and the calibration of a folder; raises BadReader or BadCalibration."""
        model = engine.encoder.digest
        reader, calibration = SpanReader.open(folder, model), Calibration.open(folder, model)
        return cls(engine, reader, calibration, language_model)

    def ask(self, text: str, filters: Filters | None = None, ignored: Collection[str] = ()) -> Answer:
        """Answer a question in French or English; `ignored` names what shall not be understood of it.

        Raises BadQuestion and UnknownFilter as `Engine.search` does.
        """
        return next(said for said in self.stream(text, filters, ignored) if isinstance(said, Answer))

    def stream(
        self, text: str, filters: Filters | None = None, ignored: Collection[str] = ()
    ) -> Iterator[Ready | Answer]:
        """Give each statement as soon as it is ready, and at last the whole answer, which is what counts.

        Statements of a language model are taken back by an answer without them when its reply breaks off. Raises what
        `ask` raises, before anything is given.
        """
        began = time.perf_counter()
        gathered = gather(self.engine, self.reader, text, filters, ignored)
        answer = self._extractive(gathered, filters)
        if self.language_model is not None and not answer.abstained:
            try:
                answer = yield from self._generated(self.language_model, gathered, answer)
            except NotGenerated as reason:
                answer = replace(answer, fallback=reason.fallback.value)
        if answer.path is MadeBy.EXTRACTIVE:
            for statement in answer.statements:
                yield statement, tuple(answer.citations[position] for position in statement.citations)
        yield replace(answer, took_ms=round((time.perf_counter() - began) * 1000, 1))

    def searched(self, filters: Filters | None) -> int:
        """How many sheets an answer is looked for in. Raises UnknownFilter."""
        filtered = filters is not None and filters != Filters()
        return len(self.engine.select(filters) if filtered else self.engine.index.contents.initiatives)

    def _extractive(self, gathered: Gathered, filters: Filters | None) -> Answer:
        """The answer in words of the sheets."""
        found, asking = weigh(gathered, self.calibration.choice), gathered.asking
        asked, results = asking.asked, asking.trail.results
        confidence = self.calibration.confidence(found.evidence, asked) if found.evidence is not None else 0.0
        verdict = self.calibration.verdict(confidence, asked)
        composed = self._refused(gathered, filters) if verdict is Verdict.REFUSED else compose(asking, found, verdict)
        return Answer(
            results.query.text,
            results.query.language,
            verdict,
            round(confidence, 4),
            composed.statements,
            composed.citations,
            results.hits,
            MadeBy.EXTRACTIVE,
            fallback=None,
            removed=0,
            took_ms=0.0,
        )

    def _refused(self, gathered: Gathered, filters: Filters | None) -> Composed:
        filtered = filters is not None and filters != Filters()
        documents = len(self.engine.index.contents.documents)
        return refuse(gathered.asking.trail.results, self.searched(filters), documents, filtered)

    def _generated(
        self, model: LanguageModel, gathered: Gathered, extractive: Answer
    ) -> Generator[Ready, None, Answer]:
        """Give the sentences of a language model as they are found supported; returns the answer made of them.

        Raises NotGenerated, even after some sentences were given.
        """
        index, rows = self.engine.index, dict(enumerate(gathered.read, start=1))
        shown = [
            NumberedPassage.of(number, index.contents.passages[row], index.owner(row)) for number, row in rows.items()
        ]
        nearness = Nearness.of(index, self.engine.encoder, rows)
        statements: list[Statement] = []
        citations: list[Citation] = []
        removed = 0
        for said in generate(model, extractive.question, extractive.language, shown, nearness):
            if isinstance(said, Removed):
                removed = said.sentences
                continue
            cited = tuple(self._quoted(nearness, said))
            statements.append(Statement(said.text, tuple(range(len(citations), len(citations) + len(cited)))))
            citations += cited
            yield statements[-1], cited
        return replace(
            extractive,
            statements=tuple(statements),
            citations=tuple(citations),
            path=MadeBy.LANGUAGE_MODEL,
            removed=removed,
        )

    def _quoted(self, nearness: Nearness, sentence: Sentence) -> Iterator[Citation]:
        """For each passage that a sentence cites, the words of it that say the same."""
        index = self.engine.index
        for number in sentence.passages:
            span = nearness.quote(sentence.text, number)
            if span is not None:
                row = nearness.rows[number]
                initiative = index.owner(row)
                offset = offset_of(index.contents.passages[row], initiative)
                yield cite(initiative, offset + span[0], offset + span[1])
