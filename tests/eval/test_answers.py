"""Answers are judged as a reader would: the first statement alone, the gold words, a right source, whole sentences."""

from dataclasses import replace
from io import StringIO

import numpy as np
import pytest
from rich.console import Console

from corpus import Source
from eval.answer_figures import (
    Bin,
    Refusals,
    Shares,
    Sure,
    calibration_error,
    figures_of_answers,
    floored_answer_series,
    reliability_of,
    risk_by_coverage,
)
from eval.answers import (
    KEPT_OUT,
    AnswerQuestion,
    JudgedAnswer,
    answer_series,
    answer_slices,
    is_exact,
    judge_answers,
    read_answer_questions,
    what_went_wrong,
)
from eval.charts import write_answer_charts
from eval.collection import Catalogue
from eval.errors import BadCollection, CannotMeasure
from eval.tables import show_answers, show_wrong
from eval.whole import Flaw
from search import Searcher
from search.answer import Statement, Verdict
from tests.atlas import answer, initiative

ASKED = AnswerQuestion(
    id="q1",
    text="Où va le bus ?",
    language="fr",
    type="where",
    answers=(("partout",),),
    supports=("va partout",),
    where="qa.jsonl:1",
)
NOWHERE = AnswerQuestion(id="u1", text="Quel temps fera-t-il ?", language="fr", type="off_topic", where="qa.jsonl:2")
NEARLY = replace(NOWHERE, id="u2", type="near_miss")
INITIATIVES = (initiative(), replace(initiative(), id="atlas-le-train-01", text="Le train\nreste.", same_as=()))
ATLAS = Catalogue.of(INITIATIVES, [])


def judged(
    question: AnswerQuestion,
    right: bool,
    confidence: float | None,
    verdict: Verdict = Verdict.ANSWERED,
) -> JudgedAnswer:
    return JudgedAnswer(
        question=question,
        answer=replace(answer(), confidence=confidence, verdict=verdict),
        holds=right,
        cited=right,
        flaws=(),
        quotes=1,
        exact=1,
    )


def judged_text(*statements: Statement, **changed: object) -> JudgedAnswer:
    """What the atlas answers, its statements given."""
    told = replace(answer(), statements=statements or answer().statements, **changed)
    (one,) = judge_answers(ATLAS, lambda text: told, [ASKED])
    return one


WHOLE = "partout — Le bus (Ain) : « Le bus va partout. »"


def quoting(text: str, quote: str = "Le bus\nva partout.") -> JudgedAnswer:
    return judged_text(Statement(text, (0,)), citations=(replace(answer().citations[0], quote=quote),))


def test_a_whole_sentence_with_the_gold_words_from_a_right_source_is_right():
    assert quoting(WHOLE).right
    assert what_went_wrong(quoting(WHOLE)) is None


def test_another_telling_is_a_right_source_and_another_initiative_is_not():
    telling = replace(initiative(), id="atlas-le-car-01", same_as=("atlas-le-bus-01",))
    catalogue = Catalogue.of([*INITIATIVES, telling], [])
    for id_, right in (("atlas-le-car-01", True), ("atlas-le-train-01", False)):
        cited = replace(answer().citations[0], initiative=id_, also_in=(), quote="Le bus\nva partout.")
        told = replace(answer(), statements=(Statement(WHOLE, (0,)),), citations=(cited,))
        (one,) = judge_answers(catalogue, lambda text, told=told: told, [ASKED])
        assert one.cited is right
        assert (what_went_wrong(one) is None) is right


def test_what_follows_the_first_statement_counts_for_nothing():
    first, also = Statement("Le bus (Ain) : « Le bus roule. »", (0,)), Statement("Aussi : « partout »", (0,))
    assert not judged_text(first, also).holds
    assert not judged_text(first, Statement("Oui, partout.", (0,))).right


def test_a_source_that_only_a_later_statement_cites_is_none():
    assert not judged_text(Statement("Partout.", ()), Statement("Le bus va partout.", (0,))).cited


def test_the_gold_words_in_half_a_sentence_are_told_apart_from_a_right_answer():
    cut = quoting("« … va partout. »", "va partout.")
    assert (cut.holds, cut.cited, cut.right) == (True, True, False)
    assert cut.flaws == (Flaw.BEGINS, Flaw.CUT)
    assert what_went_wrong(cut) == "answered, but not in whole sentences"


def test_a_lead_with_another_figure_than_the_gold_is_wrong_whatever_the_quote_says():
    asked = replace(ASKED, answers=(("2014",),))
    for lead, holds in (("2016", False), ("2014", True)):
        told = replace(answer(), statements=(Statement(f"{lead} — « Le bus va partout depuis 2014. »", (0,)),))
        cited = (replace(answer().citations[0], quote="Le bus va partout depuis 2014."),)
        told = replace(told, citations=cited)
        (one,) = judge_answers(ATLAS, lambda text, told=told: told, [asked])
        assert one.holds is holds


