"""Feedback: what is said and missed; one private SQLite file, texts without personal data, everything goes in time."""

import os
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback import (
    BadFeedback,
    BusyFeedback,
    Judgement,
    Miss,
    MissKind,
    Store,
    Writer,
    feedback_file,
    judged,
    missed_by_answer,
    missed_by_search,
    question_key,
    reported,
)
from feedback.calendar import BEGINNING, PROOF, Calendar
from feedback.store import MAX_ROWS
from feedback.writer import MAX_WAITING
from search import NO_FILTERS, BadQuestion, Filters, Searcher, UnknownInitiative
from search.answer import Answer, MadeBy, Verdict

TODAY = date(2026, 3, 15)
HERE = "192.0.2.7"
PHOTO = Judgement(
    query="un atelier photo",
    language="fr",
    initiative="recueil-2018-atelier-photo-33",
    grade=3,
    comment="Très proche.",
)
NIGHT = Miss("garde d'enfants la nuit", "fr", MissKind.NOTHING_FOUND)


@pytest.fixture(scope="module")
def small(almanac) -> Searcher:
    return almanac.searcher()


def answer_of(verdict):
    return Answer(
        question="où loger ?",
        language="fr",
        verdict=verdict,
        confidence=0.1,
        statements=(),
        citations=(),
        path=MadeBy.EXTRACTIVE,
        fallback=None,
        removed=0,
        took_ms=1.0,
    )


# --- what somebody says ---


def test_a_judgement_knows_the_language_of_its_question(small):
    first = small.catalogue.initiatives[0].id
    assert judged(small, "un bus pour voir le médecin", first, 3) == Judgement(
        query="un bus pour voir le médecin", language="fr", initiative=first, grade=3
    )
    assert judged(small, "who helps the young people with housing?", first, 0, "No.").language == "en"


def test_a_report_is_a_miss_with_the_white_space_of_its_question_folded(small):
    assert reported(small, "  garde d'enfants \n la nuit ") == replace(NIGHT, kind=MissKind.REPORTED)


@pytest.mark.parametrize("query", ["", " ?! ", "x" * 1001])
def test_a_question_that_cannot_be_read_is_refused_by_the_name_of_its_field(small, query):
    for give in (lambda: judged(small, query, small.catalogue.initiatives[0].id, 3), lambda: reported(small, query)):
        with pytest.raises(BadQuestion, match="Ask in a few words") as refused:
            give()
        assert refused.value.where == "query"


def test_a_judgement_of_an_unknown_initiative_is_refused_by_the_name_of_its_field(small):
    with pytest.raises(UnknownInitiative, match=r"There is no initiative 'nobody' \(initiative\)"):
        judged(small, "un bus", "nobody", 3)


# --- what a search came to ---


def test_a_search_with_nothing_on_the_subject_is_a_miss_and_one_with_hits_is_none(small):
    results = small.search("un bus pour voir le médecin")
    assert missed_by_search(replace(results, total=0, hits=()), NO_FILTERS) == Miss(
        "un bus pour voir le médecin", "fr", MissKind.NOTHING_FOUND
    )
    assert results.hits
    assert missed_by_search(results, NO_FILTERS) is None


def test_a_refused_answer_is_a_miss_and_one_that_was_given_is_none():
    assert missed_by_answer(answer_of(Verdict.REFUSED), NO_FILTERS) == Miss("où loger ?", "fr", MissKind.REFUSED)
    assert missed_by_answer(answer_of(Verdict.ANSWERED), NO_FILTERS) is None
    assert missed_by_answer(answer_of(Verdict.CLOSEST), NO_FILTERS) is None


def test_where_filters_may_be_the_cause_nothing_is_missed(small):
    narrowed = Filters(departement=("33",))
    assert missed_by_search(replace(small.search("un bus"), hits=()), narrowed) is None
    assert missed_by_answer(answer_of(Verdict.REFUSED), narrowed) is None


# --- one question in many spellings ---


