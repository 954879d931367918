"""Adapting an encoder to one corpus: its upper layers learn which initiative people tell of.

A classifier: the states of the trunk go through the upper layers, are averaged to one vector, centred, and compared
with a row for each initiative (a cosine softmax, as in NormFace; Wang et al., ACM Multimedia 2017). It is trained on
texts that were written from the sheets, and on texts about something else, for which no initiative shall stand out
(outlier exposure; Hendrycks et al., ICLR 2019). The trunk is that of the served export and is not trained: each text
goes through it once.

Only `recueil adapt` imports this file, which needs torch.
"""

import json
import random
import tempfile
import warnings
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from corpus.text import encoder_form, fold
from index.adaptation import CARD, LAYERS, ROWS, AdaptationCard
from index.encoder import HOME, Encoder, onnx_session
from index.errors import BadModel
from index.model.checkpoint import Checkpoint
from index.model.course import Batches, Course, Trunk
from index.model.export import OPSET, quantise_export, save_onnx, trunk_size
from index.model.lessons import Lessons
from index.model.settling import QuestionRows, settle
from index.progress import Progress
from index.storage import sha256_of

# Steps between two checkpoints.
CHECKPOINT_EVERY = 50

# Texts that go through the layers together while training.
GROUP = 12

# Texts whose vectors the export in eight bits is compared on with those of the layers themselves.
COMPARED = 200


class AdaptedLayers(nn.Module):  # type: ignore[misc]
    """The upper layers of an encoder, with a row for each initiative and one for each fact."""

    def __init__(self, layers: nn.ModuleList, initiatives: int, facts: int, dimension: int, scale: float) -> None:
        super().__init__()
        self.layers = layers
        self.rows = nn.Parameter(torch.zeros(initiatives, dimension))
        self.fact_rows = nn.Parameter(torch.zeros(facts, dimension))
        self.scale, self.fact_scale = (nn.Parameter(torch.tensor(scale)) for _ in range(2))
        self.register_buffer("mean", torch.zeros(dimension))

    def vectors(self, states: Tensor, mask: Tensor) -> Tensor:
        """States of the trunk [b, t, d], mask [b, t] of 0 and 1 → unit vectors [b, d]."""
        hidden, unseen = states, (1 - mask)[:, None, None, :] * -1e4
        for layer in self.layers:
            given = layer(hidden, attention_mask=unseen)
            hidden = given[0] if isinstance(given, tuple) else given
        return functional.normalize((hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True), dim=1)

    def logits(self, vectors: Tensor) -> Tensor:
        """Unit vectors [b, d] → logits of the initiatives [b, initiatives]."""
        return self.scale * self.centred(vectors) @ functional.normalize(self.rows, dim=1).T

    def fact_logits(self, vectors: Tensor) -> Tensor:
        """Unit vectors [b, d] → logits of the facts [b, facts]."""
        return self.fact_scale * self.centred(vectors) @ functional.normalize(self.fact_rows, dim=1).T

    def centred(self, vectors: Tensor) -> Tensor:
        """Unit vectors [b, d] as unit vectors that are centred on the mean."""
        return functional.normalize(vectors - self.mean, dim=1)

    def encoded(self, texts: Sequence[Trunk]) -> Tensor:
        """The unit vectors [texts, d] of texts, without training."""
        with torch.no_grad():
            return _vectors(self, texts, 64)


def upper_layers(folder: Path) -> nn.ModuleList:
    """The layers above the trunk of a prepared model."""
    from sentence_transformers import SentenceTransformer

    loaded: Any = SentenceTransformer(str(folder / HOME), device="cpu", model_kwargs={"attn_implementation": "eager"})
    layers = list(loaded[0].auto_model.encoder.layer)
    return nn.ModuleList(layers[trunk_size(len(layers)) :])


def trunk_states(
    texts: Sequence[str], encoder: Encoder, course: Course, progress: Progress, step: str = "Encoding what people tell"
) -> list[list[Trunk]]:
    """The states of the trunk for each text in its spellings, one or two, as float16 [tokens, d].

    Raises BadModel for an encoder that does not give them.
    """
    progress.step(step, len(texts))
    states = []
    for row, text in enumerate(texts):
        forms = [encoder_form(text)]
        if random.Random(f"{course.seed}:{row}").random() < course.bare:
            forms.append(fold(forms[0]).replace("'", " "))
        trunks = [one.trunk for one in encoder.questions(forms)]
        states.append([trunk.astype(np.float16) for trunk in trunks if trunk is not None])
        if len(states[-1]) < len(forms):
            what, mend = (
                "The export of this model gives no states to adapt from",
                "Take the bundled model, or kin of BERT.",
            )
            raise BadModel(what, encoder.name, mend)
        progress.advance(1)
    return states


