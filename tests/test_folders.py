"""The folder to answer with: what was made beside the index, else what comes with the package."""

from pathlib import Path

from search.answering.calibration import NAME
from search.answering.folders import SHIPPED, answering_folder, own_folder
from search.answering.span_reader import FACTS, NETWORK


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_reader_and_a_calibration_come_with_the_package():
    assert names(SHIPPED) == {NETWORK, FACTS, NAME}


def test_answers_are_made_with_what_comes_with_the_package_until_something_was_made(tmp_path: Path):
    assert answering_folder(tmp_path, "bundled") == SHIPPED
    made = own_folder(tmp_path, "bundled")
    assert answering_folder(tmp_path, "bundled") == made != SHIPPED


def test_what_is_made_lies_beside_the_index_and_begins_as_a_copy(tmp_path: Path):
    made = own_folder(tmp_path, "bundled")
    assert made.is_relative_to(tmp_path)
    assert {path.name: path.read_bytes() for path in made.iterdir()} == {
        path.name: path.read_bytes() for path in SHIPPED.iterdir()
    }


def test_what_was_made_is_kept(tmp_path: Path):
    (own_folder(tmp_path, "bundled") / NAME).write_text("ours", encoding="utf8")
    assert (own_folder(tmp_path, "bundled") / NAME).read_text(encoding="utf8") == "ours"


def test_every_encoder_has_its_own_folder(tmp_path: Path):
    encoders = ["bundled", "one/model", "other/model", str(tmp_path / "model")]
    made = {own_folder(tmp_path, encoder) for encoder in encoders}
    assert len(made) == len(encoders)
    assert answering_folder(tmp_path, "third/model") == SHIPPED
