"""Building makes ready what is missing or out of date, does nothing twice, and never harms what stands."""

import json
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus import load_thesaurus
from index import Unwritable, build_index, model_folder, read_manifest, read_model
from tests.almanac import CHALLENGES, Made, Steps, make, write_almanac, write_enrichment

ROOT = Path(__file__).parents[2]

BUILD = """
import sys
from pathlib import Path
from index import build_index
from tests.almanac import Steps
steps = Steps()
documents, var, encoder = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
folder = documents.parent
build_index(
    documents, editorial=folder / "editorial", adaptation=folder / "adaptation",
    var=var, encoder=encoder, threads=1, progress=steps,
)
print(*steps.parts, sep=", ")
print(sorted({"torch", "sentence_transformers", "transformers", "onnxruntime"} & sys.modules.keys()))
"""


@pytest.fixture
def made(almanac: Made, tmp_path: Path) -> Made:
    """A copy of the almanac and of what was built of it."""
    shutil.copytree(almanac.documents, tmp_path / "documents")
    shutil.copytree(almanac.var, tmp_path / "var", symlinks=True)
    return replace(almanac, documents=tmp_path / "documents", var=tmp_path / "var", steps=Steps())


def rebuilt(made: Made) -> Made:
    return make(made.documents, made.var, made.encoder)


def process_of(made: Made) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", BUILD, str(made.documents), str(made.var), made.encoder]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def append(made: Made, text: str) -> None:
    with (made.documents / "almanac.txt").open("a", encoding="utf-8") as file:
        file.write(f"{text}\n\nEn savoir plus\n")


def test_the_first_build_tells_of_each_step(almanac: Made):
    assert almanac.steps.parts == {
        "Reading the documents": 1,
        "Preparing the model": 1,
        "Encoding the passages": 6,
        "Encoding the thesaurus": sum(len(concept.forms) for concept in load_thesaurus()),
        "Comparing the thesaurus": len(load_thesaurus()),
        "Comparing the sample questions": 1,
        "Writing the index": 1,
    }


def test_a_second_build_does_nothing_and_loads_no_library_that_makes_models(made: Made):
    before = made.index.resolve()
    output, _ = process_of(made).communicate()
    assert output.splitlines() == ["Reading the documents", "[]"]
    assert made.index.resolve() == before


def test_a_changed_document_is_indexed_anew_with_the_model_that_stands(made: Made):
    append(made, "Le défi vise à ouvrir une épicerie solidaire dans chaque quartier.")
    again = rebuilt(made)
    assert list(again.steps.parts) == [
        "Reading the documents",
        "Encoding the passages",
        "Encoding the thesaurus",
        "Comparing the thesaurus",
        "Comparing the sample questions",
        "Writing the index",
    ]
    assert again.manifest.initiatives == 7
    assert again.searcher().search("une épicerie solidaire dans chaque quartier").hits


def test_a_changed_description_of_a_document_is_indexed_too(made: Made):
    path = made.documents / "documents.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("2021-03", "2022"), encoding="utf-8")
    assert rebuilt(made).searcher().index.contents.documents[0].date == "2022"


def test_a_new_editorial_record_is_indexed_too(made: Made):
    before = made.searcher()
    sheet = before.catalogue.initiatives[0]
    write_enrichment(made.documents.parent / "editorial", sheet.id)
    again = rebuilt(made)
    assert again.steps.parts["Encoding the editorial records"] == 4  # the record, and three expansions
    assert (before.index.manifest.records, again.manifest.records) == (0, 1)
    assert again.searcher().catalogue.record(sheet, "en").summary == "A bike for young people without a car."


@pytest.mark.parametrize("name", ["manifest.json", "multivector/states.npy", "corpus.json"])
def test_a_damaged_index_is_made_anew(made: Made, name: str):
    (made.index / name).write_bytes(b"")
    again = rebuilt(made)
    assert list(again.steps.parts)[-1] == "Writing the index"
    assert again.searcher().search("un vélo").query.text == "un vélo"


