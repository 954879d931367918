"""Faithfulness: an editorial record says nothing that the sheets it speaks of do not."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.bilingual import Bilingual
from corpus.enrichment import EditorialRecord, Expansions
from corpus.faithfulness import Faithfulness
from corpus.model import Departement, Initiative
from corpus.text import numbers_in, numbers_in_digits
from corpus.thesaurus import Concept
from tests import atlas

TEXT = """Le bus des villages
Depuis 2016, un bus va dans quinze communes de l'Ain, deux fois par semaine, avec Pôle emploi et la CAF.
Il a coûté 1,5 million d'euros et transporte 1 200 personnes, dont 30 % de retraités."""

RSA = Concept(
    id="rsa",
    official=("revenu de solidarité active",),
    lay=(),
    en=("minimum income scheme",),
    acronym="RSA",
    field="insertion",
)


def sheet(**changes: object) -> Initiative:
    return replace(atlas.initiative(), text=TEXT, title="Le bus des villages", **changes)


def record(
    title: str = "A bus for the villages, Ain", fr: str = "", en: str = "", **changes: object
) -> EditorialRecord:
    """A sound record, with some more said in its title and summaries."""
    told = EditorialRecord(
        initiative="atlas-le-bus-01",
        author=atlas.record().author,
        date="2026-11-25",
        title_en=title,
        summary=Bilingual(
            f"Dans l'Ain, un bus va de village en village pour amener les habitants en ville. {fr}",
            f"In Ain, a bus goes from village to village to bring people into town. {en}",
        ),
        publics=("habitants",),
        topics=("mobilite",),
        expansions=Expansions(
            tuple(f"bus {letter}" for letter in "abcdef"), tuple(f"coach {letter}" for letter in "abcd")
        ),
    )
    return replace(told, **changes)


@pytest.fixture(scope="module")
def faithfulness(gazetteer) -> Faithfulness:
    return Faithfulness.of(gazetteer, atlas.enrichment().vocabulary, (RSA,))


@pytest.mark.parametrize(
    "said",
    [
        "Quinze communes y passent.",
        "It serves 15 communes.",
        "Twice: two times a week.",
        "It cost 1.5 million euros.",
        "Il a coûté 1 500 000 euros.",
        "1,200 people take it.",
        "30% are retired.",
        "Il roule depuis 2016 avec Pôle emploi et la CAF.",
        "Les allocataires du RSA y montent.",
        "En Auvergne-Rhône-Alpes.",
        "A Minimum Income Scheme helps.",
        "One bus, un bus.",
    ],
)
def test_what_the_sheet_says_in_whatever_form_is_sound(faithfulness: Faithfulness, said: str):
    assert faithfulness.faults(record(fr=said), [sheet()]) == ()


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("Il va dans 16 communes.", "has the number '16', which the sheet does not give"),
        ("Il va dans seize communes.", "has the number 'seize', which the sheet does not give"),
        ("It serves a dozen towns.", "has the number 'dozen', which the sheet does not give"),
        ("Depuis 2015.", "has the number '2015', which the sheet does not give"),
        ("It cost 15 million euros in 2017.", "has the number '2017', which the sheet does not give"),
        ("Il va jusqu'à Marseille.", "names the place 'Marseille', which the sheet does not"),
        ("Comme en Bretagne.", "names the place 'Bretagne', which the sheet does not"),
        ("Avec la fondation Abracadabra.", "names 'Abracadabra', whom the sheet does not"),
        ("Avec la MDPH.", "names 'MDPH', whom the sheet does not"),
        ("Écrire à bus@ain.fr aujourd'hui.", "holds contact data"),
        ("Appeler le 04 00 00 00 00.", "holds contact data"),
        ("Appeler le +33 4 00 00 00 00.", "holds contact data"),
    ],
)
def test_what_the_sheet_does_not_say_is_told_with_its_place_in_the_record(
    faithfulness: Faithfulness, said: str, fault: str
):
    assert f"summary.fr {fault}" in faithfulness.faults(record(fr=said), [sheet()])
    assert f"summary.en {fault}" in faithfulness.faults(record(en=said), [sheet()])


def test_every_sheet_of_the_cluster_is_looked_up(faithfulness: Faithfulness):
    other = sheet(departements=(Departement("13", "Bouches-du-Rhône"),))
    other = replace(other, text="Le bus va aussi à Marseille depuis 2019.")
    assert faithfulness.faults(record(fr="À Marseille dès 2019."), [sheet(), other]) == ()


def test_expansions_may_have_words_of_their_own_but_no_numbers(faithfulness: Faithfulness):
    asked = ("la Ddass", "un bus tout neuf", "c", "d", "e", "16 bus en 3D")
    expansions = Expansions(asked, ("coach a", "coach b", "coach c", "coach d"))
    assert faithfulness.faults(record(expansions=expansions), [sheet()]) == (
        "expansions.fr[6] has the number '16', which the sheet does not give",
    )


def asking(*french: str, english: tuple[str, ...] = ()) -> Expansions:
    """Expansions of the right number, some of which ask this."""
    others = record().expansions
    return Expansions((*french, *others.fr[len(french) :]), (*english, *others.en[len(english) :]))


