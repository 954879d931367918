"""Training questions: what the files beside the code hold, and what they keep apart."""

import json
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from corpus import Corpus, Initiative
from corpus.text import plain_words
from eval.training import (
    CONFIDENCE,
    READER,
    BadTrainingQuestion,
    TrainingQuestion,
    read_training_questions,
)
from search import readable
from search.answer import BUNDLED, FACTS, AnswerType

DEVELOPMENT = Path(__file__).parents[3] / "eval" / "collections" / "development"

RECORD = {
    "initiative": "atlas-le-bus-01",
    "language": "fr",
    "kind": "where",
    "question": "Où va le bus ?",
    "answer": "partout",
}


def written(folder: Path, *records: Any) -> Path:
    """A file of these records, one a line."""
    lines = [json.dumps(record, ensure_ascii=False) + "\n" for record in records]
    (folder / "questions.jsonl").write_text("".join(lines), encoding="utf8")
    return folder / "questions.jsonl"


def test_a_line_is_a_question_with_its_answer(tmp_path: Path):
    unanswered = RECORD | {"initiative": None, "answer": None, "language": "en"}
    assert read_training_questions(written(tmp_path, RECORD, unanswered)) == (
        TrainingQuestion(
            text="Où va le bus ?", language="fr", kind="where", initiative="atlas-le-bus-01", answer="partout"
        ),
        TrainingQuestion(text="Où va le bus ?", language="en", kind="where", initiative=None, answer=None),
    )


def test_an_empty_file_holds_no_question(tmp_path: Path):
    assert read_training_questions(written(tmp_path)) == ()


@pytest.mark.parametrize(
    "record",
    [
        {},
        [],
        7,
        None,
        {key: value for key, value in RECORD.items() if key != "kind"},
        RECORD | {"colour": "red"},
        RECORD | {"answer": None},
        RECORD | {"initiative": None},
    ],
    ids=[
        "nothing",
        "a list",
        "a number",
        "null",
        "a key less",
        "a key more",
        "a sheet without answer",
        "an answer without sheet",
    ],
)
def test_a_line_that_is_no_question_is_refused_with_its_number(tmp_path: Path, record: Any):
    with pytest.raises(
        BadTrainingQuestion, match=r"no training question \(.*questions\.jsonl:2\)\. Give a JSON object with"
    ):
        read_training_questions(written(tmp_path, RECORD, record))


def test_a_line_that_is_no_json_is_refused_with_its_number(tmp_path: Path):
    path = written(tmp_path, RECORD)
    path.write_text(path.read_text(encoding="utf8") + "{\n", encoding="utf8")
    with pytest.raises(BadTrainingQuestion, match=r"questions\.jsonl:2\)\. Give a JSON object with the keys answer, "):
        read_training_questions(path)


@pytest.fixture(scope="module")
def reader() -> tuple[TrainingQuestion, ...]:
    return read_training_questions(READER)


@pytest.fixture(scope="module")
def confidence() -> tuple[TrainingQuestion, ...]:
    return read_training_questions(CONFIDENCE)


@pytest.fixture(scope="module", params=[READER, CONFIDENCE], ids=["reader", "confidence"])
def shipped(request: pytest.FixtureRequest) -> tuple[TrainingQuestion, ...]:
    return read_training_questions(request.param)


def test_questions_are_of_both_languages_and_of_known_kinds(shipped: Sequence[TrainingQuestion]):
    languages = Counter(question.language for question in shipped)
    assert set(languages) == {"fr", "en"}
    assert min(languages.values()) > len(shipped) / 3
    assert {question.kind for question in shipped} <= set(AnswerType)


def test_no_question_of_a_file_comes_twice(shipped: Sequence[TrainingQuestion]):
    counts = Counter(question.text for question in shipped)
    assert [text for text, count in counts.items() if count > 1] == []


def test_a_quarter_of_the_questions_or_more_is_answered_by_no_sheet(shipped: Sequence[TrainingQuestion]):
    assert sum(question.answer is None for question in shipped) >= len(shipped) / 4


def test_only_search_words_have_an_empty_answer(shipped: Sequence[TrainingQuestion]):
    assert {question.kind for question in shipped if question.answer == ""} == {AnswerType.TOPIC}


def said_by(told: Initiative) -> str:
    """The words of a sheet and of its fields, spaces around each."""
    fields = [told.title, told.territory, told.status, told.start_text, *told.carriers, *told.partners, told.text]
    fields += [str(told.start_year), *(departement.name for departement in told.departements)]
    return f" {' '.join(plain_words(' | '.join(readable(field) for field in fields if field)))} "


def test_every_answer_stands_in_its_sheet(corpus: Corpus, shipped: Sequence[TrainingQuestion]):
    said = {told.id: said_by(told) for told in corpus.initiatives}
    answered = ((one, f" {' '.join(plain_words(readable(one.answer)))} ") for one in shipped if one.answer)
    assert [one for one, words in answered if words not in said[one.initiative or ""]] == []


def wordings(questions: Sequence[TrainingQuestion]) -> set[str]:
    return {" ".join(plain_words(question.text)) for question in questions}


def of_development() -> set[str]:
    """The questions of the development collection, in plain words."""
    records = [
        json.loads(line)
        for name in ("qa", "queries", "no_answer")
        for line in (DEVELOPMENT / f"{name}.jsonl").read_text(encoding="utf8").splitlines()
    ]
    return {" ".join(plain_words(record.get("question") or record["query"])) for record in records}


def test_no_initiative_both_trains_the_reader_and_calibrates(
    corpus: Corpus, reader: Sequence[TrainingQuestion], confidence: Sequence[TrainingQuestion]
):
    tellings = {one.id: {one.id, *one.same_as} for one in corpus.initiatives}
    trained = {telling for one in reader if one.initiative for telling in tellings[one.initiative]}
    assert trained.isdisjoint(one.initiative for one in confidence)


def test_no_question_that_a_sheet_answers_is_in_both_files(
    reader: Sequence[TrainingQuestion], confidence: Sequence[TrainingQuestion]
):
    trained, fitted = ([one for one in of if one.initiative] for of in (reader, confidence))
    assert wordings(trained).isdisjoint(wordings(fitted))


def test_no_question_that_calibrates_is_one_of_the_development_collection(confidence: Sequence[TrainingQuestion]):
    assert wordings(confidence).isdisjoint(of_development())


def test_no_question_that_trains_with_an_answer_is_one_of_the_development_collection(
    reader: Sequence[TrainingQuestion],
):
    assert wordings([one for one in reader if one.initiative]).isdisjoint(of_development())


@pytest.mark.xfail(
    raises=AssertionError,
    reason="fourteen questions on something else were thought of twice; they leave with a new calibration",
)
def test_no_question_is_in_both_files(reader: Sequence[TrainingQuestion], confidence: Sequence[TrainingQuestion]):
    assert wordings(reader).isdisjoint(wordings(confidence))


@pytest.mark.xfail(
    raises=AssertionError,
    reason="three questions on something else were thought of twice; they leave with a new training",
)
def test_no_question_that_trains_is_one_of_the_development_collection(reader: Sequence[TrainingQuestion]):
    assert wordings(reader).isdisjoint(of_development())


def test_the_shipped_reader_was_trained_on_the_shipped_questions():
    trained_on = json.loads((BUNDLED / FACTS).read_text(encoding="utf8"))["trained_on"]
    assert any(sha256(READER.read_bytes()).hexdigest() in source for source in trained_on)
