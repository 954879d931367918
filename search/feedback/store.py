"""The store: one SQLite file of judgements and misses, without personal data, each row with a date to go."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from index.words import fold
from search.fault import BadQuestion
from search.feedback.entry import Entry, GivenJudgement, Kept, Miss, MissKind
from search.feedback.fault import BadFeedback, BusyFeedback
from search.feedback.redaction import redact

# Seconds to wait for another writer. One entry is written in a few milliseconds.
PATIENCE_S = 2.0
RETRY_S = 0.01

# Rows of one table. Far more than small traffic brings in a year; strangers may not fill the disk.
MOST_ROWS = 100_000

SCHEMA_VERSION = 1
SCHEMA = f"""
    CREATE TABLE judgements (
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL CHECK (at IS date(at)),
        query TEXT NOT NULL,
        language TEXT NOT NULL,
        initiative TEXT NOT NULL,
        grade INTEGER NOT NULL CHECK (grade BETWEEN 0 AND 3),
        comment TEXT,
        system TEXT,
        against TEXT
    ) STRICT;
    CREATE TABLE misses (
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL CHECK (at IS date(at)),
        query TEXT NOT NULL,
        language TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ({", ".join(f"'{kind}'" for kind in MissKind)}))
    ) STRICT;
    PRAGMA user_version = {SCHEMA_VERSION};
