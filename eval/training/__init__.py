"""Training: what answering needs and nothing that serves imports: the span reader and the confidence.

    make_reader(searcher, exact_encoder, Path("piaf-v1.1.json"), folder, seed=1, progress=bars)
    fit_confidence(searcher, SpanReader.open(folder, digest), read_training_questions(CONFIDENCE), done).save(folder)

`questions/reader.jsonl` trains the reader, after questions on an encyclopaedia; `questions/confidence.jsonl`, on other
initiatives, the confidence.
"""

from eval.training.confidence import fit_confidence
from eval.training.examples import CONFIDENCE, READER, BadTrainingQuestion, TrainingQuestion, read_training_questions
from eval.training.reader import make_reader

__all__ = [
    "CONFIDENCE",
    "READER",
    "BadTrainingQuestion",
    "TrainingQuestion",
    "fit_confidence",
    "make_reader",
    "read_training_questions",
]
