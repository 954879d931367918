"""The command line of feedback: give, list, export and delete what is kept.

Listing, exporting and deleting work where feedback is off, so that what was kept before can be seen and deleted.
"""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from search.feedback.entry import GivenJudgement, Kept, Miss
    from search.feedback.store import Store

feedback_app = typer.Typer(
    help="What people said of what they found (docs/feedback.md).\n\nExample: recueil feedback list",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@feedback_app.command()
def add(
    query: Annotated[str, typer.Argument(help="The question, as it was asked.")],
    initiative: Annotated[str, typer.Argument(help="Id of the initiative found.")],
    grade: Annotated[int, typer.Argument(min=0, max=3, help="0: not at all, 1: slightly, 2: well, 3: exactly.")],
    comment: Annotated[str | None, typer.Option(help="Why; names and addresses are left out.")] = None,
) -> None:
    """Keep how well an initiative answers a question, without personal data.

    Example: recueil feedback add "un atelier photo" recueil-2018-atelier-photo-33 3
    """
    from opening import open_engine, open_store
    from search.feedback.fault import FeedbackOff
    from search.feedback.giving import judged
    from settings import read_settings

    settings = read_settings()
    if not settings.feedback:
        raise FeedbackOff("No feedback is kept", "the environment", "Set RECUEIL_FEEDBACK=true.")
    store = open_store(settings)
    kept = store.add(judged(open_engine(settings), query, initiative, grade, comment))
    typer.echo(f"Kept until {store.kept_until(kept.at)}: {_line(kept)}")


@feedback_app.command("list")
def list_entries() -> None:
    """Show the judgements and the questions that found nothing.

    Example: recueil feedback list
    """
    from rich.console import Console

    from terminal_feedback import judgements_table, misses_table

    store = _store()
    console = Console()
    console.print(judgements_table(store.judgements()))
    console.print(misses_table(store.misses()))


@feedback_app.command()
def export() -> None:
    """Print everything that is kept, one JSON object on each line.

    Example: recueil feedback export > feedback.jsonl
    """
    for line in _lines(_store()):
        typer.echo(line)


@feedback_app.command()
def purge(
    everything: Annotated[bool, typer.Option("--all", help="Delete everything that is kept.")] = False,
    containing: Annotated[str | None, typer.Option(help="Delete what holds these words.")] = None,
) -> None:
    """Delete what has expired; or everything, or what holds certain words, expired or not.

    Example: recueil feedback purge --containing "rue des Lilas"
    """
    if everything and containing is not None:
        raise typer.BadParameter("Give either --all or --containing.")
    if containing is not None and not containing.strip():
        raise typer.BadParameter("Give one word or more.", param_hint="--containing")
    store = _store()
    deleted = store.erase(containing and containing.strip()) if everything or containing else store.purge()
    typer.echo(f"{deleted} {'entry is' if deleted == 1 else 'entries are'} deleted.")


def _store() -> "Store":
    from opening import open_store
    from settings import read_settings

    return open_store(read_settings())


def _lines(store: "Store") -> Iterator[str]:
    for kept in store.judgements():
        yield _line(kept)
    for miss in store.misses():
        yield _line(miss)


def _line(kept: "Kept[GivenJudgement] | Kept[Miss]") -> str:
    from dataclasses import asdict

    told: dict[str, Any] = {"id": kept.id, "at": kept.at.isoformat(), **asdict(kept.entry)}
    return json.dumps(told, ensure_ascii=False)
