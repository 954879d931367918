"""Examples to train on: questions with known answers, and what the span reader is shown of them.

    {"initiative", "language", "kind", "question", "answer"}

is a question over sheets. `kind` is its answer type; `answer` is word for word in the sheet, "" for words typed into a
search box that the initiative fits, and null, like `initiative`, for what no sheet answers. They were written by a
language model from the sheets alone, without sight of any collection. `reader.jsonl` trains the span reader;
`confidence.jsonl`, on other initiatives, the calibration.

    of_sheets(searcher, read_training_questions(READER))        # over the passages of an index
    of_paragraphs(read_paragraphs(path), exact, served, done)   # over paragraphs of an encyclopaedia (SQuAD, PIAF)

give the reader's examples: a question, passages with the place of its answer, and passages without it.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus import Fact, Fault, Initiative, Language
from corpus.text import normalise_text
from index import Encoded, Encoder, Index, inverse_document_frequency, unit_rows
from search import Searcher

FOLDER = Path(__file__).with_name("questions")
READER, CONFIDENCE = FOLDER / "reader.jsonl", FOLDER / "confidence.jsonl"

KEYS = {"initiative", "language", "kind", "question", "answer"}

# Passages that search finds for a question: those the reader must tell from the one that answers.
DISTRACTORS = 10

# Characters of an encyclopaedia paragraph that are read: what the encoder takes in.
PARAGRAPH_LENGTH = 2200

# The French ways to begin a question, and the English ones: half translated questions teach the reader the English
# words by which it must tell what is asked; the encoder brings the rest of the two languages together.
ENGLISH_BEGINNINGS = (
    (r"Combien coûte\w*", "How much costs"),
    (r"Combien d[e']", "How many "),
    (r"Combien", "How many"),
    (r"Qui\b", "Who"),
    (r"Quand\b", "When"),
    (r"En quelle année", "In which year"),
    (r"(?:À|A) quelle date", "On which date"),
    (r"Dans quelle? ville", "In which town"),
    (r"Où\b", "Where"),
    (r"Comment\b", "How"),
    (r"Pourquoi\b", "Why"),
    (r"Quelle? est", "What is"),
    (r"Quelle?s sont", "What are"),
    (r"Dans quelle?s?\b", "In which"),
    (r"(?:À|A) quelle?s?\b", "At which"),
    (r"Quelle?s?\b", "Which"),
    (r"Qu'est[- ]ce qu[e'i]\b", "What is it that"),
    (r"De quoi\b", "Of what"),
    (r"Que\b", "What"),
)


class BadTrainingQuestion(Fault):
    """A file to train on cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingQuestion:
    """One question and what answers it."""

    text: str
    language: Language
    kind: str  # an AnswerType
    initiative: str | None  # id of the sheet that answers, None when none does
    answer: str | None  # exact words of the sheet; "" for search words that the initiative fits
    proofs: tuple[str, ...] = ()  # sentences of the sheet that say so, where they are known
    fact: Fact | None = None  # the fact that it is a wording of, which must not be known when it is trained on
    near: str | None = None  # id of the initiative that it is about, though its sheet does not answer


def read_training_questions(path: Path) -> tuple[TrainingQuestion, ...]:
    """Read a file of training questions. Raises BadTrainingQuestion with the line that is none."""
    questions = []
    for number, line in enumerate(path.read_text(encoding="utf8").splitlines(), start=1):
        try:
            record = json.loads(line)
            well_formed = set(record) == KEYS and (record["initiative"] is None) == (record["answer"] is None)
        except (ValueError, TypeError):
            well_formed = False
        if not well_formed:
            what = "The line is no training question"
            raise BadTrainingQuestion(
                what, f"{path}:{number}", f"Give a JSON object with the keys {', '.join(sorted(KEYS))}."
            )
        questions.append(
            TrainingQuestion(
                text=record["question"],
                language=record["language"],
                kind=record["kind"],
                initiative=record["initiative"],
                answer=record["answer"],
            )
        )
    return tuple(questions)


