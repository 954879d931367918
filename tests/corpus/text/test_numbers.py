"""Numbers, in digits or words, in French or English, as the values and the figures they may stand for."""

import pytest

from corpus.text import figures, figures_held, numbers_in, numbers_in_digits


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
    assert [set(one) for one in figures(sentence)] == claimed


def test_a_date_in_digits_holds_its_month():
    assert {"12", "3", "2016", "mars"} <= figures_held("le 12/03/2016")