def train(
    lessons: Lessons,
    states: list[list[Trunk]],
    layers: nn.ModuleList,
    course: Course,
    folder: Path,
    progress: Progress,
) -> AdaptedLayers:
    """Train the layers and the rows; a training that was interrupted goes on from its checkpoint in `folder`.

    `states` are those of `trunk_states` for the texts of `lessons`. The same lessons and course give the same weights
    on the same machine.
    """
    torch.manual_seed(course.seed)
    adapted, targets = _untrained(lessons, layers, states[0][0].shape[1], course), torch.from_numpy(lessons.targets)
    heads = [adapted.rows, adapted.scale, adapted.fact_rows, adapted.fact_scale]
    optimiser = torch.optim.AdamW(
        [{"params": adapted.layers.parameters()}, {"params": heads}], weight_decay=course.decay
    )
    checkpoint = Checkpoint(folder, f"{lessons.digest_of_texts} {course}")
    begin = checkpoint.load(adapted, optimiser)
    if not begin:
        _begin_with_means(adapted, lessons, states)
    progress.step("Training the upper layers", course.steps)
    progress.advance(begin)
    adapted.train()
    batches = Batches(lessons, states, course)
    for step in range(begin, course.steps):
        shown, rows, facts = batches.of(step)
        share = min(1, (step + 1) / course.warm_up) * max(0.05, 1 - step / course.steps)
        for group, rate in zip(optimiser.param_groups, (course.rate, course.rows_rate), strict=True):
            group["lr"] = rate * share
        vectors = _vectors(adapted, shown, GROUP)
        logits = adapted.logits(vectors)
        loss = functional.cross_entropy(logits[: len(rows)], targets[rows], label_smoothing=course.smoothing)
        if len(shown) > len(rows):
            loss -= course.elsewhere_weight * functional.log_softmax(logits[len(rows) :], 1).mean()
        if (asking := facts >= 0).any():
            of_facts = adapted.fact_logits(vectors[: len(rows)][asking])
            wrong = functional.cross_entropy(of_facts, facts[asking], label_smoothing=course.smoothing, reduction="sum")
            loss += course.facts_weight * wrong / len(rows)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(adapted.parameters(), 1.0)
        optimiser.step()
        progress.advance(1)
        if (step + 1) % CHECKPOINT_EVERY == 0:
            checkpoint.save(adapted, optimiser, step + 1)
    adapted.eval()
    return adapted


def _untrained(lessons: Lessons, layers: nn.ModuleList, dimension: int, course: Course) -> AdaptedLayers:
    """The layers as they are given, with rows of zeros."""
    adapted = AdaptedLayers(layers, len(lessons.initiatives), len(lessons.facts), dimension, course.scale)
    adapted.eval()
    return adapted


def _begin_with_means(adapted: AdaptedLayers, lessons: Lessons, states: list[list[Trunk]]) -> None:
    """Set the rows of initiatives and facts to the means of their texts, as the layers give them untrained."""
    told = np.flatnonzero(lessons.labels >= 0)
    first = adapted.encoded([states[row][0] for row in told])
    adapted.mean = first.mean(0)
    centred = adapted.centred(first)
    targets = torch.from_numpy(lessons.targets)
    adapted.rows.data = functional.normalize(targets[lessons.labels[told]].T @ centred, dim=1)
    asking = np.flatnonzero(lessons.asked[told] >= 0)
    sums = torch.zeros_like(adapted.fact_rows)
    sums.index_add_(0, torch.from_numpy(lessons.asked[told][asking]), centred[asking])
    adapted.fact_rows.data = functional.normalize(sums, dim=1)


def _vectors(adapted: AdaptedLayers, texts: Sequence[Trunk], group: int) -> Tensor:
    """The unit vectors [texts, d] of texts, worked out in groups of like length, so that little of them is padding."""
    order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
    groups = (order[first : first + group] for first in range(0, len(order), group))
    vectors = torch.cat([adapted.vectors(*_padded([texts[row] for row in rows])) for rows in groups])
    return vectors[torch.argsort(torch.tensor(order))]