# --- Examples for the span reader


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of an encyclopaedia with questions on it."""

    article: int
    text: str  # the article's title, then the paragraph
    questions: tuple[tuple[str, int, int], ...]  # question, and the characters of `text` that answer it


@dataclass(frozen=True, slots=True)
class Text:
    """A passage or a question as the reader sees it."""

    states: NDArray[np.float16]  # [n, d], centred unit rows
    tokens: NDArray[np.int32]  # [n], vocabulary ids
    weights: NDArray[np.float32]  # [n], idf; empty for a passage


@dataclass(frozen=True, slots=True)
class Answering:
    """Where a passage answers a question: tokens first to last, inclusive; each place is as good."""

    passage: int  # position in Examples.passages
    places: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A question and passages for it."""

    questions: tuple[Text, ...]  # wordings of the same question
    answering: tuple[Answering, ...]  # empty for what no passage answers
    distractors: tuple[int, ...]  # positions in Examples.passages: alike, without the answer


@dataclass(frozen=True, slots=True)
class Examples:
    """Examples over the same passages."""

    passages: tuple[Text, ...]
    examples: tuple[Example, ...]


def of_sheets(searcher: Searcher, questions: Iterable[TrainingQuestion]) -> Examples:
    """Examples over the passages of an index. Raises BadTrainingQuestion for an answer that its sheet does not hold."""
    index = searcher.index
    passages = tuple(_passage_text(index, row) for row in range(len(index.contents.passages)))
    return Examples(passages, tuple(_sheet_example(searcher, one) for one in questions if one.answer != ""))


def _passage_text(index: Index, passage: int) -> Text:
    rows, bank = index.multivector.reading_order(passage), index.multivector
    return Text(bank.centred(rows).astype(np.float16), bank.tokens[rows], np.zeros(0, np.float32))


def _sheet_example(searcher: Searcher, question: TrainingQuestion) -> Example:
    ranking, index, clusters = searcher.rank(question.text), searcher.index, searcher.passage_clusters
    query, encoded = ranking.query, ranking.query.encoded
    states = index.centre.states(encoded.states).astype(np.float16)
    text = Text(states, encoded.tokens, index.multivector.weights(encoded.tokens))
    answering = () if question.initiative is None else _answering(searcher, question)
    near = np.flatnonzero(np.isin(clusters, [clusters[one.passage] for one in ranking.nearest[:5]]))
    scores = index.multivector.compare(query.tokens.embeddings, near).scores(query.tokens.weights)
    held = {one.passage for one in answering}
    nearest = [int(row) for row in near[np.argsort(-scores)] if int(row) not in held]
    return Example((text,), answering, tuple(nearest[:DISTRACTORS]))


def _answering(searcher: Searcher, question: TrainingQuestion) -> tuple[Answering, ...]:
    """All passages of all tellings that hold the words of the answer; none for what stands in a field only."""
    initiative = searcher.catalogue.initiative(question.initiative or "")
    told = {initiative.id, *initiative.same_as}
    if not _occurrences(normalise_text(initiative.text).text, question.answer or "") and not _in_fields(
        initiative, question
    ):
        raise BadTrainingQuestion(
            f"The sheet '{initiative.id}' does not hold the answer '{question.answer}'",
            question.text,
            "Give the words of the sheet.",
        )
    found = []
    for row, passage in enumerate(searcher.index.contents.passages):
        if passage.initiative in told:
            readable, spans = (
                normalise_text(passage.text),
                searcher.index.multivector.spans[searcher.index.multivector.reading_order(row)],
            )
            spots = (readable.source_span(*place) for place in _occurrences(readable.text, question.answer or ""))
            places = tuple(place for spot in spots if (place := _tokens_of(spans, *spot)))
            if places:
                found.append(Answering(row, places))
    return tuple(found)


def _in_fields(initiative: Initiative, question: TrainingQuestion) -> bool:
    fields = [initiative.title, initiative.territory or "", *initiative.lead_organisations, *initiative.partners]
    fields += [departement.name for departement in initiative.departements]
    fields += [str(initiative.start_year), initiative.start_text or "", initiative.status or "", initiative.text]
    return any(_occurrences(normalise_text(field).text, question.answer or "") for field in fields)


def _occurrences(text: str, answer: str) -> list[tuple[int, int]]:
    """Spans of a text that hold the words of an answer, punctuation, markup and casing aside."""
    words = re.findall(r"\w+", normalise_text(answer).text)
    pattern = r"(?<!\w)" + r"[\W_]*".join(map(re.escape, words)) + r"(?!\w)"
    return [match.span() for match in re.finditer(pattern, text, re.IGNORECASE)] if words else []


