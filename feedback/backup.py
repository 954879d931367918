"""Copies of the store, made and taken back while a service writes to it, and whether a store is sound.

SQLite copies a database page by page under its own locks, and undoes a copy that was not finished: what is at work goes
on, and a copy is of one moment.
"""

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from feedback.database import MOVE_AWAY, BadFeedback, check_schema, count_entries, faults_of, transaction
from feedback.store import Store

TAKE_ANOTHER = "Take another copy, or make a new one with `recueil feedback backup`."


def back_up(store: Store, to: Path) -> int:
    """Write a copy of the store to a new file, for its own user alone; say how many entries it holds.

    Raises what `Store` raises, and BadFeedback when there is nothing to copy, or something lies at `to` already.
    """
    check(store)
    if to.exists():
        raise BadFeedback("There is a file of this name already", str(to), "Give another name.")
    part = to.with_name(f".{to.name}.{secrets.token_hex(4)}")
    with faults_of(to):
        try:
            os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            with _reading(store.path, store.timeout_s) as live, closing(sqlite3.connect(part)) as copy:
                live.backup(copy)
                entries = count_entries(copy)
            os.link(part, to)  # never over another file, whoever made it meanwhile
            return entries
        finally:
            with suppress(FileNotFoundError):
                part.unlink()


def restore(store: Store, copy: Path, *, replace: bool = False) -> int:
    """Make the store what a copy holds; say how many entries these are. A running service goes on with them.

    Raises what `Store` raises, and BadFeedback when the copy is damaged or no store, or when the store holds entries
    already, which are lost with `replace`.
    """
    if not copy.is_file():
        raise BadFeedback("There is no copy to take back", str(copy), "Give the name of a file.")
    _check_file(copy, store.timeout_s, TAKE_ANOTHER)
    with transaction(store.path, store.timeout_s) as connection:
        if (entries := count_entries(connection)) and not replace:
            what = f"The store holds {entries} entries, which the copy would take the place of"
            raise BadFeedback(what, str(store.path), "Make a copy of it first, then give --replace.")
    with (
        faults_of(store.path),
        _reading(copy, store.timeout_s) as kept,
        closing(sqlite3.connect(store.path, timeout=store.timeout_s)) as live,
    ):
        kept.backup(live)
        return count_entries(live)


def check(store: Store) -> None:
    """Read every page of the store. Raises BadFeedback when there is none or it is damaged, BusyFeedback."""
    if not store.path.is_file():
        raise BadFeedback("Nothing is kept yet", str(store.path), "Set RECUEIL_FEEDBACK=true to keep feedback.")
    _check_file(store.path, store.timeout_s, MOVE_AWAY)


def _check_file(path: Path, timeout_s: float, mend: str) -> None:
    with faults_of(path), _reading(path, timeout_s) as connection:
        if check_schema(connection, path) == 0:
            raise BadFeedback("The file is empty", str(path), mend)
        said = [row[0] for row in connection.execute("PRAGMA integrity_check(1)")]
        if said != ["ok"]:
            raise BadFeedback(f"The file is damaged: {said[0]}", str(path), mend)


@contextmanager
def _reading(path: Path, timeout_s: float) -> Iterator[sqlite3.Connection]:
    """A connection that changes nothing, and makes no file."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=timeout_s)) as connection:
        yield connection
