"""Sixty answers are written out to be read, the same ones each time, and come back with the grades of a reader."""

from collections import Counter
from pathlib import Path

import pytest

from corpus import Source
from eval.answers import AnswerQuestion, JudgedAnswer
from eval.collection import Sheet
from eval.errors import BadCollection, CannotMeasure
from eval.grading import Grades, chosen_to_read, grades_of, read_grades, write_texts
from search import Citation
from search.answer import Answer, MadeBy, Statement, Verdict

SHEETS = {"bus": Sheet(id="bus", title="Le bus | car", document="d", theme=None, text="x", start_line=1, same_as=())}


def judged(number: int, type_: str, language: str) -> JudgedAnswer:
    answer = Answer(
        question="",
        language="fr",
        verdict=Verdict.ANSWERED,
        confidence=0.9,
        statements=(Statement("Un | deux.", (0,)), Statement("Aussi : « trois »", ())),
        citations=(Citation("bus", (), "x", Source("d", 3, 4)),),
        path=MadeBy.EXTRACTIVE,
        fallback=None,
        removed=0,
        took_ms=1.0,
    )
    question = AnswerQuestion(
        id=f"{type_}-{language}-{number}", text="Où | quand ?", language=language, type=type_, where="x:1"
    )
    return JudgedAnswer(question=question, answer=answer, holds=True, cited=True, flaws=(), quotes=1, exact=1)


MANY = [judged(n, type_, lang) for n in range(9) for type_ in ("who", "how", "near_miss") for lang in ("fr", "en")]


def test_what_is_read_is_spread_over_types_and_languages():
    chosen = chosen_to_read(MANY, 12)
    assert Counter(one.question.type for one in chosen) == {"who": 4, "how": 4, "near_miss": 4}
    assert Counter(one.question.language for one in chosen) == {"fr": 6, "en": 6}


def test_the_same_questions_are_read_whatever_their_order():
    assert chosen_to_read(MANY, 12) == chosen_to_read(MANY[::-1], 12)


def test_fewer_answers_than_are_read_are_all_read():
    assert len(chosen_to_read(MANY[:5])) == 5


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "answers.md"
    assert write_texts(MANY[:3], SHEETS, path) == 3
    return path


def test_a_row_has_question_answer_source_and_room_for_a_grade(table):
    (row,) = (line for line in table.read_text().split("\n") if line.startswith("| who-en-0"))
    shown = r"Un \| deux.<br>Aussi : « trois »"
    assert row == rf"| who-en-0 en who | Où \| quand ? | {shown} | Le bus \| car, d 3–4 |  |"


def test_grades_come_back_with_the_answers_they_are_for(table):
    lines = table.read_text().split("\n")
    table.write_text("\n".join(line[:-2] + f"{2 + ('en' in line)} |" if "| who" in line else line for line in lines))
    texts = read_grades(table)
    assert [(one.id, one.language, one.grade) for one in texts] == [
        ("how-fr-0", "fr", None),
        ("who-en-0", "en", 3),
        ("who-fr-0", "fr", 2),
    ]
    assert (texts[0].asked, texts[0].shown) == ("Où | quand ?", "Un | deux.\nAussi : « trois »")
    assert grades_of(texts) == Grades(graded=2, ungraded=1, mean=2.5, best=0.5, by_language={"en": 3, "fr": 2})


def test_nothing_graded_has_no_mean(table):
    assert grades_of(read_grades(table)) == Grades(graded=0, ungraded=3, mean=None, best=None, by_language={})


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("| k1 fr who | ? | x | y | 4 |", "'4' is no grade"),
        ("| k1 fr who | ? | x | y | good |", "'good' is no grade"),
        ("| k1 fr who | ? | x | 3 |", "This row has other columns"),
        ("| k1 | ? | x | y | 3 |", "This row has other columns"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_with_its_line(table, row, said):
    with table.open("a") as file:
        file.write(row)
    with pytest.raises(BadCollection, match=rf"{said}.*answers\.md:\d+"):
        read_grades(table)


def test_a_file_without_a_table_and_one_that_is_missing_are_refused(tmp_path):
    (tmp_path / "empty.md").write_text("# Nothing\n")
    with pytest.raises(BadCollection, match="holds no graded answer"):
        read_grades(tmp_path / "empty.md")
    with pytest.raises(BadCollection, match=r"cannot be read: No such file.*eval answers --texts"):
        read_grades(tmp_path / "none.md")


def test_a_table_that_cannot_be_written_is_a_fault(tmp_path):
    with pytest.raises(CannotMeasure, match="The answers cannot be written"):
        write_texts(MANY, SHEETS, tmp_path)
