"""The bundled model needs no torch: its graph ships, and is what torch exports of it."""

import subprocess
import sys

import onnx
import pytest

from index.encoder import FULL
from index.model.bundled import read_weights, state_dict, weights_file
from index.model.export import export_model
from index.model.graph import GRAPH, TRANSPOSED, graph_of
from tests.conftest import ROOT


def test_what_prepares_the_bundled_model_loads_neither_torch_nor_transformers():
    program = "import index.model, sys; print(*({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == ""


def test_the_graph_names_each_tensor_of_the_model_once():
    named = [tensor.doc_string for tensor in onnx.load(GRAPH).graph.initializer if tensor.doc_string]
    plain = {name.removesuffix(TRANSPOSED) for name in named}
    assert len(named) == len(plain) == 5 + 12 * 16
    assert GRAPH.stat().st_size < 300_000


@pytest.mark.slow
def test_the_graph_is_what_torch_exports_of_the_model(built, tmp_path):
    from sentence_transformers import SentenceTransformer

    home = built.model_folder / "sentence-transformers"
    model = SentenceTransformer(str(home), device="cpu", model_kwargs={"attn_implementation": "eager"}).eval()
    assert export_model(model, tmp_path / FULL)
    now = graph_of(tmp_path / FULL, state_dict(read_weights(weights_file())))
    assert now.graph == onnx.load(GRAPH).graph, "torch exports another graph: see index/model/graph.py"
