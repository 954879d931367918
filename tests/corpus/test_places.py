import csv
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import corpus
from corpus.model import Departement
from corpus.places import Gazetteer, Place, PlaceKind
from corpus.places.names import without_inflection
from corpus.text import fold_words

GAZETTEER = Gazetteer.open()
GAZETTEER.places_in_query("warm up the names known despite a slip")
TABLES = Path(corpus.__file__).parent / "gazetteer"


def rows(table: str) -> list[dict[str, str]]:
    with (TABLES / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


DEPARTEMENTS = [Departement(row["code"], row["name"]) for row in rows("departements")]


def found(places: tuple[Place, ...]) -> list[tuple[str, str]]:
    return [(place.kind, place.name) for place in places]


def in_prose(text: str) -> list[str]:
    return [place.name for place in GAZETTEER.places_in(text)]


def in_query(text: str) -> list[str]:
    return [place.name for place in GAZETTEER.places_in_query(text)]


def without_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def with_spaces(text: str) -> str:
    return text.replace("-", " ")


def with_curly_apostrophes(text: str) -> str:
    return text.replace("'", "’")


def decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


SPELLINGS = st.lists(
    st.sampled_from([str.upper, str.lower, without_accents, with_spaces, with_curly_apostrophes, decomposed]),
    max_size=4,
)


# One name


def test_there_are_101_departements_and_the_metropole_de_lyon():
    assert len(DEPARTEMENTS) == 102
    assert GAZETTEER.departement("Métropole de Lyon") == Departement("69M", "Métropole de Lyon")
    assert GAZETTEER.departement("Département du Rhône") == Departement("69", "Rhône")


@given(
    st.sampled_from(DEPARTEMENTS),
    SPELLINGS,
    st.sampled_from(
        ["", "Département de ", "département de la ", "Département du ", "Conseil départemental des ", "la "]
    ),
)
def test_every_departement_is_known_in_any_casing_accents_hyphens_and_under_its_title(departement, spellings, title):
    name = departement.name
    for spelling in spellings:
        name = spelling(name)
    assert GAZETTEER.departement(title + name) == departement


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Hauts-Pyrénées", "65"),
        ("Pyrénées Atlantiques", "64"),
        ("Corse du Sud.....", "2A"),
        ("Alpes de hautes Provence", "04"),
        ("Vauclse", "84"),
        ("93", "93"),
        ("2a", "2A"),
        ("Département du Pas-de-Calais – Territoire de Lens-Liévin", "62"),
        ("Département de l'Indre (Une démarche similaire a été signalée par la Haute-Marne)", "36"),
        ("Département de la Haute-Savoie et Cantons de Genève, Vaud et Valais", "74"),
        ("Lot et Garonne", "47"),
    ],
)
def test_slips_codes_and_additions_do_not_hide_a_departement(written, code):
    departement = GAZETTEER.departement(written)
    assert departement is not None
    assert departement.code == code


@pytest.mark.parametrize("written", ["", "la mairie", "par", "Département", "Bordeaux", "Bretagne", "96", "Haute"])
def test_what_names_no_departement_gives_none(written):
    assert GAZETTEER.departement(written) is None


def test_regions_of_today_and_before_2016_are_known():
    normandy, upper = GAZETTEER.region("Normandie"), GAZETTEER.region("haute normandie")
    assert normandy is not None
    assert [d.code for d in normandy.departements] == ["14", "27", "50", "61", "76"]
    assert upper is not None
    assert (upper.former, [d.code for d in upper.departements]) == (True, ["27", "76"])
    assert GAZETTEER.region("Gironde") is None


def test_every_departement_lies_in_one_region_which_lists_it():
    assert all(d in GAZETTEER.region_of(d).departements for d in DEPARTEMENTS)
    assert GAZETTEER.region_of(Departement("69M", "Métropole de Lyon")).name == "Auvergne-Rhône-Alpes"


def test_former_regions_share_out_every_departement_of_the_mainland_regions_they_became():
    codes = [code for row in rows("former_regions") for code in row["departements"].split()]
    assert len(codes) == len(set(codes))
    merged = {GAZETTEER.region_of(d).name for d in DEPARTEMENTS if d.code in codes}
    assert {d.code for d in DEPARTEMENTS if GAZETTEER.region_of(d).name in merged} == set(codes)


# Prose


