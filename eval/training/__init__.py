"""Training: what answering needs and nothing that serves imports: span reader, sentence ranker and confidence.

    make_reader(searcher, exact_encoder, Path("piaf-v1.1.json"), folder, seed=1, progress=bars)
    fit_answers(searcher, SpanReader.open(folder, digest), *training_set(searcher), done).save(folder)

`questions/reader.jsonl` trains the reader, after questions on an encyclopaedia. Those questions, those of
`questions/confidence.jsonl` and those of the facts of an enrichment train the ranker; the first two fit the confidence.
A quarter of the initiatives is kept out of all of it (`is_kept_out`).
"""

from eval.training.confidence import Fitted, fit_answers, looked_at
from eval.training.examples import (
    CONFIDENCE,
    READER,
    BadTrainingQuestion,
    TrainingQuestion,
    is_kept_out,
    read_training_questions,
    training_set,
)
from eval.training.reader import make_reader

__all__ = [
    "CONFIDENCE",
    "READER",
    "BadTrainingQuestion",
    "Fitted",
    "TrainingQuestion",
    "fit_answers",
    "is_kept_out",
    "looked_at",
    "make_reader",
    "read_training_questions",
    "training_set",
]
