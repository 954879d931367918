"""`recueil init` explains what it understood, `recueil check` what became of it; a build and a search follow."""

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


def test_duplicates_are_proposed_as_lines_of_the_profile_and_not_linked(recueil, folder):
    text = (folder / "notes" / "mare.md").read_text(encoding="utf-8")
    (folder / "notes" / "etang.md").write_text(text.replace("The village pond", "Our village pond"), encoding="utf-8")
    recueil("init", folder)
    ended = recueil("duplicates", folder)
    assert ended.exit_code == 0, ended.output
    assert '["notes-our-village-pond", "notes-the-village-pond"],' in ended.stdout
    assert "Our village pond / The village pond" in ended.stdout
    assert not any(one.same_as for one in load_corpus(folder).initiatives)