def test_a_place_tells_what_it_is_and_where_it_is_named():
    (place,) = GAZETTEER.places_in("Le CHU de Toulouse expérimente.")
    assert place == Place(
        name="Toulouse",
        kind=PlaceKind.COMMUNE,
        code="31555",
        departements=(Departement("31", "Haute-Garonne"),),
        start=10,
        end=18,
    )


@given(st.sampled_from(DEPARTEMENTS), st.lists(st.sampled_from([without_accents, with_spaces, decomposed]), max_size=2))
def test_every_departement_is_found_in_a_header_line(departement, spellings):
    name = departement.name
    for spelling in spellings:
        name = spelling(name)
    assert GAZETTEER.departements_in(f"Département : {name}\n") == (departement,)


@given(
    st.lists(
        st.sampled_from(
            [
                "Gironde",
                "Bordeaux",
                "Val-de-Marne",
                "Sens",
                "à ",
                "la ",
                "Nord",
                "le ",
                "93",
                "(",
                ")",
                "-",
                "L’",
                "\n",
                ". ",
            ]
        )
        | st.text(max_size=5)
    ).map("".join)
)
def test_places_lie_inside_the_text_in_order_and_apart(text):
    for places in (GAZETTEER.places_in(text), GAZETTEER.places_in_query(text)):
        spans = [bound for place in places for bound in (place.start, place.end)]
        assert spans == sorted(spans)
        assert all(0 <= place.start < place.end <= len(text) for place in places)
        assert all(place.departements for place in places)


@given(st.sampled_from([row["name"] for row in rows("communes") if int(row["population"]) >= 100_000]))
def test_the_words_of_a_place_are_those_of_its_name(name):
    text = f"Une action portée par la ville de {name}."
    for place in GAZETTEER.places_in(text):
        assert list(map(without_inflection, fold_words(text[place.start : place.end]))) == list(
            map(without_inflection, fold_words(place.name))
        )


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("dans les agglomérations bordelaise et parisienne", ["Bordeaux", "Paris"]),
        ("sur le territoire métropolitain de Bordeaux", ["Bordeaux"]),
        ("la préfecture du Tarn et la DDT de Seine-et-Marne", ["Tarn", "Seine-et-Marne"]),
        ("le SDIS du Val de Marne", ["Val-de-Marne"]),
        ("Île-de-France / Loire-Atlantique / Gironde", ["Île-de-France", "Loire-Atlantique", "Gironde"]),
        ("l'agglomération Melun Val de Seine", ["Melun Val de Seine"]),
        ("le Nord et la Somme, dans l'Ain, le Lot et le Nord", ["Somme", "Ain", "Lot", "Nord"]),
        ("dans le Nord", ["Nord"]),
        ("Oise..... | 18, 19 |\n| Nord | 13 |\n| Lot | 23 |", ["Oise", "Nord", "Lot"]),
        ("la maison d'arrêt de Marseille-Baumettes", ["Marseille"]),
        ("la direction du logement de La Réunion", ["La Réunion"]),
        ("la MDSI du Bouscat, le CD33 et la MDPH 90", ["Le Bouscat", "Gironde", "Territoire de Belfort"]),
        ("une maison de santé à Hambye et à Noyers-sur-Cher", ["Hambye", "Noyers-sur-Cher"]),
        ("la commune de Sens, à Tours et à Nice", ["Sens", "Tours", "Nice"]),
        ("le chantier du Louvre de Lens, dans le Nord-Pas de Calais", ["Lens", "Nord-Pas-de-Calais"]),
        ("une maison de santé à La Clusaz", ["La Clusaz"]),
    ],
)
def test_prose_names_these_places(text, names):
    assert in_prose(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "Sens de l'action : Autres Bois, Les Aides, Le Plan, Premières Maisons",
        "Cher collègue, Somme toute, Lot de consolation. Manche courte. Creuse ton sillon",
        "une personne en somme, plus cher, un lot, la manche, tour à tour",
        "Canal Seine Nord Europe, Europe du Nord, gare du Nord, au Nord de la ville",
        "La Réunion de suivi est mensuelle.",
        "le Centre national, le Centre jeunesse de Montréal",
        "la Société de Saint-Vincent-de-Paul",
        "Philippe Cholet, Directeur\nAude Martin, Cheffe\nNancy DURAND",
        "bordeaux et gironde sans capitales",
        "Val de Loire, Grande-Bretagne",
        "Le Grand est petit",
        "à Port-Royal, à Long Island, à la Chambre, à l'hôpital Saint-Louis, la basilique Saint-Jean-de-Latran",
        "le réacteur d'Aïn Oussara",
        "un coeur de France, des villes soeurs",
    ],
)
def test_prose_names_no_place_here(text):
    assert in_prose(text) == []


