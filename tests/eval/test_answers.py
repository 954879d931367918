"""Answers are judged as a reader would: the known words, a right source, exact quotes, sure by as much as right."""

from dataclasses import replace
from io import StringIO

import numpy as np
import pytest
from rich.console import Console

from corpus import Source
from eval.answers import (
    AnswerQuestion,
    JudgedAnswer,
    Refusals,
    calibration_error,
    figures_of_answers,
    holds_any,
    is_exact,
    judge_answers,
    read_answer_questions,
    risk_by_coverage,
)
from eval.charts import write_answer_charts
from eval.collection import Catalogue
from eval.errors import BadCollection, CannotMeasure
from eval.tables import show_answers, show_wrong
from search import Searcher
from search.answer import Verdict
from tests.atlas import answer, initiative

ASKED = AnswerQuestion(
    id="q1",
    text="Où va le bus ?",
    language="fr",
    type="where",
    answers=("partout",),
    supports=("va partout",),
    where="qa.jsonl:1",
)
NOWHERE = AnswerQuestion(
    id="u1", text="Quel temps fera-t-il ?", language="fr", type="off_topic", answers=(), supports=(), where="qa.jsonl:2"
)


def judged(question: AnswerQuestion, right: bool, confidence: float | None, abstained: bool = False) -> JudgedAnswer:
    verdict = Verdict.REFUSED if abstained else Verdict.ANSWERED
    return JudgedAnswer(
        question=question,
        answer=replace(answer(), confidence=confidence, verdict=verdict),
        right=right,
        quotes=1,
        exact=1,
    )


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("86 personnes — Le Louvre (Pas-de-Calais)", True),
        ("« **86** Personnes, en deux ans »", True),
        ("186 personnes", False),
        ("86 agents et personnes", False),
    ],
)
def test_a_text_holds_an_answer_when_its_words_follow_each_other(text, held):
    assert holds_any(text, ["86 personnes"]) is held


def test_a_quote_is_exact_when_it_stands_in_the_lines_it_names():
    # Lines 3 and 4 of the atlas: "Le bus" and "va partout."
    (sheet,) = Catalogue.of([initiative()], []).sheets.values()
    cited = replace(answer().citations[0], quote="va partout.", source=Source("atlas", 4, 4))
    assert is_exact(cited, sheet)
    assert not is_exact(replace(cited, source=Source("atlas", 3, 3)), sheet)
    assert not is_exact(replace(cited, quote="va  partout."), sheet)


def test_figures_count_what_is_right_withheld_and_refused():
    figures = figures_of_answers(
        [
            judged(ASKED, True, 0.9),
            judged(ASKED, False, 0.3, abstained=True),
            judged(NOWHERE, False, 0.1, abstained=True),
            judged(NOWHERE, False, 0.6),
        ]
    )
    assert (figures.answerable.right, figures.answerable.withheld, figures.unanswerable.refused) == (0.5, 0.5, 0.5)
    assert figures.by_type["where"].questions == 2
    assert figures.quotes_exact == 1.0
    assert figures.auroc == 0.75  # of four pairs, only 0.3 against 0.6 is the wrong way round
    assert figures.refused_by_type == {"off_topic": Refusals(2, 0.5)}


def test_the_calibration_error_is_the_mean_distance_of_confidence_and_success():
    sure, right = np.array([0.95, 0.95, 0.15, 0.15]), np.array([True, True, False, True])
    assert calibration_error(sure, right) == pytest.approx(0.5 * 0.05 + 0.5 * 0.35)


def test_risk_grows_from_the_most_confident_answer_on():
    coverage, risk = risk_by_coverage([judged(ASKED, False, 0.2), judged(ASKED, True, 0.9)])
    assert (coverage, risk) == ([0.5, 1.0], [0.0, 0.5])


def test_answers_that_tell_no_confidence_are_judged_all_the_same(tmp_path):
    uncalibrated = [judged(ASKED, True, None), judged(NOWHERE, False, None)]
    figures = figures_of_answers(uncalibrated)
    assert (figures.answerable.right, figures.unanswerable.refused) == (1, 0)
    assert (figures.auroc, figures.calibration_error, figures.risk) == (None, None, {})
    console = Console(file=StringIO(), width=100)
    show_answers(figures, console)
    show_wrong(uncalibrated, console)
    told = console.file.getvalue()
    assert "Confidence: none, for it was fitted on other texts." in told
    assert "Risk by coverage: –." in told
    assert "answered (–): partout" in told
    with pytest.raises(CannotMeasure, match=r"No answer has a confidence.*Fit it on these: `recueil calibrate`"):
        write_answer_charts(uncalibrated, tmp_path)


def test_confidence_is_judged_on_the_answers_that_tell_one():
    figures = figures_of_answers([judged(ASKED, True, 0.9), judged(ASKED, False, None), judged(NOWHERE, False, 0.1)])
    assert (figures.auroc, figures.calibration_error) == (1, pytest.approx(0.1))
    assert figures.risk == {"25%": 0, "50%": 0, "75%": 0.5, "100%": 0.5}


def test_a_question_without_answers_is_one_that_no_sheet_answers(tmp_path):
    (tmp_path / "qa.jsonl").write_text(
        '{"qid": "q1", "lang": "fr", "type": "who", "question": "Qui ?", "answers": ["X"],'
        ' "supports": [{"document": "d", "support": "X fait"}]}\n'
        '{"qid": "u1", "lang": "en", "type": "unanswerable", "subtype": "near_miss", "question": "Who?"}\n'
    )
    (tmp_path / "no_answer.jsonl").write_text('{"qid": "n1", "lang": "fr", "query": "la grippe du chat"}\n')
    read = read_answer_questions(tmp_path)
    assert [(one.id, one.type, one.answers) for one in read] == [
        ("q1", "who", ("X",)),
        ("u1", "near_miss", ()),
        ("n1", "no_answer", ()),
    ]


def test_answers_without_supports_are_refused_with_their_line(tmp_path):
    (tmp_path / "qa.jsonl").write_text(
        '{"qid": "q1", "lang": "fr", "type": "who", "question": "Qui ?", "answers": ["X"]}'
    )
    with pytest.raises(BadCollection, match="do not belong together"):
        read_answer_questions(tmp_path)


def test_a_support_that_no_sheet_holds_is_refused(searcher: Searcher):
    with pytest.raises(BadCollection, match="No sheet holds the support of 'q1'"):
        judge_answers(Catalogue.of(searcher.catalogue.initiatives, []), lambda text: answer(), [ASKED])
