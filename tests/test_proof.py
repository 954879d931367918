"""One run measures all that a collection has a file for, and says what it left out."""

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from corpus import Source
from eval.answer_figures import Refusals, Shares, answer_figures_of
from eval.answers import AskedQuestion, Judged, read_asked_questions, what_went_wrong
from eval.baseline import moved
from eval.fault import BadBaseline, BadCollection, WorseThanBaseline
from eval.gate import check
from eval.identity import Identity
from eval.proof import Means, Proof, as_json, merits, prove
from eval.proof_tables import show
from eval.retrieval import evaluate
from eval.system import System
from search.answering.answer import Answer, Citation, Statement, Verdict
from search.answering.answer import Path as MadeBy
from tests.small_collection import catalogue, collection_of

COLLECTION = collection_of({"k1": {"a": 3}, "k2": {"b": 3}})
CATALOGUE = catalogue(["a", "b"])
EVALUATION = evaluate(System("small", lambda text: ["a"], CATALOGUE), COLLECTION)
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
    return Answer("", "fr", verdict, confidence, statements, citations, (), MadeBy.EXTRACTIVE, None, 0, 12.5)


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


def proof_of(folder: Path, answer=REPLIES.__getitem__, unable: dict[str, str] | None = None) -> Proof:
    return prove(EVALUATION, Means(CATALOGUE, answer, None, unable or {}), folder)


def test_answers_are_measured_beside_rankings(asked):
    figures = proof_of(asked).answers
    assert figures
    assert figures.answerable == Shares(questions=2, right=0.5, withheld=0.5)
    assert figures.unanswerable == Refusals(questions=1, refused=1)
    assert (figures.quotes, figures.quotes_exact, figures.auroc, figures.ms_median) == (2, 0.5, 1, 12.5)


def test_the_series_of_answers_are_merits_with_slices_of_their_own(asked):
    proof = proof_of(asked)
    assert {name: of for name, of in merits(proof).items() if name not in EVALUATION.series} == {
        "answers_right": {"ask:k1": 1, "ask:k2": 0},
        "answers_refused": {"ask:k3": 1},
        "quotes_exact": {"ask:k1": 0.5},
    }
    assert [(one.label, one.members) for one in proof.slices if one.kind.startswith("answer")] == [
        ("answer type near_miss", ("ask:k3",)),
        ("answer type who", ("ask:k1", "ask:k2")),
        ("answer language en", ("ask:k3",)),
        ("answer language fr", ("ask:k1", "ask:k2")),
    ]


def test_a_quote_that_is_not_exact_closes_the_gate(asked):
    identity = Identity(None, None, None, None, "digest", None, "x86_64")
    proof = proof_of(asked)
    before = replace(moved(None, merits(proof), identity, "first"), floors={"quotes_exact": {"all": 1.0}})
    with pytest.raises(WorseThanBaseline, match=r"quotes_exact, all: 0\.500 on 1 questions is below the floor of 1\.0"):
        check(before, Path("baseline.json"), "digest", merits(proof), proof.slices)


def test_answers_that_can_no_longer_be_measured_close_the_gate(asked):
    identity = Identity(None, None, None, None, "digest", None, "x86_64")
    before = moved(None, merits(proof_of(asked)), identity, "first")
    without = proof_of(asked, answer=None, unable={"answers": "there is no span reader"})
    with pytest.raises(BadBaseline, match="The evaluation has no series 'answers_refused'"):
        check(before, Path("baseline.json"), "digest", merits(without), without.slices)


def test_what_the_collection_has_no_file_for_is_left_out_with_a_word(tmp_path):
    proof = proof_of(tmp_path)
    assert (proof.answers, proof.parsing) == (None, None)
    assert proof.left_out == {
        "similar": "the collection has no similar.jsonl",
        "answers": "the collection has no qa.jsonl",
        "parsing": "the collection has no parsing.jsonl",
    }


def test_what_cannot_be_measured_is_left_out_with_its_reason(asked):
    proof = proof_of(asked, answer=None, unable={"answers": "there is no span reader"})
    assert (proof.answers, proof.left_out["answers"]) == (None, "there is no span reader")
    assert "answers_right" not in merits(proof)


def test_the_terminal_and_json_show_all_of_it(asked):
    proof = proof_of(asked)
    console = Console(file=StringIO(), width=80)
    show(proof, console)
    assert isinstance(console.file, StringIO)
    shown = " ".join(console.file.getvalue().split())
    assert "Quotes 2, exact 0.500." in shown
    assert "Left out: parsing, because the collection has no parsing.jsonl." in shown
    told = json.loads(json.dumps(as_json(proof)))
    assert told["answers"]["answerable"]["right"] == 0.5
    assert (told["retrieval"]["overall"]["questions"], told["series"]["answers_refused"]) == (2, {"ask:k3": 1})


def judged(answers: tuple[str, ...], answer: Answer, right: bool = False) -> Judged:
    return Judged(AskedQuestion("q", "?", "fr", "who", answers, answers, "x:1"), answer, right, 0, 0)


def test_only_answerable_questions_all_refused_still_give_figures():
    figures = answer_figures_of([judged(("Solinum",), reply("Non.", 0.1))])
    assert (figures.answerable, figures.unanswerable) == (Shares(1, 0, 1), None)
    assert (figures.auroc, figures.quotes_exact, figures.characters_median) == (None, None, None)


def test_risk_is_told_of_the_most_confident_answers():
    right = [judged(("x",), reply("", confidence), right=confidence > 0.5) for confidence in (0.9, 0.8, 0.3, 0.2)]
    assert answer_figures_of(right).risk == {"25%": 0, "50%": 0, "75%": pytest.approx(1 / 3), "100%": 0.5}


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (judged(("x",), reply("", 0.9), right=True), None),
        (judged(("x",), reply("", 0.9)), "answered, but not rightly"),
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
        read_asked_questions(tmp_path)
