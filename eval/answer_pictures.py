"""Pictures of answers: how far confidence can be believed, and what withholding buys."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from eval.answer_figures import BINS, bins_of, risk_by_coverage
from eval.answers import Judged
from eval.picture import ACCENT, INK, LETTERS, PALE, PAPER, axes_of, write_svg

HEIGHT = 270  # points


def draw_pictures(judged: Sequence[Judged], folder: Path) -> tuple[Path, Path]:
    """Write `reliability.svg` and `risk-coverage.svg`."""
    folder.mkdir(parents=True, exist_ok=True)
    reliability, risk = folder / "reliability.svg", folder / "risk-coverage.svg"
    write_svg(reliability_of(judged), reliability)
    write_svg(risk_coverage_of(judged), risk)
    return reliability, risk


def reliability_of(judged: Sequence[Judged]) -> Figure:
    """Of the answers given this confidence, so many are right: one disc for each tenth, as large as it is full."""
    figure, axes = axes_of(
        HEIGHT, xlim=(-0.03, 1.05), ylim=(-0.06, 1.06), xlabel="confidence", ylabel="share that is right"
    )
    confidences = np.array([one.answer.confidence for one in judged])
    right = np.array([one.right for one in judged])
    bins = bins_of(confidences)
    axes.plot([0, 1], [0, 1], color=PALE, linewidth=1, linestyle="--")
    for number in range(BINS):
        chosen = bins == number
        if chosen.any():
            x, y = float(confidences[chosen].mean()), float(right[chosen].mean())
            axes.scatter([x], [y], s=110 + 10 * int(chosen.sum()), color=ACCENT, linewidths=0)
            axes.annotate(
                str(int(chosen.sum())), (x, y), ha="center", va="center_baseline", fontsize=LETTERS - 2, color=PAPER
            )
    return figure


def risk_coverage_of(judged: Sequence[Judged]) -> Figure:
    """What withholding buys: the share that is not right among the most confident answers, more and more of them."""
    figure, axes = axes_of(
        HEIGHT,
        xlim=(0, 1.02),
        ylim=(0, 1.02),
        xlabel="share of the questions, most confident first",
        ylabel="share of them not right",
    )
    coverage, risk = risk_by_coverage(judged)
    axes.plot(coverage, risk, color=ACCENT, linewidth=2)
    answered = float(np.mean([not one.answer.abstained for one in judged]))
    axes.axvline(answered, color=PALE, linewidth=1, linestyle="--")
    axes.text(answered - 0.02, 0.95, "answered", color=INK, ha="right", va="top", fontsize=LETTERS)
    axes.text(answered + 0.02, 0.95, "refused", color=INK, ha="left", va="top", fontsize=LETTERS)
    return figure
