"""One run measures all that a collection has a file for, and says what it left out."""

import json
from collections.abc import Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from corpus import Source
from eval.answer_figures import Refusals, Shares, figures_of_answers
from eval.answers import (
    AnswerQuestion,
    JudgedAnswer,
    read_answer_questions,
    what_went_wrong,
)
from eval.collection import Qrels, SimilarGroup, Unit
from eval.errors import BadBaseline, BadCollection, WorseThanBaseline
from eval.evaluation import (
    Evaluation,
    EvaluationReport,
    NoAnswerCounts,
    Retrieval,
    SimilarFigures,
    count_empty,
    evaluate,
    gated_series,
    score,
    similar_figures,
)
from eval.gate import Held, Provenance, check_gate, moved
from eval.metrics import Figures
from eval.run import System
from eval.tables import show_report
from search import Citation
from search.answer import Answer, MadeBy, Statement, Verdict
from tests.small_collection import HERE, catalogue, catalogue_of, collection_of, evaluation_of, run_of

COLLECTION = collection_of({"k1": {"a": 3}, "k2": {"b": 3}})
CATALOGUE = catalogue(["a", "b"])
SYSTEM = System(name="small", rank=lambda text: ["a"], catalogue=CATALOGUE)
SERIES = {"ndcg_10", "recall_10", "recall_50", "mrr_10", "success_1", "success_3", "silence", "similar"}
ASKED = [
    {"qid": "k1", "lang": "fr", "type": "who", "question": "qui ?", "answers": ["Solinum"], "supports": ["texte de a"]},
    {
        "qid": "k2",
        "lang": "fr",
        "type": "who",
        "question": "et qui ?",
        "answers": ["Poste"],
        "supports": ["texte de b"],
    },
    {"qid": "k3", "lang": "en", "type": "near_miss", "question": "who else?", "answers": None},
]


def reply(text: str, confidence: float, *quotes: str) -> Answer:
    """What cites the sheet a once for each quote; refused when it is not sure."""
    verdict = Verdict.ANSWERED if confidence > 0.5 else Verdict.REFUSED
    citations = tuple(Citation("a", (), quote, Source("d", 1, 1)) for quote in quotes)
    statements = (Statement(text, tuple(range(len(quotes)))),)
    return Answer(
        question="",
        language="fr",
        verdict=verdict,
        confidence=confidence,
        statements=statements,
        citations=citations,
        path=MadeBy.EXTRACTIVE,
        fallback=None,
        removed=0,
        took_ms=12.5,
    )


REPLIES = {
    "qui ?": reply("C’est « Solinum ».", 0.9, "texte de a", "texte d’ailleurs"),
    "et qui ?": reply("Rien ne le dit.", 0.2),
    "who else?": reply("Nothing says so.", 0.1),
}


def written(folder: Path, name: str, records: list[dict[str, object]]) -> None:
    (folder / name).write_text("\n".join(map(json.dumps, records)), encoding="utf-8")


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    supported = [
        one | {"supports": [{"support": each} for each in one.get("supports", [])]}  # type: ignore[attr-defined]
        for one in ASKED
    ]
    written(tmp_path, "qa.jsonl", supported)
    return tmp_path


def report_of(folder: Path, answer=REPLIES.__getitem__, unable: dict[str, str] | None = None) -> EvaluationReport:
    system = replace(SYSTEM, answer=answer, unable=unable or {})
    return evaluate(system.run(COLLECTION.all_questions), replace(COLLECTION, folder=folder), system)


def test_answers_are_measured_beside_rankings(asked):
    figures = report_of(asked).answers
    assert figures
    assert figures.answerable == Shares(questions=2, right=0.5, holds=0.5, whole=1, withheld=0.5)
    assert (figures.near_misses, figures.other_subjects) == (Refusals(questions=1, refused=1), None)
    assert (figures.quotes, figures.quotes_exact, figures.auroc, figures.ms_median) == (2, 0.5, 1, 12.5)


def held(report: EvaluationReport) -> Held:
    return Held(paired=report.gated, floored={}, slices=report.slices)


def test_the_series_of_answers_are_gated_with_slices_of_their_own(asked):
    report = report_of(asked)
    assert {name: of for name, of in report.gated.items() if name not in SERIES} == {
        "answers_right": {"ask:k1": 1, "ask:k2": 0},
        "answers_given": {"ask:k1": 1, "ask:k2": 0},
        "near_misses_refused": {"ask:k3": 1},
        "quotes_exact": {"ask:k1": 0.5},
    }
    assert [(one.label, one.members) for one in report.slices if one.kind.startswith("answer")] == [
        ("answer part others", ("ask:k1", "ask:k2", "ask:k3")),
        ("answer type near_miss", ("ask:k3",)),
        ("answer type who", ("ask:k1", "ask:k2")),
        ("answer language en", ("ask:k3",)),
        ("answer language fr", ("ask:k1", "ask:k2")),
    ]


