"""A start is the first year of a date, and years that date something else are left alone."""

import pytest

from corpus.start import Start, printed_start, told_start


@pytest.mark.parametrize(
    ("field", "year"),
    [
        ("2016", 2016),
        ("2014 – 2017", 2014),
        ("2014-2018", 2014),
        ("Depuis 2000", 2000),
        ("Depuis le 1^{er} janvier 2016", 2016),
        ("Depuis 2005, partenariat élargi en 2008", 2005),
        ("Août 2017", 2017),
        ("Automne 2017", 2017),
        ("Fin 2016", 2016),
        ("Octobre 2016 à mai 2017", 2016),
        ("Initié en 2016", 2016),
        ("Elaboration du dispositif depuis 2013.", 2013),
        ("Mise en œuvre prévue fin 2017", 2017),
        ("nc", None),
    ],
)
def test_a_date_field_gives_its_first_year(field: str, year: int | None) -> None:
    start = printed_start(field)
    assert start is not None
    assert start.year == year


@pytest.mark.parametrize("field", ["En cours", "Conseil départemental", "2 résidences réalisées sur 6", "SIAO 33"])
def test_a_field_without_date_is_none(field: str) -> None:
    assert printed_start(field) is None


@pytest.mark.parametrize(
    ("prose", "start"),
    [
        ("Le service, lancé en mai 2014, compte 3 agents.", Start(2014, "en mai 2014")),
        ("Ce schéma 2016/2019 a été adopté en janvier 2017.", Start(2017, "en janvier 2017")),
        ("Il vaut depuis le 1^{er} octobre 2017. Il est mené depuis 2018.", Start(2018, "depuis 2018")),
        ("Ouverture prévue printemps 2019", Start(2019, "prévue printemps 2019")),
        ("Cent places, dont trente dès 2017.", Start(2017, "dès 2017")),
        ("La loi du 14 mars 2016 crée un observatoire, mis en place ici.", None),
        ("Menée dans la continuité des projets mis en œuvre depuis 2015.", None),
        ("En 2013, le secteur compte 10 600 emplois.", None),
        ("Données de bilan au 31 décembre 2015", None),
    ],
)
def test_prose_tells_a_start_where_it_speaks_of_a_beginning(prose: str, start: Start | None) -> None:
    assert told_start(prose) == start