@pytest.mark.parametrize("query", ["Où est l'été ?", "ou  est\tl'ete", "OÙ EST L'ÉTÉ…", " où est l'été !"])
def test_case_accents_spaces_and_closing_marks_make_no_other_question(query):
    assert question_key(query) == "ou est l'ete"


def test_other_words_are_another_question():
    assert question_key("où est l'hiver") != question_key("où est l'été")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(feedback_file(tmp_path / "var"), 365, lambda: TODAY)


def days_later(store: Store, days: int) -> Store:
    return replace(store, today=lambda: TODAY + timedelta(days=days))


def bytes_on_disk(store: Store) -> bytes:
    return b"".join(path.read_bytes() for path in store.path.parent.glob("feedback*"))


# --- what is kept ---


def test_what_is_given_is_kept_with_the_date_and_no_time(store):
    assert store.add(PHOTO).entry == PHOTO
    store.add(replace(PHOTO, comment=None))
    store.add(NIGHT)
    first, second = store.judgements()
    assert (first.at, first.entry, second.entry) == (TODAY, PHOTO, replace(PHOTO, comment=None))
    (miss,) = store.misses()
    assert (miss.at, miss.entry, type(miss.at)) == (TODAY, NIGHT, date)


def test_the_file_holds_these_columns_and_no_other(store):
    store.add(PHOTO)
    with sqlite3.connect(store.path) as connection:
        columns = {
            table: [column for _, column, *_ in connection.execute(f"PRAGMA table_info({table})")]
            for table in ("judgements", "misses", "calendar")
        }
    connection.close()
    assert columns == {
        "judgements": ["id", "at", "query", "language", "initiative", "grade", "comment"],
        "misses": ["id", "at", "query", "language", "kind"],
        "calendar": ["id", "proven", "watched"],
    }


def test_where_nothing_was_kept_there_is_nothing_and_no_file_is_made(store):
    assert (store.judgements(), store.misses(), store.purge(), store.erase()) == ((), (), 0, 0)
    assert not store.path.exists()


def test_nobody_else_on_the_machine_may_read_the_file(store):
    before = os.umask(0)
    try:
        store.add(PHOTO)
    finally:
        os.umask(before)
    assert store.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("text", ["'; DROP TABLE judgements; --", 'a" OR 1=1', "%s ? :x", "🚌 " * 50])
def test_whatever_is_written_stays_text(store, text):
    store.add(replace(PHOTO, query=f"bus {text}".strip(), comment=text))
    assert [kept.entry.comment for kept in store.judgements()] == [text.strip()]


@pytest.mark.parametrize("attempt", range(8))
def test_threads_may_write_at_once_from_the_very_first_entry_on(store, attempt):
    with ThreadPoolExecutor(4) as threads:
        for written in [threads.submit(store.add, NIGHT) for _ in range(12)]:
            written.result()
    assert len(store.misses()) == 12


def test_question_and_comment_are_both_redacted(store):
    kept = store.add(replace(PHOTO, query="un bus, 0612345678", comment="a@b.fr")).entry
    assert (kept.query, kept.comment) == ("un bus,", None)
    assert b"0612345678" not in bytes_on_disk(store)
    assert b"a@b.fr" not in bytes_on_disk(store)


def test_a_question_of_which_nothing_is_left_is_not_kept(store):
    with pytest.raises(BadQuestion, match="Nothing is left of the question"):
        store.add(replace(NIGHT, query="0612345678"))
    assert store.misses() == ()


# --- how it goes ---


def test_an_entry_is_there_for_as_many_days_as_are_set(store):
    store.add(PHOTO)
    assert store.kept_until(TODAY) == date(2027, 3, 14)
    assert len(days_later(store, 364).judgements()) == 1
    assert days_later(store, 365).judgements() == ()


