"""Training questions: questions over sheets with their exact answers, and questions that no sheet answers.

    {"initiative", "language", "kind", "question", "answer"}

`kind` is its answer type; `answer` is word for word in the sheet, "" for words typed into a search box that the
initiative fits, and null, like `initiative`, for what no sheet answers. Written by a language model from the sheets
alone, without sight of any collection. `reader.jsonl` trains the span reader; `confidence.jsonl`, on other initiatives,
the calibration.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from corpus import Fault, Language

FOLDER = Path(__file__).with_name("questions")
READER, CONFIDENCE = FOLDER / "reader.jsonl", FOLDER / "confidence.jsonl"

KEYS = {"initiative", "language", "kind", "question", "answer"}


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
