"""Tables: how the figures of answers look on a terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from eval.answer_figures import AnswerFigures, Refusals, Shares
from eval.answers import Judged, what_went_wrong
from eval.tables import narrow_table


def show_answer_figures(figures: AnswerFigures, console: Console) -> None:
    """Print the figures."""
    if figures.answerable:
        console.print(_answerable_table(figures.answerable, figures))
    if figures.unanswerable:
        console.print(_refusal_table(figures.unanswerable, figures))
    risk = ", ".join(f"{share:.3f} at {coverage}" for coverage, share in figures.risk.items())
    for sentence in (
        f"Quotes {figures.quotes}, exact {figure_told(figures.quotes_exact)}.",
        f"Confidence: AUROC {figure_told(figures.auroc)}, expected calibration error {figures.calibration_error:.3f}.",
        f"Risk by coverage: {risk}.",
        f"Characters: median {figure_told(figures.characters_median, 0)}, 90th percentile"
        f" {figure_told(figures.characters_90, 0)}.",
        f"Milliseconds: median {figures.ms_median:.1f}, 95th percentile {figures.ms_95:.1f}.",
    ):
        console.print(sentence)


def show_wrong(judged: Sequence[Judged], console: Console) -> None:
    """Print the questions that went wrong."""
    table = Table("question", "reply", title="What went wrong", title_justify="left", show_lines=True)
    for one in judged:
        if what_went_wrong(one):
            reply = f"{one.answer.verdict.value} ({one.answer.confidence:.2f}): {one.answer.text}"
            table.add_row(one.question.text, reply)
    console.print(table)


def figure_told(figure: float | None, digits: int = 3) -> str:
    """Example: None → "–"."""
    return "–" if figure is None else f"{figure:.{digits}f}"


def _answerable_table(overall: Shares, figures: AnswerFigures) -> Table:
    table = narrow_table("questions that sheets answer", "Answers", "Right: a known answer, from a right source.")
    for heading in ("number", "right", "withheld"):
        table.add_column(heading, justify="right")
    for part in ({"all": overall}, figures.by_type, figures.by_language):
        for name, shares in part.items():
            table.add_row(name, str(shares.questions), f"{shares.right:.3f}", f"{shares.withheld:.3f}")
        table.add_section()
    return table


def _refusal_table(overall: Refusals, figures: AnswerFigures) -> Table:
    table = narrow_table("questions that no sheet answers", "Refusals", "")
    for heading in ("number", "refused"):
        table.add_column(heading, justify="right")
    for name, refusals in {"all": overall, **figures.refused_by_type}.items():
        table.add_row(name, str(refusals.questions), f"{refusals.refused:.3f}")
    return table
