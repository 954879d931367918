"""The sentence ranker: which sentence of the nearest sheets answers a question.

    scored = score_sentences(context, spans)          # all units of the first sheets, with their features
    ranker.rank(scored)                                      # the same, best first, with log-odds

Features are of three sorts: how near the words are (late interaction, the span reader), whether the sentence has what
such a question asks for, and where it stands. Boosted trees weigh them (`eval.training.ranker`); they are held as plain
arrays, so that serving needs nothing but numpy.
"""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpus import Fault
from corpus.text import fold, plain_words
from search import passage_start
from search.answer.answer_type import AnswerType, EntityType, expected_entities
from search.answer.candidates import INITIATIVES, AnswerContext
from search.answer.facts import LOWEST, ToldAhead
from search.answer.sentence_table import Sheet
from search.answer.sentences import Part, Unit
from search.answer.span_reader import Span

RANKER = "sentence_ranker.json"
CUE_WORDS = Path(__file__).with_name("cue_words.toml")

# A span score that stands for "the reader saw nothing here": most best scores of a passage lie above it.
NO_SPAN = -25.0
MOST_CUES = 4

Floats = NDArray[np.float32]


class BadRanker(Fault):
    """The sentence ranker is missing, damaged, or was fitted for another encoder."""


class SentenceFeatures(NamedTuple):
    """What speaks for a unit being the answer. Flags are 0 or 1."""

    closeness: float  # MaxSim of the unit, each token at least 0: 0 to 1
    behind_best: float  # the best closeness of all units less this one's
    of_sheet: float  # MaxSim of the best passage of its initiative
    behind_sheet: float  # the best of these of all initiatives less its own
    rank: float  # of its initiative, from 1
    behind_first: float  # the search score of the first initiative less its own
    mean_cosine: float  # the mean of all cosines of its tokens with the question's
    around: float  # the closeness of the better of its neighbours
    matched: float  # the share of the question's tokens, by idf, that it has with a cosine of .45 or more
    worst: float  # the least of the best cosines of the question's four rarest tokens in it
    new_matched: float  # the same share as `matched`, for tokens its sheet's title does not have
    reader: float  # the best score of the span reader in it, NO_SPAN without one
    behind_reader: float  # the best of these of all units less its own
    fits: float  # flag: it names an entity of a type that is expected
    counted: float  # flag: a number stands before a word of the question in it; of a question for a number
    cues: float  # cue words of the answer type in it, at most MOST_CUES
    length: float  # characters / 100
    position: float  # in its sheet, 0 to 1
    is_first: float  # flag: the first sentence of the prose of its sheet
    is_entry: float  # flag: an entry of a list
    is_list: float  # flag: a list as a whole
    context: float  # flags: the part of the sheet that it stands in
    description: float
    results: float
    numbers: float  # figures in it, at most 4
    has_date: float
    has_place: float
    has_name: float
    kind: float  # the position of the answer type in `AnswerType`
    english: float  # flag: the question is in English
    units: float  # of its sheet, as many as there are, / 10
    fact: float  # how near the nearest fact is whose quote stands in it, -1 without
    behind_fact: float  # how much nearer the nearest fact of all units is
    fact_fits: float  # flag: that fact answers the type of question that is asked
    fact_echo: float  # the share of the question's longer words that it has in its wordings and answers
    asked: float  # the log-probability of the likeliest fact in it among those of the nearest sheets, LOWEST without
    behind_asked: float  # the best of these of all units less its own
    asked_in_sheet: float  # its log-probability among the facts of its sheet, LOWEST without
    asked_logit: float  # its logit, 0 without


FEATURES = SentenceFeatures._fields
KINDS = tuple(AnswerType)

