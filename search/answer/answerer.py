"""The answerer: from a question to an answer that quotes its sources, or an abstention.

Without a language model the answer is made of words of the sheets. With one, its sentences are shown instead, each
after it was found supported; whenever that fails the answer is the one of the sheets' words, and says so.
"""

import shutil
import time
from collections.abc import Collection, Generator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from index import model_folder
from search import Citation, Filters, Ranking, Searcher, cite, passage_start
from search.answer.answer import Answer, MadeBy, Statement, Verdict
from search.answer.assemble import abstain, assemble
from search.answer.candidates import AnswerContext, ExtractedCandidates, extract_candidates
from search.answer.confidence import Calibration, rank_candidates
from search.answer.generate import NotGenerated, Removed, generate
from search.answer.grounding import CitedSentence, NumberedPassage, SentenceSimilarity
from search.answer.span_reader import SpanReader
from search.language_model import LanguageModel

# The span reader and the calibration for the bundled encoder.
BUNDLED = Path(__file__).with_name("bundled")

HITS = 10  # that an answer shows beside it

# A statement and what it rests on.
Ready = tuple[Statement, tuple[Citation, ...]]


def answering_folder(var: Path, encoder: str) -> Path:
    """The folder with the reader and the calibration to use: what was made for this encoder, else the bundled ones."""
    made = _made(var, encoder)
    return made if made.is_dir() else BUNDLED


def own_folder(var: Path, encoder: str) -> Path:
    """The folder to write a reader and a calibration to, made if need be; it begins as a copy of the bundled ones."""
    made = _made(var, encoder)
    if not made.is_dir():
        shutil.copytree(BUNDLED, made)
    return made


def _made(var: Path, encoder: str) -> Path:
    return var / "answering" / model_folder(var, encoder).name


@dataclass(frozen=True)
class Answerer:
    """Answers questions over one index. Nothing in it changes, so threads may share it."""

    engine: Searcher
    reader: SpanReader
    calibration: Calibration
    language_model: LanguageModel | None = None

    @classmethod
    def open(cls, engine: Searcher, folder: Path, language_model: LanguageModel | None = None) -> "Answerer":
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

        Statements of a language model are taken back by an answer without them when its reply breaks off. Searches, and
        raises what `ask` raises, before it returns.
        """
        began = time.perf_counter()
        trail = self.engine.trail(text, HITS, filters, ignored=ignored, even_irrelevant=True)
        return self._stream(trail, filters, began)

    def searched(self, filters: Filters | None) -> int:
        """How many sheets an answer is looked for in. Raises UnknownFilter."""
        return len(self.engine.select(filters) if _are_set(filters) else self.engine.index.contents.initiatives)

    @property
    def is_calibrated(self) -> bool:
        """Whether the confidence was fitted on the texts of this index; on others its figure would mean nothing."""
        return self.calibration.texts == self.engine.index.manifest.texts

    def _stream(self, trail: Ranking, filters: Filters | None, began: float) -> Iterator[Ready | Answer]:
        """All that follows the search: `trail` is its result, `began` when it began, in seconds of the process."""
        extracted = extract_candidates(AnswerContext.of(self.engine, trail), self.reader)
        answer = self._extractive(extracted, filters)
        if self.language_model is not None and not answer.abstained:
            try:
                answer = yield from self._generated(self.language_model, extracted, answer)
            except NotGenerated as reason:
                answer = replace(answer, fallback=reason.fallback.value)
        if answer.path is MadeBy.EXTRACTIVE:
            for statement in answer.statements:
                yield statement, tuple(answer.citations[position] for position in statement.citations)
        yield replace(answer, took_ms=round((time.perf_counter() - began) * 1000, 1))

    def _extractive(self, extracted: ExtractedCandidates, filters: Filters | None) -> Answer:
        """The answer in words of the sheets."""
        context = extracted.context
        results, answer_type = context.trail.results, context.answer_type
        ranked = rank_candidates(extracted, self.calibration.finding)
        confidence = 0.0 if ranked.features is None else self.calibration.confidence(ranked.features, answer_type)
        verdict = self.calibration.verdict(confidence, answer_type)
        if verdict is Verdict.REFUSED:
            documents = len(self.engine.index.contents.documents)
            assembled = abstain(results, self.searched(filters), documents, filtered=_are_set(filters))
        else:
            assembled = assemble(context, ranked, verdict)
        return Answer(
            question=results.query.text,
            language=results.query.language,
            verdict=verdict,
            confidence=round(confidence, 4) if self.is_calibrated else None,
            statements=assembled.statements,
            citations=assembled.citations,
            hits=results.hits,
            path=MadeBy.EXTRACTIVE,
            fallback=None,
            removed=0,
            took_ms=0.0,
        )

    def _generated(
        self, model: LanguageModel, extracted: ExtractedCandidates, extractive: Answer
    ) -> Generator[Ready, None, Answer]:
        """Give the sentences of a language model as they are found supported; returns the answer made of them.

        Raises NotGenerated, even after some sentences were given.
        """
        index, rows = self.engine.index, dict(enumerate(extracted.read, start=1))
        passages = [
            NumberedPassage.of(number, index.contents.passages[row], index.owner(row)) for number, row in rows.items()
        ]
        similarity = SentenceSimilarity.of(index, self.engine.encoder, rows)
        statements: list[Statement] = []
        citations: list[Citation] = []
        removed = 0
        for said in generate(model, extractive.question, extractive.language, passages, similarity):
            if isinstance(said, Removed):
                removed = said.sentences
                continue
            cited = tuple(self._quoted(similarity, said))
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

    def _quoted(self, similarity: SentenceSimilarity, sentence: CitedSentence) -> Iterator[Citation]:
        """For each passage that a sentence cites, the words of it that say the same."""
        index = self.engine.index
        for number in sentence.passages:
            span = similarity.quote(sentence.text, number)
            if span is not None:
                row = similarity.rows[number]
                initiative = index.owner(row)
                offset = passage_start(initiative, index.contents.passages[row])
                yield cite(initiative, offset + span[0], offset + span[1])


def _are_set(filters: Filters | None) -> bool:
    return filters is not None and filters != Filters()
