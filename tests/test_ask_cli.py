"""`recueil ask`: what it prints, as JSON and on a terminal."""

import json

import pytest
from typer.testing import CliRunner

from cli import app
from tests.conftest import environment_of

FOYERS = "combien de foyers testent le kit de chauffage au bois ?"
NOWHERE = "quel est le prix du bitcoin à Tokyo ?"


@pytest.fixture
def recueil(built, monkeypatch):
    """Run a command in this process, with the settings of the tests."""
    for name, value in environment_of(built).items():
        if name.startswith("RECUEIL_"):
            monkeypatch.setenv(name, value)
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *words: CliRunner().invoke(app, list(words))


def test_an_answer_is_shown_with_numbered_sources_their_lines_and_how_sure_it_is(recueil):
    shown = recueil("ask", FOYERS)
    assert shown.exit_code == 0
    for part in ("250", "[1]", "dossier-2020, line 103", "right", "(0.", "in the words of the sources"):
        assert part in shown.stdout


def test_a_refusal_shows_the_nearest_initiatives_and_is_no_failure(recueil):
    shown = recueil("ask", NOWHERE)
    assert shown.exit_code == 0
    for part in ("Pas de réponse", "initiative", "no answer (an answer would be right with 0."):
        assert part in shown.stdout


def test_an_answer_in_json_has_the_shape_of_the_http_door(recueil, service):
    printed = json.loads(recueil("ask", FOYERS, "--region", "Nouvelle-Aquitaine", "--json").stdout)
    served = service.get("/ask", params={"q": FOYERS, "region": "Nouvelle-Aquitaine"}).json()
    assert {**printed, "took_ms": 0} == {**served, "took_ms": 0}


def test_every_filter_is_an_option(recueil):
    words = ["--departement", "Corrèze", "--kind", "note", "--document", "recueil-2018", "--year-from", "2016"]
    told = json.loads(recueil("ask", "Qui aide à l'emploi ?", *words, "--year-to", "2016", "--json").stdout)
    assert "Dispositif Boost Emploi" in [hit["initiative"]["title"] for hit in told["hits"]]


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ((" ",), "no word"),
        ((" ", "--json"), "no word"),
        (("bus", "--departement", "Zzz"), "no département 'Zzz'"),
        (("bus", "--theme", "Zzz"), "theme 'Zzz'"),
    ],
)
def test_bad_input_ends_with_1_and_says_what_where_and_the_mend_on_standard_error(recueil, words, what):
    ended = recueil("ask", *words)
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert what in ended.stderr.splitlines()[0]
    assert [line.split(":")[0].strip() for line in ended.stderr.splitlines()[1:]] == ["where", "mend"]


@pytest.mark.parametrize("words", [(), ("bus", "-k", "3"), ("bus", "--kind", "poem"), ("bus", "--year-to", "x")])
def test_a_wrong_call_ends_with_2(recueil, words):
    assert recueil("ask", *words).exit_code == 2


def test_an_asker_that_cannot_be_opened_is_a_fault_that_names_the_command_to_run(recueil, monkeypatch, tmp_path):
    monkeypatch.setattr("opening.answering_folder", lambda var, encoder: tmp_path)
    ended = recueil("ask", "bus")
    assert ended.exit_code == 1
    assert "Run `recueil train-reader`." in ended.stderr
