"""The span reader: opens what fits the encoder, and finds words inside passages."""

import json
import shutil
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from search import Searcher
from search.answer import BUNDLED, FACTS, NETWORK, BadReader, SpanReader
from search.answer.span_reader import LONGEST_SPAN, Span, _best_spans

MEND = r"Run `recueil train-reader`"


@pytest.fixture(scope="module")
def reader(searcher: Searcher) -> SpanReader:
    return SpanReader.open(BUNDLED, searcher.encoder.digest)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A copy of the shipped reader, to spoil."""
    for name in (NETWORK, FACTS):
        shutil.copy(BUNDLED / name, tmp_path / name)
    return tmp_path


def model_of(folder: Path) -> str:
    return str(json.loads((folder / FACTS).read_text(encoding="utf8"))["model"])


def test_the_shipped_reader_fits_the_bundled_encoder(searcher: Searcher):
    assert model_of(BUNDLED) == searcher.encoder.digest
    assert SpanReader.open(BUNDLED, searcher.encoder.digest).model == searcher.encoder.digest


@pytest.mark.parametrize("name", [NETWORK, FACTS])
def test_a_missing_reader_says_how_to_make_one(own: Path, name: str):
    (own / name).unlink()
    with pytest.raises(BadReader, match=rf"There is no span reader \(.*{name}\)\. {MEND}"):
        SpanReader.open(own, model_of(BUNDLED))


def test_a_damaged_network_is_refused(own: Path):
    (own / NETWORK).write_bytes((own / NETWORK).read_bytes()[:5000])
    with pytest.raises(BadReader, match=rf"The span reader cannot be opened: .*{MEND}"):
        SpanReader.open(own, model_of(BUNDLED))


@pytest.mark.parametrize("facts", ["", "{", "[]", "{}", "7"])
def test_damaged_facts_are_refused(own: Path, facts: str):
    (own / FACTS).write_text(facts, encoding="utf8")
    with pytest.raises(BadReader, match=rf"The span reader cannot be opened: .*{MEND}"):
        SpanReader.open(own, model_of(BUNDLED))


def test_a_reader_trained_for_another_encoder_is_refused():
    with pytest.raises(BadReader, match=rf"was trained for another encoder \(.*{FACTS}\)\. {MEND}"):
        SpanReader.open(BUNDLED, "another digest")


LETTERS = np.array([[n, n + 1] for n in range(5)], np.int32)  # five tokens of one letter


def best(begins: list[float], ends: list[float], most: int, spans: np.ndarray = LETTERS) -> list[Span]:
    return _best_spans(7, np.array([begins, ends], np.float32).T, spans, most)


def test_a_span_scores_as_its_beginning_and_its_end_together():
    assert best([0, 3, 0, 0, 0], [0, 0, 0, 4, 0], most=1) == [Span(7, 1, 4, 7.0)]


def test_no_span_ends_before_it_begins():
    assert best([0, 0, 0, 3, 0], [0, 4, 0, 0, 0], most=1) == [Span(7, 0, 2, 4.0)]


def test_the_next_span_lies_apart_from_the_best():
    # The second best pair, letters 1 to 4, lies over the best; so the next is the best of what is left.
    found = best([0, 3, 0, 0, -1], [-2, 0, 4, 0, 2], most=2)
    assert found == [Span(7, 1, 3, 7.0), Span(7, 3, 5, 2.0)]


def test_there_are_no_more_spans_than_tokens():
    assert len(best([0] * 5, [0] * 5, most=9)) == 5


def test_a_token_of_the_context_begins_and_ends_no_span():
    spans = LETTERS.copy()
    spans[0] = -1
    assert best([9, 0, 0, 0, 0], [9, 0, 1, 0, 0], most=1, spans=spans) == [Span(7, 1, 3, 1.0)]
    assert best([0] * 5, [0] * 5, most=1, spans=np.full_like(LETTERS, -1)) == []


def test_a_span_is_no_longer_than_the_longest_answers():
    tokens = LONGEST_SPAN + 5
    begins, ends = [9.0] + [0.0] * (tokens - 1), [0.0] * (tokens - 1) + [9.0]
    spans = np.array([[n, n + 1] for n in range(tokens)], np.int32)
    assert best(begins, ends, most=1, spans=spans)[0].score == 9.0
    assert best(begins[5:] + [0] * 5, ends, most=1, spans=spans)[0].score == 9.0
    assert best([*begins[:1] * 6, *begins[6:]], ends, most=1, spans=spans) == [Span(7, 5, tokens, 18.0)]


QUESTIONS = ["Combien de personnes sont hébergées ?", "Who funds the bus?", "mobilité des jeunes", "?!a"]


@pytest.mark.parametrize("most", [1, 2, 5])
@pytest.mark.parametrize("question", QUESTIONS)
def test_spans_are_words_inside_their_passage_apart_and_no_more_than_asked_for(
    searcher: Searcher, reader: SpanReader, question: str, most: int
):
    (encoded,) = searcher.encoder.questions([question])
    passages = [40, 3, 200]
    found = reader.read(searcher.index, encoded, passages, most)
    assert [one for one in passages if one in {span.passage for span in found}] == passages
    for passage in passages:
        text = searcher.index.contents.passages[passage].text
        own = [span for span in found if span.passage == passage]
        assert len(own) <= most
        assert [span.score for span in own] == sorted((span.score for span in own), reverse=True)
        assert all(0 <= span.start < span.end <= len(text) for span in own)
        assert all(text[span.start : span.end].strip() == text[span.start : span.end] for span in own)
        in_order = sorted(own, key=lambda span: span.start)
        assert all(one.end <= other.start for one, other in pairwise(in_order))


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Quelle proportion de Manchois aura dépassé 60 ans en 2030 ?", "40%"),
        ("Quelle pièce les habitants du Bouscat ont-ils montée sur scène en 2015 ?", "SOS-SMS"),
        ("When was the social development plan of Hautes-Pyrénées passed?", "juin 2017"),
        ("In the Bordeaux wood stove trial, how many homes are going to receive the test kit?", "250 foyers"),
    ],
)
def test_a_simple_question_that_it_was_not_trained_on_finds_its_words(
    searcher: Searcher, reader: SpanReader, question: str, words: str
):
    (encoded,) = searcher.encoder.questions([question])
    passages = [one.passage for one in searcher.rank(question).nearest[:5]]
    found = max(reader.read(searcher.index, encoded, passages, 1), key=lambda span: span.score)
    assert words in searcher.index.contents.passages[found.passage].text[found.start : found.end]
    assert found.score > 0
