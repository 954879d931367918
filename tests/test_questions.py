"""What is known of questions in general: their means, and how little a question about something else scores."""

from dataclasses import asdict

import numpy as np
import pytest

from index.encoder import unit_rows
from index.questions import BEST_FLOOR_QUANTILE, QUESTIONS, QuestionNorms, question_norms


@pytest.fixture(scope="module")
def pairs():
    return [line.split("\t") for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def parts(almanac):
    """The open index of the almanac, its encoder, and the sample questions encoded."""
    engine = almanac.engine()
    return engine.index, engine.encoder


def test_the_sample_has_every_question_once_in_french_and_once_in_english(pairs):
    assert {len(pair) for pair in pairs} == {2}
    texts = [text for pair in pairs for text in pair]
    assert all(text == text.strip() != "" for text in texts)
    assert len(texts) == len(set(texts)) == 120


def test_questions_are_centred_on_the_means_of_the_sample(parts, pairs):
    index, encoder = parts
    encoded = encoder.questions([text for pair in pairs for text in pair])
    np.testing.assert_allclose(
        index.questions.states, np.concatenate([one.states for one in encoded]).mean(axis=0), atol=1e-5
    )
    np.testing.assert_allclose(index.questions.vector, np.mean([one.vector for one in encoded], axis=0), atol=1e-5)


def test_floors_are_taken_from_the_best_scores_of_the_sample(parts, pairs):
    index, encoder = parts
    every = np.arange(len(index.contents.passages))
    best = [
        index.tokens.scores(
            unit_rows(one.states - index.questions.states), index.tokens.weights(one.tokens), every
        ).max()
        for one in encoder.questions([text for pair in pairs for text in pair])
    ]
    assert index.questions.hit_floor == pytest.approx(min(best))
    assert index.questions.best_floor == pytest.approx(np.quantile(best, BEST_FLOOR_QUANTILE))


def test_norms_are_the_same_each_time_and_from_the_disk(parts, tmp_path):
    index, encoder = parts
    norms = question_norms(encoder, index.tokens)
    norms.save(tmp_path / "questions.npz")
    for again in (QuestionNorms.open(tmp_path / "questions.npz"), index.questions):
        for name, value in asdict(norms).items():
            np.testing.assert_array_equal(getattr(again, name), value)
