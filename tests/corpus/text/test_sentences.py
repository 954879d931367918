"""Sentences end at stops and line ends, and not after abbreviations."""

import pytest

from corpus.text import sentence_spans, sentences_of


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Il dit : oui ; elle aussi. Vraiment ? Oui !", ["Il dit : oui ; elle aussi.", "Vraiment ?", "Oui !"]),
        ("M. Roy et Mme Petit. L'art. 2 dit cela.", ["M. Roy et Mme Petit.", "L'art. 2 dit cela."]),
        ("See e.g. Ain, approx. 3. Then go.", ["See e.g. Ain, approx. 3.", "Then go."]),
        ("Transport, repas, etc. Selon les cas.", ["Transport, repas, etc. Selon les cas."]),
        ("« Le bus roule. » Elle rit.", ["« Le bus roule. »", "Elle rit."]),
        ("Le bus (cf. la fiche) roule... et roule.", ["Le bus (cf. la fiche) roule... et roule."]),
        ("Un bus\nUn car", ["Un bus", "Un car"]),
        (" \n ", []),
    ],
)
def test_a_whole_sentence_ends_at_a_full_stop_or_a_line_end(text, sentences):
    assert sentences_of(text) == sentences


def test_a_part_of_a_sentence_ends_at_a_colon_or_a_semicolon_too():
    text = "Il dit : oui ; elle aussi. Bon."
    assert [text[start:end] for start, end in sentence_spans(text)] == ["Il dit :", "oui ;", "elle aussi.", "Bon."]
