"""A prepared model that is made and opened in an instant, without torch: a random direction for each token."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from index import PreparedModel, Prompts, model_folder
from index.encoder import CARD, FULL, TOKENIZER
from index.generations import new_generation
from index.model.export import OPSET, save_onnx
from tests.tiny_model import READ, tiny_tokenizer

WIDTH = 16


def write_word_model(var: Path, name: str) -> None:
    """Write it where a prepared model of this name lies."""
    tokenizer = tiny_tokenizer()
    with new_generation(model_folder(var, name)) as fresh:
        tokenizer.save(str(fresh / TOKENIZER))
        save_onnx(_network(tokenizer.get_vocab_size()), fresh / FULL)
        (fresh / CARD).write_text(json.dumps(asdict(_card(name))), encoding="utf-8")


def _card(name: str) -> PreparedModel:
    return PreparedModel(
        name=name,
        digest=name,
        dimension=WIDTH,
        state_dimension=WIDTH,
        max_tokens=READ,
        prompts=Prompts("", ""),
        served_by="onnx",
        fidelity=1.0,
        trunk_layers=0,
    )


def _network(tokens: int) -> onnx.ModelProto:
    """Looks up a row for each token; the vector of a text is their mean, of length 1."""
    table = np.random.default_rng(7).normal(size=(tokens, WIDTH)).astype(np.float32)
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["states"]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "last"], ["column"]),
        helper.make_node("Mul", ["states", "column"], ["masked"]),
        helper.make_node("ReduceMean", ["masked", "middle"], ["mean"], keepdims=0),
        helper.make_node("LpNormalization", ["mean"], ["vectors"], axis=-1, p=2),
    ]
    both = ["batch", "tokens"]
    inputs = [helper.make_tensor_value_info(one, TensorProto.INT64, both) for one in ("input_ids", "attention_mask")]
    outputs = [
        helper.make_tensor_value_info("states", TensorProto.FLOAT, [*both, WIDTH]),
        helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["batch", WIDTH]),
    ]
    weights = [
        numpy_helper.from_array(table, "table"),
        numpy_helper.from_array(np.array([2], np.int64), "last"),
        numpy_helper.from_array(np.array([1], np.int64), "middle"),
    ]
    graph = helper.make_graph(nodes, "words", inputs, outputs, weights)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
