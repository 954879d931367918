"""Settling: the rows by which the adapted layers tell which fact is asked, and what sheets are silent about.

While the layers are trained, each wording of a fact is shown once or twice, which is little for a row of its own. Here
the layers stay as they are and only rows are trained, over vectors that are worked out once: one for each fact, and one
for each initiative of which somebody wrote what its sheet does not say. A question that is nearer to the latter than to
any fact is a near miss: about this initiative, and not answered by it.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from index.model.course import Course
from index.model.lessons import Lessons


@dataclass(frozen=True, slots=True)
class QuestionRows:
    """Unit rows that questions are compared with."""

    facts: NDArray[np.float32]  # [facts, d]
    silences: NDArray[np.float32]  # [initiatives, d], zeros for those of which nothing is known to be unanswered
    scale: float  # of the cosines


def settle(lessons: Lessons, vectors: Tensor, course: Course) -> QuestionRows:
    """Train the rows on the centred vectors [questions, d] of `lessons.questions`, beginning with their means.

    A softmax over all facts and silences alike. The same lessons, vectors and course give the same rows.
    """
    facts, initiatives = len(lessons.facts), len(lessons.initiatives)
    settled = np.zeros((facts + initiatives, vectors.shape[1]), np.float32)
    known, labels = (torch.from_numpy(one) for one in np.unique(lessons.answers, return_inverse=True))
    means = torch.zeros(len(known), vectors.shape[1]).index_add_(0, labels, vectors)
    rows, scale = nn.Parameter(functional.normalize(means, dim=1)), nn.Parameter(torch.tensor(course.scale))
    optimiser = torch.optim.AdamW([rows, scale], lr=course.settling_rate, weight_decay=course.decay)
    chance = torch.Generator().manual_seed(course.seed)
    for _ in range(course.settling):
        for batch in torch.randperm(len(labels), generator=chance).split(course.settling_texts):
            logits = scale * vectors[batch] @ functional.normalize(rows, dim=1).T
            loss = functional.cross_entropy(logits, labels[batch], label_smoothing=course.smoothing)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    settled[known.numpy()] = functional.normalize(rows, dim=1).detach().numpy()
    return QuestionRows(settled[:facts], settled[facts:], scale.item())
