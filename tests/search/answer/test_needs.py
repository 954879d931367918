"""What people tell gets a list of initiatives, what they ask of a sheet gets a sentence of it, whatever the form."""

import numpy as np
import pytest

from corpus.text import encoder_form
from search.answer import BUNDLED, BadCalibration, Needs
from search.answer.needs import TOLD_FROM

NEEDS = Needs(model="m", data="two texts", weights=np.array([2.0, -2.0], np.float32), bias=0.5)


def test_the_probability_is_logistic_in_the_sentence_vector():
    assert NEEDS.probability(np.array([0.0, 0.25], np.float32)) == pytest.approx(0.5)
    assert NEEDS.probability(np.array([1.0, 0.0], np.float32)) == pytest.approx(1 / (1 + np.exp(-2.5)))


def test_a_text_is_a_need_from_the_bound_on():
    at_bound = (np.log(TOLD_FROM / (1 - TOLD_FROM)) - 0.5) / 2
    assert NEEDS.are_told(np.array([at_bound + 0.01, 0.0], np.float32))
    assert not NEEDS.are_told(np.array([at_bound - 0.01, 0.0], np.float32))


def test_it_is_saved_and_opened(tmp_path):
    NEEDS.save(tmp_path)
    opened = Needs.open(tmp_path, "m")
    assert (opened.data, opened.bias, opened.weights.tolist()) == ("two texts", 0.5, [2.0, -2.0])


@pytest.mark.parametrize(
    ("written", "told"),
    [(None, "There is nothing that tells"), ("{", "is damaged"), ('{"model": "m"}', "is damaged")],
)
def test_what_is_missing_or_damaged_is_refused(tmp_path, written: str | None, told: str):
    if written is not None:
        (tmp_path / "needs.json").write_text(written, encoding="utf8")
    with pytest.raises(BadCalibration, match=told):
        Needs.open(tmp_path, "m")


def test_one_fitted_for_another_encoder_is_refused(tmp_path):
    NEEDS.save(tmp_path)
    with pytest.raises(BadCalibration, match="another encoder"):
        Needs.open(tmp_path, "n")


@pytest.mark.parametrize(
    ("text", "is_need"),
    [
        (
            "Mon père ne me reconnaît plus et je n'ai pas dormi depuis un mois. Est-ce que quelqu'un peut m'aider ?",
            True,
        ),
        ("J'ai grandi en foyer, j'aurai dix-huit ans dans un mois et nulle part où aller. Qui peut m'aider ?", True),
        ("My son has just come out of prison and nobody will hire him. Is there any help?", True),
        ("Combien de foyers testent le kit à Bordeaux ?", False),
        ("Qui porte la plateforme Job 41 ?", False),
        ("When did the Finistère grant for care leavers start?", False),
        ("Les ateliers du Cantal, c'est ouvert à qui ?", False),
    ],
)
def test_the_shipped_one_tells_needs_from_questions(searcher, text: str, is_need: bool):
    needs = Needs.open(BUNDLED, searcher.encoder.digest)
    (whole,) = searcher.encoder.questions([encoder_form(text)])
    assert needs.are_told(whole.vector) == is_need
