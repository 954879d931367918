"""Claims: the figures, dates and names of a sentence, compared across French and English."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.answering.claims import figures, figures_held, holds_name, names, names_held


def holds_figures(source, sentence):
    held = figures_held(source)
    return not any(held.isdisjoint(readings) for readings in figures(sentence))


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


@pytest.mark.parametrize(
    ("sentence", "claimed"),
    [
        ("Le Département suit M. Dupont.", ["dupont"]),
        ("L'Ain et la Seine-Maritime", ["ain", "seine", "maritime"]),
        ("CAF et MSA aident l'EHPAD, le CCAS.", ["caf", "msa", "ehpad", "ccas"]),
        ("Several EHPADs of the Ain Departmental Council", ["ehpads", "ain"]),
        ("Handi'Plus et HandiPlus", ["plus", "handiplus"]),
        ("Les aides en Évaluée", ["evaluee"]),
        ("French and European funds, in March, le Lundi, on Tuesdays", []),
        ("Marseille finance des bus.", []),
    ],
)
def test_names_are_capitalised_and_do_not_begin_the_sentence(sentence, claimed):
    assert list(names(sentence)) == claimed


@pytest.mark.parametrize(
    ("source", "name", "held"),
    [
        ("DUPONT", "dupont", True),
        ("l'EHPAD", "ehpads", True),
        ("en Bretagne", "brittany", True),
        ("La Réunion", "reunion", True),
        ("Saint-Brieuc", "st", True),
        ("St-Brieuc", "saint", True),
        ("Dupond", "dupont", False),
        ("en Normandie", "brittany", False),
        ("la Seine", "eine", False),
    ],
)
def test_a_name_is_held_without_regard_to_case_accent_or_plural(source, name, held):
    assert holds_name(names_held(source), name) is held


@given(st.text(max_size=80))
def test_every_text_holds_what_it_claims(text):
    assert holds_figures(text, text)
    assert all(holds_name(names_held(text), name) for name in names(text))


@given(st.integers(0, 10**9), st.sampled_from([" ", "\u00a0", "\u202f", "", ","]))
def test_a_whole_number_is_one_number_however_it_is_grouped(number, mark):
    assert holds_figures(f"{number} foyers", f"Les {number:,} foyers".replace(",", mark))
