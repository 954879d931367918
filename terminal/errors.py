"""How errors end a command. Exit codes: 0 when all went well, 1 for a fault, 2 for a wrong call.

A fault is something that a person can mend: what, where and the mend are told on standard error. Everything else is a
bug and keeps its traceback.
"""

from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from pydantic import ValidationError


class Commands(TyperGroup):
    """The commands of a program; a fault in any of them ends it with exit code 1."""

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


def wrong_option(error: "ValidationError") -> typer.BadParameter:
    """Tell the first option that is wrong, by its name on the command line. Example: "--year-from"."""
    first = error.errors()[0]
    option = "--" + str(first["loc"][0]).replace("_", "-")
    return typer.BadParameter(f"{first['msg']}.", param_hint=option)
