"""The normal form of what is asked: readable, on one line; blank, wordless and too long texts are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.text import question_form, visible_form
from search import BadQuestion
from search.normalise import (
    MAX_DESCRIPTION_LENGTH,
    MAX_QUESTION_LENGTH,
    validate_description,
    validate_question,
)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("  un\n\tbus\u00a0vert ", "un bus vert"),
        ("un\x00 bus\x1b[31m", "un bus[31m"),
        ("un\ud800bus", "unbus"),
        ("🚌 e\u0301té", "🚌 été"),
        ("", ""),
    ],
)
def test_white_space_is_folded_and_what_is_no_text_left_out(text: str, normal: str):
    assert visible_form(text) == normal


@given(st.text(alphabet=st.characters(), max_size=80))
def test_the_normal_form_is_its_own_normal_form(text: str):
    assert visible_form(visible_form(text)) == visible_form(text)


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "?!…", "🙂🙂", "\x00\x01", "\u200b\u200f", "\ud800"])
def test_a_question_without_a_word_is_refused_with_the_mend(text: str):
    with pytest.raises(BadQuestion, match=r"holds no word \(q\)\. Ask in a few words or sentences"):
        validate_question(text)


def test_a_question_that_is_too_long_is_refused_with_its_length():
    assert MAX_QUESTION_LENGTH == 1000
    assert validate_question("a" * 1000) == "a" * 1000
    with pytest.raises(BadQuestion, match=r"has 1001 characters, at most 1000 are read \(q\)\. Ask in a few words"):
        validate_question("a" * 1001)


@pytest.mark.parametrize(("sign", "unfolded"), [("\ufdfa", 18), ("ﬃ", 3), ("ﬁ", 2)])
def test_a_sign_counts_as_what_it_unfolds_to(sign: str, unfolded: int):
    assert len(sign * (1000 // unfolded)) < 501
    validate_question(sign * (1000 // unfolded))
    with pytest.raises(BadQuestion, match=f"has {len(visible_form(sign * 600))} characters, at most 1000 are read"):
        validate_question(sign * 600)
    with pytest.raises(BadQuestion, match="at most 20000 are read"):
        validate_description(sign * (20_000 // unfolded + 1))


def test_what_is_much_too_long_is_refused_before_its_words_are_looked_at(monkeypatch: pytest.MonkeyPatch):
    read: list[str] = []
    monkeypatch.setattr("search.normalise.question_form", lambda text: read.append(text) or question_form(text))
    for text in ("a" * 60_000, "\ufdfa" * 20_000, "(" * 60_000):
        with pytest.raises(BadQuestion, match="at most 1000 are read"):
            validate_question(text)
    assert read == []


def test_a_question_in_inclusive_writing_may_be_longer_than_its_normal_form():
    assert len(validate_question("travailleur·euse·s " * 76)) <= 1000


def test_white_space_does_not_count_as_length():
    assert validate_question("a" + " " * 10_000 + "b") == "a b"


@given(text=st.text(alphabet=st.characters(), max_size=80))
def test_a_question_is_read_when_it_has_a_letter_or_digit_and_refused_otherwise(text: str):
    if any(character.isalnum() for character in question_form(text)):
        assert validate_question(text) == question_form(text) != ""
    else:
        with pytest.raises(BadQuestion, match="The question holds no word"):
            validate_question(text)


def test_letters_with_accents_apart_count_once():
    assert validate_question("e\u0301" * 600) == "é" * 600


@pytest.mark.parametrize("text", ["", "?!", "🙂", "- **", "a.roy@gard.fr, 01 23 45 67 89"])
def test_a_description_without_a_word_is_refused(text: str):
    with pytest.raises(BadQuestion, match=r"holds no word \(text\)\. Say in a few sentences what is done"):
        validate_description(text)


def test_a_description_may_be_longer_than_a_question():
    assert MAX_DESCRIPTION_LENGTH == 20_000
    assert validate_description("a" * 20_000) == "a" * 20_000
    with pytest.raises(BadQuestion, match=r"has 20001 characters, at most 20000 are read \(text\)\. Give the paragr"):
        validate_description("a" * 20_001)
