"""The course of a training: its settings, and which texts are shown at each step."""

import random
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from index.model.lessons import Lessons

Trunk = NDArray[np.float16]  # [t, d], the states of the trunk for all tokens of a text


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How the training goes. docs/decisions/0013-adapted-encoder.md has the figures of other values."""

    steps: int = 1600
    texts: int = 48  # of a step, about initiatives
    needs: int = 22  # of these, texts of needs, which several initiatives answer, if there are any
    elsewhere: int = 6  # of a step, about something else
    rate: float = 1e-4  # highest learning rate of the layers
    rows_rate: float = 1e-3  # and of the rows of initiatives
    warm_up: int = 40  # steps until the highest rates, from which they fall to a twentieth
    decay: float = 0.01
    smoothing: float = 0.1  # of a text's label goes to all initiatives alike
    elsewhere_weight: float = 0.1  # of the loss of texts about something else
    facts_weight: float = 0.5  # of the loss of which fact a question asks for
    scale: float = 12.0  # of the cosines at the beginning; it is trained
    bare: float = 0.15  # share of texts that are also shown without capitals, accents and marks
    settling: int = 5  # times that all questions are shown to the rows of facts and silences at the end
    settling_texts: int = 256  # at once
    settling_rate: float = 2e-3
    seed: int = 0


class Batches:
    """The texts of each step, which depend on the seed and the step alone."""

    def __init__(self, lessons: Lessons, states: list[list[Trunk]], course: Course) -> None:
        self.lessons, self.states, self.course = lessons, states, course
        labels = lessons.labels
        of_needs = np.flatnonzero(labels >= len(lessons.initiatives))
        of_one = np.flatnonzero((labels >= 0) & (labels < len(lessons.initiatives)))
        share = course.needs if len(of_needs) else 0
        self.told = (
            Endless(of_needs.tolist(), share, f"{course.seed}:needs"),
            Endless(of_one.tolist(), course.texts - share, f"{course.seed}"),
        )
        self.elsewhere = np.flatnonzero(labels < 0).tolist()

    def of(self, step: int) -> tuple[list[Trunk], Tensor, Tensor]:
        """The states of the texts of a step, those about initiatives first, with the labels and the facts of these."""
        chance = random.Random(f"{self.course.seed}:{step}")
        rows = [row for told in self.told for row in told.of(step)]
        others = chance.sample(self.elsewhere, min(self.course.elsewhere, len(self.elsewhere)))
        shown = [chance.choice(self.states[row]) for row in (*rows, *others)]
        return shown, torch.from_numpy(self.lessons.labels[rows]), torch.from_numpy(self.lessons.asked[rows])


class Endless:
    """Rows in ever new orders, so many for each step."""

    def __init__(self, rows: list[int], each: int, seed: str) -> None:
        self.rows, self.each, self.seed = rows, each, seed
        self.epoch, self.order = -1, rows  # the order is that of one epoch

    def of(self, step: int) -> list[int]:
        """The rows of a step."""
        return [self._at(step * self.each + place) for place in range(self.each)]

    def _at(self, place: int) -> int:
        epoch, place = divmod(place, len(self.rows))
        if epoch != self.epoch:
            self.epoch, self.order = epoch, self.rows.copy()
            random.Random(f"{self.seed}:epoch {epoch}").shuffle(self.order)
        return self.order[place]
