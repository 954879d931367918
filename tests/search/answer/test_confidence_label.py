"""How sure an answer is, in one word."""

import pytest

from search.answer import confidence_label


@pytest.mark.parametrize(
    ("confidence", "label"),
    [(1, "sure"), (0.9, "sure"), (0.8999, "likely"), (0.7, "likely"), (0.69, "possible"), (0.5, "possible"),
     (0.49, "unsure"), (0, "unsure")],
)  # fmt: skip
def test_each_step_of_the_scale_has_its_word(confidence, label):
    assert confidence_label(confidence) == label
