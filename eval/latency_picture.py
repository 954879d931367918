"""The picture of time: how many questions had their reply after so many milliseconds."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from eval.picture import INK, LETTERS, PALE, SYSTEMS, axes_of

HEIGHT = 230  # points

TICKS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


def latency_of(times: Mapping[str, Sequence[float]]) -> Figure:
    """The share of the questions that were answered within each time, in milliseconds, for each name of `times`."""
    least, most = min(map(min, times.values())), max(map(max, times.values()))
    figure, axes = axes_of(
        HEIGHT,
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
        axes.text(
            float(np.quantile(ordered, 0.35)) * 1.06, 0.33, name, color=INK, fontsize=LETTERS, ha="left", va="top"
        )
    ticks = [tick for tick in TICKS if least * 0.9 <= tick <= most * 1.1]
    axes.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
    axes.set_xticks([], minor=True)
    return figure
