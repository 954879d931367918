"""The commands about feedback: given, shown, exported, deleted and learned from, over the almanac."""

import json
from datetime import date

import pytest

from eval import Agreement, JudgedPair
from feedback import Judgement, Kept, Miss, MissKind, Store, feedback_file
from terminal.feedback import agreement_view, judgements_table, misses_table
from tests.terminal.test_views import written

TODAY = date(2026, 11, 26)


def with_own_feedback(var, tmp_path, monkeypatch):
    """Keep feedback in a folder of its own, beside the index and the model of another."""
    for folder in ("index", "models"):
        (tmp_path / folder).symlink_to(var / folder)
    monkeypatch.setenv("RECUEIL_VAR", str(tmp_path))
    monkeypatch.setenv("RECUEIL_FEEDBACK", "true")


@pytest.fixture
def recueil(recueil, almanac, tmp_path, monkeypatch):
    """Run a command over the almanac, with a folder of its own for feedback."""
    with_own_feedback(almanac.var, tmp_path, monkeypatch)
    return recueil


@pytest.fixture
def recueil_shipped(recueil_shipped, built, tmp_path, monkeypatch):
    """Run a command over the shipped collection, with a folder of its own for feedback."""
    with_own_feedback(built.var, tmp_path, monkeypatch)
    return recueil_shipped


@pytest.fixture
def bus(almanac):
    """The id of the second challenge of the almanac."""
    return almanac.searcher().catalogue.initiatives[1].id


def test_feedback_is_listed_exported_and_purged(recueil, bus):
    kept = recueil("feedback", "add", "un bus pour Mme Anne ROY", bus, 2, "--comment", "voir [bold]a@b.fr[/bold]")
    assert kept.stdout.startswith("Kept until 20")
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


def test_what_is_kept_is_copied_and_taken_back(recueil, bus, tmp_path):
    recueil("feedback", "add", "un bus", bus, 2)
    assert recueil("feedback", "backup", tmp_path / "copy").stdout == f"{tmp_path / 'copy'} holds 1 entry.\n"
    refused = recueil("feedback", "restore", tmp_path / "copy")
    assert (refused.exit_code, "give --replace" in refused.stderr) == (1, True)
    recueil("feedback", "purge", "--all")
    assert recueil("feedback", "restore", tmp_path / "copy").stdout == "1 entry is kept.\n"
    assert "un bus" in recueil("feedback", "export").stdout


def test_a_purge_says_what_waits_for_the_clock_and_deletes_it_if_the_clock_is_trusted(recueil, tmp_path):
    Store(feedback_file(tmp_path), 365, lambda: date(2020, 1, 1)).add(Miss("un train", "fr", MissKind.REPORTED))
    told = recueil("feedback", "purge").stdout
    assert told.startswith("0 entries are deleted.\n1 more has expired by the clock")
    assert recueil("feedback", "purge", "--trust-clock").stdout == "1 entry is deleted.\n"


def test_where_feedback_is_off_none_is_added_and_what_there_was_can_be_deleted(recueil, bus, monkeypatch):
    recueil("feedback", "add", "un bus", bus, 2)
    monkeypatch.setenv("RECUEIL_FEEDBACK", "false")
    refused = recueil("feedback", "add", "un bus", bus, 2)
    assert (refused.exit_code, "Set RECUEIL_FEEDBACK=true" in refused.stderr) == (1, True)
    assert recueil("feedback", "purge", "--all").stdout == "1 entry is deleted.\n"


def test_a_judgement_of_an_unknown_initiative_is_a_fault(recueil):
    ended = recueil("feedback", "add", "un bus", "nobody", 2)
    assert (ended.exit_code, ended.stderr.splitlines()[0]) == (1, "There is no initiative 'nobody'")


@pytest.mark.parametrize(
    "words",
    [
        ("feedback", "add", "un bus", "x", "4"),
        ("feedback", "add", "un bus", "x", "-1"),
        ("feedback", "add", "un bus", "x", "good"),
        ("feedback", "purge", "--all", "--containing", "x"),
        ("feedback", "purge", "--containing", " "),
        ("feedback", "purge", "--all", "--trust-clock"),
        ("feedback", "restore"),
        ("eval", "judgements"),
        ("eval", "gaps"),
    ],
)
def test_a_wrong_call_ends_with_2(recueil, words):
    assert recueil(*words).exit_code == 2


def test_from_judgements_on_the_command_line_to_figures(recueil, almanac, bus, tmp_path):
    lodging = almanac.searcher().catalogue.initiatives[4].id
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


def test_without_judgements_there_is_nothing_to_agree_on(recueil):
    refused = recueil("eval", "judgements", "--to", "nowhere")
    assert (refused.exit_code, "No two judgements agree yet" in refused.stderr) == (1, True)


def test_unmet_needs_are_reported_from_what_is_kept(recueil_shipped, tmp_path):
    store = Store(feedback_file(tmp_path), 365)
    for text in ("garde d'enfants la nuit", "crèche ouverte la nuit"):
        store.add(Miss(text, "fr", MissKind.NOTHING_FOUND))
    page, table = tmp_path / "gaps" / "gaps.html", tmp_path / "gaps" / "gaps.csv"
    made = recueil_shipped("eval", "gaps", "--to", tmp_path / "gaps")
    assert made.exit_code == 0, made.stderr
    assert made.stdout == f"Questions: 2. Needs: 1. They lie in {page} and {table}.\n"
    assert set((tmp_path / "gaps").iterdir()) == {page, table}


# --- tables ---


def test_a_judgement_is_a_row_and_square_brackets_are_never_read_as_styles():
    given = Judgement(query="un [bold]bus", language="fr", initiative="atlas-le-bus-01", grade=3)
    (row,) = [line for line in written(judgements_table([Kept(7, TODAY, given)])).splitlines() if "atlas" in line]
    assert [cell.strip() for cell in row.strip("│").split("│")] == [
        "7", "2026-11-26", "un [bold]bus", "atlas-le-bus-01", "3", "",
    ]  # fmt: skip


def test_a_miss_is_a_row_that_says_how_it_came_out():
    table = written(misses_table([Kept(8, TODAY, Miss("un train", "fr", MissKind.REFUSED))]))
    (row,) = [line for line in table.splitlines() if "un train" in line]
    assert [cell.strip() for cell in row.strip("│").split("│")] == ["8", "2026-11-26", "un train", MissKind.REFUSED]


def test_an_agreement_is_counted_and_each_disagreement_is_a_row():
    agreed = JudgedPair("où loger ?", "fr", "atlas-la-maison-01", (2, 3))
    disagreed = JudgedPair("un [bold]bus", "fr", "atlas-le-bus-01", (0, 3))
    shown = written(agreement_view(Agreement(agreed=(agreed,), disagreed=(disagreed,), alone=4, gone=5)))
    assert "Agreed: 1. Disagreed: 1. With one judgement only: 4. Judgements of initiatives no longer here: 5." in shown
    (row,) = [line for line in shown.splitlines() if "bus" in line]
    assert [cell.strip() for cell in row.strip("│").split("│")] == ["un [bold]bus", "atlas-le-bus-01", "0 3"]
    assert "Disagreements" not in written(agreement_view(Agreement(agreed=(agreed,), disagreed=(), alone=0, gone=0)))
