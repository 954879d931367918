"""The commands that search: their options, what they print, and that their JSON is what the HTTP door replies."""

import json

import pytest
import typer
from fastapi.testclient import TestClient
from typer.testing import CliRunner

import api
from terminal.search import FILTERS, with_filters
from web import FilterParameters

BUS = "faire circuler un bus qui amène le médecin dans les villages isolés"
PHOTO = "recueil-2018-atelier-photo-33"
FOYERS = "combien de foyers testent le kit de chauffage au bois ?"
ELSEWHERE = "quel est le prix du bitcoin à Tokyo ?"
RESPITE = "Combien coûte une demi-journée de répit pour les aidants ?"
UNTOLD, LABO = (
    "quel est le budget du Labo innovation des solidarités ?",
    "recueil-2018-le-labo-innovation-des-solidarites-71",
)


@pytest.fixture
def http(settings, almanac):
    with TestClient(api.create_app(settings, almanac.searcher())) as client:
        yield client


@pytest.fixture
def bus(almanac):
    """The id of the second challenge of the almanac."""
    return almanac.searcher().catalogue.initiatives[1].id


def told(reply):
    """A reply without the time it took."""
    return {**reply, "took_ms": 0}


def test_a_search_shows_rank_title_theme_and_why(recueil, bus):
    shown = recueil("search", BUS, "-k", "1")
    assert shown.exit_code == 0
    for part in ("French", "│ 1 │", bus, "un bus qui amène le médecin", "words 1", "meaning", "1 of "):
        assert part in shown.stdout


def test_a_search_in_json_has_the_shape_of_the_http_door(recueil, http):
    printed = json.loads(recueil("search", BUS, "--theme", "Se déplacer", "-k", "3", "--json").stdout)
    served = http.get("/search", params={"q": BUS, "theme": "Se déplacer", "k": 3}).json()
    assert printed["hits"]
    assert told(printed) == told(served)


def test_nothing_relevant_is_said_with_a_hint_and_is_no_failure(recueil_shipped):
    shown = recueil_shipped("search", "recette de la tarte aux pommes")
    assert shown.exit_code == 0
    assert "0 of 0 initiatives" in shown.stdout


def test_similar_initiatives_are_found_for_an_id_and_for_a_text(recueil, http, bus):
    of_id = json.loads(recueil("similar", bus, "-k", "2", "--json").stdout)
    of_text = json.loads(recueil("similar", "--text", BUS, "-k", "2", "--json").stdout)
    assert of_id == http.get(f"/initiatives/{bus}/similar", params={"k": 2}).json()
    assert of_text == http.post("/similar", json={"text": BUS, "k": 2}).json()
    assert recueil("similar", bus, "-k", "2").exit_code == 0


def test_a_sheet_is_shown_whole(recueil, http, bus):
    shown = recueil("show", bus)
    assert shown.exit_code == 0
    for part in (bus, "challenge", "Se déplacer", "Le défi vise à faire circuler un bus"):
        assert part in shown.stdout
    assert json.loads(recueil("show", bus, "--json").stdout) == http.get(f"/initiatives/{bus}").json()


# --- ask ---


def test_an_answer_is_shown_with_numbered_sources_their_lines_and_how_sure_it_is(recueil_shipped):
    shown = recueil_shipped("ask", RESPITE)
    assert shown.exit_code == 0
    for part in ("10 à 12 euros", "[1]", "recueil-2018, line 1447", "sure (", "in the words of the sources"):
        assert part in shown.stdout


def test_a_refusal_shows_what_is_nearest_on_the_subject_and_is_no_failure(recueil_shipped):
    shown = recueil_shipped("ask", UNTOLD)
    assert shown.exit_code == 0
    for part in ("Pas de réponse sûre", LABO, "no sure answer (an answer would be right with 0."):
        assert part in shown.stdout


def test_a_refusal_of_what_nothing_is_on_names_no_initiative(recueil_shipped):
    shown = recueil_shipped("ask", ELSEWHERE)
    assert shown.exit_code == 0
    assert "Pas de réponse sûre" in shown.stdout
    assert "proche" not in shown.stdout
    assert "│" not in shown.stdout


def test_an_answer_in_json_has_the_shape_of_the_http_door(recueil_shipped, service):
    printed = json.loads(recueil_shipped("ask", FOYERS, "--region", "Nouvelle-Aquitaine", "--json").stdout)
    served = service.get("/ask", params={"q": FOYERS, "region": "Nouvelle-Aquitaine"}).json()
    assert told(printed) == told(served)


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ((" ",), "no word"),
        ((" ", "--json"), "no word"),
        (("bus", "--departement", "Zzz"), "no département 'Zzz'"),
        (("bus", "--theme", "Zzz"), "theme 'Zzz'"),
    ],
)
def test_a_question_that_cannot_be_answered_is_a_fault(recueil_shipped, words, what):
    ended = recueil_shipped("ask", *words)
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert what in ended.stderr.splitlines()[0]


def test_where_nothing_is_trained_to_answer_the_command_to_run_is_named(recueil):
    ended = recueil("ask", "bus")
    assert ended.exit_code == 1
    assert "Run `recueil train-reader`." in ended.stderr


# --- options for filters ---


@pytest.fixture
def taken():
    """What the command below was called with, most recent last."""
    return []


@pytest.fixture
def find(taken):
    """Run a command that takes filters between its other options."""
    app = typer.Typer()

    @app.command()
    @with_filters
    def find(text: str, k: int = 10, *, conditions: "FilterParameters", as_json: bool = False) -> None:
        """Find."""
        taken.append((text, k, conditions, as_json))

    return lambda *words: CliRunner().invoke(app, words)


def test_there_is_an_option_for_each_filter():
    assert list(FILTERS) == list(FilterParameters.model_fields)


def test_every_filter_is_taken_as_it_was_given(find, taken):
    words = [
        "--departement",
        "Ain",
        "--departement",
        "33",
        "--region",
        "53",
        "--theme",
        "Transports",
        "--kind",
        "note",
        "--document",
        "atlas",
    ]
    words += ["--public", "aidants", "--topic", "logement", "--year-from", "2015", "--year-to", "2018"]
    assert find("bus", "--k", "3", *words, "--as-json").exit_code == 0
    conditions = FilterParameters(
        departement=["Ain", "33"],
        region=["53"],
        theme=["Transports"],
        kind=["note"],
        document=["atlas"],
        public=["aidants"],
        topic=["logement"],
        year_from=2015,
        year_to=2018,
    )
    assert taken == [("bus", 3, conditions, True)]


def test_without_filters_there_are_no_conditions(find, taken):
    assert find("bus").exit_code == 0
    assert taken == [("bus", 10, FilterParameters(), False)]


def test_the_help_shows_the_filters_where_the_command_takes_them(find):
    shown = find("--help").output
    places = [shown.index(option) for option in ("--k ", "--departement", "--year-from", "--year-to", "--as-json")]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--kind", "poem"), "--kind"),
        (("--year-from", "0"), "--year-from"),
        (("--theme", "x" * 301), "--theme"),
    ],
)
def test_a_value_that_no_filter_can_have_is_a_wrong_call_that_names_the_option(find, taken, words, told):
    ended = find("bus", *words)
    assert (ended.exit_code, told in ended.stderr, taken) == (2, True, [])
