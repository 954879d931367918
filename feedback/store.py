"""The store: judgements and misses in one SQLite file, and the one thread that writes to it while a service runs."""

import logging
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, Generic, TypeVar

from corpus import Fault, Language
from corpus.text import fold
from feedback.redaction import redact
from search import NO_FILTERS, BadQuestion, Filters, Results, Searcher, UnknownInitiative
from search.answer import Answer

MAX_ROWS = 100_000  # of one table: far more than a year of small traffic, and strangers may not fill the disk
MAX_WAITING = 32  # entries; when the disk is slower than that, misses are dropped rather than piled up
GRACE_S = 5.0  # that the end of a service waits for what is still to be written

# Files of version 0.1 have two more columns of judgements, `system` and `against`. Nothing reads or fills them.
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
# The tables, and all that people wrote in a row of each.
TEXTS = {"judgements": "query || ' ' || ifnull(comment, '')", "misses": "query"}

MOVE_AWAY = "Move the file away, with those named alike, and a new one is made; or put a copy of it back."

log = logging.getLogger("recueil.feedback")


class FeedbackOff(Fault):
    """Feedback is given to a service that keeps none."""


class BadFeedback(Fault):
    """The file that feedback is kept in cannot be read or written."""


class BusyFeedback(Fault):
    """The file that feedback is kept in is being written to by others; a second try may do."""


# --- Entries: what somebody says of a search, or what a search came to


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """How well somebody found that an initiative answers a question."""

    query: str
    language: Language  # of the query
    initiative: str  # id
    grade: int  # 0 (not at all) to 3 (exactly), as in the collections of the evaluation
    comment: str | None = None


class MissKind(StrEnum):
    """How it came out that something is missing."""

    NOTHING_FOUND = "nothing found"  # a search had no hit
    REFUSED = "refused"  # no sheet held an answer
    REPORTED = "reported"  # somebody said that what they looked for is not there


@dataclass(frozen=True, slots=True)
class Miss:
    """A question that the catalogue does not meet."""

    query: str
    language: Language
    kind: MissKind


Entry = TypeVar("Entry", Judgement, Miss)


@dataclass(frozen=True, slots=True)
class Kept(Generic[Entry]):
    """An entry as it is kept."""

    id: int
    at: date  # UTC; of the time, only the date is kept
    entry: Entry  # without personal data


def without_personal_data(entry: Entry) -> Entry:
    """The same entry with its texts redacted. Raises BadQuestion when nothing readable is left of the question."""
    query = redact(entry.query)
    if not any(character.isalnum() for character in query):
        mend = "Ask without names, addresses and numbers of people."
        raise BadQuestion("Nothing is left of the question without personal data", "query", mend)
    if isinstance(entry, Judgement):
        return replace(entry, query=query, comment=redact(entry.comment or "") or None)
    return replace(entry, query=query)


def judged(searcher: Searcher, query: str, initiative: str, grade: int, comment: str | None = None) -> Judgement:
    """A judgement of one hit. Raises BadQuestion and UnknownInitiative; `where` is "query" or "initiative"."""
    with _fault_of("query"):
        language = searcher.analyser.analyse(query).language
    with _fault_of("initiative"):
        id_ = searcher.catalogue.initiative(initiative).id
    return Judgement(query=query, language=language, initiative=id_, grade=grade, comment=comment)


def reported(searcher: Searcher, query: str) -> Miss:
    """What somebody says is not there. Raises BadQuestion, whose `where` is "query"."""
    with _fault_of("query"):
        analysed = searcher.analyser.analyse(query)
    return Miss(analysed.text, analysed.language, MissKind.REPORTED)


@contextmanager
def _fault_of(field: str) -> Iterator[None]:
    """Let faults name the field of the form that they are about."""
    try:
        yield
    except (BadQuestion, UnknownInitiative) as fault:
        raise type(fault)(fault.what, field, fault.mend) from None