def test_of_a_refusal_nothing_holds():
    refused = judged_text(Statement("Rien sur : partout.", ()), verdict=Verdict.REFUSED)
    assert (refused.holds, refused.cited, refused.flaws, refused.sure) == (False, False, (), False)
    assert what_went_wrong(refused) == "withheld, though a sheet answers it"


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
            judged(ASKED, False, 0.3, Verdict.REFUSED),
            judged(NOWHERE, False, 0.1, Verdict.REFUSED),
            judged(NEARLY, False, 0.6),
        ]
    )
    assert figures.answerable == Shares(questions=2, right=0.5, holds=0.5, whole=1.0, withheld=0.5)
    assert (figures.near_misses, figures.other_subjects) == (Refusals(1, 0.0), Refusals(1, 1.0))
    assert figures.by_type["where"].questions == 2
    assert figures.quotes_exact == 1.0
    assert figures.auroc == 0.75  # of four pairs, only 0.3 against 0.6 is the wrong way round


def test_of_what_is_marked_sure_the_share_that_is_right_counts_questions_that_nothing_answers():
    closest = judged(ASKED, False, 0.5, Verdict.CLOSEST)
    sure = [judged(ASKED, True, 0.9), judged(ASKED, True, 0.9), judged(NEARLY, False, 0.9)]
    assert figures_of_answers([*sure, closest]).sure == Sure(answers=3, right=pytest.approx(2 / 3))
    assert figures_of_answers([closest]).sure is None


def test_figures_are_those_of_the_questions_kept_out_of_training_where_there_are_any():
    known, kept = judged(ASKED, True, 0.9), judged(replace(ASKED, id="k1", part=KEPT_OUT), False, 0.9)
    figures = figures_of_answers([known, kept])
    assert (figures.answerable.questions, figures.answerable.right) == (1, 0)
    assert {name: of.right for name, of in figures.by_part.items()} == {"kept out": 0, "others": 1}
    assert figures_of_answers([known]).answerable.right == 1


def test_a_gate_gets_each_of_it_as_a_series():
    some = [
        judged(ASKED, True, 0.9),
        judged(replace(ASKED, id="k1", part=KEPT_OUT, type="who", language="en"), False, 0.9),
        judged(NOWHERE, False, 0.1, Verdict.REFUSED),
        judged(replace(NEARLY, part=KEPT_OUT), False, 0.6, Verdict.CLOSEST),
    ]
    assert answer_series(some) == {
        "answers_right": {"ask:q1": 1, "ask:k1": 0},
        "answers_given": {"ask:q1": 1, "ask:k1": 1},
        "near_misses_refused": {"ask:u2": 0},
        "others_refused": {"ask:u1": 1},
        "quotes_exact": {"ask:q1": 1, "ask:k1": 1, "ask:u1": 1, "ask:u2": 1},
    }
    assert {one.label: one.members for one in answer_slices(some)} == {
        "answer part kept out": ("ask:k1", "ask:u2"),
        "answer part others": ("ask:q1", "ask:u1"),
        "answer type near_miss": ("ask:u2",),
        "answer type who": ("ask:k1",),
        "answer language en": ("ask:k1",),
        "answer language fr": ("ask:u2",),
    }


def test_what_is_sure_and_in_time_is_held_to_floors_alone():
    slow = judged(replace(ASKED, id="k2", part=KEPT_OUT), True, 0.9)
    slow = replace(slow, answer=replace(slow.answer, took_ms=121.0))
    some = [judged(replace(ASKED, id="k1", part=KEPT_OUT), False, 0.4, Verdict.CLOSEST), slow, judged(ASKED, True, 0.9)]
    assert floored_answer_series(some) == {
        "answers.sure_right": {"ask:k2": 1},
        "answers.in_time": {"ask:k1": 1, "ask:k2": 0},
        "answers.calibrated": {"ask": pytest.approx(0.75)},
    }
    assert floored_answer_series([judged(ASKED, True, None)])["answers.calibrated"] == {}


def test_the_calibration_error_is_the_mean_distance_of_confidence_and_success():
    sure, right = np.array([0.95, 0.95, 0.15, 0.15]), np.array([True, True, False, True])
    assert calibration_error(sure, right) == pytest.approx(0.5 * 0.05 + 0.5 * 0.35)


def test_a_reliability_table_has_the_bins_that_hold_answers():
    sure, right = np.array([1.0, 0.9, 0.15]), np.array([True, False, True])
    assert reliability_of(sure, right) == (
        Bin(least=0.1, answers=1, confidence=pytest.approx(0.15), right=1),
        Bin(least=0.9, answers=2, confidence=pytest.approx(0.95), right=0.5),
    )


def test_risk_grows_from_the_most_confident_answer_on():
    coverage, risk = risk_by_coverage([judged(ASKED, False, 0.2), judged(ASKED, True, 0.9)])
    assert (coverage, risk) == ([0.5, 1.0], [0.0, 0.5])


