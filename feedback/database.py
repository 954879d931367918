"""The SQLite file that feedback is kept in: its tables, and one connection at a time, whose errors are faults."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from corpus import Fault
from corpus.text import fold

# Files of version 0.1 have two more columns of judgements, `system` and `against`; nothing reads or fills them. They
# have no table `calendar`: it is made when they are first written to, and they stay readable to that version.
SCHEMA_VERSION = 1
SCHEMA = f"""
    BEGIN IMMEDIATE;
    CREATE TABLE IF NOT EXISTS judgements (
        id INTEGER PRIMARY KEY, at TEXT NOT NULL CHECK (at IS date(at)), query TEXT NOT NULL, language TEXT NOT NULL,
        initiative TEXT NOT NULL, grade INTEGER NOT NULL CHECK (grade BETWEEN 0 AND 3), comment TEXT
    ) STRICT;
    CREATE TABLE IF NOT EXISTS misses (
        id INTEGER PRIMARY KEY, at TEXT NOT NULL CHECK (at IS date(at)), query TEXT NOT NULL, language TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('nothing found', 'refused', 'reported'))
    ) STRICT;
    PRAGMA user_version = {SCHEMA_VERSION};
    COMMIT;
"""
CALENDAR = """
    CREATE TABLE IF NOT EXISTS calendar (
        id INTEGER PRIMARY KEY CHECK (id = 1), proven TEXT NOT NULL, watched TEXT NOT NULL
    ) STRICT
"""
TABLES = ("judgements", "misses")

MOVE_AWAY = "Move the file away, with those named alike, and a new one is made; or `recueil feedback restore` a copy."


class BadFeedback(Fault):
    """The file that feedback is kept in cannot be read or written."""


class BusyFeedback(Fault):
    """The file that feedback is kept in is being written to by others; a second try may do."""


@contextmanager
def transaction(path: Path, timeout_s: float) -> Iterator[sqlite3.Connection]:
    """A connection whose changes are undone by whatever is raised; the file and its tables are made if need be.

    Raises BusyFeedback when others keep the file locked for longer than `timeout_s`, and BadFeedback when it is
    damaged, made by another program, or cannot be written.
    """
    with faults_of(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        # For the service's own user alone; SQLite gives its journal beside the file the same rights.
        path.touch(mode=0o600)
        connecting = sqlite3.connect(path, timeout=timeout_s, isolation_level="IMMEDIATE")
        with closing(connecting) as connection, connection:
            connection.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten
            connection.create_function("folded", 1, fold, deterministic=True)
            if check_schema(connection, path) == 0:
                connection.executescript(SCHEMA)
            yield connection


def check_schema(connection: sqlite3.Connection, path: Path) -> int:
    """How many tables and indexes a file of ours has; 0 for an empty file. Raises BadFeedback for one of others."""
    form = "SELECT user_version, (SELECT count(*) FROM sqlite_master) FROM pragma_user_version"
    version, tables = connection.execute(form).fetchone()
    if (version, tables) != (0, 0) and version != SCHEMA_VERSION:
        what = f"The file was made by another program, or by another version (schema {version})"
        raise BadFeedback(what, str(path), f"Use the version that made it. {MOVE_AWAY}")
    return int(tables)


@contextmanager
def faults_of(path: Path) -> Iterator[None]:
    """Let errors of SQLite and of the disk be faults that name a file."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        raise  # a bug of ours
    except (OSError, sqlite3.DatabaseError) as error:
        # The first byte of the code is the error, those above it say what kind of it.
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            mend = "Try again in a moment, or close the program that has the file open."
            raise BusyFeedback("The feedback is locked by another program", str(path), mend) from None
        what = f"The feedback cannot be read or written: {error}"
        raise BadFeedback(what, str(path), MOVE_AWAY) from None


def count_entries(connection: sqlite3.Connection, condition: str = "TRUE", *values: str) -> int:
    """How many entries of both tables meet a condition."""
    counts = [f"SELECT count(*) FROM {table} WHERE {condition}" for table in TABLES]
    return sum(int(connection.execute(count, values).fetchone()[0]) for count in counts)