def test_a_place_may_be_named_by_those_who_live_there_and_a_departement_by_its_towns(faithfulness: Faithfulness):
    told = replace(sheet(), text="Un bus pour la métropole bordelaise et pour Rennes.")
    said = record("A bus for Bordeaux and Rennes", "En Gironde et en Ille-et-Vilaine aussi.", "In Brittany too.")
    assert faithfulness.faults(said, [told]) == ()


def test_expansions_may_ask_near_a_place_of_the_same_region_and_no_other(faithfulness: Faithfulness):
    near = asking("un bus près de Lyon", english=("a coach near Grenoble",))
    assert faithfulness.faults(record(expansions=near), [sheet()]) == ()
    far = asking("un bus près de Marseille", english=("a coach in Brittany",))
    assert faithfulness.faults(record(expansions=far), [sheet()]) == (
        "expansions.fr[1] asks near 'Marseille', in no region of the sheet",
        "expansions.en[1] asks near 'Brittany', in no region of the sheet",
    )


def test_a_helpline_is_known_by_its_number_when_the_thesaurus_has_it_and_only_to_those_who_ask(gazetteer):
    helpline = Concept(
        id="115",
        official=("numéro d'urgence",),
        lay=("appeler le 115", "le 15"),
        en=(),
        acronym=None,
        field="hebergement",
    )
    faithfulness = Faithfulness.of(gazetteer, atlas.enrichment().vocabulary, (helpline,))
    assert faithfulness.faults(record(expansions=asking("le 115 ne répond pas")), [sheet()]) == ()
    assert faithfulness.faults(record(expansions=asking("le 119 ne répond pas")), [sheet()]) == (
        "expansions.fr[1] has the number '119', which the sheet does not give",
    )
    assert "summary.fr has the number '115', which the sheet does not give" in faithfulness.faults(
        record(fr="Le 115 appelle."), [sheet()]
    )


def test_each_text_is_in_its_own_language(faithfulness: Faithfulness):
    french, english = record().summary.fr, record().summary.en
    turned = record(
        summary=Bilingual(english, french), expansions=asking("where is the bus", english=("où sont les bus",))
    )
    assert faithfulness.faults(turned, [sheet()]) == (
        "summary.fr is English",
        "summary.en is French",
        "expansions.fr is English",
        "expansions.en is French",
    )


LONG = " ".join(["mot"] * 61)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"summary": Bilingual(LONG, record().summary.en)}, "summary.fr has 61 words, not 12 to 60"),
        ({"summary": Bilingual(record().summary.fr, "Too short.")}, "summary.en has 2 words, not 12 to 60"),
        ({"title_en": ""}, "title_en has 0 characters, at most 120 are allowed"),
        ({"title_en": "a" * 121}, "title_en has 121 characters, at most 120 are allowed"),
        ({"publics": ()}, "publics must be 1 to 4 different keys of the vocabulary, not ''"),
        (
            {"publics": ("habitants",) * 2},
            "publics must be 1 to 4 different keys of the vocabulary, not 'habitants, habitants'",
        ),
        ({"topics": ("x",)}, "topics must be 1 to 4 different keys of the vocabulary, not 'x'"),
        ({"expansions": Expansions(("a",), ("b",))}, "expansions are 1 French and 1 English, not 6 and 4"),
        (
            {"expansions": Expansions(tuple("abcdef"), ("x", "y", "z", "À"))},
            "expansions have a blank one, or one that stands twice",
        ),
        (
            {"expansions": Expansions(("a" * 161, *"bcdef"), tuple("xyzw"))},
            "one of expansions is longer than 160 characters",
        ),
    ],
)
def test_a_record_has_a_shape(faithfulness: Faithfulness, changes: dict[str, object], fault: str):
    assert faithfulness.faults(record(**changes), [sheet()]) == (fault,)


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("12 bus", [{12}]),
        ("1 200 bus", [{1200}]),
        ("1,200 buses", [{1200, 1.2}]),
        ("3,5 %", [{35, 3.5}]),
        ("2.5 million", [{25, 2.5, 25e6, 2.5e6}]),
        ("vingt-et-un", []),
        ("dix-sept ans", [{17}]),
        ("hundreds of people, three centaines", [{100}, {3}, {100}]),
        ("un bus, une ville, one town", []),
        ("150M€ in 2016-2021", [{150}, {2016}, {2021}]),
        ("3D, R2D2", []),
        ("3ans, 650m², 2e", [{3}, {650}, {2}]),
        ("triple objectif", [{3}]),
    ],
)
def test_numbers_are_read_in_digits_and_words_of_both_languages(text: str, readings: list[set[float]]):
    assert [set(number.readings) for number in numbers_in(text)] == readings


@given(st.integers(2, 10**9))
def test_a_number_is_read_with_any_separator_of_thousands(value: int):
    for text in (f"{value}", f"{value:,}", f"{value:,}".replace(",", " "), f"{value:,}".replace(",", "\u202f")):
        (number,) = numbers_in_digits(text)
        assert value in number.readings
