"""What the prose of an initiative gives: a title of its own words, the year it starts, and where it takes place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.fields import Location, Start, derive_title, experiment_start, locate, printed_start, told_start
from corpus.model import Departement
from corpus.places import Gazetteer


@pytest.mark.parametrize(
    ("prose", "title"),
    [
        ("Le défi vise à réduire le bruit, notamment la nuit.", "Réduire le bruit"),
        ("Le projet consistera à planter et à tailler des arbres.", "Planter et tailler des arbres"),
        ("L’enjeu du défi est de tester une réponse inédite, ainsi que de rire.", "Tester une réponse inédite"),
        ("L'équipe candidate souhaite proposer aux élèves un atelier.", "Proposer aux élèves un atelier"),
        ("La ville de Brest a pour ambition, avec ses agents, d’ouvrir un lieu.", "Ouvrir un lieu"),
        ("La ville a saisi le laboratoire, afin de concevoir et de bâtir une halle.", "Concevoir et bâtir une halle"),
        ("Accueillir les jeunes, tel est l'objectif.", "Accueillir les jeunes"),
        ("Le programme Envol est un atelier pour les jeunes.", "Le programme Envol – un atelier"),
        ("La région travaille à la création d'un outil.", "Création d'un outil"),
        ("Une commune calme. Le projet vise à la réveiller.", "La réveiller"),
    ],
)
def test_the_lead_in_goes_and_the_point_stays(prose: str, title: str) -> None:
    assert derive_title(prose) == title


def test_the_end_is_preferred_to_the_means_when_both_are_too_long() -> None:
    assert (
        derive_title(
            "Le défi consiste à explorer d’autres modes d’action publique pour définir avec les populations locales un"
            " dispositif visant à augmenter la résilience des quartiers face au risque d’inondation."
        )
        == "Augmenter la résilience des quartiers face au risque d’inondation"
    )


def test_a_list_carries_the_sentence_on() -> None:
    assert (
        derive_title("La direction travaille à un outil pour :\n\n • faciliter les échanges ;\n • le reste.")
        == "Un outil pour faciliter les échanges"
    )


WORDS = ["Le", "défi", "vise", "à", "pour", "d'", "élèves,", "et", ":", ";", ".", "«", "»", "Brest", "aider", "qui"]


@given(st.lists(st.sampled_from(WORDS), min_size=1))
def test_a_title_is_made_of_the_words_of_the_text(words: list[str]) -> None:
    prose = " ".join(["Aide", *words])
    title = derive_title(prose)
    assert title
    assert title[1:] in prose


# The start: the first year of a date; years that date something else are left alone.


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


@pytest.mark.parametrize(
    ("field", "year"),
    [
        ("15/03/2014", 2014),
        ("3.4.2014", 2014),
        ("03/2014", 2014),
        ("15/03/14", 2014),
        ("2014-03-15", 2014),
        ("AOUT 2014", 2014),
        ("Décembre 2014", 2014),
        ("DECEMBRE 2014", 2014),
        ("janv. 2014", 2014),
        ("Fév 2014", 2014),
        ("oct.2014", 2014),
        ("avril-mai 2014", 2014),
        ("2ème semestre 2014", 2014),
        ("PREMIER TRIMESTRE 2014", 2014),
        ("T3 2014", 2014),
        ("fin du 3e trim. 2014", 2014),
        ("Rentrée scolaire 2014", 2014),
        ("ETE 2014", 2014),
        ("année scolaire 2014-2015", 2014),
        ("Début d'année 2014", 2014),
        ("En cours depuis sept. 2014", 2014),
        ("Depuis la rentrée 2014", 2014),
        ("2014/2016", 2014),
    ],
)
def test_a_start_in_figures_without_accents_shortened_or_as_a_term_is_kept_as_printed(field: str, year: int) -> None:
    assert printed_start(field) == Start(year, field)


@pytest.mark.parametrize("field", ["05 56 20 17 20", "www.exemple.fr/2017/03", "RD 2017", "Tél. 01.02.20.17.09"])
def test_figures_that_are_no_date_begin_nothing(field: str) -> None:
    assert printed_start(field) is None


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


@pytest.mark.parametrize(
    ("prose", "preface", "start"),
    [
        ("Elle durera 15 mois à compter de janvier 2020.", "", Start(2020, "à compter de janvier 2020")),
        (
            "Elle durera un an.",
            "Les expérimentations commencent en 2019.",
            Start(2019, "expérimentations commencent en 2019"),
        ),
        ("Elle débute dès 2021.", "Les expérimentations commencent en 2019.", Start(2021, "dès 2021")),
        ("Elle existe depuis 2016.", "Le jury s'est réuni en 2019.", None),
    ],
)
def test_an_experiment_starts_when_its_prose_says_or_else_when_all_do(
    prose: str, preface: str, start: Start | None
) -> None:
    assert experiment_start(prose, preface) == start


# The place.

GIRONDE, RHONE = Departement("33", "Gironde"), Departement("69", "Rhône")


@pytest.mark.parametrize(
    ("statements", "prose", "location"),
    [
        (["Bordeaux métropole"], "", Location((GIRONDE,), (), "Bordeaux")),
        (["Mairie de Bordeaux", "à Villeurbanne"], "dans le Rhône", Location((GIRONDE,), (RHONE,), "Bordeaux")),
        (["une ville", "en Gironde"], "", Location((GIRONDE,), (), None)),
        (["l'agglomération de Bordeaux"], "", Location((GIRONDE,), (), "agglomération de Bordeaux")),
        (["en Bretagne"], "", Location((), (), "Bretagne")),
        (["partout"], "", Location((), (), None)),
    ],
)
def test_the_first_statement_that_leads_to_a_departement_says_where(
    statements: list[str], prose: str, location: Location, gazetteer: Gazetteer
) -> None:
    assert locate(gazetteer, statements, prose) == location
