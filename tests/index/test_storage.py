"""A folder appears whole or not at all; an index that does not fit its manifest is refused with what, where, mend."""

import json
import subprocess
import sys
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

import pytest

from index import (
    BadIndex,
    Manifest,
    index_folder,
    model_folder,
    read_manifest,
)
from index.generations import current_generation, new_generation
from index.storage import (
    FORMAT,
    MANIFEST,
    checksums,
    verify,
    write_manifest,
)

ROOT = Path(__file__).parents[2]

# Writes half of a folder, says so, and waits.
HALF = """
import sys, time
from pathlib import Path
from index.generations import new_generation
with new_generation(Path(sys.argv[1])) as fresh:
    (fresh / "half").write_text("half", encoding="utf-8")
    print("written", flush=True)
    time.sleep(60)
"""


def write(target, content):
    with new_generation(target) as fresh:
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
    with new_generation(target) as fresh:
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
    with current_generation(tmp_path / "index") as generation:
        write(tmp_path / "index", "second")
        assert read(generation) == "first"
    assert read(tmp_path / "index") == "second"
    write(tmp_path / "index", "third")
    assert not generation.exists()


def test_what_does_not_exist_is_settled_as_it_is(tmp_path):
    with current_generation(tmp_path / "index") as generation:
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
    with pytest.raises(BadIndex, match="Move it away"), new_generation(tmp_path / "index"):
        pass


def test_a_link_that_leads_nowhere_is_replaced(tmp_path):
    (tmp_path / "index").symlink_to("gone")
    write(tmp_path / "index", "first")
    assert read(tmp_path / "index") == "first"


MODEL = "m" * 64


@pytest.fixture
def index(tmp_path):
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "terms").write_text("bus", encoding="utf-8")
    (tmp_path / "vectors").write_bytes(bytes(100))
    write_manifest(tmp_path, manifest_of(checksums(tmp_path)))
    return tmp_path


def manifest_of(files):
    return Manifest(
        format=FORMAT,
        encoder="tiny",
        model=MODEL,
        corpus="c" * 64,
        texts="t" * 64,
        documents=1,
        initiatives=6,
        passages=6,
        records=0,
        facts=0,
        tokens=120,
        files=files,
    )


def refusal(index, model=MODEL):
    with pytest.raises(BadIndex, match=r"Run `recueil build`\.") as refused:
        verify(index, read_manifest(index), model)
    return refused.value.what, refused.value.where


def rewritten(index, **changes):
    facts = asdict(manifest_of(checksums(index))) | changes
    (index / MANIFEST).write_text(json.dumps(facts), encoding="utf-8")
    return index


def test_a_manifest_is_read_as_it_was_written(index):
    manifest = read_manifest(index)
    verify(index, manifest, MODEL)
    assert manifest == manifest_of(checksums(index))
    assert sorted(manifest.files) == ["vectors", "words/terms"]
    assert manifest.files["words/terms"] == sha256(b"bus").hexdigest()


def test_a_truncated_file_is_refused(index):
    (index / "vectors").write_bytes(bytes(99))
    assert refusal(index) == ("A file of the index is truncated or altered", str(index / "vectors"))


def test_an_altered_byte_is_refused(index):
    (index / "vectors").write_bytes(bytes(99) + b"\1")
    assert refusal(index) == ("A file of the index is truncated or altered", str(index / "vectors"))


def test_a_missing_file_is_refused(index):
    (index / "words" / "terms").unlink()
    assert refusal(index) == ("A file of the index is missing", str(index / "words" / "terms"))


def test_a_file_that_was_added_is_refused(index):
    (index / "words" / "more").write_text("bus", encoding="utf-8")
    assert refusal(index) == ("The index holds a file that is not its own", str(index / "words" / "more"))


def test_an_index_of_another_model_is_refused_by_the_name_of_its_model(index):
    what, where = refusal(index, model="n" * 64)
    assert "'tiny'" in what
    assert where == str(index / MANIFEST)


def test_an_index_of_another_format_is_refused(index):
    what, _ = refusal(rewritten(index, format=FORMAT - 1))
    assert what == f"The index has format {FORMAT - 1}, this program reads format {FORMAT}"


def test_an_index_without_a_manifest_holds_no_index(tmp_path):
    assert refusal(tmp_path) == ("There is no index", str(tmp_path))


@pytest.mark.parametrize(
    "octets", [b"", b"{", b"\xff\xfe", b"[]", b"null", b"{}", b'"4"'], ids=lambda octets: repr(octets)
)
def test_a_manifest_of_garbage_is_refused(index, octets):
    (index / MANIFEST).write_bytes(octets)
    _, where = refusal(index)
    assert where == str(index / MANIFEST)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"files": ["vectors"]}, "The manifest is damaged: files: Input should be an object"),
        ({"tokens": "120"}, "The manifest is damaged: tokens: Input should be a valid integer"),
        ({"model": None}, "The manifest is damaged: model: Input should be a valid string"),
    ],
)
def test_a_damaged_manifest_says_which_fact_is_wrong(index, changes, what):
    assert refusal(rewritten(index, **changes))[0] == what


@pytest.mark.parametrize(
    ("encoder", "folder"),
    [
        ("bundled", "bundled"),
        ("intfloat/multilingual-E5-small", "intfloat-multilingual-e5-small"),
        ("../models/été/", "models-t"),
        ("///", "model"),
    ],
)
def test_a_model_lies_in_a_folder_named_after_it(encoder: str, folder: str):
    assert model_folder(Path("var"), encoder) == Path("var/models") / folder
    assert index_folder(Path("var")) == Path("var/index")
