"""Making models ready, and adapting them: what `recueil build` and `recueil adapt` do, and nothing that serves imports.

    prepare_model("bundled", model_folder(var, "bundled"), sample)   # sample: some texts of the corpus
    adapt(Lessons.of(corpus, enrichment), encoder, model, folder, work=…, course=Course(), date=…, progress=…)

bundled unpacks the model that needs no download, export writes a model as ONNX, in full precision and in eight bits,
and prepare does all of it for any model and judges the result. lessons gathers what an encoder is adapted with, adapt
trains it.
"""

from index.model.adapt import LearnedShare, adapt, learned_share
from index.model.course import Course
from index.model.lessons import Lessons
from index.model.prepare import FAITHFUL, prepare_model

__all__ = ["FAITHFUL", "Course", "LearnedShare", "Lessons", "adapt", "learned_share", "prepare_model"]
