"""Making models ready, and adapting them: what `recueil build` and `recueil adapt` do, and nothing that serves imports.

    prepare_model("bundled", model_folder(var, "bundled"), sample)   # sample: some texts of the corpus
    adapt(Lessons.of(corpus, enrichment), encoder, model, folder, work=…, course=Course(), date=…, progress=…)

bundled unpacks the model that needs no download, and graph writes it as ONNX without torch; export writes any model as
ONNX, in full precision and in eight bits, and prepare does all of it and judges the result. lessons gathers what an
encoder is adapted with, adapting trains it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from index.model.prepare import FAITHFUL, prepare_model

if TYPE_CHECKING:
    from index.model.adapting import LearnedShare, adapt, learned_share
    from index.model.course import Course
    from index.model.lessons import Lessons

# What needs torch, which the bundled model does without: imported by whoever asks for it.
_LATER = {
    "Course": "course",
    "LearnedShare": "adapting",
    "adapt": "adapting",
    "learned_share": "adapting",
    "Lessons": "lessons",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401
    """A name of this face that is imported only when it is asked for (PEP 562)."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)


__all__ = ["FAITHFUL", "Course", "LearnedShare", "Lessons", "adapt", "learned_share", "prepare_model"]
