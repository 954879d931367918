"""How a command ends: 0, or 1 for a fault that is told on standard error, or 2 for a wrong call."""

import subprocess
import sys

import pytest

from tests.conftest import ROOT, environment_of


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("search", " "), "no word"),
        (("search", "bus", "--departement", "Zzz"), "no département 'Zzz'"),
        (("search", "bus", "--region", "Aquitaine"), "Aquitaine ended in 2015"),
        (("search", "bus", "--theme", "Zzz"), "theme 'Zzz'"),
        (("search", "bus", "--year-from", "2018", "--year-to", "2015"), "year"),
        (("similar", "nobody"), "no initiative 'nobody'"),
        (("show", "nobody"), "no initiative 'nobody'"),
        (("eval", "--collection", "/nowhere"), "collection"),
        (("enrich",), "no language model"),
    ],
)
def test_a_fault_ends_with_1_and_says_what_where_and_the_mend_on_standard_error(recueil, words, what):
    ended = recueil(*words)
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert what in ended.stderr.splitlines()[0]
    assert [line.split(":")[0].strip() for line in ended.stderr.splitlines()[1:]] == ["where", "mend"]


@pytest.mark.parametrize(
    "words",
    [
        ("search",),
        ("search", "bus", "-k", "0"),
        ("search", "bus", "-k", "101"),
        ("search", "bus", "--kind", "poem"),
        ("search", "bus", "--year-from", "soon"),
        ("search", "bus", "--colour", "red"),
        ("ask",),
        ("ask", "bus", "-k", "3"),
        ("ask", "bus", "--kind", "poem"),
        ("ask", "bus", "--year-to", "x"),
        ("similar",),
        ("similar", "one", "--text", "un bus"),
        ("serve", "--port", "0"),
        ("bench", "--against", "everything"),
        ("enrich", "--price-in", "1"),
        ("dance",),
    ],
)
def test_a_wrong_call_ends_with_2(recueil, words):
    assert recueil(*words).exit_code == 2


def test_a_misspelt_setting_is_a_fault_of_every_command(recueil, monkeypatch):
    monkeypatch.setenv("RECUEIL_PROT", "1")
    ended = recueil("search", "bus")
    assert (ended.exit_code, ended.stderr.splitlines()[0]) == (1, "There is no setting RECUEIL_PROT")


def test_a_missing_index_is_a_fault_that_names_the_command_to_run(recueil, monkeypatch, tmp_path):
    monkeypatch.setenv("RECUEIL_VAR", str(tmp_path))
    ended = recueil("search", "bus")
    assert ended.exit_code == 1
    assert "Run `recueil build`." in ended.stderr


def test_a_bug_keeps_its_traceback(recueil, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("terminal.search.open_searcher", broken)
    assert isinstance(recueil("search", "bus").exception, ZeroDivisionError)


def test_bytes_that_are_no_text_are_no_crash(settings):
    ended = subprocess.run(
        [sys.executable, "-m", "cli", "search", b"bus \xff\xfe"],
        cwd=ROOT,
        env=environment_of(settings),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, "Traceback" in ended.stderr) == (0, False)
