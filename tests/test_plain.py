"""Plain text leaves out markup and contact data, and knows where each of its characters came from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.plain import LEFT_OUT, plain

# Scraps of which source texts are made, between which white space stands.
SCRAPS = ["**aide**", "l'aide", "*", "1^{ère}", "à 10 %", "<i>Voir</i>", "dupont@gard.fr", "06 12 34 56 78", "2018"]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("- la **1^{ère}**\n  étape", "la 1ère étape"),
        ("• Un bus\n✓ Un car\n> Un train", "Un bus Un car Un train"),
        ("o un point\nor ou argent", "un point or ou argent"),
        ("<i>Page 12</i>", "Page 12"),
        ("Écrire à j.dupont@ville-de-nimes.fr ou au 04 66 00 11 22.", "Écrire à ou au ."),
        ("Écrire à dupont@gard, lien cassé", "Écrire à , lien cassé"),
        ("+33 4 66 00 11 22 / 04.66.00.11.22 / 0466001122", "/ /"),
        ("entre 2 000 et 15\u00a0000 €", "entre 2 000 et 15 000 €"),
        ("un service - gratuit - et de qualité", "un service - gratuit - et de qualité"),
        (" \n\t ", ""),
    ],
)
def test_markup_and_contact_data_are_left_out_and_white_space_is_folded(source, text):
    assert plain(source).text == text


def test_a_stretch_of_the_text_leads_back_to_the_source():
    source = "- la **1^{ère}**\n  étape"
    told = plain(source)
    start = told.text.index("1ère")
    assert source[slice(*told.source_span(start, start + 4))] == "1^{ère"
    start = told.text.index("étape")
    assert source[slice(*told.source_span(start, start + 5))] == "étape"


@given(st.text())
def test_every_character_is_that_of_its_origin_or_white_space_for_white_space(source):
    told = plain(source)
    assert len(told.text) == len(told.origin)
    assert list(told.origin) == sorted(set(told.origin))
    for character, position in zip(told.text, told.origin, strict=True):
        assert character == source[position] or (character == " " and source[position].isspace())


@given(st.text())
def test_white_space_is_single_blanks_between_words(source):
    assert plain(source).text == " ".join(plain(source).text.split())


@given(st.lists(st.tuples(st.sampled_from(SCRAPS), st.sampled_from([" ", "\n", "\n- ", "\u00a0"]))))
def test_no_markup_and_no_contact_survives_in_a_text_of_scraps(scraps):
    text = plain("".join(scrap + gap for scrap, gap in scraps)).text
    assert LEFT_OUT.search(text) is None or text.startswith(("-", "–"))
    assert "@" not in text


@given(st.text(alphabet="abcé ,;", min_size=1))
def test_a_text_without_markup_keeps_all_but_white_space(source):
    assert plain(source).text == " ".join(source.split())
