"""The store of feedback: one private SQLite file, texts without personal data, and everything goes in time."""

import os
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import BadQuestion
from search.feedback import writer as writing
from search.feedback.entry import GivenJudgement, Miss, MissKind
from search.feedback.fault import BadFeedback, BusyFeedback
from search.feedback.redaction import LONGEST, redact
from search.feedback.store import MOST_ROWS, Store, feedback_file, without_personal_data
from search.feedback.writer import MOST_WAITING, Writer

TODAY = date(2026, 3, 15)
PHOTO = GivenJudgement("un atelier photo", "fr", "recueil-2018-atelier-photo-33", 3, "Très proche.")
NIGHT = Miss("garde d'enfants la nuit", "fr", MissKind.NOTHING_FOUND)


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
    store.add(replace(PHOTO, comment=None, system="full", against="words"))
    store.add(NIGHT)
    first, second = store.judgements()
    assert (first.at, first.entry, second.entry.system, second.entry.against) == (TODAY, PHOTO, "full", "words")
    (miss,) = store.misses()
    assert (miss.at, miss.entry, type(miss.at)) == (TODAY, NIGHT, date)


def test_the_file_holds_these_columns_and_no_other(store):
    store.add(PHOTO)
    with sqlite3.connect(store.path) as connection:
        columns = {
            table: [column for _, column, *_ in connection.execute(f"PRAGMA table_info({table})")]
            for table in ("judgements", "misses")
        }
    connection.close()
    assert columns == {
        "judgements": ["id", "at", "query", "language", "initiative", "grade", "comment", "system", "against"],
        "misses": ["id", "at", "query", "language", "kind"],
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


# --- how it goes ---


def test_an_entry_is_there_for_as_many_days_as_are_set(store):
    store.add(PHOTO)
    assert store.kept_until(TODAY) == date(2027, 3, 14)
    assert len(days_later(store, 364).judgements()) == 1
    assert days_later(store, 365).judgements() == ()


def test_every_write_deletes_what_has_expired(store):
    store.add(PHOTO)
    store.add(NIGHT)
    days_later(store, 365).add(replace(PHOTO, query="un bus"))
    assert b"un atelier photo" not in bytes_on_disk(store)
    assert b"garde d'enfants" not in bytes_on_disk(store)
    assert len(days_later(store, 365).judgements()) == 1


def test_a_purge_deletes_what_has_expired_and_says_how_much(store):
    store.add(PHOTO)
    store.add(NIGHT)
    assert store.purge() == 0
    assert days_later(store, 400).purge() == 2
    assert b"photo" not in bytes_on_disk(store)


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
    monkeypatch.setattr("search.feedback.store.MOST_ROWS", 2)
    store.add(NIGHT)
    store.add(NIGHT)
    with pytest.raises(BadFeedback, match=r"2 entries are kept already.*recueil feedback purge"):
        store.add(NIGHT)
    store.add(PHOTO)
    assert MOST_ROWS == 100_000


# --- what goes wrong ---


def test_a_locked_file_is_a_fault_that_says_so(store):
    store.add(PHOTO)
    hasty = replace(store, patience_s=0.05)
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
    content[4096:] = os.urandom(len(content) - 4096)
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


# --- the writer ---


class SlowStore(Store):
    """A store on a disk that does not answer before it is told to."""

    answers = threading.Event()

    def add(self, entry):
        self.answers.wait(10)
        return super().add(entry)


def test_a_writer_writes_on_its_own_thread_and_finishes_when_it_is_closed(store):
    writer = Writer(store)
    assert writer.write(PHOTO).result(5).entry == PHOTO
    writer.write_later(NIGHT)
    writer.close()
    assert len(store.misses()) == 1


def test_a_slow_disk_makes_nobody_wait_and_loses_misses_rather_than_piling_them_up(store, caplog):
    slow = SlowStore(store.path, store.days, store.today)
    writer = Writer(slow)
    began = time.monotonic()
    for _ in range(MOST_WAITING + 3):
        writer.write_later(NIGHT)
    with pytest.raises(BusyFeedback, match="waits to be written"):
        writer.write(PHOTO)
    assert time.monotonic() - began < 1
    slow.answers.set()
    writer.close()
    assert len(store.misses()) == MOST_WAITING
    assert caplog.text.count("A miss was not kept") == 3
    assert "garde" not in caplog.text


def test_the_end_of_a_service_waits_for_a_dead_disk_only_so_long(store, monkeypatch):
    monkeypatch.setattr(writing, "GRACE_S", 0.05)
    slow = SlowStore(store.path, store.days, store.today)
    slow.answers.clear()
    writer = Writer(slow)
    writer.write_later(NIGHT)
    threading.Timer(0.2, slow.answers.set).start()
    writer.close()


def test_a_miss_that_cannot_be_kept_stands_in_the_log_without_its_question(tmp_path, caplog):
    (tmp_path / "var").write_text("a file", encoding="utf-8")
    writer = Writer(Store(feedback_file(tmp_path / "var"), 365))
    writer.write_later(NIGHT)
    writer.close()
    assert "A miss was not kept" in caplog.text
    assert "garde" not in caplog.text


# --- redaction ---


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("écrire à jean.dupont@gard.fr pour un bus", "écrire à pour un bus"),
        ("jean.dupont (at) gard point fr ou jean@ gard.fr", "ou"),
        ("suivez @lise_a sur https://example.org/lise", "suivez sur"),
        ("rappeler au 06 12 34 56 78 ou +33 (0)6.12.34.56.78", "rappeler au ou"),
        ("tél 0612345678, 06-12-34-56-78", "tél ,"),
        ("０６ １２ ３４ ５６ ７８", ""),
        ("06\u200b12\u00ad345678", ""),
        ("mon numéro 1 84 12 76 451 089 46", "mon numéro"),
        ("numéro 2 69 05 2A 588 157 80", "numéro"),
        ("dossier 12345678", "dossier"),
        ("FR76 3000 6000 0112 3456 7890 189", ""),
        ("né le 12/03/1985 à Nîmes", "né le à Nîmes"),
        ("aide pour Mme Anne ROY et M. Jean-Paul de la Tour", "aide pour et"),
        ("mme dupont, monsieur durand", ","),
        ("MM. Martin et Durand", ""),
        ("Dr Knock", ""),
        ("je m'appelle Lise", ""),
        ("my name is John Smith and I need help", "and I need help"),
        ("j'habite 12 bis rue des Lilas", "j'habite"),
    ],
)
def test_what_may_tell_who_somebody_is_goes(text, left):
    assert redact(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "budget 2015-2018 et 2019, 2020 2021",
        "1 500 000 euros pour 45 000 bénéficiaires",
        "madame la présidente et monsieur le maire de Nîmes",
        "un mur de 3 m. de haut",
        "docteur en médecine",
        "what do we miss here?",
        "place du village à Bordeaux (33000)",
        "hébergement des femmes sans domicile en Seine-Saint-Denis",
        "loi du 2 janvier 2002",
        "RSA, PCH & APA: who decides?",
    ],
)
def test_what_tells_nothing_of_anybody_stays(text):
    assert redact(text) == text


