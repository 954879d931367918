"""Sentences of a reply: whole ones only, each with the passages it cites, however the text arrives."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.answering.sentence import Sentence, read_sentences
from search.language_model.language_model import LONGEST_TEXT


def read(text):
    return [(sentence.text, sentence.passages) for sentence in read_sentences([text])]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Le bus roule [1]. Il est vert [2].", [("Le bus roule.", (1,)), ("Il est vert.", (2,))]),
        ("Le bus roule. [1] Il est vert. [2]", [("Le bus roule.", (1,)), ("Il est vert.", (2,))]),
        ("Le bus roule.[1]Il est vert.[2]", [("Le bus roule.", (1,)), ("Il est vert.", (2,))]),
        ("Le bus roule. [1], [2] Il est vert.", [("Le bus roule.", (1, 2)), ("Il est vert.", ())]),
        ("Le bus [2] roule [1][2].", [("Le bus roule.", (2, 1))]),
        ("Le bus roule [1, 2 ; 12] !", [("Le bus roule !", (1, 2, 12))]),
        ("Le bus roule [sic]. [Ou pas.]", [("Le bus roule [sic].", ()), ("[Ou pas.]", ())]),
        ("Le bus roule [1234] [a] [] [1-3].", [("Le bus roule [1234] [a] [] [1-3].", ())]),
    ],
)
def test_a_citation_belongs_to_its_sentence_before_or_after_the_stop(text, sentences):
    assert read(text) == sentences


@pytest.mark.parametrize(
    "text",
    [
        "M. Dupont et Mme. Roy suivent le Dr. Petit [1].",
        "La fiche n° 3 et la fiche no. 4 valent 1,5 et 16.60 euros [1].",
        "L'art. 2 et l'art. L. 116-1 fixent 50.000 euros env. Ain [1].",
        "See e.g. Ain, i.e. the J. Dupont team, approx. 12 people vs. 3 [1].",
        "Elle aide les jeunes, les aînés, etc. et leurs proches [1].",
        "Le sigle S.N.C.F. Ain figure p. 12 et pp. 13 [1].",
        "« Le bus roule. Il est vert. » dit la fiche [1].",
        "“Le bus roule. Il est vert.” dit la fiche [1].",
        "Le bus roule... et roule [1].",
    ],
)
def test_a_stop_that_ends_no_sentence_does_not_cut(text):
    assert [passages for _, passages in read(text)] == [(1,)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Vraiment ? Oui ! Le bus… Il roule.", ["Vraiment ?", "Oui !", "Le bus…", "Il roule."]),
        ("Il dit : « Le bus roule. » Elle rit.", ["Il dit : « Le bus roule. »", "Elle rit."]),
        ("Ouvert en 2016. Fermé en 2017.", ["Ouvert en 2016.", "Fermé en 2017."]),
        ("Les jeunes, les aînés, etc. [1] Un bus.", ["Les jeunes, les aînés, etc.", "Un bus."]),
    ],
)
def test_every_other_stop_cuts(text, sentences):
    assert [said for said, _ in read(text)] == sentences


def test_lines_are_sentences_without_their_bullets_and_markup():
    text = "## Réponse\n- **Le bus** roule [1]\n2. Il est\u00a0vert [2]\n\n***\n[3]"
    assert read(text) == [("Réponse", ()), ("Le bus roule", (1,)), ("Il est vert", (2,))]


def test_no_control_character_and_no_half_of_a_pair_comes_through():
    assert read("Le \x1b[31mbus\x00 roule\ud800 [1].") == [("Le [31mbus roule.", (1,))]


def test_a_sentence_is_read_before_the_next_has_ended_but_not_before_its_citation():
    told = []

    def pieces():
        for piece in ["Le bus roule.", " ", "[1", "] ", "Il"]:
            yield piece
            told.append(piece)

    assert next(read_sentences(pieces())) == Sentence("Le bus roule.", (1,))
    assert told == ["Le bus roule.", " ", "[1", "] "]


WORDS = st.sampled_from(
    [
        "Le",
        "bus",
        "roule",
        "M.",
        "art.",
        "1,5",
        "n° 3",
        "«",
        "»",
        "[1]",
        "[1, 2]",
        "[",
        "]",
        ".",
        "!",
        "…",
        " ",
        "\n",
        "2.",
    ]
)
TEXTS = st.lists(WORDS, max_size=25).map("".join) | st.text(max_size=40)


@given(TEXTS, st.data())
def test_where_the_pieces_are_cut_changes_nothing(text, data):
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    pieces = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert list(read_sentences(pieces)) == list(read_sentences([text]))


@given(st.lists(WORDS, max_size=25).map("".join))
def test_no_word_is_lost(text):
    said = "".join(sentence.text for sentence in read_sentences([text]))
    assert [c for c in said if c.isalpha()] == [c for c in text if c.isalpha()]


@given(st.lists(st.lists(st.integers(1, 999), max_size=3, unique=True), min_size=1, max_size=4), st.booleans())
def test_citations_are_read_as_they_were_written(cited, together):
    def marks(numbers):
        if together and numbers:
            return f" [{', '.join(map(str, numbers))}]"
        return "".join(f"[{number}]" for number in numbers)

    text = " ".join(f"Le bus roule{marks(numbers)}." for numbers in cited)
    assert read(text) == [("Le bus roule.", tuple(numbers)) for numbers in cited]


@pytest.mark.parametrize("repeated", [" ", "\n", ".", "[", "«", "[1", "[1] ", ". ", "1,", "M. ", ".»"])
def test_odd_texts_take_no_longer_than_others_even_letter_by_letter(repeated):
    began = time.monotonic()
    list(read_sentences(iter(repeated * (LONGEST_TEXT // len(repeated)))))
    assert time.monotonic() - began < 3