def test_two_builds_of_one_corpus_write_the_same_index(almanac: Made, made: Made):
    (made.index / "manifest.json").write_bytes(b"")
    assert rebuilt(made).manifest.files == almanac.manifest.files


def test_a_build_that_is_killed_leaves_the_old_index_usable(made: Made):
    append(made, "Le défi vise à ouvrir une épicerie solidaire dans chaque quartier.")
    before = read_manifest(made.index)
    process = process_of(made)
    while process.poll() is None and len(list(made.var.glob(".index-*"))) < 2:
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert made.searcher().index.manifest == read_manifest(made.index)
    assert rebuilt(made).manifest.initiatives == 7
    assert len(list(made.var.glob(".index-*"))) == 1
    assert before.initiatives == 6


def test_an_error_while_writing_leaves_the_old_index_usable(made: Made, monkeypatch):
    append(made, "Le défi vise à ouvrir une épicerie solidaire dans chaque quartier.")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(Unwritable, match=r"No space left on device.*Make room on that disk"):
        rebuilt(made)
    monkeypatch.undo()
    assert made.searcher().index.manifest == made.manifest
    assert len(list(made.var.glob(".index-*"))) == 1


def test_an_encoder_whose_name_gives_the_same_folder_is_prepared_in_its_place(
    made: Made, tiny_model: Path, tmp_path: Path
):
    other = tmp_path / "a-tiny"
    shutil.copytree(tiny_model, other)
    alike = tmp_path / "a_tiny"
    shutil.copytree(tiny_model, alike)
    assert model_folder(made.var, str(other)) == model_folder(made.var, str(alike))
    for name in (str(other), str(alike)):
        build_index(
            made.documents,
            editorial=made.documents.parent / "editorial",
            adaptation=made.documents.parent / "adaptation",
            var=made.var,
            encoder=name,
            threads=1,
            progress=Steps(),
        )
        assert read_model(model_folder(made.var, name)).name == name


def test_a_corpus_of_one_passage_can_be_searched(tiny_model: Path, tmp_path: Path):
    only = {"Se déplacer": CHALLENGES["Se déplacer"][:1]}
    made = make(write_almanac(tmp_path / "documents", only), tmp_path / "var", str(tiny_model))
    searcher = made.searcher()
    found = searcher.search(only["Se déplacer"][0])
    # Its own text scores 0.97, questions about something else at most 0.41: that it is all there is changes nothing.
    assert [found.total, len(found.hits), made.manifest.passages] == [1, 1, 1]
    assert searcher.similar(searcher.catalogue.initiatives[0].id) == ()
    assert len(searcher.similar_to("un vélo")) == 1


def test_only_what_changed_is_encoded_again_and_all_comes_out_as_in_a_full_build(made: Made, tmp_path: Path):
    page = made.documents / "almanac.txt"
    page.write_text(page.read_text("utf-8").replace("un vélo", "un bus"), encoding="utf-8")
    append(made, "Le défi vise à ouvrir une épicerie solidaire dans chaque quartier.")
    again = rebuilt(made)
    (told,) = again.steps.notes  # what is new makes two passages with so small a model
    assert re.fullmatch(r"3 passages were encoded, \d+ a minute; 5 were there from before\.", told)
    shutil.copytree(made.var / "models", tmp_path / "fresh" / "models", symlinks=True)
    full = make(made.documents, tmp_path / "fresh", made.encoder)
    assert full.steps.notes[0].startswith("8 passages were encoded")
    assert again.manifest.files == full.manifest.files


def test_the_manifest_is_plain_json(almanac: Made):
    facts = json.loads((almanac.index / "manifest.json").read_text(encoding="utf-8"))
    assert facts["encoder"] == almanac.encoder
    assert facts["model"] == read_model(almanac.model).digest
