"""Exports: a sentence-transformers model as ONNX, in full precision and in eight bits; serving runs them without torch.

The weights lie in a file beside the graph, so that onnxruntime maps them into memory instead of copying them.

Eight bits are twice as fast, with vectors that are nearly the same (SmoothQuant). The activations of transformers have
a few channels with values far above all others (outliers); one scale for all of them, as dynamic quantisation takes it,
rounds the rest away. SmoothQuant (Xiao et al., ICML 2023) first divides each channel by a factor and multiplies its row
of the weights by it: the product stays the same, and both sides fit into eight bits.
"""

import logging
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.encoder import TRUNK, onnx_session, states_and_vectors

# What a graph is run on: its inputs by name.
Feed = Mapping[str, NDArray[Any]]

# ONNX operator set: the oldest that goes together with four-bit tables.
OPSET = 18

# The migration strength α of the paper: how much of an outlier moves from the activations into the weights. Of 0.5 to
# 0.9, 0.7 to 0.85 keep the states closest to their own (docs/decisions/0001-bundled-model.md).
ALPHA = 0.8

SMALLEST = 1e-5  # stands for 0, so that a channel that is always zero has a factor too

# Block size of the bundled 4-bit weights, values to a scale: quantising again with the same blocks is lossless.
BLOCK = 32


def export_model(model: Any, path: Path) -> bool:  # noqa: ANN401 — of sentence-transformers, imported to build only
    """Write a model as ONNX: input ids and mask, int64 [b, t] → states float32 [b, t, d] and unit vectors [b, d].

    False when the model holds an operation that ONNX does not know.
    """
    import onnx
    import torch

    class TokensAndSentence(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: Any, attention_mask: Any) -> tuple[Any, Any]:  # noqa: ANN401
            return states_and_vectors(self.model, input_ids, attention_mask)

    ids = torch.ones((2, 16), dtype=torch.long)
    both = {0: "batch", 1: "tokens"}
    whole = path.with_suffix(".whole")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer warns of shapes it fixes; the comparison that follows judges
        try:
            torch.onnx.export(
                TokensAndSentence().eval(),
                (ids, torch.ones_like(ids)),
                str(whole),
                input_names=["input_ids", "attention_mask"],
                output_names=["states", "vectors"],
                dynamic_axes={"input_ids": both, "attention_mask": both, "states": both, "vectors": {0: "batch"}},
                opset_version=OPSET,
                dynamo=False,
            )
        except torch.onnx.errors.OnnxExporterError:
            return False
    exported = onnx.load(whole)
    _give_trunk(exported.graph)
    save_onnx(exported, path)
    whole.unlink()
    return True


def trunk_size(layers: int) -> int:
    """How many of a model's layers stay as they are when the others are adapted: two thirds."""
    return layers * 2 // 3


def trunk_layers(path: Path) -> int:
    """How many layers lie below the trunk of an export; 0 where it has none."""
    import onnx

    graph = onnx.load(path, load_external_data=False).graph
    has_trunk = TRUNK in [output.name for output in graph.output]
    return trunk_size(len(_layer_outputs(graph))) if has_trunk else 0


def _give_trunk(graph: Any) -> None:  # noqa: ANN401 — an onnx.GraphProto
    """Make the states above the trunk an output of their own, where the layers can be told by name as BERT's can."""
    from onnx import TensorProto, helper

    outputs = _layer_outputs(graph)
    if trunk := trunk_size(len(outputs)):
        graph.node.append(helper.make_node("Identity", [outputs[trunk - 1]], [TRUNK]))
        graph.output.append(helper.make_tensor_value_info(TRUNK, TensorProto.FLOAT, None))


def _layer_outputs(graph: Any) -> list[str]:  # noqa: ANN401 — an onnx.GraphProto
    """The names of the states that each layer gives, first layer first; empty where layers have other names.

    A layer ends with a normalisation; that of the last one may go by the name of the graph's output.
    """
    ends = [(re.search(r"encoder/layer\.(\d+)/output/LayerNorm/", node.name), node) for node in graph.node]
    by_layer = {int(found[1]): node.output[0] for found, node in ends if found}
    return [by_layer[layer] for layer in range(len(by_layer))] if by_layer.keys() == set(range(len(by_layer))) else []


def save_onnx(model: Any, path: Path) -> None:  # noqa: ANN401 — an onnx.ModelProto
    """Write an ONNX model, its weights in a file beside it."""
    import onnx

    onnx.save_model(model, path, save_as_external_data=True, location=weights_of(path).name)


def remove_onnx(path: Path) -> None:
    """Remove an ONNX model and its weights."""
    path.unlink()
    weights_of(path).unlink()


def weights_of(path: Path) -> Path:
    """Where the weights of an ONNX model lie."""
    return path.with_name(path.name + ".data")


