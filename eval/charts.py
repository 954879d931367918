"""Charts: how drawings of figures look, in a file of their own and inside a page.

They are drawn by matplotlib as SVG in a few colours. In a page these become its own, so that a drawing follows it into
the dark. The same figures make the same drawing, byte by byte.
"""

import re
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from eval.answer_figures import confidences_of, reliability_of, risk_by_coverage, shown_with_confidence
from eval.answers import JudgedAnswer, measured_part
from eval.compare import RunComparison
from eval.errors import CannotMeasure
from eval.tables import large_slices

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, SOFT, PALE, PAPER = "#1f2933", "#586069", "#9aa5b1", "#ffffff"
ACCENT, LOSS = "#0b6e99", "#b4452c"

# Of the systems that are compared, the first one first. Told apart by people who do not tell red from green, too.
SYSTEMS = (ACCENT, "#e0a100", "#5b8c5a", "#8a6bb1", "#8d99a6", "#c2603d")

# What a page calls each colour.
IN_A_PAGE = {
    INK: "currentColor",
    SOFT: "var(--soft)",
    PALE: "var(--pale)",
    PAPER: "var(--paper)",
    ACCENT: "var(--accent)",
    LOSS: "var(--loss)",
} | {colour: f"var(--system-{number})" for number, colour in enumerate(SYSTEMS[1:], start=2)}

# As wide as a telephone shows without making letters smaller; in points, of which matplotlib has 72 an inch.
WIDTH, POINTS_PER_INCH = 360, 72

LETTERS = 10.5  # points

# In points: a line of text, a bar with the space around it, the space below the bars of a slice, the scale.
NAME, BAR, GAP, SCALE = 15, 8.5, 9, 34

# Letters of the name of a slice that have room beside the number of its questions.
LONGEST = 44

# Of the scale of milliseconds.
TICKS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


def write_answer_charts(judged: Sequence[JudgedAnswer], folder: Path) -> tuple[Path, Path]:
    """Write `reliability.svg` and `risk-coverage.svg` into a folder, which is made.

    Raises CannotMeasure when no answer has a confidence.
    """
    if not shown_with_confidence(measured_part(judged)):
        what = "No answer has a confidence: it was fitted on other texts than those of this index"
        raise CannotMeasure(what, "the calibration", "Fit it on these: `recueil calibrate`.")
    folder.mkdir(parents=True, exist_ok=True)
    reliability, risk = folder / "reliability.svg", folder / "risk-coverage.svg"
    reliability.write_text(_svg(reliability_chart(judged), reliability.stem), encoding="utf-8")
    risk.write_text(_svg(risk_coverage_chart(judged), risk.stem), encoding="utf-8")
    return reliability, risk


def svg_in_a_page(figure: "Figure", name: str, alternative: str) -> str:
    """The drawing as an element of a page, in the page's colours and letters, with a text for who does not see it.

    `name` keeps its ids apart from those of the page's other drawings.
    """
    drawn = _svg(figure, name)
    inside = drawn[drawn.index("<defs>") : drawn.rindex("</svg>")]
    inside = re.sub(r"<style.*?</style>|\s*<!--.*?-->", "", inside, flags=re.DOTALL)
    inside = re.sub(r'<g id="[^"]*"', "<g", inside).replace("xlink:href", "href")
    inside = re.sub(r"font: ([\d.]+px) [^;\"]*", r"font-size: \1", inside)
    for colour, own in IN_A_PAGE.items():
        inside = inside.replace(colour, own)
    (box,) = re.findall(r'viewBox="([^"]*)"', drawn)
    label = alternative.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return f'<svg viewBox="{box}" role="img" aria-label="{label}">{inside}</svg>'


def _svg(figure: "Figure", name: str) -> str:
    from matplotlib import rc_context

    written = StringIO()
    with rc_context({"svg.hashsalt": f"recueil {name}", "svg.fonttype": "none"}):
        figure.savefig(written, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    return written.getvalue()


def _axes(height: float, **words: Any) -> "tuple[Figure, Axes]":  # noqa: ANN401 — what Axes.set takes
    """An empty drawing of a height in points, with `words` set on its axes: xlabel, xlim, …"""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH / POINTS_PER_INCH, height / POINTS_PER_INCH), layout="constrained")
    axes = figure.add_subplot()
    axes.set(**words)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(PALE)
    axes.tick_params(colors=INK, color=PALE, labelsize=LETTERS)
    axes.xaxis.label.set(color=INK, fontsize=LETTERS)
    axes.yaxis.label.set(color=INK, fontsize=LETTERS)
    return figure, axes


def _say(axes: "Axes", x: float, y: float, text: str, side: str, colour: str) -> None:
    # Names are somebody's words: a dollar sign in them is no formula.
    axes.text(x, y, text, ha=side, va="center", color=colour, fontsize=LETTERS, parse_math=False)


