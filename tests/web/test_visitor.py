"""The texts of the interface: the same keys and fields in both languages, and every key a page names is there."""

import re

import pytest

from web.rendering import TEMPLATES
from web.visitor import TEXTS, Texts, date_in_words, lines_in_words, texts_in

FIELDS = re.compile(r"\{(\w+)\}")
# t("a.b"), say("a.b"), texts("a.b"): a key with a variable part ends before it, with ~ or an f-string.
NAMED = re.compile(r"""(?:\bt|\bsay|\btexts)\(\s*f?"([\w.]+)(?:"|\{)""")


@pytest.fixture(scope="module")
def both() -> tuple[Texts, Texts]:
    return texts_in("fr"), texts_in("en")


def test_both_languages_have_the_same_texts(both):
    french, english = both
    assert french.by_key.keys() == english.by_key.keys()


def test_a_text_has_the_same_fields_in_both_languages(both):
    french, english = both
    fields = {key: set(FIELDS.findall(text)) for key, text in french.by_key.items()}
    assert fields == {key: set(FIELDS.findall(text)) for key, text in english.by_key.items()}


def test_no_text_is_blank_and_none_is_left_in_the_other_language(both):
    french, english = both
    assert all(text.strip() for one in both for text in one.by_key.values())
    same = {text for key, text in french.by_key.items() if text == english.by_key[key]}
    assert [text for text in same if len(FIELDS.sub("", text).split()) > 3] == []


def test_every_text_that_a_page_names_is_there(both):
    french, _ = both
    sources = [*TEMPLATES.rglob("*.html"), *TEXTS.parent.rglob("*.py")]
    named = {key for path in sources for key in NAMED.findall(path.read_text(encoding="utf-8"))}
    assert len(named) > 50
    missing = {key for key in named if not any(known == key or known.startswith(key) for known in french.by_key)}
    assert missing == set()


@pytest.mark.parametrize(
    ("language", "count", "text"),
    [("fr", 0, "0 initiative"), ("fr", 1, "1 initiative"), ("fr", 2, "2 initiatives"),
     ("en", 0, "0 initiatives"), ("en", 1, "1 initiative"), ("en", 2, "2 initiatives")],
)  # fmt: skip
def test_numbers_have_the_form_of_their_language(language, count, text):
    assert texts_in(language)("results.total", count=count) == text


def test_a_missing_text_is_a_bug_and_not_a_blank(both):
    with pytest.raises(KeyError, match=r"no\.such\.text"):
        both[0]("no.such.text")


@pytest.mark.parametrize(("date", "words"), [("2018", "2018"), ("2018-02", "B 2018"), ("2018-12-05", "5 L 2018")])
def test_a_date_is_said_as_exactly_as_it_is_known(date, words):
    assert date_in_words(date, lambda key: " ".join("ABCDEFGHIJKL")) == words


def test_lines_are_one_or_several():
    say = texts_in("en")
    assert (lines_in_words(3, 3, say), lines_in_words(3, 5, say)) == ("line 3", "lines 3 to 5")
