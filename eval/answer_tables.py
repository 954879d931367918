"""Tables: how the figures of answers look on a terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from eval.answers import AnswerFigures, Judged, Shares
from eval.tables import narrow_table


def show_answers(figures: AnswerFigures, judged: Sequence[Judged], console: Console) -> None:
    """Print the figures, then the questions that went wrong."""
    console.print(_answerable_table(figures))
    console.print(_refusal_table(figures))
    console.print(
        f"Quotes {figures.quotes}, exact {figures.quotes_exact:.3f}. AUROC of the confidence {figures.auroc:.3f}, expected"
        f" calibration error {figures.calibration_error:.3f}. Characters: median {figures.characters_median:.0f}, 90th"
        f" percentile {figures.characters_90:.0f}. Milliseconds: median {figures.ms_median:.1f}, 95th percentile"
        f" {figures.ms_95:.1f}."
    )
    console.print(_wrong_table(judged))


def _answerable_table(figures: AnswerFigures) -> Table:
    table = narrow_table("questions that sheets answer", "Answers", "Right: a known answer, from a right source.")
    for heading in ("number", "right", "withheld"):
        table.add_column(heading, justify="right")
    for part in ({"all": figures.answerable}, figures.by_type, figures.by_language):
        for name, shares in part.items():
            table.add_row(name, *_cells(shares))
        table.add_section()
    return table


def _cells(shares: Shares) -> list[str]:
    return [str(shares.questions), f"{shares.right:.3f}", f"{shares.withheld:.3f}"]


def _refusal_table(figures: AnswerFigures) -> Table:
    table = narrow_table("questions that no sheet answers", "Refusals", f"{figures.unanswerable} questions.")
    table.add_column("refused", justify="right")
    for name, share in {"all": figures.refused, **figures.refused_by_type}.items():
        table.add_row(name, f"{share:.3f}")
    return table


def _wrong_table(judged: Sequence[Judged]) -> Table:
    table = Table("question", "reply", title="What went wrong", title_justify="left", show_lines=True)
    for one in judged:
        if one.right or (one.answer.abstained and not one.question.answers):
            continue
        table.add_row(one.question.text, f"{one.answer.verdict.value} ({one.answer.confidence:.2f}): {one.answer.text}")
    return table
