"""Grading: answers to be read by somebody, who gives each 0 to 3, and what they gave.

    write_texts(judged, Path("answers.md"))     # a table in Markdown, its last column empty
    grades_of(read_grades(Path("answers.md"))).mean

A figure is only worth what it means to a reader. The same questions are chosen each time, spread over types and
languages and over questions that no sheet answers: a table from before a change can be laid beside one after it.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from statistics import fmean

from eval.answers import JudgedAnswer, by_name, measured_part
from eval.collection import LanguageCode, Sheet
from eval.errors import BadCollection, CannotMeasure

READ = 60  # answers that are read

HEAD = """# Answers to read and grade

Write 0 to 3 into the last column. 3: it can be pasted into a note as it stands; or a refusal where no sheet answers.
2: it answers, and wants a touch. 1: the right sheet, not the answer; or a refusal where a sheet answers.
0: it misleads.

| question | asked | shown | cited | grade |
|---|---|---|---|---|
"""
CELL = re.compile(r"(?<!\\)\|")
NAME = re.compile(r"(\S+) (\S+) (\S+)")
MEND = "Keep the rows as they were written, and write 0, 1, 2 or 3 into the last column of each."


@dataclass(frozen=True, slots=True, kw_only=True)
class GradedText:
    """One answer that was read."""

    id: str
    language: LanguageCode
    type: str
    asked: str
    shown: str
    cited: str
    grade: int | None  # None: not read yet


@dataclass(frozen=True, slots=True)
class Grades:
    """What readers gave."""

    graded: int
    ungraded: int
    mean: float | None  # None when nothing is graded
    best: float | None  # share of 3
    by_language: dict[str, float]  # means


def chosen_to_read(judged: Iterable[JudgedAnswer], count: int = READ) -> list[JudgedAnswer]:
    """Answers to read: of each type in turn, its languages alternating, always the same ones of the same questions."""

    def ordered(of_type: Sequence[JudgedAnswer]) -> list[JudgedAnswer]:
        shuffled = sorted(of_type, key=lambda one: hashlib.sha256(one.question.id.encode()).hexdigest())
        languages = by_name(shuffled, lambda one: one.question.language, list)
        return [one for turn in zip_longest(*reversed(languages.values())) for one in turn if one is not None]

    types = by_name(measured_part(judged), lambda one: one.question.type, ordered)
    turns = (one for turn in zip_longest(*types.values()) for one in turn if one is not None)
    taken = [one for one, _ in zip(turns, range(count), strict=False)]
    return sorted(taken, key=lambda one: one.question.id)


def write_texts(judged: Iterable[JudgedAnswer], sheets: Mapping[str, Sheet], path: Path) -> int:
    """Write the answers to read as a table, and say how many. Raises CannotMeasure when the file cannot be written."""
    rows = [_row(one, sheets) for one in chosen_to_read(judged)]
    try:
        path.write_text(HEAD + "".join(f"| {' | '.join(map(_cell, row))} |\n" for row in rows), encoding="utf-8")
    except OSError as error:
        what = f"The answers cannot be written: {error.strerror}"
        raise CannotMeasure(what, str(path), "Give a path that can be written.") from None
    return len(rows)


def _row(one: JudgedAnswer, sheets: Mapping[str, Sheet]) -> tuple[str, ...]:
    cited = "\n".join(
        f"{sheets[each.initiative].title}, {each.source.document} {each.source.start_line}–{each.source.end_line}"
        for each in one.answer.citations
    )
    name = f"{one.question.id} {one.question.language} {one.question.type}"
    return (name, one.question.text, one.answer.text, cited, "")


def _cell(text: str) -> str:
    return text.replace("|", r"\|").replace("\n", "<br>")


def read_grades(path: Path) -> tuple[GradedText, ...]:
    """Read a table back. Raises BadCollection, with its line, for a row that is none and a grade that is none."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        what = f"The graded answers cannot be read: {getattr(error, 'strerror', None) or error}"
        raise BadCollection(what, str(path), "Give a file that `recueil eval answers --texts` wrote.") from None
    rows = [(f"{path}:{number}", line) for number, line in enumerate(lines, start=1) if line.startswith("|")]
    if len(rows) <= 2:  # the heading and the rule under it
        raise BadCollection("The file holds no graded answer", str(path), MEND)
    return tuple(_graded(where, line) for where, line in rows[2:])


def _graded(where: str, line: str) -> GradedText:
    cells = [cell.strip().replace(r"\|", "|").replace("<br>", "\n") for cell in CELL.split(line)[1:-1]]
    name = NAME.fullmatch(cells[0]) if len(cells) == 5 else None
    if not name:
        raise BadCollection("This row has other columns than question, asked, shown, cited, grade", where, MEND)
    if cells[4] not in ("", "0", "1", "2", "3"):
        raise BadCollection(f"'{cells[4]}' is no grade", where, MEND)
    return GradedText(
        id=name[1],
        language=name[2],
        type=name[3],
        asked=cells[1],
        shown=cells[2],
        cited=cells[3],
        grade=int(cells[4]) if cells[4] else None,
    )


def grades_of(texts: Sequence[GradedText]) -> Grades:
    """Mean and share of 3 of what is graded."""
    grades = [one.grade for one in texts if one.grade is not None]
    languages = dict(_by_language(texts))
    return Grades(
        graded=len(grades),
        ungraded=len(texts) - len(grades),
        mean=fmean(grades) if grades else None,
        best=grades.count(3) / len(grades) if grades else None,
        by_language=languages,
    )


def _by_language(texts: Sequence[GradedText]) -> Iterator[tuple[str, float]]:
    for language in sorted({one.language for one in texts}):
        if grades := [one.grade for one in texts if one.language == language and one.grade is not None]:
            yield language, fmean(grades)
