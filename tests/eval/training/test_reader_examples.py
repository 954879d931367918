"""Examples for the span reader: questions with the places of their answers, and passages without."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eval.training import BadTrainingQuestion, TrainingQuestion
from eval.training.reader_examples import (
    DISTRACTORS,
    PARAGRAPH_LENGTH,
    Answering,
    Examples,
    Paragraph,
    of_paragraphs,
    of_sheets,
    read_paragraphs,
)
from index import Encoder
from search import Searcher
from tests.almanac import Made

BUS = "Un bus amène le médecin dans les villages isolés."
BIKES = "La Gironde prête 12 vélos aux apprentis."
HOME = "Un étudiant loge chez une personne âgée."


def asked(question: str, words: str, context: str) -> dict[str, Any]:
    return {"question": question, "answers": [{"text": words, "answer_start": context.index(words)}]}


def squad() -> dict[str, Any]:
    """Two articles: on transport, with two paragraphs, and on living."""
    bus = [asked("Qui vient par le bus ?", "le médecin", BUS), asked("Où va le bus ?", "les villages isolés", BUS)]
    bikes = [asked("Combien de vélos sont prêtés ?", "12", BIKES)]
    home = [asked("L'étudiant loge où ?", "chez une personne âgée", HOME)]
    transport = [{"context": BUS, "qas": bus}, {"context": BIKES, "qas": bikes}]
    return {
        "data": [
            {"title": "Transport", "paragraphs": transport},
            {"title": "Vivre", "paragraphs": [{"context": HOME, "qas": home}]},
        ]
    }


def written(folder: Path, content: Any) -> Path:
    (folder / "squad.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf8")
    return folder / "squad.json"


@pytest.fixture
def paragraphs(tmp_path: Path) -> list[Paragraph]:
    return read_paragraphs(written(tmp_path, squad()))


@pytest.fixture(scope="module")
def almanac_engine(almanac: Made) -> Searcher:
    return almanac.searcher()


@pytest.fixture(scope="module")
def encoder(almanac_engine: Searcher) -> Encoder:
    return almanac_engine.encoder


def test_a_paragraph_is_read_with_the_title_of_its_article(paragraphs: list[Paragraph]):
    assert [(one.article, one.text) for one in paragraphs] == [
        (0, f"Transport. {BUS}"),
        (0, f"Transport. {BIKES}"),
        (1, f"Vivre. {HOME}"),
    ]


def test_answers_are_found_behind_the_title(paragraphs: list[Paragraph]):
    words = [[(asked, one.text[start:end]) for asked, start, end in one.questions] for one in paragraphs]
    assert words == [
        [("Qui vient par le bus ?", "le médecin"), ("Où va le bus ?", "les villages isolés")],
        [("Combien de vélos sont prêtés ?", "12")],
        [("L'étudiant loge où ?", "chez une personne âgée")],
    ]


def test_an_article_needs_no_title(tmp_path: Path):
    content = squad()
    del content["data"][1]["title"]
    assert read_paragraphs(written(tmp_path, content))[2].text == f". {HOME}"


def test_a_long_paragraph_is_read_up_to_what_the_encoder_takes(tmp_path: Path):
    long = "Un bus. " * 1000
    content = {"data": [{"title": "Bus", "paragraphs": [{"context": long, "qas": []}]}]}
    assert read_paragraphs(written(tmp_path, content))[0].text == f"Bus. {long}"[:PARAGRAPH_LENGTH]


def without(key: str) -> Callable[[dict[str, Any]], Any]:
    """The file without a key of its first paragraph."""

    def spoil(content: dict[str, Any]) -> Any:
        del content["data"][0]["paragraphs"][0][key]
        return content

    return spoil


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: {},
        lambda content: [],
        lambda content: content | {"data": ["Bus"]},
        lambda content: content | {"data": 7},
        without("context"),
        without("qas"),
    ],
    ids=["nothing", "a list", "articles of text", "a number", "no context", "no questions"],
)
def test_a_file_of_another_format_is_refused(tmp_path: Path, spoil: Callable[[dict[str, Any]], Any]):
    with pytest.raises(
        BadTrainingQuestion, match=r"cannot be read: .*\(.*squad\.json\)\. Give a file in the format of SQuAD"
    ):
        read_paragraphs(written(tmp_path, spoil(squad())))


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe\xff"])
def test_a_file_that_is_no_json_is_refused(tmp_path: Path, content: bytes):
    (tmp_path / "squad.json").write_bytes(content)
    with pytest.raises(BadTrainingQuestion, match=r"cannot be read: .*Give a file in the format of SQuAD"):
        read_paragraphs(tmp_path / "squad.json")


def test_a_missing_file_is_refused(tmp_path: Path):
    with pytest.raises(BadTrainingQuestion, match=r"No such file .*\(.*nowhere\.json\)\. Give a file"):
        read_paragraphs(tmp_path / "nowhere.json")


@pytest.fixture
def examples(paragraphs: list[Paragraph], encoder: Encoder) -> Examples:
    return of_paragraphs(paragraphs, encoder, encoder, lambda parts: None)


def test_every_question_knows_the_tokens_of_its_answer(
    examples: Examples, paragraphs: list[Paragraph], encoder: Encoder
):
    found = []
    for example in examples.examples:
        (answering,) = example.answering
        text = paragraphs[answering.passage].text
        spans = encoder.passages([text])[0].spans
        found += [text[spans[first, 0] : spans[last, 1]] for first, last in answering.places]
    assert found == ["le médecin", "les villages isolés", "12", "chez une personne âgée"]


def test_the_other_paragraphs_of_its_article_are_what_a_question_must_tell_from_the_answer(examples: Examples):
    assert [(one.answering[0].passage, one.distractors) for one in examples.examples] == [
        (0, (1,)),
        (0, (1,)),
        (1, (0,)),
        (2, ()),
    ]


@pytest.mark.parametrize(
    ("position", "wordings"),
    [
        (0, ["Qui vient par le bus ?", "Who vient par le bus ?"]),
        (1, ["Où va le bus ?", "Where va le bus ?"]),
        (2, ["Combien de vélos sont prêtés ?", "How many vélos sont prêtés ?"]),
        (3, ["L'étudiant loge où ?"]),
    ],
)
def test_a_question_is_begun_in_english_too_where_that_is_known(
    examples: Examples, encoder: Encoder, position: int, wordings: list[str]
):
    texts = examples.examples[position].questions
    assert [text.tokens.tolist() for text in texts] == [one.tokens.tolist() for one in encoder.questions(wordings)]


def test_states_are_unit_rows_centred_on_the_mean_of_their_kind(examples: Examples):
    states = np.concatenate([passage.states for passage in examples.passages]).astype(np.float32)
    np.testing.assert_allclose(np.linalg.norm(states, axis=1), 1, atol=2e-3)
    assert np.linalg.norm(states.mean(axis=0)) < 0.25  # not centred, about as long as a state


def test_a_token_of_few_paragraphs_weighs_more(examples: Examples, encoder: Encoder):
    text = examples.examples[0].questions[0]
    weight = dict(zip(text.tokens.tolist(), text.weights.tolist(), strict=True))
    bus, mark = (encoder.tokenizer.token_to_id(word) for word in ("bus", "?"))
    assert weight[bus] == pytest.approx(np.log(4 / 2))  # in one of three paragraphs
    assert weight[mark] == pytest.approx(np.log(4 / 1))  # in none


def test_progress_is_told_of_every_paragraph(paragraphs: list[Paragraph], encoder: Encoder):
    done: list[int] = []
    of_paragraphs(paragraphs, encoder, encoder, done.append)
    assert done == [1, 1, 1]


def question(text: str, searcher: Searcher, answer: str | None, row: int = 1) -> TrainingQuestion:
    initiative = None if answer is None else searcher.initiatives[row].id
    return TrainingQuestion(text=text, language="fr", kind="who", initiative=initiative, answer=answer)


def test_all_places_of_an_answer_in_its_sheet_are_found(almanac_engine: Searcher):
    of = of_sheets(almanac_engine, [question("Qui le bus amène-t-il ?", almanac_engine, "Le Médecin")])
    (example,) = of.examples
    (answering,) = example.answering
    bank = almanac_engine.index.multivector
    text = almanac_engine.index.contents.passages[answering.passage].text
    spans = bank.spans[bank.reading_order(answering.passage)]
    assert [text[spans[first, 0] : spans[last, 1]] for first, last in answering.places] == ["le médecin"]


def test_passages_that_search_finds_are_what_a_question_must_tell_from_the_answer(almanac_engine: Searcher):
    of = of_sheets(almanac_engine, [question("Qui le bus amène-t-il ?", almanac_engine, "le médecin")])
    (example,) = of.examples
    assert example.answering[0].passage not in example.distractors
    assert 0 < len(example.distractors) <= DISTRACTORS
    assert len(of.passages) == len(almanac_engine.index.contents.passages)


def test_a_question_that_no_sheet_answers_has_no_place(almanac_engine: Searcher):
    (example,) = of_sheets(almanac_engine, [question("Qui a peint le bus ?", almanac_engine, None)]).examples
    assert example.answering == ()
    assert example.distractors


def test_search_words_without_an_answer_train_nothing(almanac_engine: Searcher):
    assert of_sheets(almanac_engine, [question("bus des villages", almanac_engine, "")]).examples == ()


def test_an_answer_that_the_sheet_does_not_hold_is_refused(almanac_engine: Searcher):
    with pytest.raises(
        BadTrainingQuestion, match=r"does not hold the answer 'le train' \(Quoi \?\)\. Give the words of"
    ):
        of_sheets(almanac_engine, [question("Quoi ?", almanac_engine, "le train")])


def test_an_answer_that_only_a_field_holds_has_no_place(almanac_engine: Searcher):
    initiatives = almanac_engine.initiatives
    driven = replace(initiatives[1], carriers=("La Poste",))
    contents = almanac_engine.index.contents._replace(initiatives=(initiatives[0], driven, *initiatives[2:]))
    searcher = replace(almanac_engine, index=replace(almanac_engine.index, contents=contents))
    assert of_sheets(searcher, [question("Qui conduit le bus ?", searcher, "La Poste")]).examples[0].answering == ()


def test_an_answer_is_found_in_every_telling_of_the_initiative(searcher: Searcher):
    told = next(one for one in searcher.initiatives if one.same_as)
    twins = {told.id, *told.same_as}
    asked = TrainingQuestion(text="Quoi ?", language="fr", kind="what", initiative=told.id, answer="de")
    answering: tuple[Answering, ...] = of_sheets(searcher, [asked]).examples[0].answering
    assert {searcher.index.contents.passages[one.passage].initiative for one in answering} == twins
