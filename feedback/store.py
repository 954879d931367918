"""The store: one SQLite file of judgements and misses, and the one thread that writes to it while a service runs.

Fault
├─ FeedbackOff     the service keeps no feedback
├─ BadFeedback     the file cannot be read or written
└─ BusyFeedback    the file is locked, or too much waits to be written: try again
"""

import logging
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, Final

from corpus import Fault
from corpus.text import fold
from feedback.entries import Entry, Judgement, Kept, Miss, MissKind, without_personal_data

TIMEOUT_S = 2.0  # to wait for another writer, which needs a few milliseconds for one entry
MAX_ROWS = 100_000  # of one table: far more than a year of small traffic, and strangers may not fill the disk
MAX_WAITING = 32  # entries; when the disk is slower than that, misses are dropped rather than piled up
GRACE_S = 5.0  # that the end of a service waits for what is still to be written

# Files of version 0.1 have two more columns, `system` and `against`. Nothing reads or fills them.
SCHEMA_VERSION = 1
SCHEMA: Final = (
    """CREATE TABLE judgements (
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL CHECK (at IS date(at)),
        query TEXT NOT NULL,
        language TEXT NOT NULL,
        initiative TEXT NOT NULL,
        grade INTEGER NOT NULL CHECK (grade BETWEEN 0 AND 3),
        comment TEXT
    ) STRICT""",
    f"""CREATE TABLE misses (
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL CHECK (at IS date(at)),
        query TEXT NOT NULL,
        language TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ({", ".join(f"'{kind}'" for kind in MissKind)}))
    ) STRICT""",
    f"PRAGMA user_version = {SCHEMA_VERSION}",
)
# The tables, and all that people wrote in a row of each.
TEXTS: Final = {"judgements": "query || ' ' || ifnull(comment, '')", "misses": "query"}

MOVE_AWAY = "Move the file away, with those named alike, and a new one is made; or put a copy of it back."

log = logging.getLogger("recueil.feedback")


class FeedbackOff(Fault):
    """Feedback is given to a service that keeps none."""


class BadFeedback(Fault):
    """The file that feedback is kept in cannot be read or written."""


class BusyFeedback(Fault):
    """The file that feedback is kept in is being written to by others; a second try may do."""


def feedback_file(var: Path) -> Path:
    """Where feedback is kept, under the folder for everything that is made."""
    return var / "feedback.sqlite"


def today_utc() -> date:
    """The date of now, the same whatever the time zone of the machine."""
    return datetime.now(UTC).date()


