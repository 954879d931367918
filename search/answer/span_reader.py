"""The span reader: finds the words of a passage that answer a question.

A network of 370,000 weights over token embeddings that are there already: those of the passages in the index, those of
the question from the one pass of the encoder. For each token of a passage it takes its embedding, attention over the
question, and how much of the question is matched around it, by idf, and gives a logit for beginning the answer there
and one for ending it. A sum of 0 stands for "not in this passage". The network is that of
`eval.training.network`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus import Fault
from index import Encoded, Index, onnx_session, unit_rows
from search import trim_edges

# Tokens of the longest answer that is looked for: the longest short answers of the training questions have about 30.
LONGEST_SPAN = 30

NETWORK, FACTS = "span_reader.onnx", "span_reader.json"


class BadReader(Fault):
    """The span reader is missing, damaged, or of another encoder."""


@dataclass(frozen=True, slots=True)
class Span:
    """Words that may answer a question."""

    passage: int  # row of the index
    start: int  # characters of the passage's text, 0-based
    end: int  # exclusive
    score: float  # the sum of the two logits, mostly -22 to 5; above 0 for what the reader takes for an answer


@dataclass(frozen=True)
class SpanReader:
    """An open reader. `model` is the digest of the encoder it was trained for; it cannot read those of another."""

    model: str
    session: Any  # onnxruntime.InferenceSession

    @classmethod
    def open(cls, folder: Path, model: str) -> "SpanReader":
        """Open the reader of a folder for the encoder with this digest.

        Raises BadReader when there is none, when it is damaged, or when it was trained for another encoder.
        """
        mend = "Run `recueil train-reader`."
        try:
            facts = json.loads((folder / FACTS).read_text(encoding="utf8"))
            trained_for = facts["model"]
            # More threads would wait for the encoder's, which stay awake after their work.
            session = onnx_session((folder / NETWORK).read_bytes(), threads=1)
        except FileNotFoundError as error:
            raise BadReader("There is no span reader", str(error.filename), mend) from None
        except Exception as error:
            raise BadReader(f"The span reader cannot be opened: {error}", str(folder), mend) from None
        if trained_for != model:
            raise BadReader("The span reader was trained for another encoder", str(folder / FACTS), mend)
        return cls(model, session)

    def read(self, index: Index, encoded: Encoded, passages: Sequence[int], most: int) -> list[Span]:
        """The best spans of each passage, at most `most` of one and no two that overlap, in the order of `passages`."""
        rows = [index.multivector.reading_order(passage) for passage in passages]
        scores = self._scores(index, encoded, rows)
        return [
            words
            for passage, of_passage, row in zip(passages, scores, rows, strict=True)
            for span in _best_spans(passage, of_passage[: len(row)], index.multivector.spans[row], most)
            if (words := _words(span, index.contents.passages[passage].text))
        ]

    def _scores(self, index: Index, encoded: Encoded, rows: Sequence[NDArray[np.int64]]) -> NDArray[np.float32]:
        """Logits for beginning and for ending at each token, float32 [passages, longest, 2]."""
        multivector, longest = index.multivector, max(map(len, rows))
        states = np.zeros((len(rows), longest, multivector.states.shape[1]), np.float32)
        mask, same = np.zeros((len(rows), longest), bool), np.zeros((len(rows), longest), np.float32)
        weights = multivector.weights(encoded.tokens)
        weight_of = dict(zip(encoded.tokens.tolist(), weights.tolist(), strict=True))
        for number, row in enumerate(rows):
            states[number, : len(row)] = multivector.centred(row)
            mask[number, : len(row)] = True
            same[number, : len(row)] = [weight_of.get(token, 0.0) for token in multivector.tokens[row].tolist()]
        question = unit_rows(encoded.states - index.centre.state_mean)
        inputs = {"passages": states, "mask": mask, "same": same, "question": question, "weights": weights}
        (scores,) = self.session.run(None, inputs)
        return np.asarray(scores, np.float32)


def _best_spans(passage: int, scores: NDArray[np.float32], spans: NDArray[np.int32], most: int) -> list[Span]:
    """Spans of one passage, best first, without overlap; `scores` and `spans` are [n, 2] in reading order."""
    pairs = scores[:, None, 0] + scores[None, :, 1]
    length = np.arange(len(scores))[None] - np.arange(len(scores))[:, None]
    own = spans[:, 0] >= 0
    pairs[(length < 0) | (length >= LONGEST_SPAN) | ~own[:, None] | ~own[None]] = -np.inf
    found: list[Span] = []
    while len(found) < most:
        first, last = divmod(int(pairs.argmax()), len(scores))
        if pairs[first, last] == -np.inf:
            break
        found.append(Span(passage, int(spans[first, 0]), int(spans[last, 1]), float(pairs[first, last])))
        pairs[: last + 1, first:] = -np.inf  # whatever overlaps
    return found


def _words(span: Span, text: str) -> Span | None:
    """A span without the white space that its first token begins with, nor bullets; None when no word is left."""
    start, end = trim_edges(text, span.start, span.end)
    return replace(span, start=start, end=end) if start < end else None
