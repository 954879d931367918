"""The subject of a question: which of the ranked initiatives stand out, whatever the scale of their scores."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.subject import is_on_subject


def count_on_subject(scores: np.ndarray) -> int:
    """How many are on the subject when nothing takes place where the question asks."""
    return int(is_on_subject(scores, np.zeros(len(scores), bool)).sum())


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


def test_what_takes_place_where_the_question_asks_need_not_come_so_near_the_best():
    scores = np.array([0.9, 0.8, 0.45, 0.45, 0.25, 0.2, 0.2, 0.1, 0.1])
    in_place = np.array([False, False, False, True, True, False, False, False, False])
    assert is_on_subject(scores, in_place).tolist() == [True, True, False, True, *[False] * 5]


@given(scores=DESCENDING, data=st.data())
def test_a_place_takes_nothing_off_the_subject(scores: list[int], data: st.DataObject):
    in_place = np.array(data.draw(st.lists(st.booleans(), min_size=len(scores), max_size=len(scores))))
    anywhere = is_on_subject(np.array(scores, float), np.zeros(len(scores), bool))
    assert (is_on_subject(np.array(scores, float), in_place) >= anywhere).all()