def slices_chart(comparison: RunComparison, kind: str) -> "Figure":
    """Bars of nDCG@10 with 95 % intervals for the slices of a kind; a star where a system differs from the first."""
    by_system = {one.system: large_slices(one.retrieval)[kind] for one in comparison.evaluations}
    first = by_system[comparison.first]
    height = SCALE + len(first) * (NAME + BAR * len(by_system) + GAP)
    figure, axes = _axes(height, xlim=(0, 1.06), xlabel="nDCG@10")
    y = 0.0
    for name, figures in first.items():
        short = name if len(name) <= LONGEST else f"{name[: LONGEST - 1].rstrip()}…"
        _say(axes, 0, y + NAME / 2, short, "left", INK)
        _say(axes, 1.06, y + NAME / 2, f"{figures.questions} questions", "right", SOFT)
        y += NAME
        for place, (system, slices) in enumerate(by_system.items()):
            middle, (low, high) = y + BAR / 2, slices[name].intervals["ndcg_10"]
            colour = SYSTEMS[place % len(SYSTEMS)]
            axes.barh(middle, slices[name].ndcg_10, height=BAR - 2, color=colour, linewidth=0)
            # A rim in the colour of the paper keeps the line apart from a bar as dark as itself.
            for ink, width in ((PAPER, 2.6), (INK, 1)):
                axes.plot([low, high], [middle, middle], color=ink, linewidth=width, solid_capstyle="butt")
            difference = comparison.on(system, "ndcg_10", f"{kind} {name}")
            if difference and difference.significant:
                _say(axes, min(high + 0.01, 1.03), middle + 1, "*", "left", INK)
            y += BAR
        y += GAP
    axes.set(ylim=(y, 0), yticks=[])
    axes.spines["left"].set_visible(False)
    return figure


def deltas_chart(gains: Sequence[float]) -> "Figure":
    """A bar for each question: above the line where the first system is better, below it where the other one is."""
    figure, axes = _axes(130, ylim=(-1.05, 1.05), yticks=[-1, 0, 1], xticks=[], ylabel="gain")
    axes.bar(range(len(gains)), gains, width=1, color=[ACCENT if gain > 0 else LOSS for gain in gains], linewidth=0)
    axes.axhline(0, color=PALE, linewidth=0.8)
    axes.set_xlim(-1, len(gains))
    axes.spines["bottom"].set_visible(False)
    return figure


def reliability_chart(judged: Sequence[JudgedAnswer]) -> "Figure":
    """Of the answers given this confidence, so many are right: one disc for each tenth, as large as it is full."""
    figure, axes = _axes(270, xlim=(-0.03, 1.05), ylim=(-0.06, 1.06), xlabel="confidence", ylabel="share that is right")
    axes.plot([0, 1], [0, 1], color=PALE, linewidth=1, linestyle="--")
    for one in reliability_of(*confidences_of(shown_with_confidence(measured_part(judged)))):
        place = (one.confidence, one.right)
        axes.scatter(*place, s=110 + 10 * one.answers, color=ACCENT, linewidths=0)
        axes.annotate(str(one.answers), place, ha="center", va="center_baseline", fontsize=LETTERS - 2, color=PAPER)
    return figure


def risk_coverage_chart(judged: Sequence[JudgedAnswer]) -> "Figure":
    """What withholding buys: the share that is not right among the most confident answers, more and more of them."""
    figure, axes = _axes(
        270,
        xlim=(0, 1.02),
        ylim=(0, 1.02),
        xlabel="share of the answers shown, most confident first",
        ylabel="share of them not right",
    )
    shown = shown_with_confidence(measured_part(judged))
    coverage, risk = risk_by_coverage(shown)
    axes.plot(coverage, risk, color=ACCENT, linewidth=2)
    sure = float(np.mean([one.sure for one in shown]))
    axes.axvline(sure, color=PALE, linewidth=1, linestyle="--")
    axes.text(sure - 0.02, 0.95, "marked sure", color=INK, ha="right", va="top", fontsize=LETTERS)
    axes.text(sure + 0.02, 0.95, "closest", color=INK, ha="left", va="top", fontsize=LETTERS)
    return figure


def latency_chart(times: Mapping[str, Sequence[float]]) -> "Figure":
    """The share of the questions that were answered within each time, in milliseconds, for each name of `times`."""
    least, most = min(map(min, times.values())), max(map(max, times.values()))
    figure, axes = _axes(
        230,
        xscale="log",
        xlim=(least * 0.9, most * 1.1),
        ylim=(0, 1.04),
        xlabel="milliseconds",
        ylabel="share of the questions",
    )
    axes.axhline(0.5, color=PALE, linewidth=0.8, linestyle="--")
    for (name, taken), colour in zip(times.items(), SYSTEMS, strict=False):
        ordered = np.sort(np.array(taken))
        axes.step(ordered, np.arange(1, len(ordered) + 1) / len(ordered), where="post", color=colour, linewidth=2)
        # Where the line is steep there is room to its right.
        x = float(np.quantile(ordered, 0.35)) * 1.06
        axes.text(x, 0.33, name, color=INK, fontsize=LETTERS, ha="left", va="top")
    ticks = [tick for tick in TICKS if least * 0.9 <= tick <= most * 1.1]
    axes.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
    axes.set_xticks([], minor=True)
    return figure
