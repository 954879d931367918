"""Feedback on a terminal."""

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from search.feedback.entry import GivenJudgement, Kept, Miss


def judgements_table(kept: Iterable[Kept[GivenJudgement]]) -> Table:
    """One row for each judgement."""
    table = Table("id", "date", "question", "initiative", "grade", "comment", "team", title="Judgements")
    for one in kept:
        given = one.entry
        texts = (given.query, given.initiative, str(given.grade), given.comment or "", given.system or "")
        table.add_row(str(one.id), one.at.isoformat(), *map(Text, texts))
    return table


def misses_table(kept: Iterable[Kept[Miss]]) -> Table:
    """One row for each question that the catalogue did not meet."""
    table = Table("id", "date", "question", "how it came out", title="Questions without an answer")
    for one in kept:
        table.add_row(str(one.id), one.at.isoformat(), Text(one.entry.query), one.entry.kind)
    return table