@dataclass(frozen=True, slots=True)
class Store:
    """A file of feedback. A connection lives for one call, so threads and processes may share the file.

    Every method raises BusyFeedback when others keep the file locked, and BadFeedback when it is damaged, made by
    another program, or cannot be written.
    """

    path: Path
    days: int  # after so many, an entry is deleted
    today: Callable[[], date] = today_utc
    timeout_s: float = TIMEOUT_S

    def add(self, entry: Entry) -> Kept[Entry]:
        """Keep an entry without its personal data, and delete what has expired.

        Raises BadQuestion when nothing readable is left of the question, BadFeedback when the store is full.
        """
        entry, at = without_personal_data(entry), self.today()
        table = "judgements" if isinstance(entry, Judgement) else "misses"
        row = {"at": at.isoformat(), **asdict(entry)}
        insert = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join(f':{column}' for column in row)})"
        with self._transaction() as connection:
            _delete(connection, "at <= ?", self._last_expired())
            if connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] >= MAX_ROWS:
                what = f"{MAX_ROWS} entries are kept already, and no more"
                raise BadFeedback(what, str(self.path), "Run `recueil feedback purge`.")
            id_ = connection.execute(insert, row).lastrowid
        return Kept(id_ or 0, at, entry)

    def judgements(self) -> tuple[Kept[Judgement], ...]:
        """The judgements that have not expired, oldest first."""
        rows = self._rows("judgements", Judgement)
        return tuple(Kept(id_, at, Judgement(**values)) for id_, at, values in rows)

    def misses(self) -> tuple[Kept[Miss], ...]:
        """The misses that have not expired, oldest first."""
        rows = self._rows("misses", Miss)
        return tuple(Kept(id_, at, Miss(**{**values, "kind": MissKind(values["kind"])})) for id_, at, values in rows)

    def purge(self) -> int:
        """Delete what has expired, and say how many entries that were."""
        return self._erase("at <= ?", self._last_expired())

    def erase(self, words: str | None = None) -> int:
        """Delete all entries, or those that hold these words, whatever their case and accents; say how many."""
        return self._erase("TRUE") if words is None else self._erase("instr(folded({texts}), ?)", fold(words))

    def kept_until(self, at: date) -> date:
        """The last day on which an entry of a day is there."""
        return at + timedelta(days=self.days - 1)

    def _last_expired(self) -> str:
        return (self.today() - timedelta(days=self.days)).isoformat()

    def _rows(self, table: str, entry: type[Judgement | Miss]) -> Iterator[tuple[int, date, dict[str, Any]]]:
        """Id, date and fields of the entries that have not expired. Makes no file where there is none."""
        if not self.path.exists():
            return
        names = [field.name for field in fields(entry)]
        select = f"SELECT id, at, {', '.join(names)} FROM {table} WHERE at > ? ORDER BY id"
        with self._transaction() as connection:
            rows = connection.execute(select, (self._last_expired(),)).fetchall()
        for id_, at, *values in rows:
            yield id_, date.fromisoformat(at), dict(zip(names, values, strict=True))

    def _erase(self, condition: str, *values: str) -> int:
        if not self.path.exists():
            return 0
        with self._transaction() as connection:
            return _delete(connection, condition, *values)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """A connection whose changes are undone by whatever is raised; errors of SQLite and of the disk are faults."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # For the service's own user alone; SQLite gives its journal beside the file the same rights.
            self.path.touch(mode=0o600)
            connecting = sqlite3.connect(self.path, timeout=self.timeout_s, isolation_level="IMMEDIATE")
            with closing(connecting) as connection, connection:
                connection.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten
                connection.create_function("folded", 1, fold, deterministic=True)
                self._make_tables(connection)
                yield connection
        except OSError as error:
            raise self._unusable(error) from None
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
            raise  # a bug of ours
        except sqlite3.DatabaseError as error:
            # The first byte of the code is the error, those above it say what kind of it.
            if getattr(error, "sqlite_errorcode", 0) & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise self._unusable(error) from None
            mend = "Try again in a moment, or close the program that has the file open."
            raise BusyFeedback("The feedback is locked by another program", str(self.path), mend) from None

    def _make_tables(self, connection: sqlite3.Connection) -> None:
        """Make the tables in an empty file. Raises BadFeedback for a file that is not ours."""
        if _version(connection) == SCHEMA_VERSION:
            return
        connection.execute("BEGIN IMMEDIATE")  # another process may be making the tables just now
        version, tables = _version(connection), connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if version == 0 and not tables:
            for statement in SCHEMA:
                connection.execute(statement)
        elif version != SCHEMA_VERSION:
            what = f"The file was made by another program, or by another version (schema {version})"
            raise BadFeedback(what, str(self.path), f"Use the version that made it. {MOVE_AWAY}")

    def _unusable(self, error: Exception) -> BadFeedback:
        return BadFeedback(f"The feedback cannot be read or written: {error}", str(self.path), MOVE_AWAY)


def _delete(connection: sqlite3.Connection, condition: str, *values: str) -> int:
    """Delete from both tables; "{texts}" in the condition stands for what people wrote."""
    deletes = [f"DELETE FROM {table} WHERE {condition.format(texts=texts)}" for table, texts in TEXTS.items()]
    return sum(connection.execute(delete, values).rowcount for delete in deletes)


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


class Writer:
    """Writes entries to a store on a thread of its own, so that nobody who searches waits for the disk. To be closed.

    At most MAX_WAITING entries wait to be written.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._thread = ThreadPoolExecutor(1, "feedback")
        self._room = BoundedSemaphore(MAX_WAITING)

    def write(self, entry: Entry) -> Future[Kept[Entry]]:
        """Keep an entry; the future has what was kept, or the fault that `Store.add` raises.

        Raises BusyFeedback when too many entries wait already.
        """
        if not self._room.acquire(blocking=False):
            raise BusyFeedback("Too much feedback waits to be written", str(self.store.path), "Try again in a moment.")
        writing = self._thread.submit(self.store.add, entry)
        writing.add_done_callback(lambda _: self._room.release())
        return writing

    def write_later(self, miss: Miss) -> None:
        """Keep a miss when there is time; raises nothing, and what goes wrong stands in the log."""
        try:
            self.write(miss).add_done_callback(_log_failure)
        except BusyFeedback as fault:
            log.warning("A miss was not kept: %s", fault)

    def close(self) -> None:
        """Write what waits, as long as that takes no more than GRACE_S seconds, and drop the rest."""
        wait([self._thread.submit(lambda: None)], GRACE_S)
        self._thread.shutdown(cancel_futures=True)


def _log_failure(writing: Future[Kept[Miss]]) -> None:
    if writing.cancelled():
        return
    error = writing.exception()
    if isinstance(error, Fault):
        log.warning("A miss was not kept: %s", error)
    elif error is not None:
        log.error("A miss was not kept: %s", type(error).__name__)  # its message may quote the question
