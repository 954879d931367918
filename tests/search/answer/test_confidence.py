"""Confidence: features weighed by logistic models, read from a file that fits the encoder and the program."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search import Searcher
from search.answer import (
    BUNDLED,
    CANDIDATE_FEATURES,
    PRODUCT_FEATURES,
    QUESTION_FEATURES,
    BadCalibration,
    Calibration,
    ConfidenceModel,
    LogisticModel,
    Verdict,
)
from search.answer.confidence import NAME


def calibration() -> Calibration:
    """One in which most figures weigh nothing."""
    return Calibration(
        model="d1",
        texts="t1",
        method="by hand",
        data="none",
        finding=logistic(CANDIDATE_FEATURES, 0.5, first=2.0, second=-1.0),
        answering=confidence_model(-1.0, 3.0, closest_from=0.25),
        answered_from=0.5,
    )


def confidence_model(bias: float, last: float, closest_from: float) -> ConfidenceModel:
    """One in which only the last figure weighs, as it is."""
    weights = dict.fromkeys(PRODUCT_FEATURES, 0.0) | {QUESTION_FEATURES[-1]: last}
    return ConfidenceModel(
        dict.fromkeys(QUESTION_FEATURES, 0.0),
        dict.fromkeys(QUESTION_FEATURES, 1.0),
        LogisticModel(weights, bias),
        closest_from,
    )


def logistic(names: tuple[str, ...], bias: float, **weights: float) -> LogisticModel:
    """Weights that are 0 but for some, by their position."""
    return LogisticModel(dict(zip(names, row(names, **weights).tolist(), strict=True)), bias)


def row(names: tuple[str, ...], **figures: float) -> np.ndarray:
    """Features that are 0 but for some figures, by their position: first=…, second=…, last=…"""
    features = np.zeros(len(names), np.float32)
    for name, figure in figures.items():
        features[{"first": 0, "second": 1, "last": -1}[name]] = figure
    return features


def spoilt(folder: Path, **changes: object) -> Path:
    """A folder with our calibration, some of its fields changed, or left out where None is given."""
    calibration().save(folder)
    fields = json.loads((folder / NAME).read_text()) | changes
    (folder / NAME).write_text(json.dumps({name: value for name, value in fields.items() if value is not None}))
    return folder


@pytest.mark.parametrize(
    ("figures", "log_odds"),
    [({}, 0.5), ({"first": 1.5}, 3.5), ({"first": 1.5, "second": 2.0}, 1.5), ({"last": 9.0}, 0.5)],
)
def test_the_log_odds_of_a_candidate_are_the_bias_and_the_weighed_figures(figures: dict[str, float], log_odds: float):
    assert calibration().finding.log_odds(CANDIDATE_FEATURES, row(CANDIDATE_FEATURES, **figures)) == log_odds


@pytest.mark.parametrize(
    ("figure", "confidence"),
    [
        (0.0, 0.2689),  # 1 / (1 + e)
        (1 / 3, 0.5),  # 1 / (1 + 1)
        (1.0, 0.8808),  # 1 / (1 + e^-2)
        (-1.0, 0.0180),  # 1 / (1 + e^4)
    ],
)
def test_the_confidence_is_the_logistic_function_of_the_log_odds(figure: float, confidence: float):
    assert calibration().confidence(row(QUESTION_FEATURES, last=figure)) == pytest.approx(confidence, abs=5e-5)


def test_features_are_standardised_and_the_product_of_two_weighs_beside_them():
    centre = dict.fromkeys(QUESTION_FEATURES, 0.0) | {QUESTION_FEATURES[0]: 1.0}
    scale = dict.fromkeys(QUESTION_FEATURES, 1.0) | {QUESTION_FEATURES[0]: 2.0}
    weights = dict.fromkeys(PRODUCT_FEATURES, 0.0) | {f"{QUESTION_FEATURES[0]} × {QUESTION_FEATURES[-1]}": 1.0}
    model = ConfidenceModel(centre, scale, LogisticModel(weights, 0.0), 0.1)
    assert model.of(row(QUESTION_FEATURES, first=5.0, last=1.0)) == pytest.approx(
        0.8808, abs=5e-5
    )  # (5 - 1) / 2 × 1 = 2


def test_a_greater_feature_gives_more_confidence():
    figures = np.linspace(-5, 5, 21)
    confidences = [calibration().confidence(row(QUESTION_FEATURES, last=figure)) for figure in figures]
    assert confidences == sorted(set(confidences))
    assert 0 < confidences[0] < 0.001
    assert 0.999 < confidences[-1] < 1


@pytest.mark.parametrize(
    ("confidence", "verdict"),
    [(0.24, Verdict.REFUSED), (0.25, Verdict.CLOSEST), (0.49, Verdict.CLOSEST), (0.5, Verdict.ANSWERED)],
)
def test_a_confidence_decides_whether_to_answer(confidence: float, verdict: Verdict):
    assert calibration().verdict(confidence) is verdict


def test_what_was_saved_is_read_again(tmp_path: Path):
    calibration().save(tmp_path)
    assert Calibration.open(tmp_path, "d1") == calibration()


def test_the_shipped_calibration_fits_the_bundled_encoder_and_texts(searcher: Searcher):
    shipped = Calibration.open(BUNDLED, searcher.encoder.digest)
    assert shipped.texts == searcher.index.manifest.texts
    assert 0 < shipped.answering.closest_from < shipped.answered_from < 1
    assert shipped.data
    assert shipped.method


def test_a_missing_calibration_says_how_to_make_one(tmp_path: Path):
    with pytest.raises(
        BadCalibration, match=r"There is no calibration \(.*calibration\.json\)\. Run `recueil calibrate`"
    ):
        Calibration.open(tmp_path, "d1")


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"answered_from": "much"}, "Input should be a valid number"),
        ({"answered_from": None}, "Field required"),
        ({"finding": [1, 2]}, "Input should be an object"),
        (
            {"finding": {"weights": dict.fromkeys(CANDIDATE_FEATURES, "1"), "bias": 0.0}},
            "Input should be a valid number",
        ),
    ],
)
def test_a_calibration_with_a_wrong_field_is_refused(tmp_path: Path, changes: dict[str, object], what: str):
    with pytest.raises(BadCalibration, match=rf"damaged: .*({what}).* Run `recueil calibrate`"):
        Calibration.open(spoilt(tmp_path, **changes), "d1")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"null"])
def test_a_file_that_is_no_calibration_is_refused(tmp_path: Path, content: bytes):
    (tmp_path / NAME).write_bytes(content)
    with pytest.raises(BadCalibration, match=r"The calibration is damaged: .*Run `recueil calibrate`"):
        Calibration.open(tmp_path, "d1")


def test_a_calibration_of_another_encoder_is_refused(tmp_path: Path):
    calibration().save(tmp_path)
    with pytest.raises(BadCalibration, match=r"fitted for another encoder \(.*\)\. Run `recueil calibrate`"):
        Calibration.open(tmp_path, "d2")


@pytest.mark.parametrize(
    "other",
    [
        replace(calibration(), finding=logistic(CANDIDATE_FEATURES[1:], 0.0)),
        replace(calibration(), finding=logistic((*CANDIDATE_FEATURES, "colour"), 0.0)),
        replace(calibration(), answering=replace(calibration().answering, model=logistic(PRODUCT_FEATURES[1:], 0.0))),
        replace(calibration(), answering=replace(calibration().answering, scale={"colour": 1.0})),
    ],
    ids=["a figure less", "a figure more", "a product less of a question", "another scale"],
)
def test_a_calibration_that_weighs_other_features_is_refused(tmp_path: Path, other: Calibration):
    other.save(tmp_path)
    with pytest.raises(BadCalibration, match=r"other features than this program computes \(.*Run `recueil calibrate`"):
        Calibration.open(tmp_path, "d1")
