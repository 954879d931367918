"""`recueil init` explains what it understood, `recueil check` what became of it; a build and a search follow."""

import json
import shutil

import pytest

from corpus import load_corpus
from settings import Settings
from tests.foreign_sheets import write_sheets
from tests.terminal.conftest import running


@pytest.fixture
def folder(tmp_path):
    return write_sheets(tmp_path / "fiches")


def test_init_explains_shows_sheets_and_writes_corpus_toml(recueil, folder):
    ended = recueil("init", folder)
    assert ended.exit_code == 0, ended.output
    assert "actions.csv: 5 records (csv)" in ended.stdout
    assert "encoding = cp1252" in ended.stdout
    assert "place        Commune: 100 % are names of places" in ended.stdout
    assert "not read: README.md" in ended.stdout
    for shown in ("--- first (actions.csv, line 3) ---", "--- last (notes/outils.md) ---", "--- odd: the longest"):
        assert shown in ended.stdout
    text = (folder / "corpus.toml").read_text(encoding="utf-8")
    assert '"Descriptif",  # prose' in text


def test_init_never_writes_over_what_somebody_changed(recueil, folder):
    (folder / "corpus.toml").write_text("# mine")
    ended = recueil("init", folder)
    assert (ended.exit_code, "--force" in ended.output) == (1, True)
    assert recueil("init", folder, "--force").exit_code == 0


def test_init_may_write_elsewhere(recueil, folder, tmp_path):
    assert recueil("init", folder, "--into", tmp_path / "mine.toml").exit_code == 0
    assert (tmp_path / "mine.toml").is_file()
    assert not (folder / "corpus.toml").exists()


def test_check_counts_and_writes_what_is_set_aside(recueil, folder):
    recueil("init", folder)
    ended = recueil("check", folder)
    assert ended.exit_code == 0, ended.output
    assert "actions.csv: 4 sheets of 6 records" in ended.stdout
    assert "README.md: not read, because corpus.toml does not name it" in ended.stdout
    assert "6 sheets of 3 files; 2 records set aside; 0 sheets poor." in ended.stdout
    rows = (folder / "set-aside.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) == 3


def test_search_similar_and_show_work_on_what_was_built(brought, monkeypatch):
    settings = Settings(documents=brought.documents, var=brought.var, encoder=brought.encoder, threads=1)
    recueil = running(settings, monkeypatch)
    assert "6 sheets of 3 files" in recueil("check").stdout
    assert "Un bus qui soigne" in recueil("search", "un bus dans les villages sans médecin").stdout
    assert recueil("similar", "A-6").exit_code == 0
    assert "Guéret" in recueil("show", "A-6").stdout


CORRECTION = """
[[correction]]
sheet = "A-2"
field = "start_year"
value = 2017
why = "Opened a year before."
since = "2026-11-29"
"""


@pytest.fixture
def kept(brought, tmp_path, monkeypatch):
    """A copy of somebody's sheets and of their index, and `recueil` over it."""
    shutil.copytree(brought.documents, tmp_path / "fiches")
    shutil.copytree(brought.var, tmp_path / "var", symlinks=True)
    settings = Settings(documents=tmp_path / "fiches", var=tmp_path / "var", encoder=brought.encoder, threads=1)
    return tmp_path / "fiches", running(settings, monkeypatch)


def change(folder):
    """The same files next month: one sheet more, one less, one of another theme and with another sentence."""
    (folder / "notes" / "four.md").write_text("---\ntitle: The bread oven\n---\nBaked on Fridays.\n", encoding="utf-8")
    (folder / "notes" / "outils.md").unlink()
    path = folder / "actions.csv"
    text = path.read_text(encoding="cp1252").replace("mars 2019;Santé", "mars 2019;Entraide")
    path.write_text(text.replace("une psychologue", "un médecin"), encoding="cp1252")


def test_what_a_build_would_change_is_told_before_it_is_done(kept):
    folder, recueil = kept
    change(folder)
    told = recueil("build", "--dry-run")
    assert told.exit_code == 0, told.output
    assert told.stdout.splitlines() == [
        "+ notes-the-bread-oven  The bread oven",
        "~ A-2  Café des aidants",
        "    text: 2 lines out, 2 in",
        "      - Thème: Santé",
        "      - Chaque mardi les personnes qui accompagnent un proche malade se retrouvent avec une psychologue.",
        "      + Thème: Entraide",
        "      + Chaque mardi les personnes qui accompagnent un proche malade se retrouvent avec un médecin.",
        "    theme: Santé → Entraide",
        "- notes-a-library-of-tools  A library of tools",
        "1 sheet added, 1 changed, 1 removed, 4 as before.",
    ]
    values = json.loads(recueil("build", "--dry-run", "--json").stdout)
    assert [one["id"] for one in values["added"]] == ["notes-the-bread-oven"]
    assert values["changed"][0]["fields"][1] == {"field": "theme", "before": "Santé", "after": "Entraide"}
    assert (values["unchanged"], values["facts"]) == (4, {"added": 0, "changed": 0, "removed": 0})


def test_a_build_says_what_it_changed_and_a_correction_is_told_everywhere(kept):
    folder, recueil = kept
    (folder / "corrections.toml").write_text(CORRECTION, encoding="utf-8")
    assert "corrections: 1 fields of 1 sheets are mended" in recueil("check").stdout
    ended = recueil("build")
    assert ended.exit_code == 0, ended.output
    assert "0 sheets added, 1 changed, 0 removed, 5 as before." in ended.stdout
    assert "start_year, since 2026-11-29: Opened a year before." in recueil("show", "A-2").stdout
    assert "2017" in recueil("show", "A-2").stdout


def test_json_goes_with_a_dry_run(kept):
    _, recueil = kept
    assert recueil("build", "--json").exit_code == 2


def test_looking_at_the_files_again_says_the_same_and_reads_nothing_of_ours(recueil, folder):
    recueil("init", folder)
    said = (folder / "corpus.toml").read_text(encoding="utf-8")
    assert (folder / "profile.toml").is_file()
    (folder / "corrections.toml").write_text(CORRECTION, encoding="utf-8")
    assert recueil("init", folder, "--force").exit_code == 0
    assert (folder / "corpus.toml").read_text(encoding="utf-8") == said


def test_duplicates_are_proposed_as_lines_of_the_profile_and_not_linked(recueil, folder):
    text = (folder / "notes" / "mare.md").read_text(encoding="utf-8")
    (folder / "notes" / "etang.md").write_text(text.replace("The village pond", "Our village pond"), encoding="utf-8")
    recueil("init", folder)
    ended = recueil("duplicates", folder)
    assert ended.exit_code == 0, ended.output
    assert '["notes-our-village-pond", "notes-the-village-pond"],' in ended.stdout
    assert "Our village pond / The village pond" in ended.stdout
    assert not any(one.same_as for one in load_corpus(folder).initiatives)