ODD_TEXT = st.text(max_size=80, alphabet=st.characters(exclude_categories=()))
DIGITS = st.lists(st.integers(0, 9), min_size=8, max_size=8)
SEPARATORS = st.lists(st.sampled_from(["", " ", ".", "-", " . "]), min_size=9, max_size=9)


@given(ODD_TEXT)
def test_redaction_done_twice_changes_nothing(text):
    assert redact(redact(text)) == redact(text)


@given(
    ODD_TEXT,
    st.from_regex(r"[a-z]{1,8}(\.[a-z]{1,8})?@[a-z]{1,8}\.(fr|com|org)", fullmatch=True),
    ODD_TEXT,
)
def test_no_address_passes_whatever_stands_around_it(before, address, after):
    assert "@" not in redact(f"{before} {address} {after}")


@given(DIGITS, SEPARATORS, st.sampled_from(["06", "+336", "00336", "01", "07"]))
def test_no_telephone_number_passes_however_it_is_set_off(digits, separators, start):
    number = start + "".join(f"{separator}{digit}" for separator, digit in zip(separators, digits, strict=False))
    assert redact(f"un bus {number} à la demande") == "un bus à la demande"


@given(
    st.sampled_from(["Mme", "M.", "Monsieur", "madame", "Mlle", "Mrs", "Dr"]),
    st.from_regex(r"[A-Z][a-z]{2,9}", fullmatch=True),
)
def test_no_titled_name_passes(title, name):
    assert name not in redact(f"un logement pour {title} {name}, en Gironde").split()


@pytest.mark.parametrize(
    "piece", ["a", "1 ", "mme ", "@ ", "a.-", "M. A ", "1 rue a ", "2018 ", "mme de la ", "1/1/", "FR76 0000 "]
)
def test_no_text_keeps_the_patterns_busy(piece):
    began = time.monotonic()
    assert len(redact(piece * 1000)) <= LONGEST
    assert time.monotonic() - began < 1


def test_question_and_comment_are_both_redacted(store):
    kept = store.add(replace(PHOTO, query="un bus, 0612345678", comment="a@b.fr")).entry
    assert (kept.query, kept.comment) == ("un bus,", None)
    assert b"0612345678" not in bytes_on_disk(store)
    assert b"a@b.fr" not in bytes_on_disk(store)


def test_a_question_of_which_nothing_is_left_is_not_kept(store):
    with pytest.raises(BadQuestion, match="Nothing is left of the question"):
        store.add(replace(NIGHT, query="0612345678"))
    assert store.misses() == ()
    assert without_personal_data(NIGHT) == NIGHT
