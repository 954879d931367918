"""Exports: a sentence-transformers model as ONNX, which serving runs without torch.

The weights lie in a file beside the graph, so that onnxruntime maps them into memory instead of copying them.
"""

import warnings
from pathlib import Path
from typing import Any

# ONNX operator set: the oldest that goes together with four-bit tables.
OPSET = 18


def export(model: Any, path: Path) -> bool:  # noqa: ANN401 — a SentenceTransformer, whose class is imported to build only
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
            out = self.model({"input_ids": input_ids, "attention_mask": attention_mask})
            return out["token_embeddings"], torch.nn.functional.normalize(out["sentence_embedding"], dim=-1)

    ids = torch.ones((2, 16), dtype=torch.long)
    both = {0: "batch", 1: "tokens"}
    whole = path.with_suffix(".whole")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer warns of shapes it fixes; the comparison that follows judges
        try:
            torch.onnx.export(
                TokensAndSentence(),
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
    save(onnx.load(whole), path)
    whole.unlink()
    return True


def save(model: Any, path: Path) -> None:  # noqa: ANN401 — an onnx.ModelProto
    """Write an ONNX model, its weights in a file beside it."""
    import onnx

    onnx.save_model(model, path, save_as_external_data=True, location=weights_of(path).name)


def remove(path: Path) -> None:
    """Remove an ONNX model and its weights."""
    path.unlink()
    weights_of(path).unlink()


def weights_of(path: Path) -> Path:
    """Where the weights of an ONNX model lie."""
    return path.with_name(path.name + ".data")