def _tokens_of(spans: NDArray[np.int32], start: int, end: int) -> tuple[int, int] | None:
    """First and last token that stand within some characters, inclusive."""
    inside = np.flatnonzero((spans[:, 0] >= 0) & (spans[:, 1] > start) & (spans[:, 0] < end))
    return (int(inside[0]), int(inside[-1])) if len(inside) else None


def of_paragraphs(
    paragraphs: Sequence[Paragraph], exact: Encoder, served: Encoder, done: Callable[[int], None]
) -> Examples:
    """Examples of questions on paragraphs, each question also begun in English.

    `exact` encodes the paragraphs and `served` the questions, as for an index; `done` is told of every paragraph.
    """
    encoded, questions = [], []
    for paragraph in paragraphs:
        encoded.append(exact.passages([paragraph.text])[0])
        questions.append([served.questions(_wordings(question)) for question, _, _ in paragraph.questions])
        done(1)
    passages = _centred(encoded)
    asked = _centred([wording for of_paragraph in questions for wordings in of_paragraph for wording in wordings])
    following = iter(_with_idf(asked, passages))
    articles = [paragraph.article for paragraph in paragraphs]
    examples = []
    for row, (paragraph, wordings) in enumerate(zip(paragraphs, questions, strict=True)):
        siblings = tuple(
            other for other, article in enumerate(articles) if article == paragraph.article and other != row
        )
        for (_, start, end), of_question in zip(paragraph.questions, wordings, strict=True):
            texts = tuple(next(following) for _ in of_question)
            place = _tokens_of(encoded[row].spans, start, end)
            if place:
                examples.append(Example(texts, (Answering(row, (place,)),), siblings))
    return Examples(tuple(passages), tuple(examples))


def read_paragraphs(path: Path) -> list[Paragraph]:
    """Read a file in SQuAD's format. Raises BadTrainingQuestion when it is no such file."""
    try:
        articles = json.loads(path.read_text(encoding="utf8"))["data"]
        return [
            _paragraph(number, f"{article.get('title') or ''}. ", paragraph)
            for number, article in enumerate(articles)
            for paragraph in article["paragraphs"]
        ]
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        what = f"The questions on paragraphs cannot be read: {error}"
        raise BadTrainingQuestion(what, str(path), "Give a file in the format of SQuAD 1.1, such as PIAF.") from None


def _paragraph(article: int, title: str, paragraph: Mapping[str, Any]) -> Paragraph:
    text = (title + paragraph["context"])[:PARAGRAPH_LENGTH]
    answers = [(one["question"], one["answers"][0]) for one in paragraph["qas"]]
    spans = [(question, len(title) + one["answer_start"], one["text"]) for question, one in answers]
    return Paragraph(article, text, tuple((question, start, start + len(words)) for question, start, words in spans))


def _wordings(question: str) -> list[str]:
    """The question, and the same begun in English where it begins in a way that is known.

    Example: "Combien de places a le cirque ?" → that, and "How many places a le cirque ?"
    """
    for french, english in ENGLISH_BEGINNINGS:
        if begun := re.match(french, question):
            return [question, english + question[begun.end() :]]
    return [question]


def _centred(encoded: Sequence[Encoded]) -> list[Text]:
    """Texts of one kind, centred on their mean as those of an index are on theirs; weights are left out."""
    mean = np.concatenate([one.states for one in encoded]).mean(axis=0, dtype=np.float64).astype(np.float32)
    none = np.zeros(0, np.float32)
    return [Text(unit_rows(one.states - mean).astype(np.float16), one.tokens, none) for one in encoded]


def _with_idf(questions: Sequence[Text], passages: Sequence[Text]) -> Iterator[Text]:
    """Questions with the idf of their tokens among the passages, as an index weighs them."""
    starts = np.cumsum([0, *(len(passage.tokens) for passage in passages)])
    idf = inverse_document_frequency(np.concatenate([passage.tokens for passage in passages]), starts)
    for question in questions:
        yield replace(question, weights=idf[np.minimum(question.tokens, len(idf) - 1)])