def test_a_write_deletes_what_has_expired_when_the_clock_has_gone_on_for_a_week(store):
    store.add(PHOTO)
    store.add(NIGHT)
    for later in (365, 372):
        assert b"un atelier photo" in bytes_on_disk(store)
        days_later(store, later).add(replace(PHOTO, query="un bus"))
    assert b"un atelier photo" not in bytes_on_disk(store)
    assert b"garde d'enfants" not in bytes_on_disk(store)
    assert len(days_later(store, 372).judgements()) == 2


def test_a_store_that_is_written_to_every_day_deletes_within_two_weeks_of_the_term(store):
    short = replace(store, days=10)
    short.add(PHOTO)
    for later in range(1, 10 + 2 * PROOF.days):
        days_later(short, later).add(NIGHT)
    assert b"un atelier photo" not in bytes_on_disk(store)


def test_a_purge_deletes_what_has_expired_and_says_how_much(store):
    store.add(PHOTO)
    store.add(NIGHT)
    assert (store.purge(), days_later(store, 400).purge(), days_later(store, 400).expired()) == (0, 0, 2)
    assert days_later(store, 407).purge() == 2
    assert b"photo" not in bytes_on_disk(store)


def test_whoever_is_sure_of_the_clock_deletes_what_has_expired_at_once(store):
    store.add(PHOTO)
    assert days_later(store, 400).purge(trust_clock=True) == 1
    assert b"photo" not in bytes_on_disk(store)


# --- a clock that is wrong ---


@pytest.mark.parametrize("wrong", [-20_000, -400, -30, 30, 400, 40_000])
def test_one_wrong_reading_of_the_clock_deletes_nothing_and_lets_nothing_expire(store, wrong):
    store.add(PHOTO)
    kept = days_later(store, wrong).add(NIGHT)
    assert kept.at >= TODAY
    for later in range(1, 30):
        days_later(store, later).add(replace(NIGHT, query="un bus"))
    assert [one.entry for one in days_later(store, 30).judgements()] == [PHOTO]
    assert len(days_later(store, 30).misses()) == 30
    assert max(one.at for one in days_later(store, 30).misses()) <= TODAY + timedelta(days=30)


@given(st.lists(st.integers(-1_000, 1_000), max_size=8), st.integers(-10_000, 10_000))
def test_no_day_is_proven_by_a_single_reading(days, wrong):
    """Whatever clocks said before and after: without the one reading, no earlier day would be proven."""
    right = sorted(days)
    for at in range(len(right) + 1):
        calendar = Calendar(BEGINNING, TODAY - timedelta(days=1_000))
        for day in (*right[:at], wrong, *right[at:]):
            calendar = calendar.after(TODAY + timedelta(days=day))
        assert calendar.proven <= TODAY + timedelta(days=max(right, default=-1_000))


def test_a_clock_that_stays_ahead_for_a_week_is_believed(store):
    store.add(PHOTO)
    for later in (400, 403, 407):
        days_later(store, later).add(NIGHT)
    assert b"un atelier photo" not in bytes_on_disk(store)


def test_what_holds_certain_words_is_erased_and_leaves_no_trace_in_the_file(store):
    store.add(PHOTO)
    store.add(replace(PHOTO, query="un bus", comment="Vu à l'ÉCOLE de Lise"))
    store.add(replace(NIGHT, query="l'école de lise"))
    assert store.erase("Ecole de Lise") == 2
    assert [kept.entry for kept in store.judgements()] == [PHOTO]
    assert b"Lise" not in bytes_on_disk(store)


def test_everything_can_be_erased(store):
    store.add(PHOTO)
    store.add(NIGHT)
    assert store.erase() == 2
    assert (store.judgements(), store.misses()) == ((), ())


def test_strangers_cannot_fill_the_disk(store, monkeypatch):
    monkeypatch.setattr("feedback.store.MAX_ROWS", 2)
    store.add(NIGHT)
    store.add(NIGHT)
    with pytest.raises(BadFeedback, match=r"2 entries are kept already.*recueil feedback purge"):
        store.add(NIGHT)
    store.add(PHOTO)
    assert MAX_ROWS == 100_000


# --- what goes wrong ---


