"""Adaptation: the encoder's upper layers, trained for one corpus on how people tell what each initiative answers.

People tell a situation ("je n'ouvre plus mes factures"), sheets name a scheme ("précarité énergétique"). What leads
from one to the other is learned by `recueil adapt` (`index.model.adapting`) from texts that were written from the
sheets: the lower layers, the trunk, stay as they are and run once for both, the upper ones are trained to tell which
initiative a text is about, and which fact a question asks for. Questions thus get a third sign beside passages and
records, the log-probability of each initiative; and answers one of each fact, and of what a sheet does not say.

    <folder>/layers.onnx        the trained layers: states of the trunk → unit vector
    <folder>/rows.npz           a unit row for each initiative, each fact and what each sheet is silent about, the mean
                                that vectors are centred on, scales
    <folder>/adaptation.json    for which model, from which texts, with which settings
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import nan
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from corpus import Fact, Initiative, Weights
from index.encoder import Encoded, PreparedModel, onnx_session, unit_rows
from index.errors import BadIndex
from index.storage import sha256_of

CARD, LAYERS, ROWS = "adaptation.json", "layers.onnx", "rows.npz"

MEND = "Run `recueil adapt` again, or remove the folder to search without it."

# Log-probabilities below this count as this: what is that unlikely is not told apart any more.
LOWEST = -12.0

# Needs are often answered by several initiatives, and those like the likeliest are likelier than the classifier, which
# was taught to choose one, says: each passes this share of its probability on to the so many that are most like it, by
# a softmax over so many times their cosines.
PASSED_ON = 0.5
NEIGHBOURS = 16
SHARPNESS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AdaptationCard:
    """What `adaptation.json` says."""

    model: str  # digest of the model whose upper layers were trained
    texts: int  # that it was trained on
    lessons: str  # sha256 of these texts and the initiatives they are about
    steps: int
    seed: int
    date: str  # ISO 8601
    command: str  # that makes it again
    files: dict[str, str]  # sha256 of the other files, by name

    def fits(self, model: PreparedModel) -> bool:
        """Whether it was made for this model, and the model's export gives the states that it goes on from."""
        return self.model == model.digest and model.trunk_layers > 0


