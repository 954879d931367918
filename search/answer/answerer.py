"""The answerer: from a ranking to an answer that quotes its sources, or an abstention.

Without a language model the answer is made of words of the sheets. With one, its sentences are shown instead, each
after it was found supported; whenever that fails the answer is the one of the sheets' words, and says so.
"""

import shutil
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from corpus.text import fold
from index import lead_of, model_folder
from search import Citation, Filters, Ranking, Searcher, came_to, cite, passage_start, stage
from search.answer.answer import Answer, MadeBy, Statement, Verdict
from search.answer.answer_type import AnswerType
from search.answer.assemble import Assembled, abstain, assemble, assemble_list
from search.answer.candidates import AnswerContext
from search.answer.choice import Chosen, choose, extract_candidates
from search.answer.confidence import Calibration
from search.answer.features import RUNS, place_of
from search.answer.generate import NotGenerated, Removed, generate
from search.answer.grounding import CitedSentence, NumberedPassage, SentenceSimilarity
from search.answer.needs import Needs
from search.answer.sentence_ranker import SentenceRanker
from search.answer.sentence_table import SentenceTable
from search.answer.span_reader import SpanReader
from search.language_model import LanguageModel

# The span reader and the calibration for the bundled encoder.
BUNDLED = Path(__file__).with_name("bundled")

