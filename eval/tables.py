"""Tables: how an evaluation looks on a terminal."""

from collections.abc import Mapping

from rich import box
from rich.console import Console
from rich.table import Table

from eval.measures import HEADINGS, Figures
from eval.retrieval import Evaluation, Likeness, Retrieval, Silence
from eval.significance import Interval
from eval.slices import FEWEST


def show_rankings(evaluation: Evaluation, console: Console) -> None:
    """Print the figures of rankings and of similar initiatives as tables."""
    console.print(f"Collection '{evaluation.collection}', system '{evaluation.system}'")
    console.print(_retrieval_table(evaluation.retrieval))
    if evaluation.silence:
        console.print(_silence_table(evaluation.silence))
    if evaluation.similar:
        console.print(_similar_table(evaluation.similar))


def _retrieval_table(retrieval: Retrieval) -> Table:
    caption = f"Slices of fewer than {FEWEST} questions are left out here; --json has them."
    table = narrow_table("questions", "Retrieval", caption)
    first, *others = (heading.replace("@", "\n@") for heading in HEADINGS.values())
    for heading in ("number", first, "95 %", *others):
        table.add_column(heading, justify="right", no_wrap=True)
    for part in (
        {"all": retrieval.overall},
        retrieval.by_type,
        retrieval.by_language,
        retrieval.by_document,
        retrieval.by_theme,
        retrieval.by_length,
    ):
        for name, figures in part.items():
            if figures.questions < FEWEST and figures != retrieval.overall:
                continue
            table.add_row(name, *_cells(figures))
        table.add_section()
    return table


def narrow_table(first_heading: str, title: str, caption: str) -> Table:
    """A table whose nine columns find room on 80 characters."""
    return Table(
        first_heading,
        title=title,
        title_justify="left",
        caption=caption,
        caption_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        padding=0,
    )


def _cells(figures: Figures) -> list[str]:
    first, *others = (f"{getattr(figures, name):.3f}" for name in HEADINGS)
    around = figures.intervals.get("ndcg_10")
    return [str(figures.questions), first, interval_told(around), *others]


def interval_told(interval: Interval | None) -> str:
    """Example: "0.78–0.87". Nothing where there is none."""
    return f"{interval[0]:.2f}–{interval[1]:.2f}" if interval else ""


def _silence_table(counts: Silence) -> Table:
    table = Table("questions", title="Nothing relevant", title_justify="left")
    for heading in ("number", "empty list"):
        table.add_column(heading, justify="right")
    table.add_row("that no initiative answers", str(counts.unanswerable), str(counts.unanswerable_empty))
    table.add_row("that some initiative answers", str(counts.answerable), str(counts.answerable_empty))
    return table


def _similar_table(similar: Mapping[str, Likeness]) -> Table:
    table = Table("strength", title="Similar initiatives", title_justify="left")
    for heading in ("groups", "members", "Recall@10"):
        table.add_column(heading, justify="right")
    for strength, figures in similar.items():
        table.add_row(strength, str(figures.groups), str(figures.members), f"{figures.recall_10:.3f}")
    return table
