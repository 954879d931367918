"""Words: text without case, accents and elisions."""

import pytest

from corpus.text import fold, plain_words


def test_folding_takes_case_accents_and_ligatures_away():
    assert fold("Œuvre ÉVALUÉE, ex æquo à Nîmes") == "oeuvre evaluee, ex aequo a nimes"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("L'aide à l’EHPAD", ["aide", "a", "ehpad"]),
        ("qu'elles jusqu'ici d'aujourd'hui", ["elles", "ici", "aujourdhui"]),
        ("s'il n'y a qu'un", ["il", "y", "a", "un"]),
        ("rendez-vous (R.S.A.)", ["rendez", "vous", "r", "s", "a"]),
        ("80 % en 2016, 1er rang, 06-07", ["80", "en", "2016", "1er", "rang", "06", "07"]),
        ("", []),
        ("…?!", []),
    ],
)
def test_words_are_folded_and_freed_of_elisions(text, words):
    assert plain_words(text) == words
