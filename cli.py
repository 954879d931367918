"""The door of the command line: `recueil` and its commands, each defined in its module of terminal/.

Exit codes: 0 when all went well, 1 for a fault, 2 for a wrong call. A fault is something that a person can mend: what,
where and the mend are told on standard error. Everything else is a bug and keeps its traceback.
"""

import sys
from collections.abc import Callable
from io import TextIOWrapper
from typing import Any

import typer
from typer.core import TyperGroup

from terminal import (
    adapt,
    bring,
    build,
    doctor,
    evaluate,
    feedback,
    fronts,
    generations,
    keys,
    mcp,
    search,
    serve,
    status,
    tune,
)


class Commands(TyperGroup):
    """The commands of a program; a fault in any of them ends it with exit code 1."""

    def main(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        """Run the program; what the terminal's encoding lacks is written as "?", and is no reason to stop."""
        if isinstance(sys.stdout, TextIOWrapper) and sys.stdout.errors != "replace":
            sys.stdout.reconfigure(errors="replace")
        return super().main(*args, **kwargs)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 — typer keeps the type to itself
        """Run a command."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            from corpus import Fault

            if not isinstance(error, Fault):
                raise
            typer.echo(f"{error.what}\n  where: {error.where}\n  mend:  {error.mend}", err=True)
            raise typer.Exit(1) from None


app = typer.Typer(
    cls=Commands,
    help="Semantic search over collections of public initiative sheets, in French and English.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
command: Callable[..., None]
for command in (
    bring.init,
    bring.check,
    bring.new,
    bring.duplicates,
    build.enrich,
    build.build,
    generations.generations,
    generations.publish,
    generations.rollback,
    adapt.adapt,
    build.train_reader,
    build.calibrate,
    tune.tune,
    search.search,
    search.ask,
    search.similar,
    search.show,
    serve.serve,
    mcp.mcp,
    status.status,
    doctor.doctor,
    evaluate.bench,
):
    app.command()(command)

eval_commands = typer.Typer(
    help="Measure how good search, answers and reading are on a collection.\n\nExample: recueil eval --gate",
    rich_markup_mode=None,
)
eval_commands.callback(invoke_without_command=True)(evaluate.evaluate)
for command in (
    evaluate.compare,
    evaluate.export,
    evaluate.baseline,
    evaluate.report,
    evaluate.answers,
    fronts.unjudged,
    fronts.weights,
    feedback.judgements,
    feedback.gaps,
):
    eval_commands.command()(command)
app.add_typer(eval_commands, name="eval")

feedback_commands = typer.Typer(
    help="What people said of what they found (docs/feedback.md).\n\nExample: recueil feedback list",
    no_args_is_help=True,
    rich_markup_mode=None,
)
feedback_commands.command()(feedback.add)
feedback_commands.command("list")(feedback.list_entries)
feedback_commands.command()(feedback.export)
feedback_commands.command()(feedback.purge)
feedback_commands.command()(feedback.backup)
feedback_commands.command()(feedback.restore)
app.add_typer(feedback_commands, name="feedback")

keys_commands = typer.Typer(
    help="Who may do what not everybody may (docs/operating.md).\n\nExample: recueil keys list",
    no_args_is_help=True,
    rich_markup_mode=None,
)
keys_commands.command()(keys.add)
keys_commands.command("list")(keys.list_keys)
keys_commands.command()(keys.revoke)
app.add_typer(keys_commands, name="keys")


if __name__ == "__main__":
    app()