# Features that say how far a unit is behind the best one, and in what.
BEHIND = {
    "behind_best": "closeness",
    "behind_sheet": "of_sheet",
    "behind_reader": "reader",
    "behind_fact": "fact",
    "behind_asked": "asked",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceCandidate:
    """A unit of a sheet that may answer."""

    row: int  # of the initiative in the index
    unit: Unit
    score: float  # log-odds of answering; 0 until ranked
    span: Span | None = None  # the best span of the reader in it, in characters of its passage
    lead: tuple[int, int] | None = None  # the same, in characters of the initiative's text


@dataclass(frozen=True, slots=True)
class ScoredSentences:
    """All units of the nearest sheets, with their features."""

    candidates: tuple[SentenceCandidate, ...]
    features: Floats  # [n, FEATURES]


def score_sentences(
    context: AnswerContext,
    spans: Sequence[Span],
    told: Mapping[tuple[int, int], ToldAhead],
) -> ScoredSentences:
    """The features of every unit of the first initiatives; `told` are the facts near it, by row and sentence."""
    found: list[SentenceCandidate] = []
    rows: list[list[float]] = []
    of_span = _spans_by_sentence(context, spans)
    for row, rank in context.ranks.items():
        if rank <= INITIATIVES:
            for candidate, features in _of_sheet(context, row, rank, of_span, told):
                found.append(candidate)
                rows.append(features)
    if not rows:
        return ScoredSentences((), np.zeros((0, len(FEATURES)), np.float32))
    table = np.array(rows, np.float32)
    for behind, of in BEHIND.items():
        column = table[:, FEATURES.index(of)]
        table[:, FEATURES.index(behind)] = column.max() - column
    return ScoredSentences(tuple(found), table)


def _spans_by_sentence(
    context: AnswerContext, spans: Sequence[Span]
) -> dict[tuple[int, int], tuple[Span, tuple[int, int]]]:
    """The best span in each sentence that has one, by row and sentence, and where it stands in the sheet."""
    index = context.index
    best: dict[tuple[int, int], tuple[Span, tuple[int, int]]] = {}
    for span in spans:
        row = int(index.owners[span.passage])
        offset = passage_start(index.contents.initiatives[row], index.contents.passages[span.passage])
        place = (offset + span.start, offset + span.end)
        for number, one in enumerate(context.table.sheet(row).sentences):
            if one.start <= place[0] < one.end:
                held = best.get((row, number))
                if held is None or held[0].score < span.score:
                    best[row, number] = (span, place)
    return best


def _of_sheet(
    context: AnswerContext,
    row: int,
    rank: int,
    of_span: Mapping[tuple[int, int], tuple[Span, tuple[int, int]]],
    told: Mapping[tuple[int, int], ToldAhead],
) -> "list[tuple[SentenceCandidate, list[float]]]":
    """The units of one sheet with their features, as far as they do not compare sheets."""
    sheet = context.table.sheet(row)
    if not sheet.sentences:
        return []
    ranking, weights = context.ranking, context.ranking.query.tokens.weights
    initiative, total = context.index.contents.initiatives[row], float(weights.sum())
    best, mean = _cosines(context, sheet, row)
    rarest = np.argsort(-weights)[:4]
    in_title = _title_has(context, initiative.title)
    kind, is_english = float(KINDS.index(context.answer_type)), float(ranking.query.language == "en")
    behind_first = ranking.nearest[0].score - ranking.nearest[rank - 1].score
    closeness = np.maximum(best, 0) @ weights / total
    prose = next((n for n, one in enumerate(sheet.sentences) if not one.is_heading), 0)
    found = []
    for unit in sheet.units:
        members = list(unit.members)
        words = " ".join(initiative.text[start:end] for start, end in unit.pieces)
        known = context.table.known(words)
        if context.answer_type is not AnswerType.CONTACT and known.holds_contact:
            continue
        cosines = best[members].max(axis=0)
        held = max(
            (of_span[row, number] for number in members if (row, number) in of_span),
            key=lambda one: one[0].score,
            default=None,
        )
        ahead = max(
            (told[row, number] for number in members if (row, number) in told),
            key=lambda one: (one.likelihood.logit, one.near.similarity),
            default=None,
        )
        main = sheet.sentences[unit.main]
        neighbours = [n for n in (min(members) - 1, max(members) + 1) if 0 <= n < len(closeness)]
        fresh = weights * ~in_title
        expected = expected_entities(context.answer_type)
        features = SentenceFeatures(
            closeness=float(np.maximum(cosines, 0) @ weights / total),
            behind_best=0,
            of_sheet=context.best_scores[rank],
            behind_sheet=0,
            rank=rank,
            behind_first=behind_first,
            mean_cosine=float(mean[members].mean()),
            around=float(max((closeness[n] for n in neighbours), default=0)),
            matched=float(weights[cosines >= 0.45].sum() / total),
            worst=float(cosines[rarest].min()),
            new_matched=float(fresh[cosines >= 0.45].sum() / max(fresh.sum(), 1e-6)),
            reader=held[0].score if held else NO_SPAN,
            behind_reader=0,
            fits=bool(expected & known.entities),
            counted=context.answer_type is AnswerType.HOW_MANY and _counts(known.counted, context.question_words),
            cues=min(len(_cues(context.answer_type, known.folded)), MOST_CUES),
            length=len(words) / 100,
            position=unit.main / len(sheet.sentences),
            is_first=unit.main == prose,
            is_entry=main.is_entry,
            is_list=len(unit.pieces) == 1 and len(members) > 1,
            context=main.part is Part.CONTEXT,
            description=main.part is Part.DESCRIPTION,
            results=main.part is Part.RESULTS,
            numbers=min(known.figures, 4),
            has_date=EntityType.DATE in known.entities,
            has_place=EntityType.PLACE in known.entities,
            has_name=EntityType.ORGANISATION in known.entities,
            kind=kind,
            english=is_english,
            units=len(sheet.units) / 10,
            fact=ahead.near.similarity if ahead else -1.0,
            behind_fact=0,
            fact_fits=ahead.fits if ahead else 0.0,
            fact_echo=ahead.echo if ahead else 0.0,
            asked=ahead.likelihood.among_near if ahead else LOWEST,
            behind_asked=0,
            asked_in_sheet=ahead.likelihood.in_sheet if ahead else LOWEST,
            asked_logit=ahead.likelihood.logit if ahead else 0.0,
        )
        candidate = SentenceCandidate(
            row=row, unit=unit, score=0.0, span=held[0] if held else None, lead=held[1] if held else None
        )
        found.append((candidate, [float(one) for one in features]))
    return found


def _cosines(context: AnswerContext, sheet: Sheet, row: int) -> tuple[Floats, Floats]:
    """The best cosine of each token of the question in each sentence [s, t], and the mean of all of them [s]."""
    tokens = len(context.ranking.query.tokens.weights)
    best = np.full((len(sheet.sentences), tokens), -1.0, np.float32)
    sums, counts = np.zeros(len(sheet.sentences)), np.zeros(len(sheet.sentences))
    for passage, of_token in sheet.tokens.items():
        position = int(np.searchsorted(context.passages, passage))
        if position == len(context.passages) or context.passages[position] != passage or context.similarities is None:
            continue
        cosines = context.similarities.cosines(position).T  # [n, t]
        inside = of_token >= 0
        np.maximum.at(best, of_token[inside], cosines[inside])
        np.add.at(sums, of_token[inside], cosines[inside].mean(axis=1))
        np.add.at(counts, of_token[inside], 1)
    return best, np.asarray(sums / np.maximum(counts, 1), np.float32)


def _title_has(context: AnswerContext, title: str) -> NDArray[np.bool_]:
    """Which tokens of the question stand in a word of the title, [t]."""
    query, words = context.ranking.query, frozenset(plain_words(title))
    return np.array([fold(query.text[start:end]).strip() in words for start, end in query.tokens.spans], bool)


def _counts(counted: Sequence[frozenset[str]], question_words: frozenset[str]) -> bool:
    """Whether a number counts what the question asks for, by the beginning of a word it has too."""
    asked = {word[:5] for word in question_words if len(word) > 3}
    return any({word[:5] for word in words if len(word) > 3} & asked for words in counted)


@cache
def _cue_patterns() -> Mapping[str, re.Pattern[str]]:
    tables = tomllib.loads(CUE_WORDS.read_text(encoding="utf8"))
    return {kind: re.compile(rf"(?<!\w)(?:{'|'.join(cues)})(?!\w)") for kind, cues in tables.items()}


def _cues(answer_type: AnswerType, folded: str) -> set[str]:
    pattern = _cue_patterns().get(answer_type.value)
    return set(pattern.findall(folded.replace("'", " ").replace("’", " "))) if pattern else set()


@dataclass(frozen=True)
class SentenceRanker:
    """Boosted regression trees over FEATURES, all in one table of nodes; a leaf points to itself."""

    model: str  # digest of the encoder
    data: str
    roots: NDArray[np.int32]  # [trees]
    feature: NDArray[np.int32]  # [nodes]
    threshold: Floats  # [nodes]; at most this goes left
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: Floats  # [nodes], of a leaf
    base: float
    depth: int

    @classmethod
    def open(cls, folder: Path, model: str) -> "SentenceRanker":
        """Read the ranker of a folder for the encoder with this digest.

        Raises BadRanker when there is none, when it is damaged, or when it was fitted for another encoder.
        """
        path, mend = folder / RANKER, "Run `recueil calibrate`."
        try:
            read: dict[str, Any] = json.loads(path.read_text(encoding="utf8"))
            if tuple(read["features"]) != FEATURES:
                raise BadRanker("The sentence ranker has other features than this program computes", str(path), mend)
            if read["model"] != model:
                raise BadRanker("The sentence ranker was fitted for another encoder", str(path), mend)
            return cls(
                model=read["model"],
                data=read["data"],
                roots=np.array(read["roots"], np.int32),
                feature=np.array(read["feature"], np.int32),
                threshold=np.array(read["threshold"], np.float32),
                left=np.array(read["left"], np.int32),
                right=np.array(read["right"], np.int32),
                value=np.array(read["value"], np.float32),
                base=read["base"],
                depth=read["depth"],
            )
        except FileNotFoundError:
            raise BadRanker("There is no sentence ranker", str(path), mend) from None
        except (ValueError, KeyError, TypeError) as error:
            raise BadRanker(f"The sentence ranker is damaged: {error}", str(path), mend) from None

    def save(self, folder: Path) -> None:
        """Write `sentence_ranker.json`."""
        whole = {name: getattr(self, name).tolist() for name in ("roots", "feature", "left", "right")}
        real = {name: [float(f"{one:.6g}") for one in getattr(self, name)] for name in ("threshold", "value")}
        kept = {"model": self.model, "data": self.data, "features": FEATURES, "base": self.base, "depth": self.depth}
        (folder / RANKER).write_text(json.dumps(kept | whole | real) + "\n", encoding="utf8")

    def log_odds(self, features: Floats) -> Floats:
        """The log-odds of answering of some units, float32 [n], from their features [n, FEATURES]."""
        at = np.broadcast_to(self.roots, (len(features), len(self.roots)))
        which = np.arange(len(features))[:, None]
        for _ in range(self.depth):
            goes_left = features[which, self.feature[at]] <= self.threshold[at]
            at = np.where(goes_left, self.left[at], self.right[at])
        return np.asarray(self.value[at].sum(axis=1) + self.base, np.float32)
