"""Feedback on the command line: given, listed, exported, erased; and what is made of it."""

import json

import pytest
from typer.testing import CliRunner

from cli import app
from feedback import Miss, MissKind, Store, feedback_file
from tests.conftest import environment_of


@pytest.fixture
def recueil(almanac, tmp_path, monkeypatch):
    """Run a command over the almanac, with a folder of its own for feedback."""
    for folder in ("index", "models"):
        (tmp_path / folder).symlink_to(almanac.var / folder)
    monkeypatch.setenv("RECUEIL_VAR", str(tmp_path))
    monkeypatch.setenv("RECUEIL_ENCODER", almanac.encoder)
    monkeypatch.setenv("RECUEIL_FEEDBACK", "true")
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


def test_from_judgements_on_the_command_line_to_figures(recueil, almanac, tmp_path):
    bus, lodging = almanac.searcher().initiatives[1].id, almanac.searcher().initiatives[4].id
    for query, initiative, grade in [
        ("un bus pour voir le médecin", bus, 3),
        ("Un bus pour voir le médecin ?", bus, 2),
        ("loger des étudiants", lodging, 3),
        ("loger des étudiants", lodging, 3),
        ("loger des étudiants", bus, 3),
        ("loger des étudiants", bus, 0),
    ]:
        assert recueil("feedback", "add", query, initiative, grade).exit_code == 0
    made = recueil("eval", "judgements", "--to", tmp_path / "use")
    assert made.exit_code == 0, made.stderr
    assert "Agreed: 2. Disagreed: 1" in made.stdout
    assert "0 3" in made.stdout  # the grades of the disagreement
    assert "2 questions and 2 judgements lie in" in made.stdout
    measured = recueil("eval", "--collection", tmp_path / "use", "--json")
    assert measured.exit_code == 0, measured.stderr
    assert json.loads(measured.stdout)["retrieval"]["overall"]["questions"] == 2


def test_without_judgements_there_is_no_collection(recueil):
    refused = recueil("eval", "judgements", "--to", "nowhere")
    assert (refused.exit_code, "No two judgements agree yet" in refused.stderr) == (1, True)


def test_feedback_is_listed_exported_and_purged(recueil, almanac, tmp_path):
    bus = almanac.searcher().initiatives[1].id
    recueil("feedback", "add", "un bus pour Mme Anne ROY", bus, 2, "--comment", "voir [bold]a@b.fr[/bold]")
    listed = recueil("feedback", "list").stdout
    assert ("un bus pour" in listed, "ROY" in listed, "a@b.fr" in listed) == (True, False, False)
    (line,) = recueil("feedback", "export").stdout.splitlines()
    told = json.loads(line)
    assert (told["query"], told["initiative"], told["grade"]) == ("un bus pour", bus, 2)
    assert recueil("feedback", "purge").stdout == "0 entries are deleted.\n"
    assert recueil("feedback", "purge", "--containing", "UN BUS").stdout == "1 entry is deleted.\n"
    assert recueil("feedback", "export").stdout == ""
    recueil("feedback", "add", "un bus", bus, 2)
    assert recueil("feedback", "purge", "--all").stdout == "1 entry is deleted.\n"


def test_where_feedback_is_off_none_is_added_and_what_there_was_can_be_deleted(recueil, almanac, monkeypatch):
    bus = almanac.searcher().initiatives[1].id
    recueil("feedback", "add", "un bus", bus, 2)
    monkeypatch.setenv("RECUEIL_FEEDBACK", "false")
    refused = recueil("feedback", "add", "un bus", bus, 2)
    assert (refused.exit_code, "Set RECUEIL_FEEDBACK=true" in refused.stderr) == (1, True)
    assert recueil("feedback", "purge", "--all").stdout == "1 entry is deleted.\n"


@pytest.mark.parametrize(
    "words",
    [
        ("feedback", "add", "un bus", "x", "4"),
        ("feedback", "add", "un bus", "x", "-1"),
        ("feedback", "add", "un bus", "x", "good"),
        ("feedback", "purge", "--all", "--containing", "x"),
        ("feedback", "purge", "--containing", " "),
        ("eval", "judgements"),
        ("eval", "gaps"),
    ],
)
def test_a_wrong_call_ends_with_2(recueil, words):
    assert recueil(*words).exit_code == 2


def test_a_judgement_of_an_unknown_initiative_is_a_fault(recueil):
    ended = recueil("feedback", "add", "un bus", "nobody", 2)
    assert (ended.exit_code, ended.stderr.splitlines()[0]) == (1, "There is no initiative 'nobody'")


@pytest.mark.parametrize("command", ["judgements", "gaps"])
def test_the_help_of_every_command_shows_an_example(command):
    shown = CliRunner().invoke(app, ["eval", command, "--help"])
    assert (shown.exit_code, f"Example: recueil eval {command}" in shown.output) == (0, True)


def test_the_command_line_writes_the_report_from_what_is_kept(built, tmp_path, monkeypatch):
    for name, value in environment_of(built).items():
        if name.startswith("RECUEIL_"):
            monkeypatch.setenv(name, value)
    monkeypatch.setenv("RECUEIL_VAR", str(tmp_path))
    for folder in ("index", "models"):
        (tmp_path / folder).symlink_to(built.var / folder)
    store = Store(feedback_file(tmp_path), 365)
    for text in ("garde d'enfants la nuit", "crèche ouverte la nuit"):
        store.add(Miss(text, "fr", MissKind.NOTHING_FOUND))
    done = CliRunner().invoke(app, ["eval", "gaps", "--to", str(tmp_path / "gaps")])
    assert done.exit_code == 0, done.stderr
    assert "Questions: 2. Needs: 1." in done.stdout
    assert {path.name for path in (tmp_path / "gaps").iterdir()} == {"gaps.html", "gaps.csv"}
