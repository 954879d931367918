"""A picture: how drawings of figures look, in a file of their own and inside a page.

They are drawn in a few colours. In a page these become its own, so that a picture follows it into the dark.
"""

import re
from io import StringIO
from pathlib import Path
from typing import Any

from matplotlib import rc_context
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


def axes_of(height: float, **words: Any) -> tuple[Figure, Axes]:  # noqa: ANN401 — what Axes.set takes
    """An empty drawing of a height in points, with `words` set on its axes: xlabel, xlim, …"""
    figure = Figure(figsize=(WIDTH / POINTS_PER_INCH, height / POINTS_PER_INCH), layout="constrained")
    axes = figure.add_subplot()
    axes.set(**words)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(PALE)
    axes.tick_params(colors=INK, color=PALE, labelsize=LETTERS)
    axes.xaxis.label.set(color=INK, fontsize=LETTERS)
    axes.yaxis.label.set(color=INK, fontsize=LETTERS)
    return figure, axes


def write_svg(figure: Figure, path: Path) -> None:
    """Write a file that is the same for the same figures."""
    path.write_text(_drawn(figure, path.stem), encoding="utf-8")


def svg_in_a_page(figure: Figure, name: str, alternative: str) -> str:
    """The drawing as an element of a page, in the page's colours and letters, with a text for who does not see it.

    `name` keeps its ids apart from those of the page's other pictures.
    """
    drawn = _drawn(figure, name)
    inside = drawn[drawn.index("<defs>") : drawn.rindex("</svg>")]
    inside = re.sub(r"<style.*?</style>", "", inside, flags=re.DOTALL)
    inside = re.sub(r'<g id="[^"]*"', "<g", inside).replace("xlink:href", "href")
    inside = re.sub(r"font: ([\d.]+px) [^;\"]*", r"font-size: \1", inside)
    inside = re.sub(r"\s*<!--.*?-->", "", inside)
    for colour, own in IN_A_PAGE.items():
        inside = inside.replace(colour, own)
    (box,) = re.findall(r'viewBox="([^"]*)"', drawn)
    label = alternative.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return f'<svg viewBox="{box}" role="img" aria-label="{label}">{inside}</svg>'


def _drawn(figure: Figure, name: str) -> str:
    written = StringIO()
    with rc_context({"svg.hashsalt": f"recueil {name}", "svg.fonttype": "none"}):
        figure.savefig(written, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    return written.getvalue()
