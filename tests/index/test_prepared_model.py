"""A prepared model is opened from its folder alone, or refused."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from index import BadModel, Prompts, open_encoder, read_model
from index.model.prepare import NEAR
from tests.almanac import CHALLENGES, Made
from tests.tiny_model import READ, STATES, VECTORS

ROOT = Path(__file__).parents[2]
SAMPLE = [paragraph for told in CHALLENGES.values() for paragraph in told]


def test_a_prepared_model_says_what_it_is(almanac: Made):
    model = read_model(almanac.model)
    assert (model.name, model.served_by, model.prompts) == (almanac.encoder, "onnx in eight bits", Prompts("", ""))
    assert (model.dimension, model.state_dimension, model.max_tokens) == (VECTORS, STATES, READ)
    assert NEAR <= model.fidelity < 1


def test_a_faithful_export_is_served_without_the_libraries_that_made_it(almanac: Made):
    program = (
        "import sys; from pathlib import Path; from index import open_encoder;"
        f"open_encoder(Path({str(almanac.model)!r}), 1).questions(['un bus']);"
        "print({'torch', 'sentence_transformers', 'transformers', 'index.model'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_another_encoder_works_from_end_to_end(almanac: Made):
    searcher = almanac.searcher()
    assert [searcher.search(paragraph).hits[0].passage.text for paragraph in SAMPLE] == SAMPLE
    assert searcher.index.multivector.states.shape[1] == STATES
    assert searcher.index.dense.mean.shape == (VECTORS,)


def test_a_folder_that_asks_for_padding_is_read_without_it(almanac: Made):
    padded = json.loads((almanac.model / "tokenizer.json").read_text(encoding="utf-8"))["padding"]
    assert padded is not None
    (encoded,) = open_encoder(almanac.model, threads=1).questions(["un bus"])
    assert len(encoded.tokens) == len(encoded.states) == len(encoded.spans) < READ / 2


def test_where_nothing_was_prepared_the_mend_is_to_build(tmp_path: Path):
    with pytest.raises(BadModel, match=r"No model has been prepared .* Run `recueil build`\."):
        open_encoder(tmp_path / "model", threads=1)


@pytest.mark.parametrize("octets", [b"", b"{}", b"[]", b"\xff", b'{"name": "tiny"}'], ids=repr)
def test_a_description_of_garbage_is_refused(tmp_path: Path, octets):
    (tmp_path / "model.json").write_bytes(octets)
    with pytest.raises(BadModel, match=r"cannot be read: .*model\.json\)\. Run `recueil build`\."):
        read_model(tmp_path)


@pytest.mark.parametrize("name", ["encoder-8bit.onnx", "encoder-8bit.onnx.data", "tokenizer.json"])
def test_a_model_that_lost_a_file_is_refused(almanac: Made, tmp_path: Path, name):
    copy = shutil.copytree(almanac.model, tmp_path / "model")
    (copy / name).unlink()
    with pytest.raises(BadModel, match=r"A part of the prepared model is missing .* Run `recueil build`\.") as refused:
        open_encoder(copy, threads=1)
    assert refused.value.where == str(copy / name)
