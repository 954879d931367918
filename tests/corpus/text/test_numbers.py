"""Numbers, in digits or words, in French or English, as the values and the figures they may stand for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.text import claimed_figures, figures_held, numbers_in, numbers_in_digits


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("1 500 repas", [{1500}]),
        ("1,500 meals", [{1500, 1.5}]),
        ("1,5 million de repas", [{1.5, 15, 1_500_000, 15_000_000}]),
        ("soixante-dix villes", [{70}]),
        ("deux trentaines", [{2}, {30}]),
        ("un seul, une seule, one", []),
        ("en 3D", []),
    ],
)
def test_a_number_has_every_value_it_may_stand_for(text, readings):
    assert [set(number.readings) for number in numbers_in(text)] == readings


def test_numbers_in_digits_leave_words_alone():
    assert [number.text for number in numbers_in_digits("12 villes, vingt cars")] == ["12"]


@pytest.mark.parametrize(
    ("sentence", "claimed"),
    [
        ("50,000 homes since May 2016", [{"50000", "50.000"}, {"2016"}, {"mai"}]),
        ("1,5 M€ pour 20 %", [{"1500000"}, {"20%"}]),
        ("quatre-vingt-dix-sept foyers", [{"97"}]),
        ("une ou deux villes", []),
        ("20 à 30 %", [{"20", "20%"}, {"30%"}]),
        ("le 12.03.2016", [{"12"}, {"3"}, {"2016"}]),
    ],
)
def test_a_sentence_claims_figures_in_forms_that_both_languages_share(sentence, claimed):
    assert [set(one) for one in claimed_figures(sentence)] == claimed


def test_a_date_in_digits_holds_its_month():
    assert {"12", "3", "2016", "mars"} <= figures_held("le 12/03/2016")


def holds_figures(source, sentence):
    held = figures_held(source)
    return not any(held.isdisjoint(readings) for readings in claimed_figures(sentence))


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("un tarif de 16,60 euros", "The price is 16.60 euros."),
        ("un tarif de 16,60 euros", "Le tarif est de 16,6 euros."),
        ("50 000 foyers", "About 50,000 homes."),
        ("50 000 foyers", "50000 foyers"),
        ("1 234 567,80 euros", "1,234,567.8 euros"),
        ("près de 15 % des foyers", "15 percent of homes, or 15 per cent"),
        ("près de 15% des foyers", "15 pour cent des foyers"),
        ("entre 10 et 15 %", "Between 10 and 15%."),
        ("le 12/03/2016", "On 12 March 2016."),
        ("le 1er août 2016", "On 1 August 2016."),
        ("chaque lundi de février", "Mondays in February are free."),
        ("vingt-cinq foyers", "The 25 homes."),
        ("25 foyers", "Vingt-cinq foyers."),
        ("quatre-vingt-dix-sept foyers", "97 homes, ninety-seven indeed."),
        ("une centaine de foyers", "About a hundred homes."),
        ("deux mille trois cents euros", "2,300 euros"),
        ("de 20 à 30 % des jeunes", "Entre 20 % et 30 % des jeunes."),
        ("vingt pour cent des jeunes", "20 percent of them"),
        ("une économie de 3 M€", "A saving of 3 million euros, or 3,000,000 euros."),
        ("1,5 million d'euros", "1 500 k€"),
        ("deux millions cinq cent mille euros", "2.5 million euros"),
        ("9,2 milliards d'euros", "9.2 billion euros"),
        ("une dizaine de jeunes", "Ten young people, about 10."),
        ("le 24h/24, à 09h30", "24 hours a day, from 9:30"),
        ("trois villes", "Two of the three towns."),
        ("aucun nombre", "Both go to one place, l'un et l'autre, deux fois."),
    ],
)
def test_a_figure_is_held_in_whatever_form_it_is_written(source, sentence):
    assert holds_figures(source, sentence)


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("50 foyers", "50,000 homes."),
        ("50 foyers", "500 foyers"),
        ("5 000 foyers", "5 foyers, 50 communes"),
        ("3 ateliers pour 250 foyers", "3 250 foyers"),
        ("15 foyers", "15 % des foyers"),
        ("16,60 euros", "16,06 euros"),
        ("16,60 euros", "1660 euros"),
        ("en 2016", "Since 2017."),
        ("le 12 mars 2016", "On 12 May 2016."),
        ("le 12/03/2016", "le 12 avril 2016"),
        ("chaque lundi", "Every Tuesday."),
        ("dix foyers", "Twelve homes."),
        ("vingt foyers et cinq communes", "vingt-cinq foyers"),
        ("1,5 million", "15 million"),
        ("1,5 million", "1.5 billion"),
        ("1,5 million", "1.5 euros"),
        ("3 M€", "3,000 euros"),
        ("50 000 euros", "50 euros"),
        ("1 366 visites", "366 visites"),
        ("20 % des jeunes", "20 jeunes"),
        ("vingt pour cent", "20 jeunes"),
        ("20 jeunes et 30 %", "20 %"),
    ],
)
def test_another_figure_is_not_held(source, sentence):
    assert not holds_figures(source, sentence)


@given(st.text(max_size=80))
def test_every_text_holds_the_figures_it_claims(text):
    assert holds_figures(text, text)


@given(st.integers(0, 10**9), st.sampled_from([" ", "\u00a0", "\u202f", "", ","]))
def test_a_whole_number_is_one_number_however_it_is_grouped(number, mark):
    assert holds_figures(f"{number} foyers", f"Les {number:,} foyers".replace(",", mark))
