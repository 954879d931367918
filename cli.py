"""The door of the command line: `recueil` and its commands, each defined in its module of terminal/.

Exit codes: 0 when all went well, 1 for a fault, 2 for a wrong call. A fault is something that a person can mend: what,
where and the mend are told on standard error. Everything else is a bug and keeps its traceback.
"""

import errno
import sys
from collections.abc import Callable
from io import TextIOWrapper
from typing import TYPE_CHECKING, Annotated, Any

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

if TYPE_CHECKING:
    from corpus import Fault, MissingPackage

# What some commands need and serving does not, by the extra of the distribution that brings it.
EXTRAS = {
    "eval": ("ir_measures", "matplotlib", "psutil"),
    "mcp": ("mcp",),
    "model": ("sentence_transformers", "torch", "transformers"),
}


# What a system says when a disk takes no more.
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}


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

            fault: Exception | None = error
            if isinstance(error, ModuleNotFoundError):
                fault = missing_package(error)
            elif isinstance(error, OSError) and error.errno in NO_ROOM:
                fault = no_room(error)
            if not isinstance(fault, Fault):
                raise
            typer.echo(f"{fault.what}\n  where: {fault.where}\n  mend:  {fault.mend}", err=True)
            raise typer.Exit(1) from None


def no_room(error: OSError) -> "Fault":
    """The fault that a disk takes no more of what a command writes."""
    from corpus import Fault

    where = str(error.filename or "the disk that is written to")
    mend = "Make room on that disk, or write to another one, and run again."
    return Fault(f"What is made cannot be written: {error.strerror}", where, mend)


def missing_package(error: ModuleNotFoundError) -> "MissingPackage | None":
    """The fault that a package of an extra is not installed, None for any other module that is not there."""
    from corpus import MissingPackage

    package = (error.name or "").partition(".")[0]
    extra = next((extra for extra, packages in EXTRAS.items() if package in packages), None)
    if extra is None:
        return None
    what = f"This command needs the package {package}, which is not installed"
    return MissingPackage(what, "the Python environment", f"Run `pip install 'recueil[{extra}]'`.")


app = typer.Typer(
    cls=Commands,
    help="Semantic search over collections of public initiative sheets, in French and English.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _say_version(asked: bool) -> None:
    if asked:
        from recueil import version

        typer.echo(f"recueil {version()}")
        raise typer.Exit


@app.callback(help=app.info.help)
def recueil(
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    """Take what stands before the command."""


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
    fronts.summary,
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