def test_a_quote_that_is_not_exact_closes_the_gate(asked):
    identity = Provenance(
        commit=None, encoder=None, model=None, corpus=None, collection="digest", threads=None, machine="x86_64"
    )
    report = report_of(asked)
    before = replace(moved(None, held(report), identity, "first"), floors={"quotes_exact": {"all": 1.0}})
    with pytest.raises(WorseThanBaseline, match=r"quotes_exact, all: 0\.500 on 1 questions is below the floor of 1\.0"):
        check_gate(before, Path("baseline.json"), "digest", held(report))


def test_answers_that_can_no_longer_be_measured_close_the_gate(asked):
    identity = Provenance(
        commit=None, encoder=None, model=None, corpus=None, collection="digest", threads=None, machine="x86_64"
    )
    before = moved(None, held(report_of(asked)), identity, "first")
    without = report_of(asked, answer=None, unable={"answers": "there is no span reader"})
    with pytest.raises(BadBaseline, match="The evaluation has no series 'answers_given'"):
        check_gate(before, Path("baseline.json"), "digest", held(without))


def test_what_the_collection_has_no_file_for_is_left_out_with_a_word(tmp_path):
    report = report_of(tmp_path)
    assert (report.answers, report.parsing) == (None, None)
    assert report.left_out == {
        "similar": "the collection has no similar.jsonl",
        "answers": "the collection has no qa.jsonl",
        "parsing": "the collection has no parsing.jsonl",
    }


def test_what_cannot_be_measured_is_left_out_with_its_reason(asked):
    report = report_of(asked, answer=None, unable={"answers": "there is no span reader"})
    assert (report.answers, report.left_out["answers"]) == (None, "there is no span reader")
    assert "answers_right" not in report.gated


def test_the_terminal_and_json_show_all_of_it(asked):
    report = report_of(asked)
    console = Console(file=StringIO(), width=80)
    show_report(report, console)
    assert isinstance(console.file, StringIO)
    shown = " ".join(console.file.getvalue().split())
    assert "Quotes 2, exact 0.500." in shown
    assert "Left out: parsing, because the collection has no parsing.jsonl." in shown
    told = json.loads(json.dumps(report.as_json()))
    assert told["answers"]["answerable"]["right"] == 0.5
    assert (told["retrieval"]["overall"]["questions"], told["series"]["near_misses_refused"]) == (2, {"ask:k3": 1})


def judged(answers: tuple[str, ...], answer: Answer, right: bool = False) -> JudgedAnswer:
    return JudgedAnswer(
        question=AnswerQuestion(
            id="q",
            text="?",
            language="fr",
            type="who",
            answers=tuple((one,) for one in answers),
            supports=answers,
            where="x:1",
        ),
        answer=answer,
        holds=right,
        cited=right,
        flaws=(),
        quotes=0,
        exact=0,
    )


def test_only_answerable_questions_all_refused_still_give_figures():
    figures = figures_of_answers([judged(("Solinum",), reply("Non.", 0.1))])
    assert (figures.answerable, figures.near_misses) == (Shares(1, 0, 0, None, 1), None)
    assert (figures.auroc, figures.quotes_exact, figures.characters_median) == (None, None, None)


def test_risk_is_told_of_the_most_confident_answers():
    right = [judged(("x",), reply("", confidence), right=confidence > 0.7) for confidence in (0.9, 0.8, 0.6, 0.2)]
    assert figures_of_answers(right).risk == {"25%": 0, "50%": 0, "75%": pytest.approx(1 / 3), "100%": 1 / 3}


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (judged(("x",), reply("", 0.9), right=True), None),
        (judged(("x",), reply("", 0.9)), "the first statement does not answer"),
        (judged(("x",), reply("", 0.1)), "withheld, though a sheet answers it"),
        (judged((), reply("", 0.1)), None),
        (judged((), reply("", 0.9)), "answered, though no sheet answers it"),
    ],
)
def test_what_went_wrong_is_said(one, said):
    assert what_went_wrong(one) == said


def test_a_question_that_stands_twice_is_refused(tmp_path):
    written(tmp_path, "qa.jsonl", [ASKED[2], ASKED[2]])
    with pytest.raises(BadCollection, match=r"The question 'k3' stands twice .*qa\.jsonl:2\)\. Remove this line or"):
        read_answer_questions(tmp_path)


def group(id_: str, strength: str, *members: str) -> SimilarGroup:
    return SimilarGroup(id_, strength, tuple(Unit(member, None, None, HERE) for member in members), HERE)


SMALL = collection_of(
    {"k1": {"a": 3}, "k2": {"a": 3}, "p1": {"a": 3}},
    unanswerable=["n1"],
    similar=[group("s1", "related", "a", "b", "c"), group("s2", "very_similar", "a", "b")],
)
SMALL_CATALOGUE = catalogue_of(SMALL)
SMALL_RANKINGS = {"text of k1": ["a"], "text of k2": ["b", "a"], "text of p1": [], "text of n1": ["c"]}
SHOWN = {"a": ["b", "x"], "b": ["a", "c"], "c": []}
SMALL_SYSTEM = System(
    name="small search",
    rank=lambda text: SMALL_RANKINGS[text],
    catalogue=SMALL_CATALOGUE,
    similar=lambda one: SHOWN[one],
)