def quantise_export(full: Path, path: Path, sample: Iterable[Feed], four_bit_table: bool = False) -> None:
    """Write the export `full` again with its matrices in eight bits; `sample` shows where its activations are large.

    With `four_bit_table` the embedding table is written in four bits: lossless for the bundled weights, which came so,
    and for no others.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    model = onnx.load(full)
    weights = {tensor.name: tensor for tensor in model.graph.initializer}
    products = [node for node in model.graph.node if node.op_type == "MatMul" and node.input[1] in weights]
    peaks = _peaks(full, sorted({node.input[0] for node in products}), sample)
    _smooth(model.graph, products, peaks)
    smooth = path.with_suffix(".smooth")
    save_onnx(model, smooth)
    with _quiet():
        quantize_dynamic(
            smooth,
            path,
            op_types_to_quantize=["MatMul"],
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,  # without VNNI, sums of products of eight bits overflow; of seven bits they do not
            use_external_data_format=True,
        )
        if four_bit_table:
            _shrink_table(path)
    remove_onnx(smooth)


def _peaks(full: Path, names: Sequence[str], sample: Iterable[Feed]) -> dict[str, NDArray[np.float32]]:
    """The largest absolute value of each channel of the named activations over the sample."""
    import onnx

    watched = onnx.load(full, load_external_data=False)
    for name in names:
        watched.graph.output.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))
    graph = full.with_suffix(".watched")
    onnx.save_model(watched, graph)
    session = onnx_session(graph, threads=0)
    peaks: dict[str, NDArray[np.float32]] = {}
    for feed in sample:
        for name, values in zip(names, session.run(list(names), dict(feed)), strict=True):
            peak = np.abs(values).reshape(-1, values.shape[-1]).max(axis=0)
            peaks[name] = np.maximum(peaks.get(name, peak), peak)
    graph.unlink()
    return peaks


def _smooth(graph: Any, products: Sequence[Any], peaks: dict[str, NDArray[np.float32]]) -> None:  # noqa: ANN401
    """Divide each channel before its products, and multiply its row in the weights."""
    from onnx import helper, numpy_helper

    weights = {tensor.name: tensor for tensor in graph.initializer}
    divided: dict[str, Any] = {}
    for name, peak in peaks.items():
        users = [node for node in products if node.input[0] == name]
        matrices = [numpy_helper.to_array(weights[node.input[1]]) for node in users]
        factors = _factors(peak, np.max([np.abs(matrix).max(axis=1) for matrix in matrices], axis=0))
        graph.initializer.append(numpy_helper.from_array(1 / factors, f"{name}_divisor"))
        divided[name] = helper.make_node("Mul", [name, f"{name}_divisor"], [f"{name}_divided"])
        for node, matrix in zip(users, matrices, strict=True):
            graph.initializer.append(numpy_helper.from_array(matrix * factors[:, None], f"{node.output[0]}_weights"))
            node.input[:] = [f"{name}_divided", f"{node.output[0]}_weights"]
    _insert_before_use(graph, divided)
    used = {name for node in graph.node for name in node.input}
    kept = [tensor for tensor in graph.initializer if tensor.name in used]
    del graph.initializer[:]
    graph.initializer.extend(kept)


def _factors(activations: NDArray[np.float32], weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """The factor of each channel, from the peaks of activations and weights; their geometric mean is 1.

    Example: equal weights, activations 1 and 100, α = 0.8 → factors 0.158 and 6.31.
    """
    raw = np.maximum(activations, SMALLEST) ** ALPHA / np.maximum(weights, SMALLEST) ** (1 - ALPHA)
    return np.asarray(raw / np.exp(np.log(raw).mean()), np.float32)


def _insert_before_use(graph: Any, divided: dict[str, Any]) -> None:  # noqa: ANN401
    """Put each division before the first node that takes its result, as ONNX wants nodes in order."""
    waiting = {f"{name}_divided": node for name, node in divided.items()}
    nodes: list[Any] = []
    for node in graph.node:
        nodes.extend(waiting.pop(name) for name in list(node.input) if name in waiting)
        nodes.append(node)
    del graph.node[:]
    graph.node.extend(nodes)


def _shrink_table(path: Path) -> None:
    """Write the embedding table of an export in blocks of four bits."""
    import onnx
    from onnxruntime.quantization import QuantFormat
    from onnxruntime.quantization.matmul_nbits_quantizer import DefaultWeightOnlyQuantConfig, MatMulNBitsQuantizer

    config = DefaultWeightOnlyQuantConfig(
        block_size=BLOCK, is_symmetric=True, quant_format=QuantFormat.QOperator, op_types_to_quantize=("Gather",)
    )
    quantizer = MatMulNBitsQuantizer(onnx.load(path), algo_config=config)
    quantizer.process()
    remove_onnx(path)
    save_onnx(quantizer.model.model, path)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the quantisation tools from logging each step, and from configuring this process's logging."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)
        root.handlers[:] = handlers
        root.setLevel(level)
