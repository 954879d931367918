"""The commands about feedback: give, list, export, copy and delete what is kept, and learn from it.

All but giving work where feedback is off, so that what was kept before can be seen and deleted.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Group
    from rich.table import Table

    from eval import Agreement
    from feedback import Judgement, Kept, Miss, Store

NewFolder = Annotated[Path, typer.Option("--to", help="Folder to write into.")]


def add(
    query: Annotated[str, typer.Argument(help="The question, as it was asked.")],
    initiative: Annotated[str, typer.Argument(help="Id of the initiative found.")],
    grade: Annotated[int, typer.Argument(min=0, max=3, help="0: not at all, 1: slightly, 2: well, 3: exactly.")],
    comment: Annotated[str | None, typer.Option(help="Why; names and addresses are left out.")] = None,
) -> None:
    """Keep how well an initiative answers a question, without personal data.

    Example: recueil feedback add "un atelier photo" recueil-2018-atelier-photo-33 3
    """
    from feedback import FeedbackOff, as_line, judged
    from settings import read_settings
    from terminal.search import open_searcher

    settings = read_settings()
    if not settings.feedback:
        raise FeedbackOff("No feedback is kept", "the environment", "Set RECUEIL_FEEDBACK=true.")
    store = _open_store()
    kept = store.add(judged(open_searcher(settings), query, initiative, grade, comment))
    typer.echo(f"Kept until {store.kept_until(kept.at)}: {as_line(kept)}")


def list_entries() -> None:
    """Show the judgements and the questions that found nothing.

    Example: recueil feedback list
    """
    from rich.console import Console

    store, console = _open_store(), Console()
    console.print(judgements_table(store.judgements()))
    console.print(misses_table(store.misses()))


def export() -> None:
    """Print everything that is kept, one JSON object on each line.

    Example: recueil feedback export > feedback.jsonl
    """
    from feedback import export_lines

    for line in export_lines(_open_store()):
        typer.echo(line)


def purge(
    everything: Annotated[bool, typer.Option("--all", help="Delete everything that is kept.")] = False,
    containing: Annotated[str | None, typer.Option(help="Delete what holds these words.")] = None,
    trust_clock: Annotated[
        bool, typer.Option("--trust-clock", help="Delete what has expired by the clock as it is, proven or not.")
    ] = False,
) -> None:
    """Delete what has expired; or everything, or what holds certain words, expired or not.

    What has expired goes when the clock has gone on for a week since, for one wrong clock must not delete a year.

    Example: recueil feedback purge --containing "rue des Lilas"
    """
    if everything and containing is not None:
        raise typer.BadParameter("Give either --all or --containing.")
    if trust_clock and (everything or containing is not None):
        raise typer.BadParameter("Give --trust-clock alone.")
    if containing is not None and not containing.strip():
        raise typer.BadParameter("Give one word or more.", param_hint="--containing")
    store = _open_store()
    if everything or containing:
        deleted = store.erase(containing and containing.strip())
    else:
        deleted = store.purge(trust_clock=trust_clock)
    typer.echo(f"{deleted} {'entry is' if deleted == 1 else 'entries are'} deleted.")
    if not everything and containing is None and (waiting := store.expired()):
        told = "1 more has" if waiting == 1 else f"{waiting} more have"
        typer.echo(f"{told} expired by the clock and will go when it has gone on for a week, or with --trust-clock.")


def backup(to: Annotated[Path, typer.Argument(help="New file to write.")]) -> None:
    """Copy what is kept into a file, while a service may be writing.

    Example: recueil feedback backup feedback-copy.sqlite
    """
    from feedback import back_up

    entries = back_up(_open_store(), to)
    typer.echo(f"{to} holds {entries} {'entry' if entries == 1 else 'entries'}.")


def restore(
    copy: Annotated[Path, typer.Argument(help="File that `recueil feedback backup` wrote.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Take the place of what is kept now, which is lost.")
    ] = False,
) -> None:
    """Take a copy back, while a service may be running.

    Example: recueil feedback restore feedback-copy.sqlite
    """
    from feedback import restore as take_back

    entries = take_back(_open_store(), copy, replace=replace)
    typer.echo(f"{entries} {'entry is' if entries == 1 else 'entries are'} kept.")


def judgements(to: NewFolder) -> None:
    """Make a collection of the judgements that agree, and list those that do not.

    Example: recueil eval judgements --to collections/from-use
    """
    from rich.console import Console

    from eval import agreement_of, read_catalogue, write_collection
    from settings import read_settings

    given = [kept.entry for kept in _open_store().judgements()]
    agreement = agreement_of(given, read_catalogue(read_settings().made))
    Console().print(agreement_view(agreement))
    collection = write_collection(to, agreement)
    typer.echo(
        f"{len(collection.questions)} questions and {len(collection.judgements)} judgements lie in {to}. Measure on "
        f"them: recueil eval --collection {to}"
    )


def gaps(to: NewFolder) -> None:
    """Gather the questions that found nothing into unmet needs: a page and a table.

    Example: recueil eval gaps --to gaps
    """
    from feedback import find_unmet_needs, write_report
    from settings import read_settings
    from terminal.search import open_searcher

    misses = _open_store().misses()
    needs = find_unmet_needs(open_searcher(read_settings()), misses)
    page, table = write_report(to, needs)
    typer.echo(f"Questions: {needs.questions}. Needs: {len(needs.needs)}. They lie in {page} and {table}.")


def judgements_table(kept: "Iterable[Kept[Judgement]]") -> "Table":
    """One row for each judgement."""
    from rich.table import Table
    from rich.text import Text

    table = Table("id", "date", "question", "initiative", "grade", "comment", title="Judgements")
    for one in kept:
        given = one.entry
        texts = (given.query, given.initiative, str(given.grade), given.comment or "")
        table.add_row(str(one.id), one.at.isoformat(), *map(Text, texts))
    return table


def misses_table(kept: "Iterable[Kept[Miss]]") -> "Table":
    """One row for each question that the catalogue did not meet."""
    from rich.table import Table
    from rich.text import Text

    table = Table("id", "date", "question", "how it came out", title="Questions without an answer")
    for one in kept:
        table.add_row(str(one.id), one.at.isoformat(), Text(one.entry.query), one.entry.kind)
    return table


def agreement_view(agreement: "Agreement") -> "Group":
    """Show how much people judged alike, and every question and initiative on which they did not."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    counts = (
        f"Questions with an initiative. Agreed: {len(agreement.agreed)}. Disagreed: {len(agreement.disagreed)}. "
        f"With one judgement only: {agreement.alone}. Judgements of initiatives no longer here: {agreement.gone}."
    )
    table = Table("question", "initiative", "grades", title="Disagreements")
    for pair in agreement.disagreed:
        table.add_row(Text(pair.question), pair.initiative, " ".join(map(str, pair.grades)))
    return Group(counts, *([table] if agreement.disagreed else []))


def _open_store() -> "Store":
    """Open what keeps feedback; its file is not looked at before something is read or written."""
    from feedback import Store
    from settings import read_settings

    settings = read_settings()
    return Store(settings.feedback_file, settings.feedback_days)
