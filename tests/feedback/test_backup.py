"""Copies of the store: made and taken back while others write, whole or not at all, for their own user alone."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from feedback import BadFeedback, Miss, MissKind, Store, back_up, check, feedback_file, restore

NIGHT = Miss("garde d'enfants la nuit", "fr", MissKind.NOTHING_FOUND)
BUS = replace(NIGHT, query="un bus de nuit")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(feedback_file(tmp_path / "var"), 365, timeout_s=10)


def queries(store: Store) -> list[str]:
    return [kept.entry.query for kept in store.misses()]


def test_a_copy_holds_what_the_store_held_and_brings_it_back(store, tmp_path):
    store.add(NIGHT)
    assert back_up(store, tmp_path / "copy") == 1
    store.add(BUS)
    with pytest.raises(BadFeedback, match=r"holds 2 entries.*--replace"):
        restore(store, tmp_path / "copy")
    assert restore(store, tmp_path / "copy", replace=True) == 1
    assert queries(store) == [NIGHT.query]


def test_a_copy_is_taken_back_where_nothing_is_kept_yet(store, tmp_path):
    store.add(NIGHT)
    back_up(store, tmp_path / "copy")
    moved = Store(feedback_file(tmp_path / "other"), 365)
    assert restore(moved, tmp_path / "copy") == 1
    assert (queries(moved), moved.path.stat().st_mode & 0o777) == ([NIGHT.query], 0o600)


def test_nothing_that_was_acknowledged_is_missing_from_a_copy_made_while_others_write(store, tmp_path):
    store.add(NIGHT)
    enough, acknowledged = Event(), []

    def write():
        while not enough.is_set():
            store.add(BUS)
            acknowledged.append(BUS)

    with ThreadPoolExecutor(2) as threads:
        writing = [threads.submit(write)]
        counts = []
        for number in range(3):
            before = len(acknowledged)
            counts.append((before, back_up(store, tmp_path / f"copy-{number}"), number))
        enough.set()
        for one in writing:
            one.result(30)
    for before, copied, number in counts:
        assert before < copied
        check(Store(tmp_path / f"copy-{number}", 365))
    assert len(queries(store)) == len(acknowledged) + 1


def test_a_service_goes_on_with_what_was_taken_back_under_it(store, tmp_path):
    store.add(NIGHT)
    back_up(store, tmp_path / "copy")
    with ThreadPoolExecutor(2) as threads:
        writing = [threads.submit(store.add, BUS) for _ in range(8)]
        restore(store, tmp_path / "copy", replace=True)
        for one in writing:
            one.result(30)
    store.add(BUS)
    assert queries(store)[0] == NIGHT.query
    check(store)


def test_a_copy_is_for_its_own_user_and_never_takes_the_place_of_a_file(store, tmp_path):
    store.add(NIGHT)
    back_up(store, tmp_path / "copy")
    assert (tmp_path / "copy").stat().st_mode & 0o777 == 0o600
    with pytest.raises(BadFeedback, match="a file of this name already"):
        back_up(store, tmp_path / "copy")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy", "var"]


def test_where_nothing_is_kept_there_is_nothing_to_copy(store, tmp_path):
    with pytest.raises(BadFeedback, match="Nothing is kept yet"):
        back_up(store, tmp_path / "copy")
    assert list(tmp_path.iterdir()) == []


def another_program(path: Path) -> None:
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE books (title TEXT)")
    other.close()


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (lambda path: None, "There is no copy"),
        (lambda path: path.write_bytes(b""), "The file is empty"),
        (lambda path: path.write_bytes(b"no database " * 100), "cannot be read or written"),
        (another_program, "made by another program"),
    ],
)
def test_what_is_no_sound_copy_is_refused_and_the_store_stays(store, tmp_path, make, what):
    store.add(NIGHT)
    make(tmp_path / "copy")
    with pytest.raises(BadFeedback, match=what):
        restore(store, tmp_path / "copy", replace=True)
    assert queries(store) == [NIGHT.query]


def test_a_damaged_page_is_found(store):
    for number in range(20):
        store.add(replace(NIGHT, query=f"question nombre {number} " * 40))
    content = bytearray(store.path.read_bytes())
    content[8192:] = b"\xa5" * (len(content) - 8192)
    store.path.write_bytes(content)
    with pytest.raises(BadFeedback, match=r"damaged|cannot be read"):
        check(store)
