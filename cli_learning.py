"""The command line of learning from use: what feedback says of the search and of the catalogue."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli_eval import AsJson

if TYPE_CHECKING:
    pass

NewFolder = Annotated[Path, typer.Option("--to", help="Folder to write into.")]


def judgements(to: NewFolder) -> None:
    """Make a collection of the judgements that agree, and list those that do not.

    Example: recueil eval judgements --to collections/from-use
    """
    from rich.console import Console

    from eval.agreement import agreement_of
    from eval.feedback_collection import write_collection
    from eval.learning_tables import show_agreement
    from eval.opening import read_catalogue
    from opening import open_store
    from settings import read_settings

    settings = read_settings()
    given = [kept.entry for kept in open_store(settings).judgements()]
    agreement = agreement_of(given, read_catalogue(settings.var))
    show_agreement(agreement, Console())
    collection = write_collection(to, agreement)
    typer.echo(
        f"{len(collection.questions)} questions and {len(collection.judgements)} judgements lie in {to}. Measure on "
        f"them: recueil eval --collection {to}"
    )


def interleaving(as_json: AsJson = False) -> None:
    """Tell which of two systems people found better, whose hits were drafted into one list (RECUEIL_INTERLEAVE).

    Example: recueil eval interleaving
    """
    from rich.console import Console

    from eval.contest import contests_of
    from eval.learning_tables import show_contests
    from opening import open_store
    from settings import read_settings

    contests = contests_of(kept.entry for kept in open_store(read_settings()).judgements())
    if as_json:
        typer.echo(json.dumps([asdict(contest) for contest in contests], indent=2, ensure_ascii=False))
    else:
        show_contests(contests, Console())


def gaps(to: NewFolder) -> None:
    """Gather the questions that found nothing into unmet needs: a page and a table.

    Example: recueil eval gaps --to gaps
    """
    from eval.asked import gather
    from eval.needs import unmet_needs
    from eval.needs_report import PAGE, TABLE, write_report
    from eval.opening import open_engine
    from opening import open_store
    from settings import read_settings

    settings = read_settings()
    asked = gather(open_store(settings).misses())
    needs = unmet_needs(open_engine(settings.var, settings.threads), asked)
    write_report(to, needs)
    typer.echo(f"Questions: {needs.questions}. Needs: {len(needs.needs)}. They lie in {to / PAGE} and {to / TABLE}.")
