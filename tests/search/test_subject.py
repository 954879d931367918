"""The subject of a question: which of the ranked initiatives stand out, whatever the scale of their scores."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.subject import count_on_subject


@pytest.mark.parametrize(
    ("scores", "count"),
    [
        ([0.9, 0.8, 0.3, 0.2, 0.2, 0.1, 0.1], 2),
        ([0.64, 0.61, 0.6, 0.47, 0.43, 0.36, 0.35, 0.35, 0.34, 0.33, 0.33], 3),  # where the scores fall off
        ([0.9, 0.2, 0.2, 0.2], 1),
        ([0.5, 0.5, 0.5], 3),  # nothing stands out from the others
        ([0.4], 1),
        ([], 0),
    ],
)
def test_what_comes_near_the_best_is_on_the_subject(scores: list[float], count: int):
    assert count_on_subject(np.array(scores)) == count


DESCENDING = st.lists(st.integers(-1000, 1000), min_size=1, max_size=60).map(lambda one: sorted(one, reverse=True))


@given(scores=DESCENDING, scale=st.sampled_from([0.25, 2.0, 64.0]), offset=st.sampled_from([-8.0, 0.0, 32.0]))
def test_neither_scale_nor_offset_of_the_scores_matters(scores: list[int], scale: float, offset: float):
    given_scores = np.array(scores, float)
    assert count_on_subject(given_scores * scale + offset) == count_on_subject(given_scores)


@given(scores=DESCENDING)
def test_there_is_always_a_first_and_never_more_than_there_are(scores: list[int]):
    assert 1 <= count_on_subject(np.array(scores, float)) <= len(scores)
