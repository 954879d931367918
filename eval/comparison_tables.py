"""Comparison tables: how a comparison looks on a terminal."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table

from eval.comparison import Change, Comparison, Line
from eval.differences import ALL, Difference
from eval.gate import LEVEL
from eval.measures import HEADINGS
from eval.slices import FEWEST
from eval.tables import interval_told, narrow_table

# Changed questions of each system that a terminal shows, and lines of each ranking; --json has more.
CHANGES_SHOWN, LINES_SHOWN = 3, 5

CAPTION = f"* differs from the first system, p < {LEVEL} (paired randomisation, Holm)"


def show_comparison(comparison: Comparison, console: Console) -> None:
    """Print means overall and by slice, then the questions that changed most, with both rankings."""
    console.print(f"Collection '{comparison.collection}', compared with '{comparison.first}'")
    console.print(_overall(comparison))
    console.print(_by_slice(comparison))
    shown: dict[str, int] = {}
    for change in comparison.changes:
        shown[change.system] = shown.get(change.system, 0) + 1
        if shown[change.system] <= CHANGES_SHOWN:
            console.print(_change_table(comparison.first, change))


def _overall(comparison: Comparison) -> Table:
    table = narrow_table("system", "All questions, means and 95 % intervals", CAPTION)
    for heading in HEADINGS.values():
        table.add_column(heading, justify="right", no_wrap=True)
    overall = {(one.system, one.series): one for one in comparison.differences if one.label == ALL}
    for evaluation in comparison.evaluations:
        figures = evaluation.retrieval.overall
        cells = []
        for name in HEADINGS:
            mean = f"{getattr(figures, name):.3f}{_star(overall.get((evaluation.system, name)))}"
            cells.append(f"{mean}\n{interval_told(figures.intervals.get(name))}")
        table.add_row(evaluation.system, *cells)
    return table


def _by_slice(comparison: Comparison) -> Table:
    table = narrow_table("questions", "nDCG@10 by slice", CAPTION)
    table.add_column("number", justify="right")
    for evaluation in comparison.evaluations:
        table.add_column(evaluation.system, justify="right")
    found = {(one.system, one.label): one for one in comparison.differences if one.series == "ndcg_10"}
    systems = [one.system for one in comparison.evaluations[1:]]
    kind = None
    for one in comparison.evaluations[0].slices:
        row = [found[system, one.label] for system in systems if (system, one.label) in found]
        if len(one.members) < FEWEST or not row:
            continue
        if one.kind != kind:
            table.add_section()
            kind = one.kind
        cells = [f"{row[0].before:.3f}", *(f"{each.after:.3f}{_star(each)}" for each in row)]
        table.add_row(one.name, str(row[0].questions), *cells)
    return table


def _star(difference: Difference | None) -> str:
    return "*" if difference and difference.corrected_p < LEVEL else " "


def _change_table(first: str, change: Change) -> Table:
    title = f"{change.question} ({change.type}): {change.text}"
    table = Table(title=title, title_justify="left", expand=True)
    table.add_column(f"{first}: {change.before:.3f}", ratio=1)
    table.add_column(f"{change.system}: {change.after:.3f}", ratio=1)
    table.add_row("\n".join(_lines(change.ranking_before)), "\n".join(_lines(change.ranking_after)))
    return table


def _lines(ranking: Iterable[Line]) -> list[str]:
    """Lines of a ranking, each with its grade. Example: "3  Un bus pour les démarches"."""
    lines = [f"{'?' if line.grade is None else line.grade}  {line.title}" for line in ranking]
    return lines[:LINES_SHOWN] or ["nothing"]