"""
# The tables, and all that people wrote in a row of each.
TEXTS: Final = {"judgements": "query || ' ' || ifnull(comment, '')", "misses": "query"}

MOVE_AWAY = "Move the file away, with those named alike, and a new one is made; or put a copy of it back."


def feedback_file(var: Path) -> Path:
    """Where feedback is kept, under the folder for everything that is made."""
    return var / "feedback.sqlite"


def today_utc() -> date:
    """The date of now, the same whatever the time zone of the machine."""
    return datetime.now(UTC).date()


@dataclass(frozen=True, slots=True)
class Store:
    """A file of feedback; a connection lives for one call, so threads and processes may share it.

    Every method raises BusyFeedback when others keep the file locked, and BadFeedback when it is damaged, made by
    another program, or cannot be written.
    """

    path: Path
    days: int  # after so many, an entry is deleted
    today: Callable[[], date] = today_utc
    patience_s: float = PATIENCE_S

    def add(self, entry: Entry) -> Kept[Entry]:
        """Keep an entry without its personal data, and delete what has expired.

        Raises BadQuestion when nothing readable is left of the question, BadFeedback when the store is full.
        """
        entry = without_personal_data(entry)
        at = self.today()
        with self._writing() as connection:
            self._delete_expired(connection)
            id_ = self._insert(connection, at, entry)
        return Kept(id_, at, entry)

    def judgements(self) -> tuple[Kept[GivenJudgement], ...]:
        """The judgements that have not expired, oldest first."""
        rows = self._rows("SELECT * FROM judgements WHERE at > ? ORDER BY id")
        return tuple(Kept(id_, date.fromisoformat(at), GivenJudgement(*given)) for id_, at, *given in rows)

    def misses(self) -> tuple[Kept[Miss], ...]:
        """The misses that have not expired, oldest first."""
        rows = self._rows("SELECT * FROM misses WHERE at > ? ORDER BY id")
        return tuple(
            Kept(id_, date.fromisoformat(at), Miss(query, language, MissKind(kind)))
            for id_, at, query, language, kind in rows
        )

    def purge(self) -> int:
        """Delete what has expired, and say how many entries that were."""
        return self._erase(self._delete_expired)

    def erase(self, words: str | None = None) -> int:
        """Delete all entries, or those that hold these words, whatever their case and accents; say how many."""
        if words is None:
            return self._erase(lambda connection: sum(_delete(connection, table, "TRUE") for table in TEXTS))
        wanted = fold(words)
        return self._erase(
            lambda connection: sum(
                _delete(connection, table, f"instr(folded({texts}), ?)", wanted) for table, texts in TEXTS.items()
            )
        )

    def kept_until(self, at: date) -> date:
        """The last day on which an entry of a day is there."""
        return at + timedelta(days=self.days - 1)

    def _rows(self, select: str) -> list[tuple[Any, ...]]:
        if not self.path.exists():
            return []
        with self._connected() as connection:
            return connection.execute(select, (self._last_expired(),)).fetchall()

    def _erase(self, delete: Callable[[sqlite3.Connection], int]) -> int:
        if not self.path.exists():
            return 0
        with self._writing() as connection:
            deleted = delete(connection)
        with self._connected() as connection:  # so that nothing stays behind in the log beside the file
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return deleted

    def _delete_expired(self, connection: sqlite3.Connection) -> int:
        return sum(_delete(connection, table, "at <= ?", self._last_expired()) for table in TEXTS)

    def _last_expired(self) -> str:
        return (self.today() - timedelta(days=self.days)).isoformat()

    def _insert(self, connection: sqlite3.Connection, at: date, entry: Entry) -> int:
        match entry:
            case GivenJudgement():
                values: tuple[str | int | None, ...] = (
                    *(entry.query, entry.language, entry.initiative, entry.grade),
                    *(entry.comment, entry.system, entry.against),
                )
                insert = "INSERT INTO judgements SELECT NULL, ?, ?, ?, ?, ?, ?, ?, ?"
                limit = "WHERE (SELECT count(*) FROM judgements) < ?"
            case Miss():
                values = (entry.query, entry.language, entry.kind)
                insert = "INSERT INTO misses SELECT NULL, ?, ?, ?, ?"
                limit = "WHERE (SELECT count(*) FROM misses) < ?"
        inserted = connection.execute(f"{insert} {limit}", (at.isoformat(), *values, MOST_ROWS))
        if not inserted.rowcount:
            raise BadFeedback(
                f"{MOST_ROWS} entries are kept already, and no more", str(self.path), "Run `recueil feedback purge`."
            )
        return inserted.lastrowid or 0

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, which is undone by whatever is raised in it."""
        with self._connected() as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        try:
            self._make_private_file()
            with closing(sqlite3.connect(self.path, timeout=self.patience_s, isolation_level=None)) as connection:
                self._write_ahead(connection)
                connection.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten
                connection.create_function("folded", 1, fold, deterministic=True)
                self._prepare(connection)
                yield connection
        except OSError as error:
            raise self._cannot(error) from None
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
            raise  # a bug of ours
        except sqlite3.DatabaseError as error:
            raise self._fault_of(error) from None

    def _make_private_file(self) -> None:
        """Let nobody but the service's own user read the file; SQLite gives the files beside it the same rights."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.touch(mode=0o600)

    def _write_ahead(self, connection: sqlite3.Connection) -> None:
        """Keep a log beside the file, so that readers need not wait for a writer.

        The file remembers it; the first time, SQLite gives up at once where another connection is doing the same.
        """
        until = time.monotonic() + self.patience_s
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(RETRY_S)

    def _prepare(self, connection: sqlite3.Connection) -> None:
        if _version(connection) == SCHEMA_VERSION:
            return
        connection.execute("BEGIN IMMEDIATE")  # another process may be making the tables just now
        version, holds = _version(connection), connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if version == 0 and not holds:
            for statement in SCHEMA.split(";"):
                connection.execute(statement)
        elif version != SCHEMA_VERSION:
            raise BadFeedback(
                f"The file was made by another program, or by another version (schema {version})",
                str(self.path),
                f"Use the version that made it. {MOVE_AWAY}",
            )
        connection.execute("COMMIT")

    def _fault_of(self, error: sqlite3.DatabaseError) -> BadFeedback | BusyFeedback:
        # The first byte is the error, those above it say what kind of it.
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return BusyFeedback(
                "The feedback is locked by another program",
                str(self.path),
                "Try again in a moment, or close the program that has the file open.",
            )
        return self._cannot(error)

    def _cannot(self, error: Exception) -> BadFeedback:
        return BadFeedback(f"The feedback cannot be read or written: {error}", str(self.path), MOVE_AWAY)


def without_personal_data(entry: Entry) -> Entry:
    """The same entry with its texts redacted. Raises BadQuestion when nothing readable is left of the question."""
    query = redact(entry.query)
    if not any(character.isalnum() for character in query):
        raise BadQuestion(
            "Nothing is left of the question without personal data",
            "query",
            "Ask without names, addresses and numbers of people.",
        )
    if isinstance(entry, GivenJudgement):
        comment = redact(entry.comment) if entry.comment is not None else None
        return replace(entry, query=query, comment=comment or None)
    return replace(entry, query=query)


def _delete(connection: sqlite3.Connection, table: str, condition: str, *values: str) -> int:
    return connection.execute(f"DELETE FROM {table} WHERE {condition}", values).rowcount


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
