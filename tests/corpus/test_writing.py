"""A file that somebody may have changed by hand is written whole, or stays as it was."""

import resource
import subprocess
import sys

import pytest

from corpus import write_whole
from tests.conftest import ROOT


def test_what_was_there_is_replaced_and_nothing_lies_beside_it(tmp_path):
    for text in ("a", "bé\n"):
        write_whole(tmp_path / "file", text)
    assert (tmp_path / "file").read_text(encoding="utf-8") == "bé\n"
    assert len(list(tmp_path.iterdir())) == 1


def small_files():
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))


def test_what_the_disk_does_not_take_leaves_what_was_there(tmp_path):
    write_whole(tmp_path / "file", "before")
    program = 'import sys, pathlib, corpus; corpus.write_whole(pathlib.Path(sys.argv[1]), "x" * 99)'
    command = [sys.executable, "-c", program, str(tmp_path / "file")]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, preexec_fn=small_files)
    assert (ended.returncode, "File too large" in ended.stderr) == (1, True)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["before"]


@pytest.mark.parametrize("command", [["init"], ["new", "Le potager"]])
def test_a_command_tells_the_mend(tmp_path, command):
    (tmp_path / "a.csv").write_text("Titre;Texte\nLe potager;On y jardine ensemble.\n", encoding="utf-8")
    words = [*command, *(["--in"] if command[0] == "new" else []), str(tmp_path)]
    ended = subprocess.run(
        [sys.executable, "-m", "recueil", *words],
        cwd=ROOT, capture_output=True, text=True, check=False, preexec_fn=small_files,
    )  # fmt: skip
    assert (ended.returncode, "Traceback" in ended.stderr, "Make room" in ended.stderr) == (1, False, True)
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
