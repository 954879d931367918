"""Making models ready: what `recueil build` does once, and what nothing that serves imports.

    prepare_model("bundled", model_folder(var, "bundled"), sample)   # sample: some texts of the corpus

bundled unpacks the model that needs no download, export writes a model as ONNX, in full precision and in eight bits,
and prepare does all of it for any model and judges the result.
"""

from index.model.prepare import FAITHFUL, prepare_model

__all__ = ["FAITHFUL", "prepare_model"]