def _padded(texts: Sequence[Trunk]) -> tuple[Tensor, Tensor]:
    """States [t, d] of several texts as one batch, float32 [b, t, d], and its mask [b, t] of 0 and 1."""
    longest = max(len(text) for text in texts)
    states, mask = torch.zeros(len(texts), longest, texts[0].shape[1]), torch.zeros(len(texts), longest)
    for row, text in enumerate(texts):
        states[row, : len(text)] = torch.from_numpy(text.astype(np.float32))
        mask[row, : len(text)] = 1
    return states, mask


# --- Adapting, and measuring what is learned --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedShare:
    """Of texts that were kept out of training, the share for which the right initiative stands first."""

    known: float  # texts about initiatives of which others were learned from
    unknown: float  # about initiatives of which none were; their rows are means of texts that nothing was learned from
    unknown_before: float  # the same without any training
    needs: float | None  # of texts that tell a need of which nothing was learned; None without needs
    needs_before: float | None


def adapt(
    lessons: Lessons,
    encoder: Encoder,
    model: Path,
    folder: Path,
    *,
    work: Path,
    course: Course,
    date: str,
    progress: Progress,
) -> float:
    """Adapt the encoder to a corpus: train on all lessons and write the adaptation into `folder`.

    `model` is the folder of the prepared model, `work` where checkpoints lie meanwhile. Returns what
    `write_adaptation` does. Raises BadModel for a model whose export gives no states of its trunk.
    """
    states = trunk_states(lessons.texts, encoder, course, progress)
    adapted = train(lessons, states, upper_layers(model), course, work, progress)
    asked = trunk_states(lessons.questions, encoder, replace(course, bare=0), progress, "Encoding what people ask")
    rows = settle(lessons, adapted.centred(adapted.encoded([one for one, *_ in asked])), course)
    sample = [states[row][0] for row in range(0, len(states), max(1, len(states) // COMPARED))]
    fidelity = write_adaptation(adapted, rows, lessons, sample, folder, model=encoder.digest, date=date, course=course)
    Checkpoint(work, "").path.unlink(missing_ok=True)
    return fidelity


def learned_share(
    lessons: Lessons, encoder: Encoder, model: Path, *, work: Path, course: Course, progress: Progress
) -> LearnedShare:
    """See what is learned and what is known by heart, by a training without a quarter of the initiatives.

    Every twentieth text of the others and every tenth need are kept out too. Raises what `adapt` raises.
    """
    states = trunk_states(lessons.texts, encoder, course, progress)
    labels, places, initiatives = lessons.labels, np.arange(len(lessons.texts)), len(lessons.initiatives)
    of_one, of_need = (labels >= 0) & (labels < initiatives), labels >= initiatives
    unknown = of_one & (labels % 4 == 0)
    known = of_one & ~unknown & (places % 20 == 0)
    needs = of_need & (labels % 10 == 0)
    taught = _without(lessons, np.arange(initiatives) % 4 == 0)
    shown = ~unknown & ~known & ~needs & ~(of_need & (taught.targets.sum(axis=1) == 0)[labels])
    to_rows, tested = unknown & (places % 2 == 0), unknown & (places % 2 == 1)

    def of(mask: NDArray[np.bool_]) -> list[Trunk]:
        return [states[row][0] for row in np.flatnonzero(mask)]

    before = _untrained(lessons, upper_layers(model), states[0][0].shape[1], course)
    before.mean = before.encoded(of(shown)).mean(0)
    give_rows(before, of(~tested & of_one), labels[~tested & of_one])
    adapted = train(
        taught.where(shown),
        [states[row] for row in np.flatnonzero(shown)],
        upper_layers(model),
        course,
        work,
        progress,
    )
    give_rows(adapted, of(to_rows), labels[to_rows])
    Checkpoint(work, "").path.unlink(missing_ok=True)
    return LearnedShare(
        known=first_place(adapted, of(known), lessons.targets[labels[known]]),
        unknown=first_place(adapted, of(tested), lessons.targets[labels[tested]]),
        unknown_before=first_place(before, of(tested), lessons.targets[labels[tested]]),
        needs=first_place(adapted, of(needs), lessons.targets[labels[needs]]) if needs.any() else None,
        needs_before=first_place(before, of(needs), lessons.targets[labels[needs]]) if needs.any() else None,
    )


def _without(lessons: Lessons, hidden: NDArray[np.bool_]) -> Lessons:
    """Lessons whose needs are helped by the other initiatives alone; a mask [initiatives] says which are hidden."""
    targets, needs = lessons.targets.copy(), slice(len(lessons.initiatives), None)
    targets[needs, hidden] = 0
    targets[needs] /= np.maximum(targets[needs].sum(axis=1, keepdims=True), 1e-6)
    return replace(lessons, targets=targets)


def first_place(adapted: AdaptedLayers, states: Sequence[Trunk], targets: NDArray[np.float32]) -> float:
    """The share of texts for which an initiative stands first that no other helps more with.

    `targets` [texts, initiatives] says how much each helps.
    """
    with torch.no_grad():
        given = adapted.logits(adapted.encoded(states)).argmax(1).numpy()
    return float(np.mean(targets[np.arange(len(given)), given] == targets.max(axis=1)))


def give_rows(adapted: AdaptedLayers, states: Sequence[Trunk], labels: NDArray[np.int64]) -> None:
    """Set the rows of the initiatives in `labels` to the means of their texts, without training anything."""
    vectors = adapted.centred(adapted.encoded(states))
    with torch.no_grad():
        for label in np.unique(labels):
            adapted.rows[int(label)] = functional.normalize(vectors[torch.from_numpy(labels == label)].mean(0), dim=0)


# --- Writing ----------------------------------------------------------------------------------------------------------


class _Served(nn.Module):  # type: ignore[misc]
    """The layers as they are served: one text, all of its rows tokens."""

    def __init__(self, adapted: AdaptedLayers) -> None:
        super().__init__()
        self.adapted = adapted

    def forward(self, states: Tensor) -> Tensor:
        """States [1, t, d] → unit vector [1, d]."""
        return self.adapted.vectors(states, torch.ones_like(states[..., 0]))


def write_adaptation(
    adapted: AdaptedLayers,
    questions: QuestionRows,
    lessons: Lessons,
    states: Sequence[Trunk],
    folder: Path,
    *,
    model: str,
    date: str,
    course: Course,
) -> float:
    """Write the layers in eight bits, the rows and the card into `folder`, replacing what stood there.

    `states` of some texts show where the layers' activations are large. Returns the mean cosine of the vectors that are
    served with those of the layers in full precision.
    """
    with tempfile.TemporaryDirectory() as work:
        full = Path(work) / "full.onnx"
        _export(adapted, full)
        quantise_export(full, Path(work) / LAYERS, [{"states": text[None].astype(np.float32)} for text in states])
        layers = _as_one_file(Path(work) / LAYERS)
    session = onnx_session(layers, threads=0)
    served = [session.run(None, {"states": text[None].astype(np.float32)})[0][0] for text in states]
    fidelity = float((np.stack(served) * adapted.encoded(states).numpy()).sum(1).mean())
    folder.mkdir(parents=True, exist_ok=True)
    (folder / LAYERS).write_bytes(layers)
    rows = functional.normalize(adapted.rows.detach(), dim=1).numpy()
    np.savez(
        folder / ROWS,
        initiatives=np.array(lessons.initiatives),
        rows=rows.astype(np.float16),
        facts=np.array(lessons.facts, np.str_),
        fact_rows=questions.facts.astype(np.float16),
        silence_rows=questions.silences.astype(np.float16),
        mean=adapted.mean.numpy(),
        scale=np.float32(adapted.scale.item()),
        question_scale=np.float32(questions.scale),
    )
    card = AdaptationCard(
        model=model,
        texts=len({*lessons.texts, *lessons.questions}),
        lessons=lessons.digest,
        steps=course.steps,
        seed=course.seed,
        date=date,
        command="recueil adapt",
        files={name: sha256_of(folder / name) for name in (LAYERS, ROWS)},
    )
    (folder / CARD).write_text(json.dumps(asdict(card), indent=2) + "\n", encoding="utf8")
    return fidelity


def _export(adapted: AdaptedLayers, path: Path) -> None:
    import onnx

    states = torch.zeros(1, 16, adapted.mean.shape[0])
    whole = path.with_suffix(".whole")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer warns of shapes it fixes; the comparison that follows judges
        torch.onnx.export(
            _Served(adapted).eval(),
            (states,),
            str(whole),
            input_names=["states"],
            output_names=["vectors"],
            dynamic_axes={"states": {1: "tokens"}},
            opset_version=OPSET,
            dynamo=False,
        )
    save_onnx(onnx.load(whole), path)


def _as_one_file(path: Path) -> bytes:
    import onnx

    return bytes(onnx.load(path).SerializeToString())
