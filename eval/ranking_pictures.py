"""Pictures of rankings: systems on each slice, and one system beside another on each question."""

from collections.abc import Iterable, Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eval.comparison import Comparison
from eval.differences import Difference
from eval.gate import LEVEL
from eval.measures import Figures
from eval.picture import ACCENT, INK, LETTERS, LOSS, PALE, PAPER, SOFT, SYSTEMS, axes_of
from eval.retrieval import Retrieval
from eval.slices import FEWEST

# In points: a line of text, a bar with the space around it, the space below the bars of a slice, the scale.
NAME, BAR, GAP, SCALE = 15, 8.5, 9, 34

DELTAS_HEIGHT = 130

# Letters of the name of a slice that have room beside the number of its questions.
LONGEST = 44


def slices_by_kind(retrieval: Retrieval) -> dict[str, dict[str, Figures]]:
    """The slices that are large enough to be compared: kind → name → figures."""
    kinds = {
        "type": retrieval.by_type,
        "document": retrieval.by_document,
        "language": retrieval.by_language,
        "theme": retrieval.by_theme,
        "length": retrieval.by_length,
    }
    large = {
        kind: {name: figures for name, figures in of.items() if figures.questions >= FEWEST}
        for kind, of in kinds.items()
    }
    return {kind: of for kind, of in large.items() if of}


def slice_bars_of(comparison: Comparison, kind: str) -> Figure:
    """Bars of nDCG@10 with 95 % intervals for the slices of a kind; a star where a system differs from the first."""
    by_system = [slices_by_kind(one.retrieval)[kind] for one in comparison.evaluations]
    starred = _starred(comparison.differences, kind)
    height = SCALE + len(by_system[0]) * (NAME + BAR * len(by_system) + GAP)
    figure, axes = axes_of(height, xlim=(0, 1.06), xlabel="nDCG@10")
    y = 0.0
    for name, figures in by_system[0].items():
        _say(axes, 0, y + NAME / 2, _shortened(name), "left", INK)
        _say(axes, 1.06, y + NAME / 2, f"{figures.questions} questions", "right", SOFT)
        y += NAME
        for place, slices in enumerate(by_system):
            star = (comparison.evaluations[place].system, name) in starred
            _bar(axes, y + BAR / 2, slices[name], SYSTEMS[place % len(SYSTEMS)], star)
            y += BAR
        y += GAP
    axes.set(ylim=(y, 0), yticks=[])
    axes.spines["left"].set_visible(False)
    return figure


def _starred(differences: Iterable[Difference], kind: str) -> set[tuple[str, str]]:
    """System and name of the slice of each significant difference of nDCG@10."""
    return {
        (one.system, one.label.removeprefix(f"{kind} "))
        for one in differences
        if one.series == "ndcg_10" and one.kind == kind and one.corrected_p < LEVEL
    }


def _bar(axes: Axes, y: float, figures: Figures, colour: str, star: bool) -> None:
    axes.barh(y, figures.ndcg_10, height=BAR - 2, color=colour, linewidth=0)
    low, high = figures.intervals["ndcg_10"]
    # A rim in the colour of the paper keeps the line apart from a bar as dark as itself.
    for ink, width in ((PAPER, 2.6), (INK, 1)):
        axes.plot([low, high], [y, y], color=ink, linewidth=width, solid_capstyle="butt")
    if star:
        _say(axes, min(high + 0.01, 1.03), y + 1, "*", "left", INK)


def _say(axes: Axes, x: float, y: float, text: str, side: str, colour: str) -> None:
    # Names are somebody's words: a dollar sign in them is no formula.
    axes.text(x, y, text, ha=side, va="center", color=colour, fontsize=LETTERS, parse_math=False)


def _shortened(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1].rstrip()}…"


def gains_of(first: Mapping[str, float], other: Mapping[str, float]) -> list[float]:
    """How much better the first system is on each question, falling."""
    return sorted((first[question] - other[question] for question in first), reverse=True)


def deltas_of(gains: Sequence[float]) -> Figure:
    """A bar for each question: above the line where the first system is better, below it where the other one is."""
    figure, axes = axes_of(DELTAS_HEIGHT, ylim=(-1.05, 1.05), yticks=[-1, 0, 1], xticks=[], ylabel="gain")
    axes.bar(range(len(gains)), gains, width=1, color=[ACCENT if gain > 0 else LOSS for gain in gains], linewidth=0)
    axes.axhline(0, color=PALE, linewidth=0.8)
    axes.set_xlim(-1, len(gains))
    axes.spines["bottom"].set_visible(False)
    return figure
