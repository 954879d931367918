"""What questions look like in general: the means they are centred on, and the side on which English lies."""

from dataclasses import asdict

import numpy as np
import pytest

from index import QuestionCentre, sample_questions
from tests.word_encoder import WordEncoder

ENCODER = WordEncoder(("eau", "water", "vélo", "bike"))


@pytest.fixture(scope="module")
def centre() -> QuestionCentre:
    return QuestionCentre.of(ENCODER.questions(["eau", "vélo vélo vélo", "water", "bike"]))


def vector_of(text: str) -> np.ndarray:
    return ENCODER.questions([text])[0].vector


def test_the_sample_has_every_question_once_in_french_and_once_in_english():
    texts = sample_questions()
    assert len(texts) == len(set(texts)) == 120
    assert all(text == text.strip() != "" for text in texts)
    assert texts[0] == "comment obtenir une place en crèche"
    assert texts[60] == "how to get a nursery place"


def test_questions_are_centred_on_the_means_of_tokens_and_of_sentences(centre):
    assert centre.state_mean.tolist() == pytest.approx([0, 1 / 6, 1 / 6, 3 / 6, 1 / 6])
    assert centre.vector_mean.tolist() == pytest.approx([0, 1 / 4, 1 / 4, 1 / 4, 1 / 4])


def test_a_centred_vector_has_length_one(centre):
    # (1, 0, 0, 0) less a quarter everywhere: (3, -1, -1, -1) / 4, of length √12 / 4.
    assert centre.vector(vector_of("eau")).tolist() == pytest.approx([0, 0.866, -0.2887, -0.2887, -0.2887], abs=1e-4)
    assert centre.vectors(np.stack([vector_of("eau")]))[0].tolist() == centre.vector(vector_of("eau")).tolist()


def test_centred_states_have_length_one_and_the_mean_itself_none(centre):
    states = centre.states(np.stack([centre.state_mean, centre.state_mean + np.float32([2, 0, 0, 0, 0])]))
    assert states.tolist() == [pytest.approx([0] * 5), pytest.approx([1, 0, 0, 0, 0])]


@pytest.mark.parametrize(("text", "logit"), [("water", 0.5), ("eau", -0.5), ("bike vélo", 0), ("autre", 0)])
def test_english_lies_on_the_positive_side(centre, text, logit):
    assert centre.english_logit(vector_of(text)) == pytest.approx(logit, abs=1e-6)


def test_what_was_saved_is_the_same(centre, tmp_path):
    centre.save(tmp_path / "questions.npz")
    again = QuestionCentre.open(tmp_path / "questions.npz")
    for name, value in asdict(centre).items():
        np.testing.assert_array_equal(getattr(again, name), value)


def test_the_sample_is_told_apart_by_its_language(searcher):
    encoded = searcher.encoder.questions(sample_questions())
    english = [searcher.index.centre.english_logit(one.vector) > 0 for one in encoded]
    assert sum(english[:60]) <= 3
    assert sum(english[60:]) >= 57
