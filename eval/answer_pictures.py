"""Pictures of answers: how far confidence can be believed, and what withholding buys."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eval.answers import BINS, Judged, risk_by_coverage

INK, ACCENT, PALE = "#1f2933", "#0b6e99", "#9aa5b1"


def draw_pictures(judged: Sequence[Judged], threshold: float, folder: Path) -> tuple[Path, Path]:
    """Write `reliability.svg` and `risk-coverage.svg`; `threshold` is the confidence from which `ask` answers."""
    folder.mkdir(parents=True, exist_ok=True)
    reliability, risk = folder / "reliability.svg", folder / "risk-coverage.svg"
    _save(_reliability(judged), reliability)
    _save(_risk_coverage(judged, threshold), risk)
    return reliability, risk


def _reliability(judged: Sequence[Judged]) -> Figure:
    figure, axes = _axes("confidence", "share that is right")
    confidences = np.array([one.answer.confidence for one in judged])
    right = np.array([one.right for one in judged])
    bins = np.minimum((confidences * BINS).astype(int), BINS - 1)
    axes.plot([0, 1], [0, 1], color=PALE, linewidth=1, linestyle="--")
    axes.text(0.97, 0.9, "as it should be", color=PALE, ha="right", va="top", fontsize=9)
    for number in range(BINS):
        chosen = bins == number
        if chosen.any():
            x, y = float(confidences[chosen].mean()), float(right[chosen].mean())
            axes.scatter([x], [y], s=30 + 8 * int(chosen.sum()), color=ACCENT, alpha=0.75, linewidths=0)
            axes.annotate(str(int(chosen.sum())), (x, y), ha="center", va="center", fontsize=8, color="white")
    axes.set_title("Of the answers given this confidence, so many are right", loc="left", fontsize=11, color=INK)
    return figure


def _risk_coverage(judged: Sequence[Judged], threshold: float) -> Figure:
    figure, axes = _axes("share of the questions answered, most confident first", "share of them not right")
    coverage, risk = risk_by_coverage(judged)
    axes.plot(coverage, risk, color=ACCENT, linewidth=2)
    answered = float(np.mean([one.answer.confidence >= threshold for one in judged]))
    axes.axvline(answered, color=PALE, linewidth=1, linestyle="--")
    axes.text(answered - 0.01, 0.97, "refused from here on →", color=INK, ha="right", va="top", fontsize=9)
    axes.set_title("What withholding buys: risk against coverage", loc="left", fontsize=11, color=INK)
    return figure


def _axes(x: str, y: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(5.6, 4.2), layout="constrained")
    axes = figure.add_subplot()
    axes.set(xlim=(0, 1.02), ylim=(-0.02, 1.02), xlabel=x, ylabel=y)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(colors=INK, labelsize=9)
    return figure, axes


def _save(figure: Figure, path: Path) -> None:
    """Write an SVG that is the same for the same figures."""
    from matplotlib import rc_context

    with rc_context({"svg.hashsalt": "recueil", "svg.fonttype": "none"}):
        figure.savefig(path, metadata={"Date": None})
