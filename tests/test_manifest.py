"""A manifest names every file of its index, and whatever does not fit it is refused with what, where and the mend."""

import json
from dataclasses import asdict
from hashlib import sha256

import pytest

from index.fault import BadIndex
from index.manifest import FORMAT, NAME, Manifest, checksums, read_manifest, verify, write_manifest

MODEL = "m" * 64


@pytest.fixture
def folder(tmp_path):
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
        documents=1,
        initiatives=6,
        passages=6,
        records=0,
        tokens=120,
        files=files,
    )


def refusal(folder, model=MODEL):
    with pytest.raises(BadIndex, match=r"Run `recueil build`\.") as refused:
        verify(folder, read_manifest(folder), model)
    return refused.value.what, refused.value.where


def rewritten(folder, **changes):
    facts = asdict(manifest_of(checksums(folder))) | changes
    (folder / NAME).write_text(json.dumps(facts), encoding="utf-8")
    return folder


def test_a_manifest_is_read_as_it_was_written(folder):
    manifest = read_manifest(folder)
    verify(folder, manifest, MODEL)
    assert manifest == manifest_of(checksums(folder))
    assert sorted(manifest.files) == ["vectors", "words/terms"]
    assert manifest.files["words/terms"] == sha256(b"bus").hexdigest()


def test_a_truncated_file_is_refused(folder):
    (folder / "vectors").write_bytes(bytes(99))
    assert refusal(folder) == ("A file of the index is truncated or altered", str(folder / "vectors"))


def test_an_altered_byte_is_refused(folder):
    (folder / "vectors").write_bytes(bytes(99) + b"\1")
    assert refusal(folder) == ("A file of the index is truncated or altered", str(folder / "vectors"))


def test_a_missing_file_is_refused(folder):
    (folder / "words" / "terms").unlink()
    assert refusal(folder) == ("A file of the index is missing", str(folder / "words" / "terms"))


def test_a_file_that_was_added_is_refused(folder):
    (folder / "words" / "more").write_text("bus", encoding="utf-8")
    assert refusal(folder) == ("The index holds a file that is not its own", str(folder / "words" / "more"))


def test_an_index_of_another_model_is_refused_by_the_name_of_its_model(folder):
    what, where = refusal(folder, model="n" * 64)
    assert "'tiny'" in what
    assert where == str(folder / NAME)


def test_an_index_of_another_format_is_refused(folder):
    what, _ = refusal(rewritten(folder, format=FORMAT - 1))
    assert what == f"The index has format {FORMAT - 1}, this program reads format {FORMAT}"


def test_a_folder_without_a_manifest_holds_no_index(tmp_path):
    assert refusal(tmp_path) == ("There is no index", str(tmp_path))


@pytest.mark.parametrize(
    "octets", [b"", b"{", b"\xff\xfe", b"[]", b"null", b"{}", b'"4"'], ids=lambda octets: repr(octets)
)
def test_a_manifest_of_garbage_is_refused(folder, octets):
    (folder / NAME).write_bytes(octets)
    _, where = refusal(folder)
    assert where == str(folder / NAME)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"files": ["vectors"]}, "The manifest is damaged: files: Input should be an object"),
        ({"tokens": "120"}, "The manifest is damaged: tokens: Input should be a valid integer"),
        ({"model": None}, "The manifest is damaged: model: Input should be a valid string"),
    ],
)
def test_a_damaged_manifest_says_which_fact_is_wrong(folder, changes, what):
    assert refusal(rewritten(folder, **changes))[0] == what