def test_answers_that_tell_no_confidence_are_judged_all_the_same(tmp_path):
    uncalibrated = [judged(ASKED, True, None), judged(NOWHERE, False, None)]
    figures = figures_of_answers(uncalibrated)
    assert (figures.answerable.right, figures.other_subjects.refused) == (1, 0)
    assert (figures.auroc, figures.calibration_error, figures.risk) == (None, None, {})
    console = Console(file=StringIO(), width=100)
    show_answers(figures, console)
    show_wrong(uncalibrated, console)
    told = console.file.getvalue()
    assert "Confidence: none, for it was fitted on other texts." in told
    assert "Risk by coverage of the answers shown: –." in told
    assert "answered (–): partout" in told
    with pytest.raises(CannotMeasure, match=r"No answer has a confidence.*Fit it on these: `recueil calibrate`"):
        write_answer_charts(uncalibrated, tmp_path)


def test_confidence_is_judged_on_the_answers_that_are_shown_with_one():
    refused = judged(ASKED, False, 0.3, Verdict.REFUSED)
    shown = [judged(ASKED, True, 0.9), judged(ASKED, False, None), judged(NOWHERE, False, 0.2)]
    figures = figures_of_answers([*shown, refused])
    assert (figures.auroc, figures.calibration_error) == (1, pytest.approx(0.15))
    assert figures.risk == {"25%": 0, "50%": 0, "75%": 0.5, "100%": 0.5}


def test_a_contact_that_went_wrong_is_not_repeated():
    console = Console(file=StringIO(), width=100)
    show_wrong([judged(replace(ASKED, type="contact"), False, 0.9)], console)
    assert "answered (0.90): a contact" in console.file.getvalue()
    assert "partout" not in console.file.getvalue()


def test_a_question_without_answers_is_one_that_no_sheet_answers(tmp_path):
    (tmp_path / "qa.jsonl").write_text(
        '{"qid": "q1", "lang": "fr", "type": "who", "question": "Qui ?", "answers": ["X"],'
        ' "supports": [{"document": "d", "support": "X fait"}]}\n'
        '{"qid": "u1", "lang": "en", "type": "unanswerable", "subtype": "near_miss", "question": "Who?"}\n'
    )
    (tmp_path / "no_answer.jsonl").write_text('{"qid": "n1", "lang": "fr", "query": "la grippe du chat"}\n')
    read = read_answer_questions(tmp_path)
    assert [(one.id, one.type, one.answers) for one in read] == [
        ("q1", "who", (("X",),)),
        ("u1", "near_miss", ()),
        ("n1", "no_answer", ()),
    ]


def test_questions_kept_out_of_training_lie_in_a_file_of_their_own(tmp_path):
    (tmp_path / "qa.jsonl").write_text('{"qid": "u1", "lang": "en", "type": "near_miss", "question": "Who?"}')
    (tmp_path / "qa_kept_out.jsonl").write_text(
        '{"qid": "k1", "lang": "fr", "type": "list", "question": "Quoi ?", "answers": [["X", "Y*"], ["Z"]], "least": 1,'
        ' "says": "yes", "cluster": "a", "supports": [{"support": "X fait"}]}'
    )
    known, kept = read_answer_questions(tmp_path)
    assert (known.kept_out, kept.kept_out) == (False, True)
    assert (kept.gold.groups, kept.gold.least, kept.gold.says) == ((("X", "Y*"), ("Z",)), 1, "yes")


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ('"answers": [["X"]], "least": 2', "'least' is 2, of 1 groups"),
        ('"answers": [["X"], []]', "answers: 1"),
        ('"answers": [["…"]]', "has no word"),
        ('"answers": [["X"]], "says": "perhaps"', "says: "),
    ],
)
def test_gold_that_nothing_could_hold_is_refused_with_its_line(tmp_path, told, wrong):
    line = f'{{"qid": "q1", "lang": "fr", "type": "who", "question": "Qui ?", {told}, "supports": ["X fait"]}}'
    (tmp_path / "qa.jsonl").write_text(line)
    with pytest.raises(BadCollection, match=rf"{wrong}.*qa\.jsonl:1"):
        read_answer_questions(tmp_path)


def test_answers_without_supports_are_refused_with_their_line(tmp_path):
    (tmp_path / "qa.jsonl").write_text(
        '{"qid": "q1", "lang": "fr", "type": "who", "question": "Qui ?", "answers": ["X"]}'
    )
    with pytest.raises(BadCollection, match="do not belong together"):
        read_answer_questions(tmp_path)


def test_a_support_that_no_sheet_holds_is_refused(searcher: Searcher):
    with pytest.raises(BadCollection, match="No sheet holds the support of 'q1'"):
        judge_answers(Catalogue.of(searcher.catalogue.initiatives, []), lambda text: answer(), [ASKED])
