"""The store: judgements and misses in one SQLite file."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Generic, TypeVar

from corpus import Fault, Language
from corpus.text import fold
from feedback.calendar import BEGINNING, Calendar
from feedback.database import CALENDAR, TABLES, BadFeedback, count_entries, transaction
from feedback.redaction import redact
from search import NO_FILTERS, BadQuestion, Filters, Results, Searcher, UnknownInitiative
from search.answer import Answer

MAX_ROWS = 100_000  # of one table: far more than a year of small traffic, and strangers may not fill the disk

# All that people wrote in a row of each table.
TEXTS = {"judgements": "query || ' ' || ifnull(comment, '')", "misses": "query"}


class FeedbackOff(Fault):
    """Feedback is given to a service that keeps none."""


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
    days: int  # an entry is read on so many; then it is deleted as soon as the day is proven (`Calendar`)
    today: Callable[[], date] = lambda: datetime.now(UTC).date()  # the same whatever the time zone of the machine
    timeout_s: float = 1.5  # to wait for another writer, which needs a few milliseconds for one entry

    def add(self, entry: Entry, timeout_s: float | None = None) -> Kept[Entry]:
        """Keep an entry without its personal data, and delete what has expired.

        It may wait for another writer less than other calls. Raises BadQuestion when nothing readable is left of the
        question, BadFeedback when the store is full.
        """
        entry = without_personal_data(entry)
        table = "judgements" if isinstance(entry, Judgement) else "misses"
        with self._transaction(timeout_s) as connection:
            calendar = self._tick(connection)
            # A clock that went back, to 1970 perhaps, would date an entry so that it has expired when the clock is
            # right again. If the last entry's day was the wrong one, both are dated back when that is sure (`_tick`).
            at = max(self.today(), calendar.proven, _newest(connection))
            row = {"at": at.isoformat(), **asdict(entry)}
            if connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] >= MAX_ROWS:
                what = f"{MAX_ROWS} entries are kept already, and no more"
                raise BadFeedback(what, str(self.path), "Run `recueil feedback purge`.")
            insert = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join(f':{column}' for column in row)})"
            return Kept(connection.execute(insert, row).lastrowid or 0, at, entry)

    def judgements(self) -> tuple[Kept[Judgement], ...]:
        """The judgements that have not expired, oldest first."""
        return tuple(Kept(id_, at, Judgement(**of)) for id_, at, of in self._rows("judgements", Judgement))

    def misses(self) -> tuple[Kept[Miss], ...]:
        """The misses that have not expired, oldest first."""
        rows = self._rows("misses", Miss)
        return tuple(Kept(id_, at, Miss(of["query"], of["language"], MissKind(of["kind"]))) for id_, at, of in rows)

    def purge(self, *, trust_clock: bool = False) -> int:
        """Delete what has expired, and say how many entries that were; with `trust_clock` the day need not be proven.

        What a clock that ran ahead has dated is then dated back to the day of the clock.
        """
        if not self.path.exists():
            return 0
        with self._transaction() as connection:
            before = count_entries(connection)
            self._tick(connection, trust_clock)
            return before - count_entries(connection)

    def expired(self) -> int:
        """How many entries are read no more and not deleted yet."""
        if not self.path.exists():
            return 0
        with self._transaction() as connection:
            return count_entries(connection, "at <= ?", self._last_expired(self.today()))

    def erase(self, words: str | None = None) -> int:
        """Delete all entries, or those that hold these words, whatever their case and accents; say how many."""
        return self._erase("TRUE") if words is None else self._erase("instr(folded({texts}), ?)", fold(words))

    def kept_until(self, at: date) -> date:
        """The last day on which an entry of a day is there."""
        return at + timedelta(days=self.days - 1)

    def _last_expired(self, today: date) -> str:
        return (today - timedelta(days=self.days)).isoformat()

    def _tick(self, connection: sqlite3.Connection, trust_clock: bool = False) -> Calendar:
        """Take note of what the clock says, and delete what had expired on the day that is proven by now."""
        today = self.today()
        before = _calendar(connection) or Calendar(BEGINNING, today)
        after = Calendar.at(today) if trust_clock else before.after(today)
        connection.execute(
            "INSERT OR REPLACE INTO calendar VALUES (1, ?, ?)", (after.proven.isoformat(), after.watched.isoformat())
        )
        if trust_clock or after.proven > before.proven:
            # What was written while the clock ran ahead is of today at the latest.
            for table in TABLES:
                connection.execute(f"UPDATE {table} SET at = :today WHERE at > :today", {"today": today.isoformat()})
        _delete(connection, "at <= ?", self._last_expired(after.proven))
        return after

    def _rows(self, table: str, entry: type[Judgement | Miss]) -> Iterator[tuple[int, date, dict[str, Any]]]:
        """Id, date and fields of the entries that have not expired. Makes no file where there is none."""
        if not self.path.exists():
            return
        names = [field.name for field in fields(entry)]
        select = f"SELECT id, at, {', '.join(names)} FROM {table} WHERE at > ? ORDER BY id"
        with self._transaction() as connection:
            rows = connection.execute(select, (self._last_expired(self.today()),)).fetchall()
        yield from ((id_, date.fromisoformat(at), dict(zip(names, of, strict=True))) for id_, at, *of in rows)

    def _erase(self, condition: str, *values: str) -> int:
        if not self.path.exists():
            return 0
        with self._transaction() as connection:
            return _delete(connection, condition, *values)

    @contextmanager
    def _transaction(self, timeout_s: float | None = None) -> Iterator[sqlite3.Connection]:
        with transaction(self.path, self.timeout_s if timeout_s is None else timeout_s) as connection:
            yield connection


def _calendar(connection: sqlite3.Connection) -> Calendar | None:
    """What the clock has come to so far; None in a file that is new, or of version 0.1, which now gets the table."""
    connection.execute(CALENDAR)
    row = connection.execute("SELECT proven, watched FROM calendar").fetchone()
    return Calendar(*map(date.fromisoformat, row)) if row else None


def _newest(connection: sqlite3.Connection) -> date:
    """The latest day of any entry."""
    days = [connection.execute(f"SELECT max(at) FROM {table}").fetchone()[0] for table in TABLES]
    return max((date.fromisoformat(day) for day in days if day), default=BEGINNING)


def _delete(connection: sqlite3.Connection, condition: str, *values: str) -> int:
    """Delete from both tables; "{texts}" in the condition stands for what people wrote."""
    deletes = [f"DELETE FROM {table} WHERE {condition.format(texts=texts)}" for table, texts in TEXTS.items()]
    return sum(connection.execute(delete, values).rowcount for delete in deletes)
