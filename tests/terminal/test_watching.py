"""A sheet that is saved while the service runs is taken up, once whoever writes it has ended; nothing else is."""

import os
import threading
from pathlib import Path

import pytest

from corpus import Fault
from terminal.watching import Files, Watcher

PATIENCE_S = 30


class Builds:
    """Stands for building: counts, and may refuse."""

    def __init__(self, refusals: int = 0) -> None:
        self.refusals = refusals
        self.count = 0
        self.ended = threading.Semaphore(0)

    def __call__(self) -> None:
        if self.refusals:
            self.refusals -= 1
            raise Fault("A build is under way already", "the service", "Wait.")
        self.count += 1
        self.ended.release()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "bus.md").write_text("Un bus.", encoding="utf-8")
    return tmp_path


def test_a_file_is_known_by_what_is_in_it(folder):
    files = Files([folder])
    first = files.look()
    os.utime(folder / "bus.md", (1, 1))
    assert files.look() == first
    (folder / "bus.md").write_text("Un car.", encoding="utf-8")
    assert files.look() != first


def test_only_files_that_may_have_changed_are_read_again(folder, monkeypatch):
    files, read = Files([folder]), []
    files.look()
    real = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: read.append(path.name) or real(path))
    (folder / "car.md").write_text("Un car.", encoding="utf-8")
    files.look()
    assert read == ["car.md"]


@pytest.mark.parametrize("name", [".recueil/index/corpus.json", ".bus.md.swp", "~$bus.docx", "set-aside.csv"])
def test_what_is_no_sheet_is_not_looked_at(folder, name):
    files = Files([folder])
    first = files.look()
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("x", encoding="utf-8")
    assert files.look() == first


def test_folders_that_are_not_there_hold_nothing(tmp_path):
    assert Files([tmp_path / "none"]).look() == {}


@pytest.mark.parametrize("refusals", [0, 2])
def test_a_sheet_that_is_saved_is_built_even_where_a_build_was_under_way(folder, refusals):
    builds = Builds(refusals)
    with Watcher([folder], 0.005, builds) as watcher:
        while not watcher.has_looked:
            pass
        (folder / "car.md").write_text("Un car.", encoding="utf-8")
        assert builds.ended.acquire(timeout=PATIENCE_S)
        (folder / "bus.md").unlink()
        assert builds.ended.acquire(timeout=PATIENCE_S)
    assert builds.count == 2


def test_nothing_is_built_where_nothing_changed_or_nothing_is_looked_at(folder):
    builds = Builds()
    with Watcher([folder], 0, builds):
        (folder / "car.md").write_text("Un car.", encoding="utf-8")
    with Watcher([folder], 0.001, builds) as watcher:
        while not watcher.has_looked:
            pass
    assert builds.count == 0
