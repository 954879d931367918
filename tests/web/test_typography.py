"""Typography: texts of ours as a printer sets them, and nothing else of them changed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.typography import typeset
from web.visitor import texts_in


@pytest.mark.parametrize(
    ("text", "language", "as_set"),
    [
        ("Coût : 12 euros ?", "fr", "Coût\u00a0: 12\u00a0euros\u202f?"),
        ("dire « oui » ; non !", "fr", "dire «\u00a0oui\u00a0»\u202f; non\u202f!"),
        ("l'accueil d'enfants", "fr", "l’accueil d’enfants"),
        ("1 366 visites, 20 % en 2018", "fr", "1\u202f366 visites, 20\u00a0% en 2018"),
        ("the sheet's 1 366 euros", "en", "the sheet’s 1\u202f366\u00a0euros"),
        ("What is it : this ?", "en", "What is it : this ?"),
        ("de 9:30 à 17:00, voir http://x.fr/?q=a", "fr", "de 9:30 à 17:00, voir http://x.fr/?q=a"),
        ("en 2017 120 jeunes", "fr", "en 2017 120 jeunes"),
    ],
)
def test_apostrophes_and_spaces(text, language, as_set):
    assert typeset(text, language) == as_set


@given(st.text(), st.sampled_from(["fr", "en"]))
def test_letters_stay_and_setting_twice_changes_nothing_more(text, language):
    once = typeset(text, language)
    assert typeset(once, language) == once

    def letters(of: str) -> str:
        return "".join(c for c in of.replace("’", "'") if unicodedata.category(c) != "Zs")

    assert letters(once) == letters(text)


def test_what_fills_a_text_stays_as_it_is_for_it_may_be_quoted():
    say = texts_in("fr").typeset
    assert say("chip.remove", what="l'abri : oui ?") == "Retirer\u00a0: l'abri : oui ?"