def test_a_locked_file_is_a_fault_that_says_so(store):
    store.add(PHOTO)
    hasty = replace(store, timeout_s=0.05)
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(BusyFeedback, match=r"locked by another program.*feedback\.sqlite.*Try again"):
            hasty.add(PHOTO)
        assert len(hasty.judgements()) == 1  # reading goes on
    finally:
        other.close()
    hasty.add(PHOTO)
    assert len(store.judgements()) == 2


@pytest.mark.parametrize(
    "content", [b"this is no database, and it is long enough to be looked at. " * 20, b"SQLite format 3\x00"]
)
def test_a_file_that_is_no_database_is_a_fault_that_says_what_to_do(store, content):
    store.path.parent.mkdir()
    store.path.write_bytes(content)
    for use in (lambda: store.add(PHOTO), store.judgements, store.misses, store.purge, store.erase):
        with pytest.raises(BadFeedback, match=r"cannot be read or written.*feedback\.sqlite.*Move the file away"):
            use()
    assert store.path.read_bytes() == content


def test_a_page_that_is_damaged_is_a_fault(store):
    for number in range(20):
        store.add(replace(NIGHT, query=f"question nombre {number} " * 40))
    content = bytearray(store.path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    store.path.write_bytes(content)
    with pytest.raises(BadFeedback, match=r"cannot be read or written"):
        store.misses()


def test_the_database_of_another_program_is_left_alone(store):
    store.path.parent.mkdir()
    with sqlite3.connect(store.path) as other:
        other.execute("CREATE TABLE books (title TEXT)")
    other.close()
    with pytest.raises(BadFeedback, match="made by another program, or by another version"):
        store.add(PHOTO)


def test_the_database_of_a_later_version_is_left_alone(store):
    store.add(PHOTO)
    with sqlite3.connect(store.path) as later:
        later.execute("PRAGMA user_version = 2")
    later.close()
    with pytest.raises(BadFeedback, match=r"another version \(schema 2\).*Use the version that made it"):
        store.judgements()


def test_a_folder_that_cannot_be_made_is_a_fault(tmp_path):
    (tmp_path / "var").write_text("a file", encoding="utf-8")
    with pytest.raises(BadFeedback, match="cannot be read or written"):
        Store(feedback_file(tmp_path / "var"), 365).add(PHOTO)


class FullDisk(sqlite3.Connection):
    """A connection that gets no page beyond the four that the empty tables need."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.execute("PRAGMA max_page_count = 4")


def test_a_full_disk_is_a_fault_and_what_was_kept_is_still_there(store, monkeypatch):
    half_a_page = replace(PHOTO, query="un bus " * 140, comment="loin d'ici " * 90)
    kept = store.add(half_a_page)
    with monkeypatch.context() as patched:
        patched.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=FullDisk))
        store.add(PHOTO)
        with pytest.raises(BadFeedback, match=r"cannot be read or written: database or disk is full"):
            store.add(half_a_page)
    assert [one.entry for one in store.judgements()] == [kept.entry, PHOTO]


# --- files of version 0.1 ---

VERSION_0_1 = """
    PRAGMA journal_mode = WAL;
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
        kind TEXT NOT NULL CHECK (kind IN ('nothing found', 'refused', 'reported'))
    ) STRICT;
    PRAGMA user_version = 1;
    INSERT INTO judgements VALUES (1, '2026-03-01', 'un bus', 'fr', 'bus', 2, NULL, 'words', 'full');
    INSERT INTO misses VALUES (1, '2026-03-02', 'une barque', 'fr', 'refused');