def test_means_are_taken_overall_and_for_each_slice():
    retrieval = evaluation_of(SMALL_SYSTEM, SMALL).retrieval
    assert retrieval.overall.mrr_10 == pytest.approx((1 + 1 / 2 + 0) / 3)
    assert {name: (figures.questions, figures.mrr_10) for name, figures in retrieval.by_type.items()} == {
        "k": (2, 0.75),
        "p": (1, 0),
    }
    assert retrieval.by_language == {"fr": retrieval.overall}
    assert retrieval.by_document == {"d": retrieval.overall}
    assert retrieval.by_theme == {"no theme": retrieval.overall}
    assert retrieval.by_length == {"short": retrieval.overall}


def test_every_value_behind_a_mean_is_kept_in_a_series():
    series = evaluation_of(SMALL_SYSTEM, SMALL).series
    assert series["mrr_10"] == {"k1": 1, "k2": 1 / 2, "p1": 0}
    assert series["silence"] == {"k1": 1, "k2": 1, "p1": 0, "n1": 0}
    assert series["similar"] == {"s1:a": 1 / 2, "s1:b": 1, "s1:c": 0, "s2:a": 1, "s2:b": 1}


def test_how_much_was_judged_is_no_merit():
    gated = gated_series(evaluation_of(SMALL_SYSTEM, SMALL))
    assert list(gated) == [
        "ndcg_10",
        "recall_10",
        "recall_50",
        "mrr_10",
        "success_1",
        "success_3",
        "silence",
        "similar",
    ]


def test_the_slices_are_those_of_all_series():
    labels = [one.label for one in evaluation_of(SMALL_SYSTEM, SMALL).slices]
    assert labels[:3] == ["type k", "type no_answer", "type p"]
    assert labels[-2:] == ["strength related", "strength very_similar"]


def test_a_run_that_was_only_read_tells_nothing_of_silence_and_of_similar_initiatives():
    run = run_of("theirs", SMALL_CATALOGUE, {"k1": ["a"]})
    evaluation = score(run, SMALL, Qrels.of(SMALL, SMALL_CATALOGUE))
    assert (evaluation.silence, evaluation.similar, evaluation.series["similar"]) == (None, {}, {})
    assert evaluation.retrieval.overall.success_1 == pytest.approx(1 / 3)


def test_empty_lists_are_counted_empty_lists_on_both_sides():
    counts = count_empty(answerable=[["a"], []], unanswerable=[[], [], ["b"]])
    assert counts == NoAnswerCounts(unanswerable=3, unanswerable_empty=2, answerable=2, answerable_empty=1)


def test_recall_of_similar_initiatives_is_the_mean_share_of_the_others_that_each_member_finds():
    recalls = evaluation_of(SMALL_SYSTEM, SMALL).series["similar"]
    assert similar_figures(recalls, SMALL.similar) == {
        "related": SimilarFigures(groups=1, members=3, recall_10=pytest.approx((1 / 2 + 1 + 0) / 3)),
        "very_similar": SimilarFigures(groups=1, members=2, recall_10=1),
    }


def rows_shown(evaluation: Evaluation) -> Sequence[str]:
    console = Console(file=StringIO(), width=80)
    report = EvaluationReport(evaluation=evaluation, answers=None, parsing=None, left_out={}, judged=())
    show_report(report, console)
    assert isinstance(console.file, StringIO)
    return [" ".join(line.replace("│", " ").split()) for line in console.file.getvalue().splitlines()]


def test_the_tables_show_every_figure():
    figures = Figures(
        questions=20,
        ndcg_10=0.8126,
        recall_10=0.75,
        recall_50=0.875,
        mrr_10=0.5,
        success_1=0.25,
        success_3=0.375,
        judged_10=0.9,
        intervals={"ndcg_10": (0.7, 0.9)},
    )
    few = Figures(
        questions=5,
        ndcg_10=0.1,
        recall_10=0.1,
        recall_50=0.1,
        mrr_10=0.1,
        success_1=0.1,
        success_3=0.1,
        judged_10=0.1,
        intervals={},
    )
    retrieval = Retrieval(
        overall=figures,
        by_type={"place": figures},
        by_language={"fr": figures},
        by_document={"d": figures},
        by_theme={"t": few},
        by_length={"short": figures},
    )
    similar = {"related": SimilarFigures(30, 77, 0.625)}
    rows = rows_shown(
        Evaluation(
            collection="small",
            system="recueil",
            retrieval=retrieval,
            silence=NoAnswerCounts(20, 15, 120, 1),
            similar=similar,
            series={},
            slices=(),
            took_ms={},
        )
    )
    for name in ("all", "place", "fr", "d", "short"):
        assert f"{name} 20 0.813 0.70–0.90 0.750 0.875 0.500 0.250 0.375 0.900" in rows
    assert not any(row.startswith("t 5") for row in rows)
    assert "Slices of fewer than 6 questions are left out here; --json has them." in rows
    assert "that no initiative answers 20 15" in rows
    assert "that some initiative answers 120 1" in rows
    assert "related 30 77 0.625" in rows
