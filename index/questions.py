"""What is known of questions in general.

It is measured on `questions.tsv`, everyday questions about public services, in French and English, of other subjects
than any collection: they show what a question about something else looks like.
"""

from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.editorial import EditorialIndex, lifted
from index.encoder import Encoder, unit_rows
from index.tokens import TokenBank

QUESTIONS = Path(__file__).with_name("questions.tsv")

# The share of the sample questions whose best passage scores below `best_floor`. A question whose best passage scores
# lower still is probably about something else (docs/decisions/0004-nothing-relevant.md).
BEST_FLOOR_QUANTILE = 0.15

# The same where there are records. Two signs must agree then, the best score and the nearest phrasings, so that each
# may ask for more: the median of the sample questions.
RECORDS_QUANTILE = 0.5


@dataclass(frozen=True, slots=True)
class QuestionNorms:
    """Means that questions are centred on, as passages are on theirs, and scores below which nothing is relevant."""

    states: NDArray[np.float32]  # [d], mean token state
    vector: NDArray[np.float32]  # [d], mean sentence vector
    best_floor: float  # late-interaction score that the best passage must reach for anything to be relevant
    hit_floor: float  # late-interaction score that every hit must reach: the lowest of the sample questions' best
    near_floor: float  # nearness to the phrasings of a record; -inf where there are no records
    longest: int  # tokens of the longest sample question
    english: NDArray[np.float32]  # [d], from the mean French sentence vector to the mean English one
    boundary: float  # where, along `english`, the two languages meet

    def english_side(self, vector: NDArray[np.float32]) -> float:
        """How far a question's sentence vector [d] lies on the English side; negative on the French side."""
        return float(vector @ self.english) - self.boundary

    def floor(self, tokens: int) -> float:
        """The score that the best passage must reach for a question of so many tokens to have an answer here.

        The more words a text has, the lower it scores, whatever it is about: for statements longer than any sample
        question only `hit_floor` holds.
        """
        return self.best_floor if tokens <= self.longest else self.hit_floor

    @classmethod
    def open(cls, path: Path) -> "QuestionNorms":
        """Open what `save` wrote."""
        with np.load(path) as stored:
            facts = {name: stored[name] for name in stored.files}
        return cls(**{name: value if value.ndim else value.item() for name, value in facts.items()})

    def save(self, path: Path) -> None:
        """Write one .npz file."""
        np.savez(path, **asdict(self))


def question_norms(encoder: Encoder, tokens: TokenBank) -> QuestionNorms:
    """Encode the sample questions, take the means, and see how they score against the passages."""
    french, english = (encoder.questions(texts) for texts in zip(*_sample_pairs(), strict=True))
    encoded = [*french, *english]
    states = np.concatenate([one.states for one in encoded]).mean(axis=0, dtype=np.float64).astype(np.float32)
    of_french, of_english = (np.stack([one.vector for one in side]).mean(axis=0) for side in (french, english))
    vector = (of_french + of_english) / 2
    passages = np.arange(len(tokens.starts) - 1)
    best = [
        tokens.scores(unit_rows(one.states - states), tokens.weights(one.tokens), passages).max() for one in encoded
    ]
    return QuestionNorms(
        states=states,
        vector=vector,
        best_floor=float(np.quantile(best, BEST_FLOOR_QUANTILE)),
        hit_floor=float(min(best)),
        near_floor=-np.inf,
        longest=max(len(one.tokens) for one in encoded),
        english=of_english - of_french,
        boundary=float(vector @ (of_english - of_french)),
    )


def with_records(
    norms: QuestionNorms, encoder: Encoder, tokens: TokenBank, editorial: EditorialIndex, records: NDArray[np.int64]
) -> QuestionNorms:
    """The same means, with floors for scores that records lift; `records` [passages] are rows, -1 for none."""
    best, nearest = [], []
    for question in encoder.questions(sample_questions()):
        states, weights = unit_rows(question.states - norms.states), tokens.weights(question.tokens)
        source = tokens.scores(states, weights, np.arange(len(records)))
        of_records = editorial.records.scores(states, weights, np.arange(len(editorial.records.ends)))
        near = editorial.nearness(unit_rows((question.vector - norms.vector)[None])[0])
        best.append(lifted(source, records, of_records, near).max())
        nearest.append(near.max())
    return replace(
        norms,
        best_floor=float(np.quantile(best, RECORDS_QUANTILE)),
        hit_floor=float(min(best)),
        near_floor=float(np.quantile(nearest, RECORDS_QUANTILE)),
    )


def sample_questions() -> list[str]:
    """The sample questions, those in French first."""
    return [text for side in zip(*_sample_pairs(), strict=True) for text in side]


def _sample_pairs() -> list[list[str]]:
    """Each sample question in French and in English."""
    return [line.split("\t") for line in QUESTIONS.read_text(encoding="utf8").splitlines()]
