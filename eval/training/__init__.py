"""Training: what answering needs and nothing that serves imports: span reader, sentence ranker and confidence.

    make_reader(searcher, exact_encoder, Path("piaf-v1.1.json"), folder, seed=1, progress=bars)
    fit_answers(searcher, SpanReader.open(folder, digest), *training_set(searcher), done).save(folder)

`questions/reader.jsonl` trains the reader, after questions on an encyclopaedia. Those questions, those of
`questions/confidence.jsonl`, facts in everyday words (`spoken.jsonl`) and near misses train the ranker and fit the
confidence; the facts' own wordings train the ranker alone. A quarter of the initiatives is kept out of all of it
(`is_kept_out`).
"""

from eval.training.confidence import Fitted, fit_answers, looked_at
from eval.training.examples import (
    CONFIDENCE,
    READER,
    BadTrainingQuestion,
    TrainingQuestion,
    read_training_questions,
)
from eval.training.needs import fit_needs, texts_of_needs
from eval.training.reader import make_reader
from eval.training.spoken import NEAR_MISSES, SPOKEN, read_near_misses, read_spoken
from eval.training.training_set import is_kept_out, training_set

__all__ = [
    "CONFIDENCE",
    "NEAR_MISSES",
    "READER",
    "SPOKEN",
    "BadTrainingQuestion",
    "Fitted",
    "TrainingQuestion",
    "fit_answers",
    "fit_needs",
    "is_kept_out",
    "looked_at",
    "make_reader",
    "read_near_misses",
    "read_spoken",
    "read_training_questions",
    "texts_of_needs",
    "training_set",
]
