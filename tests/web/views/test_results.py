"""The reason that a card gives where the marks say nothing."""

from types import SimpleNamespace

import pytest

from web.views.results import _reason

TEXT = "Deux aidants soufflent une demi-journée."


def reason(*shared: str) -> str:
    """The reason for a hit whose passage has these words of the question."""
    highlights = [
        SimpleNamespace(
            question_word=word,
            start=TEXT.lower().index(word),
            end=TEXT.lower().index(word) + len(word),
            names_concept=False,
            similarity=1.0,
        )
        for word in shared
    ]
    hit = SimpleNamespace(highlights=highlights, passage=SimpleNamespace(text=TEXT), by_record=False)
    return _reason(hit, [], lambda key, **told: f"{key} {' '.join(told.values())}".strip())


@pytest.mark.parametrize(
    ("shared", "told"),
    [
        (["aidants"], ""),  # they are marked
        (["deux", "aidants"], ""),
        (["deux"], "why.meaning"),  # a number alone is no reason
        ([], "why.meaning"),
    ],
)
def test_shared_words_are_marked_and_need_no_reason_but_a_number_alone_is_none(shared: list[str], told: str):
    assert reason(*shared) == told
