"""Fitting learns from questions with known answers, leaves out what it is measured on, and gives what can be served."""

import numpy as np
import pytest

from eval.training import READER, fit_answers, is_kept_out, looked_at, read_training_questions, training_set
from eval.training.confidence import moved_elsewhere, sure_from
from search import Searcher
from search.answer import (
    BUNDLED,
    CANDIDATE_FEATURES,
    PRODUCT_FEATURES,
    Calibration,
    SentenceRanker,
    SpanReader,
)


def test_no_question_that_is_trained_on_is_about_an_initiative_that_is_kept_out(searcher: Searcher):
    ranked, judged = training_set(searcher)
    asked = [one for one in (*ranked, *judged) if one.initiative]
    assert asked
    assert not [one for one in asked if is_kept_out(searcher.catalogue.initiative(one.initiative))]


def test_a_quarter_of_the_initiatives_is_kept_out_with_all_their_sheets(searcher: Searcher):
    catalogue = searcher.catalogue
    out = [one for one in catalogue.initiatives if is_kept_out(one)]
    assert 0.15 < len(out) / len(catalogue.initiatives) < 0.35
    assert all(is_kept_out(catalogue.initiative(id)) for one in out for id in one.same_as)


def test_a_question_moved_elsewhere_names_a_place_where_the_initiative_is_not(searcher: Searcher):
    moved = moved_elsewhere(searcher, read_training_questions(READER)[:200])
    assert moved
    assert all(one.initiative is None and one.answer is None for one in moved)


@pytest.mark.parametrize(
    ("right", "wrong", "least"),
    [
        (60, 0, 0.9),  # none of sixty wrong: with a certainty of .95 less than one in twenty is
        (40, 0, 1.0),  # of forty that is not known
        (200, 3, 0.9),  # 3 of 203: less than .038
        (200, 8, 1.0),  # 8 of 208: it may be .068
    ],
)
def test_sure_is_what_is_seldom_wrong_as_far_as_so_many_questions_can_say(right: int, wrong: int, least: float):
    confidences = np.array([0.9] * (right + wrong) + [0.3] * 40)
    labels = np.array([False] * wrong + [True] * right + [False] * 40)
    assert sure_from(confidences, labels) == least


@pytest.mark.slow
def test_what_was_fitted_on_some_questions_is_saved_and_opened(searcher: Searcher, tmp_path):
    ranked, judged = (questions[::8] for questions in training_set(searcher))
    reader = SpanReader.open(BUNDLED, searcher.encoder.digest)
    seen: list[int] = []
    fitted = fit_answers(searcher, reader, ranked, judged, seen.append)
    fitted.save(tmp_path)
    assert sum(seen) == looked_at(searcher, ranked, judged)
    calibration = Calibration.open(tmp_path, searcher.encoder.digest)
    assert calibration == fitted.calibration
    assert calibration.texts == searcher.index.manifest.texts
    assert set(calibration.finding.weights) == set(CANDIDATE_FEATURES)
    assert set(calibration.answering.model.weights) == set(PRODUCT_FEATURES)
    assert 0 < calibration.answering.closest_from < 1
    assert SentenceRanker.open(tmp_path, searcher.encoder.digest).data == fitted.ranker.data
