"""Sample questions, and what is measured on them: the means that questions are centred on, and which are English.

`questions.tsv` holds everyday questions about public services, in French and in English, about other subjects than any
collection of initiatives. They also show how much a question about something else scores (`thresholds`).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoded, States, Vectors, unit_rows

SAMPLE = Path(__file__).with_name("questions.tsv")


def sample_questions() -> list[str]:
    """The sample questions: those in French first, then the same in English, in the same order."""
    pairs = [line.split("\t") for line in SAMPLE.read_text(encoding="utf8").splitlines()]
    return [text for side in zip(*pairs, strict=True) for text in side]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionCentre:
    """The means of the sample questions, which are subtracted from every question (centring).

    Passages are centred on their own means. What all questions have in common, and what all passages have, thus adds
    nothing to a cosine between the two.
    """

    state_mean: NDArray[np.float32]  # [d'], of the token states
    vector_mean: NDArray[np.float32]  # [d], of the sentence vectors
    english: NDArray[np.float32]  # [d], from the mean French sentence vector to the mean English one
    boundary: float  # where, along `english`, the two languages meet: half way

    @classmethod
    def of(cls, sample: Sequence[Encoded], *, as_they_are: bool = False) -> "QuestionCentre":
        """Take the means of encoded questions, the first half in French and the other in English.

        Token states that a multi-vector model was trained to compare stay `as_they_are`: centred on nothing.
        """
        states = np.concatenate([one.states for one in sample]).mean(axis=0, dtype=np.float64).astype(np.float32)
        states *= np.float32(not as_they_are)
        sides = sample[: len(sample) // 2], sample[len(sample) // 2 :]
        french, english = (np.stack([one.vector for one in side]).mean(axis=0) for side in sides)
        vector = (french + english) / 2
        return cls(
            state_mean=states,
            vector_mean=vector,
            english=english - french,
            boundary=float(vector @ (english - french)),
        )

    def states(self, states: States) -> States:
        """The token states of a question, centred, rows of length 1, [t, d']."""
        return unit_rows(states - self.state_mean)

    def vectors(self, vectors: Vectors) -> Vectors:
        """Sentence vectors of questions, centred, rows of length 1, [n, d]."""
        return unit_rows(vectors - self.vector_mean)

    def vector(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """The sentence vector of one question, centred, length 1, [d]."""
        return np.asarray(self.vectors(vector[None])[0], np.float32)

    def english_logit(self, vector: NDArray[np.float32]) -> float:
        """How far a question's sentence vector [d] lies on the English side; negative on the French side.

        The decision value of a nearest-centroid classifier of the two languages, not scaled to a probability.
        """
        return float(vector @ self.english) - self.boundary

    @classmethod
    def open(cls, path: Path) -> "QuestionCentre":
        """Open what `save` wrote."""
        with np.load(path) as stored:
            facts = {name: stored[name] for name in stored.files}
        return cls(**{name: value if value.ndim else value.item() for name, value in facts.items()})

    def save(self, path: Path) -> None:
        """Write one .npz file."""
        np.savez(path, **asdict(self))