_CARD = TypeAdapter(AdaptationCard)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The initiatives most like each one, by their rows."""

    rows: NDArray[np.int64]  # [initiatives, k]
    shares: NDArray[np.float32]  # [initiatives, k], each row sums to 1

    @classmethod
    def of(cls, rows: NDArray[np.float32]) -> "Neighbours":
        """Find them among unit rows [initiatives, d]; a lone initiative passes everything on to itself."""
        cosines = rows @ rows.T
        np.fill_diagonal(cosines, -np.inf)
        nearest = np.argsort(-cosines, axis=1, kind="stable")[:, : max(1, min(NEIGHBOURS, len(rows) - 1))]
        near = SHARPNESS * np.take_along_axis(cosines, nearest, axis=1)
        likely = np.exp(near - near.max(axis=1, keepdims=True)) if len(rows) > 1 else np.ones((1, 1))
        return cls(nearest, (likely / likely.sum(axis=1, keepdims=True)).astype(np.float32))


@dataclass(frozen=True, slots=True)
class AdaptedReading:
    """What an adaptation makes of a question."""

    # How likely it is about each initiative, natural logarithms, float32 [initiatives], at least `LOWEST`.
    log_probabilities: NDArray[np.float32]
    # The logarithm of the sum of exponential logits: low where nothing stands out, as for what no initiative is about
    # (the negative free energy; Liu et al., "Energy-based Out-of-distribution Detection", NeurIPS 2020).
    energy: float
    vector: NDArray[np.float32]  # [d], centred, of length 1


@dataclass(frozen=True, kw_only=True)
class Adaptation:
    """An adaptation, open."""

    folder: Path
    card: AdaptationCard
    layers: Any  # onnxruntime.InferenceSession: states float32 [1, t, d] → unit vector [1, d]
    initiatives: tuple[str, ...]  # ids, one of each real-world initiative that it knows
    rows: NDArray[np.float32]  # [initiatives, d], of length 1
    mean: NDArray[np.float32]  # [d], of the vectors of the texts, which vectors are centred on
    scale: float  # of the cosines, before the softmax
    neighbours: Neighbours
    facts: tuple[str, ...]  # keys of those it knows
    fact_rows: NDArray[np.float32]  # [facts, d], of length 1
    silence_rows: NDArray[np.float32]  # [initiatives, d], of length 1, or zeros where nothing is known to be unanswered
    question_scale: float  # of the cosines with both

    @classmethod
    def open(cls, folder: Path, threads: int = 1) -> "Adaptation | None":
        """Open an adaptation, None where there is none. Raises BadIndex when a file is missing, altered or outdated."""
        card = read_card(folder)
        if card is None:
            return None
        for name, digest in card.files.items():
            if not (folder / name).is_file() or sha256_of(folder / name) != digest:
                raise BadIndex("A file of the adaptation is missing or altered", str(folder / name), MEND)
        with np.load(folder / ROWS) as stored:
            if "silence_rows" not in stored:
                raise BadIndex("The adaptation is of an earlier version", str(folder / ROWS), MEND)
            rows = unit_rows(stored["rows"].astype(np.float32))
            return cls(
                folder=folder,
                card=card,
                layers=onnx_session(folder / LAYERS, threads),
                initiatives=tuple(stored["initiatives"].tolist()),
                rows=rows,
                mean=stored["mean"],
                scale=float(stored["scale"]),
                neighbours=Neighbours.of(rows),
                facts=tuple(stored["facts"].tolist()),
                fact_rows=unit_rows(stored["fact_rows"].astype(np.float32)),
                silence_rows=stored["silence_rows"].astype(np.float32),
                question_scale=float(stored["question_scale"]),
            )

    def save(self, folder: Path) -> None:
        """Copy the files into `folder`, which is made."""
        folder.mkdir()
        for name in (CARD, *self.card.files):
            shutil.copyfile(self.folder / name, folder / name)

    def read(self, question: Encoded) -> "AdaptedReading":
        """What a question is about. Raises ValueError for one that was encoded without the states of the trunk."""
        if question.trunk is None:
            raise ValueError("The encoder gives no states of its trunk")
        vector = self.layers.run(None, {"states": question.trunk[None]})[0][0] - self.mean
        vector /= np.linalg.norm(vector)
        logits = self.scale * (self.rows @ vector)
        energy = float(logits.max() + np.log(np.exp(logits - logits.max()).sum()))
        own = np.exp(logits - energy)
        shared = (1 - PASSED_ON) * own
        np.add.at(shared, self.neighbours.rows, PASSED_ON * own[:, None] * self.neighbours.shares)
        log_probabilities = np.log(np.maximum(shared, np.exp(LOWEST))).astype(np.float32)
        return AdaptedReading(log_probabilities, energy, vector)

    def fact_logits(self, reading: AdaptedReading, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """How well a question asks for some facts, logits, float32 [rows]; comparable within one question.

        A fact that the adaptation does not know, -1, has `LOWEST`.
        """
        logits = np.full(len(rows), LOWEST, np.float32)
        known = rows >= 0
        logits[known] = self.question_scale * (self.fact_rows[rows[known]] @ reading.vector)
        return logits

    def silence_logit(self, reading: AdaptedReading, row: int) -> float:
        """How much a question is like those that an initiative's sheet does not answer, on the scale of `fact_logits`.

        nan for an initiative, by its row or -1, of which nothing is known to be unanswered.
        """
        silence = self.silence_rows[row]
        return self.question_scale * float(silence @ reading.vector) if row >= 0 and silence.any() else nan

    def rows_of(self, initiatives: Sequence[Initiative]) -> NDArray[np.int64]:
        """The row of each initiative, or of another telling of it, -1 where it knows none, int64 [initiatives]."""
        known = {id: row for row, id in enumerate(self.initiatives)}
        tellings = ((one.id, *one.same_as) for one in initiatives)
        return np.array([next((known[id] for id in ids if id in known), -1) for ids in tellings], np.int64)

    def rows_of_facts(self, facts: Sequence[Fact]) -> NDArray[np.int64]:
        """The row of each fact, -1 for those it does not know, int64 [facts]."""
        known = {key: row for row, key in enumerate(self.facts)}
        return np.array([known.get(fact_key(fact), -1) for fact in facts], np.int64)


def fact_key(fact: Fact) -> str:
    """A digest of what names a fact."""
    return sha256("\n".join(fact.name).encode()).hexdigest()[:16]


def adapted_bonus(
    log_probabilities: NDArray[np.float32], rows: NDArray[np.int64], weights: Weights
) -> NDArray[np.float32]:
    """What the adaptation adds to the scores of texts whose initiatives have these rows, float32 [texts], at most 0.

    From .03 to .1 of the log-probability rankings are about as good (docs/decisions/0013-adapted-encoder.md).
    """
    return np.asarray(weights.adapted_weight.value * likelihoods(log_probabilities, rows), np.float32)


def likelihoods(log_probabilities: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.float32]:
    """How likely texts are whose initiatives have these rows, natural logarithms, float32 [texts].

    An initiative that the adaptation does not know, -1, counts as likely as all others.
    """
    unknown = np.float32(-np.log(len(log_probabilities)))
    return np.asarray(np.append(log_probabilities, unknown)[rows], np.float32)


def read_card(folder: Path) -> AdaptationCard | None:
    """Read what an adaptation says of itself; None where there is none. Raises BadIndex when it cannot be read."""
    if not folder.is_dir():
        return None
    try:
        return _CARD.validate_json((folder / CARD).read_bytes())
    except (FileNotFoundError, ValidationError):
        raise BadIndex("The description of the adaptation cannot be read", str(folder / CARD), MEND) from None


def digest_with(digest: str, card: AdaptationCard | None) -> str:
    """The digest of a corpus together with what an adaptation to it holds; the same where there is none."""
    if card is None:
        return digest
    return sha256(f"{digest} {sorted(card.files.items())}".encode()).hexdigest()
