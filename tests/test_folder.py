"""A folder appears whole or not at all, whatever interrupts or accompanies its writing."""

import subprocess
import sys
from pathlib import Path

import pytest

from index.fault import BadIndex
from index.folder import new_folder, settled

ROOT = Path(__file__).parents[1]

# Writes half of a folder, says so, and waits.
HALF = """
import sys, time
from pathlib import Path
from index.folder import new_folder
with new_folder(Path(sys.argv[1])) as fresh:
    (fresh / "half").write_text("half", encoding="utf-8")
    print("written", flush=True)
    time.sleep(60)
"""


def write(target, content):
    with new_folder(target) as fresh:
        (fresh / "text").write_text(content, encoding="utf-8")


def read(target):
    return (target / "text").read_text(encoding="utf-8")


@pytest.fixture
def half_written():
    """Starts another process that has written half of a new generation of a target."""
    processes = []

    def start(target):
        command = [sys.executable, "-c", HALF, str(target)]
        processes.append(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True))
        assert processes[-1].stdout.readline() == "written\n"
        return processes[-1]

    yield start
    for process in processes:
        process.kill()
        process.communicate()


def test_a_folder_takes_its_name_when_it_is_whole(tmp_path):
    target = tmp_path / "new" / "index"
    with new_folder(target) as fresh:
        (fresh / "text").write_text("first", encoding="utf-8")
        assert not target.exists()
    assert read(target) == "first"


def test_a_new_generation_replaces_the_old_one_and_leaves_nothing_else(tmp_path):
    write(tmp_path / "index", "first")
    write(tmp_path / "index", "second")
    assert read(tmp_path / "index") == "second"
    assert len(list(tmp_path.iterdir())) == 2  # the name and its generation


def test_an_error_leaves_the_old_content_and_nothing_else(tmp_path):
    write(tmp_path / "index", "first")
    with pytest.raises(TypeError, match="must be str"):
        write(tmp_path / "index", None)
    assert read(tmp_path / "index") == "first"
    assert len(list(tmp_path.iterdir())) == 2


def test_a_killed_writer_leaves_the_old_content_and_the_next_one_tidies_up(tmp_path, half_written):
    write(tmp_path / "index", "first")
    process = half_written(tmp_path / "index")
    process.kill()
    process.wait()
    assert read(tmp_path / "index") == "first"
    assert len(list(tmp_path.iterdir())) == 3
    write(tmp_path / "index", "second")
    assert read(tmp_path / "index") == "second"
    assert len(list(tmp_path.iterdir())) == 2


def test_two_writers_at_once_do_not_harm_each_other(tmp_path, half_written):
    half_written(tmp_path / "index")
    write(tmp_path / "index", "second")
    assert read(tmp_path / "index") == "second"
    assert [path.read_text(encoding="utf-8") for path in tmp_path.glob(".index-*/half")] == ["half"]


def test_a_generation_stays_while_it_is_being_opened(tmp_path):
    write(tmp_path / "index", "first")
    with settled(tmp_path / "index") as generation:
        write(tmp_path / "index", "second")
        assert read(generation) == "first"
    assert read(tmp_path / "index") == "second"
    write(tmp_path / "index", "third")
    assert not generation.exists()


def test_what_does_not_exist_is_settled_as_it_is(tmp_path):
    with settled(tmp_path / "index") as generation:
        assert generation == tmp_path / "index"


def test_a_target_whose_name_begins_alike_keeps_its_generation(tmp_path):
    write(tmp_path / "bge-m3-fine", "fine")
    write(tmp_path / "bge-m3", "plain")
    assert (read(tmp_path / "bge-m3-fine"), read(tmp_path / "bge-m3")) == ("fine", "plain")


def test_others_may_read_what_was_written(tmp_path):
    (tmp_path / "usual").mkdir()
    write(tmp_path / "index", "first")
    assert (tmp_path / "index").stat().st_mode == (tmp_path / "usual").stat().st_mode


@pytest.mark.parametrize("make", [Path.mkdir, Path.touch], ids=["folder", "file"])
def test_what_recueil_did_not_write_is_not_replaced(tmp_path, make):
    make(tmp_path / "index")
    with pytest.raises(BadIndex, match="Move it away"), new_folder(tmp_path / "index"):
        pass


def test_a_link_that_leads_nowhere_is_replaced(tmp_path):
    (tmp_path / "index").symlink_to("gone")
    write(tmp_path / "index", "first")
    assert read(tmp_path / "index") == "first"
