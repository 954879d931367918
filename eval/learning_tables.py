"""Learning tables: what feedback says, on a terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from eval.agreement import Agreement
from eval.contest import Contest
from eval.tables import interval_told


def show_agreement(agreement: Agreement, console: Console) -> None:
    """Print how much agrees, and every question and initiative on which people do not."""
    console.print(
        f"Questions with an initiative. Agreed: {len(agreement.agreed)}. Disagreed: {len(agreement.disagreed)}. "
        f"With one judgement only: {agreement.alone}. Judgements of initiatives no longer here: {agreement.gone}."
    )
    if agreement.disagreed:
        table = Table("question", "initiative", "grades", title="Disagreements")
        for pair in agreement.disagreed:
            table.add_row(Text(pair.question), pair.initiative, " ".join(map(str, pair.grades)))
        console.print(table)


def show_contests(contests: Sequence[Contest], console: Console) -> None:
    """Print who won how many questions, and how likely that is by chance."""
    if not contests:
        console.print("No judgement tells of two systems yet. RECUEIL_INTERLEAVE names the second one.")
        return
    caption = "share: of the questions with a winner, 95 % interval (Wilson); p: two-sided sign test"
    table = Table("systems", "wins", "ties", "share of the second", "p", title="Interleaving", caption=caption)
    for one in contests:
        share = "–" if one.share is None else f"{one.share:.2f} {interval_told(one.interval)}"
        wins = f"{one.wins_first} : {one.wins_second}"
        table.add_row(f"{one.first} : {one.second}", wins, str(one.ties), share, f"{one.p:.3f}")
    console.print(table)
