"""Questions as people speak: what facts answer in everyday words, and what a sheet is asked and does not say.

    spoken.jsonl        {"initiative", "question", "fr": […], "en": […]}: other wordings of the fact whose first wording
                        is `question`; that fact is known when they are answered, as it is when people ask
    near_misses.jsonl   {"initiative", "fr": […], "en": […]}: about that initiative, answered by no sheet

Both were written by a language model from the sheets and the facts alone, without sight of any collection.
"""

import json
from collections.abc import Iterator, Set
from pathlib import Path
from typing import Any, get_args

from corpus import Fact, Language
from eval.training.examples import FOLDER, BadTrainingQuestion, TrainingQuestion

SPOKEN, NEAR_MISSES = FOLDER / "spoken.jsonl", FOLDER / "near_misses.jsonl"

LANGUAGES: tuple[Language, ...] = get_args(Language)

Line = tuple[str, dict[str, Any]]  # where it stands, what it says


def read_spoken(path: Path, facts: tuple[Fact, ...]) -> tuple[TrainingQuestion, ...]:
    """The wordings of a file. Raises BadTrainingQuestion for another shape, or a fact that is not known."""
    known = {fact.name: fact for fact in facts}
    questions = []
    for where, line in _lines(path, {"initiative", "question", "fr", "en"}):
        fact = known.get((line["initiative"], line["question"]))
        if fact is None:
            mend = "Take the line out, or write the fact's first wording."
            raise BadTrainingQuestion("No fact has this as its first wording", where, mend)
        questions += [question_for(fact, text, language) for language in LANGUAGES for text in line[language]]
    return tuple(questions)


def question_for(fact: Fact, text: str, language: Language) -> TrainingQuestion:
    """A question that a fact answers, in whatever words; the fact is known when it is answered."""
    return TrainingQuestion(
        text=text,
        language=language,
        kind=fact.kind.value,
        initiative=fact.initiative,
        answer=fact.short.fr,
        proofs=tuple(quote.text for quote in fact.quotes),
    )


def read_near_misses(path: Path, initiatives: Set[str]) -> tuple[TrainingQuestion, ...]:
    """The near misses of a file. Raises BadTrainingQuestion for a line of another shape, or an unknown initiative."""
    questions = []
    for where, line in _lines(path, {"initiative", "fr", "en"}):
        if line["initiative"] not in initiatives:
            what, mend = f"There is no initiative '{line['initiative']}'", "Name an id, as /initiatives lists them."
            raise BadTrainingQuestion(what, where, mend)
        questions += [
            TrainingQuestion(
                text=text, language=language, kind="near_miss", initiative=None, answer=None, near=line["initiative"]
            )
            for language in LANGUAGES
            for text in line[language]
        ]
    return tuple(questions)


def _lines(path: Path, keys: set[str]) -> Iterator[Line]:
    """The objects of a file with exactly these keys, and where each stands."""
    for number, text in enumerate(path.read_text(encoding="utf8").splitlines(), start=1):
        where = f"{path}:{number}"
        try:
            line = json.loads(text)
            well_formed = set(line) == keys and all(isinstance(line[one], list) for one in LANGUAGES)
        except (ValueError, TypeError):
            well_formed = False
        if not well_formed:
            mend = f"Give a JSON object with the keys {', '.join(sorted(keys))}."
            raise BadTrainingQuestion("The line is no question as people speak", where, mend)
        yield where, line
