"""Fitting the confidence learns from questions with known answers, and gives what can be answered with."""

import pytest

from eval.training import CONFIDENCE, fit_confidence, read_training_questions
from eval.training.confidence import says
from search import Searcher
from search.answer import BUNDLED, CANDIDATE_FEATURES, PRODUCT_FEATURES, Calibration, SpanReader


@pytest.mark.parametrize(
    ("text", "answer", "said"),
    [
        ("le 1er janvier 2020", "1^{er} janvier", True),
        ("« 86 personnes »", "86 Personnes", True),
        ("186 personnes", "86 personnes", False),
        ("anything", "", True),
    ],
)
def test_a_text_says_an_answer_whatever_its_casing_and_markup(text, answer, said):
    assert says(text, answer) is said


@pytest.mark.slow
def test_a_calibration_fitted_on_some_questions_is_saved_and_opened(searcher: Searcher, tmp_path):
    questions = read_training_questions(CONFIDENCE)[::6]
    reader = SpanReader.open(BUNDLED, searcher.encoder.digest)
    seen: list[int] = []
    fitted = fit_confidence(searcher, reader, questions, seen.append)
    fitted.save(tmp_path)
    assert sum(seen) == len(questions)
    assert Calibration.open(tmp_path, searcher.encoder.digest) == fitted
    assert fitted.texts == searcher.index.manifest.texts
    assert (set(fitted.finding.weights), set(fitted.one.model.weights)) == (
        set(CANDIDATE_FEATURES),
        set(PRODUCT_FEATURES),
    )
    assert 0 < fitted.one.closest_from < 1
    assert fitted.finding.weights["reader"] > 0  # what the reader holds an answer is one more often