def test_a_longer_name_hides_the_names_inside_it():
    text = "Le Val-de-Marne, la Haute-Savoie, la Loire-Atlantique, les Pays de la Loire, Aix-en-Provence."
    assert in_prose(text) == ["Val-de-Marne", "Haute-Savoie", "Loire-Atlantique", "Pays de la Loire", "Aix-en-Provence"]


def test_a_town_and_its_departement_share_a_name_and_the_cue_tells_them_apart():
    assert found(GAZETTEER.places_in("à Vienne")) == [("commune", "Vienne")]
    assert found(GAZETTEER.places_in("le Département de la Vienne")) == [("departement", "Vienne")]


def test_lyon_lies_in_the_metropole_and_villefranche_in_the_rhone():
    lyon, villefranche = GAZETTEER.places_in("à Lyon et à Villefranche-sur-Saône")
    assert [d.code for d in (*lyon.departements, *villefranche.departements)] == ["69M", "69"]


def test_a_name_two_large_towns_bear_means_neither():
    assert in_prose("la ville de Saint-Denis") == []


def test_departements_are_told_once_in_order_of_mention():
    text = "Département du Var, puis de l'Oise, puis du Var, en région Bretagne, à Bordeaux"
    assert [d.code for d in GAZETTEER.departements_in(text)] == ["83", "60"]


# Questions


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("jeunes dans le département du Nord", ["Nord"]),
        ("emploi en bretagne", ["Bretagne"]),
        ("handicap haute garonne mdph", ["Haute-Garonne"]),
        ("who helps homeless women in Bordeaux?", ["Bordeaux"]),
        ("child care in brittany, Corsica or Upper Normandy", ["Bretagne", "Corse", "Haute-Normandie"]),
        ("North department", ["Nord"]),
        ("seine saint denis", ["Seine-Saint-Denis"]),
        ("dans le 59", ["Nord"]),
        ("logement (33)", ["Gironde"]),
        ("mdph du 93", ["Seine-Saint-Denis"]),
        ("que fait la Meuse pour ses vieux", ["Meuse"]),
        ("impayé pa de calai", ["Pas-de-Calais"]),
        ("bretange, haute garone, monpellier", ["Bretagne", "Haute-Garonne", "Montpellier"]),
        ("val doise", ["Val-d'Oise"]),
        ("caf de la somme", ["Somme"]),
        ("dans le lot", ["Lot"]),
        ("logement à nice", ["Nice"]),
        ("au havre ou au mans", ["Le Havre", "Le Mans"]),
        ("à La Réunion", ["La Réunion"]),
        ("région grand est", ["Grand Est"]),
        ("MDPH DE LA SOMME", ["Somme"]),
        ("les collèges lillois", ["Lille"]),
    ],
)
def test_a_question_names_these_places(query, names):
    assert in_query(query) == names


@pytest.mark.parametrize(
    "query",
    [
        "une personne en somme",
        "aide au lot, dans le lot de mesures",
        "cher",
        "nord",
        "habitat d'Europe du Nord",
        "dans le nord de la france",
        "donner du sens, rue à sens unique",
        "tours de france, à tours de rôle",
        "centre social, dans le centre",
        "grand est mon problème",
        "25 ans, 60 ans, 100 euros, en 2016, 93",
        "jeunes de 16 à 25 ans (12 mois)",
        "dans le 15 jours",
        "participer à la réunion",
        "nice projects in nice places, a lot of help, gap year, social lens",
        "garde d'enfants, union, port du voile, plaisir, fontaine",
        "la moyenne, charpente, limoger, savoir",
        "ville de demain",
        "havre de paix",
        "Nice ideas for elderly people",
    ],
)
def test_a_question_names_no_place_here(query):
    assert in_query(query) == []


