"""The door of the command line: `recueil` and its commands, each defined in its module of terminal/."""

from collections.abc import Callable

import typer

from terminal import enrich, evaluate, feedback, search, serve, training
from terminal.errors import Commands

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
    enrich.enrich,
    serve.build,
    training.train_reader,
    training.calibrate,
    search.search,
    search.ask,
    search.similar,
    search.show,
    serve.serve,
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
app.add_typer(feedback_commands, name="feedback")


if __name__ == "__main__":
    app()