"""


@pytest.fixture
def old_store(store):
    store.path.parent.mkdir()
    old = sqlite3.connect(store.path)
    old.executescript(VERSION_0_1)
    old.close()
    return store


def test_a_file_of_version_0_1_is_read_and_goes_on(old_store):
    old_store.add(PHOTO)
    old_store.add(NIGHT)
    bus = Judgement(query="un bus", language="fr", initiative="bus", grade=2)
    assert [(kept.at, kept.entry) for kept in old_store.judgements()] == [(date(2026, 3, 1), bus), (TODAY, PHOTO)]
    assert [kept.entry for kept in old_store.misses()] == [Miss("une barque", "fr", MissKind.REFUSED), NIGHT]


def test_what_is_erased_leaves_no_trace_in_a_file_of_version_0_1(old_store):
    old_store.add(replace(PHOTO, query="le vélo de Lise"))
    assert old_store.erase("lise") == 1
    assert old_store.erase("un bus") == 1
    assert (b"Lise" in bytes_on_disk(old_store), b"un bus" in bytes_on_disk(old_store)) == (False, False)
    assert len(old_store.misses()) == 1


# --- the writer ---


@contextmanager
def locked(store):
    """Another program that keeps the file locked."""
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.close()


@pytest.fixture
def slow(store):
    """The store on a disk that does not answer before it is told to."""

    class SlowStore(Store):
        begun, answers = threading.Event(), threading.Event()

        def add(self, entry, timeout_s=None):
            self.begun.set()
            self.answers.wait(10)
            return store.add(entry)

    return SlowStore(store.path, store.days, store.today)


def test_a_writer_writes_on_its_own_thread_and_finishes_when_it_is_closed(store):
    writer = Writer(store, 100)
    assert writer.write(PHOTO, HERE).result(5).entry == PHOTO
    writer.write_later(NIGHT, HERE)
    writer.close()
    assert len(store.misses()) == 1


def test_a_slow_disk_makes_nobody_wait_and_drops_misses_rather_than_piling_them_up(store, slow, caplog):
    writer = Writer(slow, 100)
    began = time.monotonic()
    for _ in range(MAX_WAITING + 3):
        writer.write_later(NIGHT, HERE)
    with pytest.raises(BusyFeedback, match="waits to be written"):
        writer.write(PHOTO, HERE)
    assert time.monotonic() - began < 1
    slow.answers.set()
    writer.close()
    assert len(store.misses()) == MAX_WAITING
    assert caplog.text.count("A miss was not kept") == 3
    assert "garde" not in caplog.text


def test_forty_writers_at_a_locked_file_hear_so_together_and_not_one_after_the_other(store, monkeypatch):
    monkeypatch.setattr("feedback.writer.LONGEST_WAIT_S", 0.2)
    store.add(PHOTO)
    tries, real = [], Store.add
    monkeypatch.setattr(Store, "add", lambda *given: tries.append(given) or real(*given))
    writer, writing, told = Writer(store, 100), [], 0
    with locked(store):
        for _ in range(40):
            try:
                writing.append(writer.write(NIGHT, HERE))
            except BusyFeedback:
                told += 1
        assert {type(one.exception(10)) for one in writing} == {BusyFeedback}
    assert (len(writing), told) == (MAX_WAITING, 40 - MAX_WAITING)
    assert len(tries) < 3  # whoever comes behind those that waited for the lock does not wait for it again
    assert writer.write(NIGHT, HERE).result(10).entry == NIGHT
    writer.close()


def test_the_end_of_a_service_waits_for_a_slow_disk_only_so_long_and_drops_the_rest(store, slow, monkeypatch):
    monkeypatch.setattr("feedback.writer.GRACE_S", 0.05)
    writer = Writer(slow, 100)
    for _ in range(3):
        writer.write_later(NIGHT, HERE)
    assert slow.begun.wait(10)
    threading.Timer(0.2, slow.answers.set).start()
    writer.close()
    assert len(store.misses()) == 1  # the one that was being written


def test_a_miss_that_cannot_be_kept_stands_in_the_log_without_its_question(tmp_path, caplog):
    (tmp_path / "var").write_text("a file", encoding="utf-8")
    writer = Writer(Store(feedback_file(tmp_path / "var"), 365), 100)
    writer.write_later(NIGHT, HERE)
    writer.close()
    assert "A miss was not kept" in caplog.text
    assert "garde" not in caplog.text