# What is less probable than this is worded as the closest match.
PROBABLE = 0.5

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

    searcher: Searcher
    reader: SpanReader
    ranker: SentenceRanker
    calibration: Calibration
    needs: Needs
    language_model: LanguageModel | None = None

    @classmethod
    def open(cls, searcher: Searcher, folder: Path, language_model: LanguageModel | None = None) -> "Answerer":
        """Open what a folder holds to answer with; raises BadReader, BadRanker or BadCalibration."""
        model = searcher.encoder.digest
        reader, ranker = SpanReader.open(folder, model), SentenceRanker.open(folder, model)
        calibration, needs = Calibration.open(folder, model), Needs.open(folder, model)
        return cls(searcher, reader, ranker, calibration, needs, language_model)

    @cached_property
    def table(self) -> SentenceTable:
        """The sentences of the sheets, read as they are needed."""
        return SentenceTable(self.searcher.index, self.searcher.catalogue.gazetteer)

    def answer(self, ranking: Ranking) -> Answer:
        """Answer the question of a ranking; nothing is searched again."""
        return next(said for said in self.stream(ranking) if isinstance(said, Answer))

    def stream(self, ranking: Ranking) -> Iterator[Ready | Answer]:
        """Give each statement as soon as it is ready, and at last the whole answer, which is what counts.

        Statements of a language model are taken back by an answer without them when its reply breaks off.
        """
        began = time.perf_counter()
        with stage("answer"):
            context = self._context(ranking)
            answer = self._extractive(context)
        if self.language_model is not None and not answer.abstained:
            try:
                with stage("language model"):
                    answer = yield from self._generated(self.language_model, context, answer)
            except NotGenerated as reason:
                answer = replace(answer, fallback=reason.fallback.value)
        if answer.path is MadeBy.EXTRACTIVE:
            for statement in answer.statements:
                yield statement, tuple(answer.citations[position] for position in statement.citations)
        came_to("answer", answer.verdict.value)
        if self.language_model is not None:
            came_to("language model", answer.fallback or answer.path.value)
        took_ms = ranking.took_ms + (time.perf_counter() - began) * 1000
        yield replace(answer, took_ms=round(took_ms, 1))

    def searched(self, filters: Filters) -> int:
        """How many sheets an answer is looked for in. Raises UnknownFilter."""
        return int(self.searcher.catalogue.allowed(filters).sum())

    @property
    def is_calibrated(self) -> bool:
        """Whether the confidence was fitted on the texts of this index; on others its figure would mean nothing."""
        return self.calibration.texts == self.searcher.index.manifest.texts

    def _context(self, ranking: Ranking) -> AnswerContext:
        """The question with its sheets; a need that is told gets a list, whatever its form."""
        context = AnswerContext.of(self.searcher, ranking, self.table)
        if not context.answer_type.is_list and self.needs.are_told(context.asked.vector):
            return replace(context, answer_type=AnswerType.NEED)
        return context

    def _extractive(self, context: AnswerContext) -> Answer:
        """The answer in words of the sheets."""
        confidence, verdict, assembled = self._decided(context)
        query = context.ranking.query
        return Answer(
            question=query.typed,
            language=query.language,
            verdict=verdict,
            confidence=round(confidence, 4) if confidence is not None and self.is_calibrated else None,
            statements=assembled.statements,
            citations=assembled.citations,
            path=MadeBy.EXTRACTIVE,
            fallback=None,
            removed=0,
            took_ms=0.0,
            is_list=context.answer_type.is_list,
        )

    def _decided(self, context: AnswerContext) -> tuple[float | None, Verdict, Assembled]:
        """A list of what is on the subject for words, an answer for a question; else a refusal."""
        searched = self.searched(context.ranking.filters)
        if context.answer_type.is_list:
            listed = assemble_list(context)
            verdict = Verdict.ANSWERED if listed.statements else Verdict.REFUSED
            return None, verdict, listed if listed.statements else abstain(context, searched)
        if not context.ranking.relevant:
            return 0.0, Verdict.REFUSED, abstain(context, searched)
        chosen = choose(extract_candidates(context, self.reader), self.ranker, self.calibration.finding)
        if not (self.is_calibrated or self.searcher.index.contents.profile.calibrated):
            return None, *self._by_lead(context, chosen, searched)
        confidence = 0.0 if chosen is None else self.calibration.confidence(chosen.features)
        verdict = self.calibration.verdict(confidence)
        if verdict is Verdict.REFUSED and stands_in_a_field(context, chosen):
            verdict = Verdict.CLOSEST
        if chosen is None or verdict is Verdict.REFUSED:
            return confidence, Verdict.REFUSED, abstain(context, searched)
        doubtful = verdict is Verdict.CLOSEST and confidence < PROBABLE
        return confidence, verdict, assemble(context, chosen, doubtful=doubtful)

    def _by_lead(self, context: AnswerContext, chosen: Chosen | None, searched: int) -> tuple[Verdict, Assembled]:
        """What is said of sheets that no confidence was fitted on: an answer where one initiative clearly leads.

        How clearly is told by the sample questions of the index (`Thresholds.lead`).
        """
        reranked, thresholds = context.ranking.reranked, self.searcher.index.thresholds
        lead = lead_of(reranked.source_scores, self.searcher.passage_clusters[reranked.passages])
        if chosen is None or (lead < thresholds.lead and not stands_in_a_field(context, chosen)):
            return Verdict.REFUSED, abstain(context, searched)
        verdict = Verdict.ANSWERED if lead >= thresholds.clear_lead else Verdict.CLOSEST
        return verdict, assemble(context, chosen, doubtful=verdict is Verdict.CLOSEST)

    def _generated(
        self, model: LanguageModel, context: AnswerContext, extractive: Answer
    ) -> Generator[Ready, None, Answer]:
        """Give the sentences of a language model as they are found supported; returns the answer made of them.

        Raises NotGenerated, even after some sentences were given.
        """
        index, rows = self.searcher.index, dict(enumerate(context.nearest_passages(), start=1))
        passages = [
            NumberedPassage.of(number, index.contents.passages[row], index.owner(row)) for number, row in rows.items()
        ]
        similarity = SentenceSimilarity.of(index, self.searcher.encoder, rows)
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
        index = self.searcher.index
        for number in sentence.passages:
            span = similarity.quote(sentence.text, number)
            if span is not None:
                row = similarity.rows[number]
                initiative = index.owner(row)
                offset = passage_start(initiative, index.contents.passages[row])
                yield cite(initiative, offset + span[0], offset + span[1])


def stands_in_a_field(context: AnswerContext, chosen: Chosen | None) -> bool:
    """Whether what is asked is printed by the sheet that search finds first, whatever its sentences say.

    Whom to write to is, who runs it where that field is the short answer, and what letters stand for; not where the
    question asks of one place and the sheet tells of another.
    """
    best = chosen.best.row if chosen else context.index.owners[context.ranking.nearest[0].passage]
    _, elsewhere = place_of(context, context.index.contents.initiatives[best])
    if elsewhere:
        return False
    if context.answer_type is AnswerType.CONTACT:
        return True
    if context.answer_type is AnswerType.ACRONYM:
        return chosen is not None and chosen.lead is not None
    lead, asked = chosen.lead if chosen else None, fold(context.ranking.query.text)
    return lead is not None and lead.of_field and context.answer_type is AnswerType.WHO and bool(RUNS.search(asked))
