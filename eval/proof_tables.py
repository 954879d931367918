"""Tables: how everything that one run measures looks on a terminal."""

from rich.console import Console
from rich.table import Table

from eval.answer_tables import show_answer_figures
from eval.parsing import Parsing
from eval.proof import Proof
from eval.tables import show_rankings


def show(proof: Proof, console: Console) -> None:
    """Print all figures, and what is left out."""
    show_rankings(proof.evaluation, console)
    if proof.answers:
        show_answer_figures(proof.answers, console)
    if proof.parsing:
        console.print(_parsing_table(proof.parsing))
    for part, why in proof.left_out.items():
        console.print(f"Left out: {part}, because {why}.")


def _parsing_table(parsing: Parsing) -> Table:
    table = Table("field", title="Fields of the sheets", title_justify="left")
    for heading in ("sheets", "right", "share"):
        table.add_column(heading, justify="right")
    for name, accuracy in parsing.fields.items():
        table.add_row(name, str(accuracy.sheets), str(accuracy.right), f"{accuracy.share:.3f}")
    return table