def missed_by_search(results: Results, filters: Filters) -> Miss | None:
    """The miss of a search with nothing on the subject. Where filters narrowed it they may be the cause: then none."""
    missed = results.total == 0 and filters == NO_FILTERS
    return Miss(results.query.text, results.query.language, MissKind.NOTHING_FOUND) if missed else None


def missed_by_answer(answer: Answer, filters: Filters) -> Miss | None:
    """The miss that a refused answer is. Where filters narrowed it they may be the cause: then none."""
    missed = answer.abstained and filters == NO_FILTERS
    return Miss(answer.question, answer.language, MissKind.REFUSED) if missed else None


def question_key(query: str) -> str:
    """What all spellings of one question share: case, accents, white space and closing marks make no difference.

    Example: "  Garde d'Enfants, la nuit ?" → "garde d'enfants, la nuit"
    """
    return " ".join(fold(query).split()).strip(" ?!.…")


# --- The file


def feedback_file(var: Path) -> Path:
    """Where feedback is kept, under the folder for everything that is made."""
    return var / "feedback.sqlite"


@dataclass(frozen=True, slots=True)
class Store:
    """A file of feedback. A connection lives for one call, so threads and processes may share the file.

    Every method raises BusyFeedback when others keep the file locked, and BadFeedback when it is damaged, made by
    another program, or cannot be written.
    """

    path: Path
    days: int  # after so many, an entry is deleted
    today: Callable[[], date] = lambda: datetime.now(UTC).date()  # the same whatever the time zone of the machine
    timeout_s: float = 2.0  # to wait for another writer, which needs a few milliseconds for one entry

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
            return Kept(connection.execute(insert, row).lastrowid or 0, at, entry)

    def judgements(self) -> tuple[Kept[Judgement], ...]:
        """The judgements that have not expired, oldest first."""
        return tuple(Kept(id_, at, Judgement(**of)) for id_, at, of in self._rows("judgements", Judgement))

    def misses(self) -> tuple[Kept[Miss], ...]:
        """The misses that have not expired, oldest first."""
        rows = self._rows("misses", Miss)
        return tuple(Kept(id_, at, Miss(of["query"], of["language"], MissKind(of["kind"]))) for id_, at, of in rows)

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
        yield from ((id_, date.fromisoformat(at), dict(zip(names, of, strict=True))) for id_, at, *of in rows)

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
                form = "SELECT user_version, (SELECT count(*) FROM sqlite_master) FROM pragma_user_version"
                version, tables = connection.execute(form).fetchone()
                if (version, tables) == (0, 0):
                    connection.executescript(SCHEMA)
                elif version != SCHEMA_VERSION:
                    what = f"The file was made by another program, or by another version (schema {version})"
                    raise BadFeedback(what, str(self.path), f"Use the version that made it. {MOVE_AWAY}")
                yield connection
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
            raise  # a bug of ours
        except (OSError, sqlite3.DatabaseError) as error:
            # The first byte of the code is the error, those above it say what kind of it.
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                mend = "Try again in a moment, or close the program that has the file open."
                raise BusyFeedback("The feedback is locked by another program", str(self.path), mend) from None
            what = f"The feedback cannot be read or written: {error}"
            raise BadFeedback(what, str(self.path), MOVE_AWAY) from None


def _delete(connection: sqlite3.Connection, condition: str, *values: str) -> int:
    """Delete from both tables; "{texts}" in the condition stands for what people wrote."""
    deletes = [f"DELETE FROM {table} WHERE {condition.format(texts=texts)}" for table, texts in TEXTS.items()]
    return sum(connection.execute(delete, values).rowcount for delete in deletes)


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
    if not writing.cancelled() and (error := writing.exception()):
        # The message of what is no fault may quote the question.
        log.warning("A miss was not kept: %s", error if isinstance(error, Fault) else type(error).__name__)
