"""Lines as they lie in a file, and the one form in which they are read, whatever tool wrote them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.text import readable_line, split_lines


def test_lines_end_at_line_feeds_only() -> None:
    assert split_lines("a\u2028b\r\nc\x0cd\n\u00a0\n") == ("a\u2028b", "c\x0cd", "\u00a0")
    assert split_lines("") == ()


@pytest.mark.parametrize(
    "printed",
    [
        "• Défi : l'été, fin",
        "• Défi : l'été, fin  ",
        "• Défi : l'été, fin\t",
        unicodedata.normalize("NFD", "• Défi : l'été, fin"),
        "•\u00a0Défi\u202f: l'été, fin\u2009",
        "• Dé\u00adfi : l'é\u200bté, \ufb01n",
        "\ufeff• Défi : l'été, fin",
        "\x0c• Défi : l'été, fin",
    ],
)
def test_what_nobody_can_see_does_not_change_how_a_line_reads(printed: str) -> None:
    assert readable_line(printed) == "• Défi : l'été, fin"


def test_an_indent_and_wide_spaces_are_part_of_a_layout() -> None:
    assert readable_line("  \u00a0 Accès\u00a0\u00a0 Droits") == "    Accès   Droits"


def test_a_no_break_hyphen_is_a_hyphen_and_letters_stay_letters() -> None:
    assert readable_line("l\u02bcœuvre Val\u2011d'Oise, 1°, m², …") == "l’œuvre Val-d'Oise, 1°, m², …"


@given(st.text())
def test_a_line_that_was_read_reads_the_same_again_and_stays_one_line(text: str) -> None:
    read = readable_line(text.replace("\n", " "))
    assert readable_line(read) == read
    assert "\n" not in read
