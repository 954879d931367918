"""The lexicon, indexed: how well each of its notions is said in each passage and in each editorial record.

The forms of an entry are compared with the corpus once, when the index is built. A question that names a notion looks
the scores up, so that understanding it in other words costs nothing where people wait.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.lexicon_entry import LexiconEntry
from index.encoder import Encoder, unit_rows
from index.questions import QuestionNorms
from index.tokens import TokenBank, asked

# Scores are kept in eight bits; a cosine is worth this many steps.
STEPS = 127

Said = NDArray[np.int8]  # [entries, passages or records], the best score of the entry's forms, times STEPS


@dataclass(frozen=True)
class LexiconIndex:
    """Row i belongs to entry i of the lexicon."""

    passages: Said
    records: Said  # without a column where there are no editorial records

    @classmethod
    def build(
        cls,
        entries: Sequence[LexiconEntry],
        encoder: Encoder,
        norms: QuestionNorms,
        tokens: TokenBank,
        records: TokenBank | None,
        done: Callable[[int], None],
    ) -> "LexiconIndex":
        """Compare every form of every entry, encoded as a question of its own; `done` is told of each entry."""
        passages, of_records = [], []
        for entry in entries:
            forms = [_Form.of(text, encoder, norms, tokens) for text in entry.forms]
            passages.append(_said(forms, tokens))
            of_records.append(_said(forms, records) if records is not None else np.zeros(0, np.int8))
            done(1)
        return cls(np.stack(passages), np.stack(of_records))

    @classmethod
    def open(cls, folder: Path) -> "LexiconIndex":
        """Open what `save` wrote; the scores stay on the disk, memory-mapped."""
        return cls(*(np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in ("passages", "records")))

    def save(self, folder: Path) -> None:
        """Write one .npy file for passages, one for records."""
        folder.mkdir()
        np.save(folder / "passages.npy", self.passages)
        np.save(folder / "records.npy", self.records)


@dataclass(frozen=True, slots=True)
class _Form:
    """One way to say a notion, ready for late interaction."""

    states: NDArray[np.float32]  # [t, d]
    weights: NDArray[np.float32]  # [t]

    @classmethod
    def of(cls, text: str, encoder: Encoder, norms: QuestionNorms, tokens: TokenBank) -> "_Form":
        encoded = encoder.questions([text])[0]
        weights = tokens.weights(encoded.tokens)
        kept = asked(weights)
        return cls(unit_rows(encoded.states - norms.states)[kept], weights[kept])


def _said(forms: Sequence[_Form], bank: TokenBank) -> Said:
    """The best score of the forms in each text of a bank; all are compared in one product."""
    states = np.concatenate([form.states for form in forms])
    best = bank.compare(states, np.arange(len(bank.ends))).best()
    cuts = np.cumsum([len(form.weights) for form in forms])[:-1]
    parts = zip(np.split(best, cuts, axis=1), forms, strict=True)
    scores = np.max([part @ form.weights / form.weights.sum() for part, form in parts], axis=0)
    return np.asarray(np.rint(np.clip(scores, -1, 1) * STEPS), np.int8)
