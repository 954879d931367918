"""The commands about keys: make one, list them, take one away. A running service heeds each at once."""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from terminal.search import AsJson

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from rich.table import Table

    from web.keys import Key, KeyFile


def add(
    name: Annotated[str, typer.Argument(help="By which it is listed and revoked; who or what it is for.")],
    scope: Annotated[
        list[str], typer.Option(help="What it may do: read, statistics, feedback, admin (all). May repeat.")
    ],
    days: Annotated[int, typer.Option(min=1, max=3650, help="Days from today after which it opens nothing.")] = 365,
    per_minute: Annotated[int, typer.Option(min=1, max=1_000_000, help="Requests that it may make in a minute.")] = 600,
) -> None:
    """Make a key, and show it this once: only its hash is kept.

    Example: recueil keys add dashboard --scope statistics --days 90
    """
    from web.keys import Scope

    known = [one.value for one in Scope]
    if strange := [one for one in scope if one not in known]:
        raise typer.BadParameter(f"'{strange[0]}' is none of {', '.join(known)}.", param_hint="--scope")
    keys = _open_keys()
    typer.echo(keys.add(name, map(Scope, scope), days=days, per_minute=per_minute))
    made = next(one for one in keys.all() if one.name == name)
    typer.echo(
        f"It is shown this once. It is called {name}, may {', '.join(made.scopes)}, and ends after {made.expires}.",
        err=True,
    )


def list_keys(as_json: AsJson = False) -> None:
    """List the keys: what they may do, until when, and how often in a minute; not the keys themselves.

    Example: recueil keys list
    """
    from rich.console import Console

    keys = _open_keys().all()
    if as_json:
        told = [
            {
                "name": one.name,
                "scopes": list(one.scopes),
                "made": one.made.isoformat(),
                "expires": one.expires.isoformat(),
                "per_minute": one.per_minute,
            }
            for one in keys
        ]
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        Console().print(keys_table(keys, datetime.now(UTC).date()))


def revoke(name: Annotated[str, typer.Argument(help="One of `recueil keys list`.")]) -> None:
    """Take a key away: the next request with it is refused, and whoever signed in with it is out.

    Example: recueil keys revoke dashboard
    """
    _open_keys().revoke(name)
    typer.echo(f"{name} opens nothing any more.")


def keys_table(keys: "Sequence[Key]", today: "date") -> "Table":
    """One row for each key."""
    from rich.table import Table

    table = Table("name", "may", "made", "expires", "per minute", title="Keys")
    for one in keys:
        expires = f"{one.expires}{' (over)' if one.has_expired(today) else ''}"
        table.add_row(one.name, ", ".join(one.scopes), str(one.made), expires, str(one.per_minute))
    return table


def _open_keys() -> "KeyFile":
    from settings import read_settings
    from web.keys import KeyFile

    return KeyFile(read_settings().keys_file)