# Numbers of départements in questions


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("emploi (13)", "emploi dans les Bouches-du-Rhône"),
        ("mobilité dans le 33", "mobilité en Gironde"),
        ("logement dept 62 ?", "logement dans le Pas-de-Calais ?"),
        ("emploi département 2A", "emploi en Corse-du-Sud"),
        ("logement dans le département n° 01", "logement dans l'Ain"),
        ("jeunes du 93", "jeunes de la Seine-Saint-Denis"),
        ("que fait le 59 pour les jeunes", "que fait le département du Nord pour les jeunes"),
        ("dans le 59 et le 62", "dans le Nord et dans le Pas-de-Calais"),
        ("mdph du 93", "mdph de la Seine-Saint-Denis"),
        ("aide CD33", "aide conseil départemental de la Gironde"),
        ("housing in the 93", "housing in Seine-Saint-Denis"),
    ],
)
def test_the_number_of_a_departement_is_one_question_with_its_name(typed, meant):
    assert GAZETTEER.with_names(typed) == meant


def test_a_number_that_repeats_the_place_before_it_is_left_out():
    assert GAZETTEER.with_names("logement à Bordeaux (33)") == "logement à Bordeaux"


@pytest.mark.parametrize(
    "question",
    [
        "25 ans, 60 ans, 100 euros, en 2016, en 93, 93",
        "33 logements, article 13, article (13), covid 19, covid (19)",
        "le 62 rue Victor Hugo, du 15 au 20 mars, le 12, appeler le 15",
        "dans le 15 jours, dans le 13e arrondissement, dans le 33 000",
        "le 49.3, le 50 %, jeunes de 16 à 25 ans (12 mois)",
    ],
)
def test_years_amounts_ages_dates_and_addresses_are_no_departements(question):
    assert GAZETTEER.with_names(question) == question
    assert in_query(question) == []


@given(st.text(st.characters(exclude_categories=("Nd", "Nl", "No", "Cs"))))
def test_a_question_without_a_number_is_unchanged(question):
    assert GAZETTEER.with_names(question) == question


@pytest.mark.parametrize("departement", DEPARTEMENTS)
def test_every_departement_is_found_under_the_name_written_for_its_number(departement):
    (place,) = GAZETTEER.places_in_query(GAZETTEER.with_names(f"aide dans le {departement.code}"))
    assert departement in place.departements


# Melted articles, merged communes, words that are also names


@pytest.mark.parametrize(
    ("question", "name", "code"),
    [
        ("logement aux Mureaux", "Les Mureaux", "78440"),
        ("emploi aux ulis", "Les Ulis", "91692"),
        ("port des Sables-d'Olonne", "Les Sables-d'Olonne", "85194"),
        ("logement aux Lilas", "Les Lilas", "93045"),
        ("mobilité au Havre", "Le Havre", "76351"),
        ("musée du Mans", "Le Mans", "72181"),
        ("emploi à Cran-Gevrier", "Annecy", "74010"),
        ("emploi à cran-gevrier", "Annecy", "74010"),
        ("jeunes à Hellemmes", "Lille", "59350"),
        ("jeunes à hellemmes", "Lille", "59350"),
        ("aide dans la ville de lomme", "Lille", "59350"),
        ("logement à Tourlaville", "Cherbourg-en-Cotentin", "50129"),
    ],
)
def test_melted_articles_and_names_of_merged_communes_lead_to_the_commune_of_today(question, name, code):
    assert [(place.name, place.code) for place in GAZETTEER.places_in_query(question)] == [(name, code)]


def test_a_merged_commune_is_read_in_questions_only():
    assert in_prose("Mme Tourlaville habite à Cran-Gevrier") == []


@pytest.mark.parametrize(
    "question",
    ["prévention des paris sportifs", "les paris", "LES PARIS", "paris en ligne", "des rennes", "les lilas", "un lot",
     "visites et tours", "UNE PERSONNE EN SOMME", "plus cher", "aide à perles", "donner à lire", "famille hellemmes"],
)  # fmt: skip
def test_an_ordinary_word_that_is_also_a_name_is_no_place(question):
    assert in_query(question) == []


@pytest.mark.parametrize(
    ("question", "name"),
    [("les enfants de paris", "Paris"), ("logement paris", "Paris"), ("à tours", "Tours"), ("dans le nord", "Nord"),
     ("DANS LA MANCHE", "Manche"), ("dans les landes", "Landes"), ("logement à nice", "Nice")],
)  # fmt: skip
def test_the_same_word_is_a_place_where_something_leads_to_one(question, name):
    assert in_query(question) == [name]


def test_the_short_name_of_a_large_town_is_not_that_of_a_merged_commune():
    assert in_query("logement à Boulogne") == []
