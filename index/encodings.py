"""Encodings: what an encoder made of each text, kept on the disk, so that no text is encoded twice.

    with Encodings.open(encodings_file(var, model), encoder) as encodings:
        passages = encodings.passages(texts, progress.advance)   # encodes those that are not there yet
        for encoded in passages: …                               # read from the disk, one at a time
        encodings.forget_others()                                # what no call asked for since it was opened

Texts are known by a digest of exactly what the encoder reads, so that an index of which a sheet changed is made of what
is kept and of that sheet alone, and comes out as if all had been encoded. What is encoded is kept every few seconds: a
build that is killed goes on from there. Memory holds one batch, however many texts there are.

SQLite keeps it: one row a text, in full precision (1.5 kB a token of the bundled model).
"""

import errno
import os
import re
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoded, Encoder, Vectors
from index.errors import BadIndex

BATCH = 30_000  # characters that are encoded, then kept: a few seconds of two cores

SCHEMA = """
CREATE TABLE IF NOT EXISTS encoded (
    key BLOB NOT NULL UNIQUE,   -- digest of what is read, and of how
    vector BLOB NOT NULL,       -- float32 [d]
    tokens BLOB,                -- int32 [t]; null where only the vector is kept, as are the next two
    spans BLOB,                 -- int32 [t, 2]
    states BLOB                 -- float32 [t, d']
)
"""
MEND = "Remove that file, which is only there to save time, and run `recueil build`."

Done = Callable[[int], None]
Encode = Callable[[Sequence[str], Done], Sequence[Encoded]]


@dataclass(frozen=True, slots=True)
class Effort:
    """What encoding passages has cost since the store was opened."""

    encoded: int = 0
    known: int = 0  # that were there before
    seconds: float = 0.0

    @property
    def per_minute(self) -> float:
        """Passages that were encoded in a minute."""
        return 60 * self.encoded / max(self.seconds, 1e-9)


class Encodings:
    """A store of encoded texts. Use it in one thread, as a context: leaving it closes the file."""

    def __init__(self, connection: sqlite3.Connection, where: str, encoder: Encoder) -> None:
        """Take an open store of what this encoder made; `where` is told in faults."""
        self._connection = connection
        self._where = where
        self._encoder = encoder
        self._asked: set[bytes] = set()
        self.effort = Effort()

    @classmethod
    def open(cls, path: Path, encoder: Encoder) -> "Encodings":
        """Open a store, which is made where there is none; one that cannot be read is made anew.

        Raises OSError where nothing can be written, as all that adds to it does.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return cls(_connected(str(path)), str(path), encoder)
        except BadIndex:
            remove_encodings(path)
            return cls(_connected(str(path)), str(path), encoder)

    @classmethod
    def temporary(cls, encoder: Encoder) -> "Encodings":
        """A store that ends when it is closed; SQLite keeps it in memory while it is small, then in a file."""
        return cls(_connected(""), "a temporary file", encoder)

    def __enter__(self) -> "Encodings":
        """Nothing more to do."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._connection.close()

    def passages(self, texts: Sequence[str], done: Done = lambda n: None) -> "EncodedTexts":
        """Passages, encoded; `done` is called with how many more are ready."""
        began = time.monotonic()
        encoded, more = self._all("passage", self._encoder.passages, texts, done, whole=True)
        self.effort = Effort(
            self.effort.encoded + more,
            self.effort.known + len(texts) - more,
            self.effort.seconds + time.monotonic() - began,
        )
        return encoded

    def questions(self, texts: Sequence[str], done: Done = lambda n: None) -> "EncodedTexts":
        """Questions, encoded, as `passages`; the states of their trunk are not kept."""
        return self._all("question", self._encode_questions, texts, done, whole=True)[0]

    def sentences(self, texts: Sequence[str], done: Done = lambda n: None) -> Iterator[Vectors]:
        """The sentence vectors of questions, float32 [some, d], in the order given, a part of them at a time."""
        return self._all("sentence", self._encode_questions, texts, done, whole=False)[0].vectors()

    def forget_others(self) -> None:
        """Remove every text that was not asked for since the store was opened, and give its room back."""
        with _told(self._where), self._connection:
            kept = {bytes(key) for (key,) in self._connection.execute("SELECT key FROM encoded")} - self._asked
            self._connection.executemany("DELETE FROM encoded WHERE key = ?", [(key,) for key in kept])

    def rows(self, columns: str, keys: Sequence[bytes]) -> Iterator[tuple[bytes, ...]]:
        """Some columns of the texts with these keys, in their order."""
        query = f"SELECT {columns} FROM encoded WHERE key = ?"
        with _told(self._where):
            for key in keys:
                row = self._connection.execute(query, (key,)).fetchone()
                if row is None:  # another process has removed it
                    raise BadIndex("An encoded text is gone", self._where, "Run `recueil build` again.")
                yield row

    def _all(
        self, kind: str, encode: Encode, texts: Sequence[str], done: Done, *, whole: bool
    ) -> "tuple[EncodedTexts, int]":
        """All the texts, encoded, and how many of them were not kept before."""
        keys = [_key(kind, text) for text in texts]
        missing = self._missing(keys)
        done(len(texts) - len(missing))
        self._add(encode, [(keys[at], texts[at]) for at in missing], done, whole=whole)
        return EncodedTexts(self, keys), len(missing)

    def _encode_questions(self, texts: Sequence[str], done: Done) -> Sequence[Encoded]:
        encoded = self._encoder.questions(texts)
        done(len(texts))
        return encoded

    def _missing(self, keys: Sequence[bytes]) -> list[int]:
        """The positions of the texts that are not kept, each text once."""
        self._asked.update(keys)
        with _told(self._where):
            find = self._connection.execute
            first = {key: at for at, key in reversed(list(enumerate(keys)))}
            there = {key for key in first if find("SELECT 1 FROM encoded WHERE key = ?", (key,)).fetchone()}
        return [at for at, key in enumerate(keys) if first[key] == at and key not in there]

    def _add(self, encode: Encode, wanted: Sequence[tuple[bytes, str]], done: Done, *, whole: bool) -> None:
        """Encode texts batch by batch, and keep each batch before the next."""
        for batch in _batches(wanted):
            encoded = encode([text for _, text in batch], done)
            rows = [_row(key, one, whole) for (key, _), one in zip(batch, encoded, strict=True)]
            with _told(self._where), self._connection:
                self._connection.executemany("INSERT OR IGNORE INTO encoded VALUES (?, ?, ?, ?, ?)", rows)


# What the system says where SQLite has a number of its own for it.
SYSTEM_ERRORS = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_READONLY: errno.EROFS,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
    sqlite3.SQLITE_PERM: errno.EACCES,
    sqlite3.SQLITE_IOERR: errno.EIO,
}


@contextmanager
def _told(where: str) -> Iterator[None]:
    """Turn what SQLite says of a disk into OSError, as libraries say it, and of a damaged file into BadIndex."""
    try:
        yield
    except sqlite3.OperationalError as error:
        code = SYSTEM_ERRORS.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)  # the primary one of its codes
        if code is None:
            raise
        raise OSError(code, os.strerror(code), where) from error
    except sqlite3.DatabaseError as error:
        raise BadIndex(f"The encoded texts cannot be read: {error}", where, MEND) from error


@dataclass(frozen=True)
class EncodedTexts:
    """Encoded texts of a store, in the order in which they were asked for; they can be gone through again and again."""

    store: Encodings
    keys: Sequence[bytes]

    def __len__(self) -> int:
        """How many there are."""
        return len(self.keys)

    def __iter__(self) -> Iterator[Encoded]:
        """Each of them whole, read when its turn comes."""
        for vector, tokens, spans, states in self.store.rows("vector, tokens, spans, states", self.keys):
            ids = np.frombuffer(tokens, np.int32)
            read = np.frombuffer(states, np.float32)
            yield Encoded(
                np.frombuffer(vector, np.float32),
                read.reshape(len(ids), -1) if len(ids) else read.reshape(0, len(vector) // 4),
                ids,
                np.frombuffer(spans, np.int32).reshape(-1, 2),
            )

    def spans(self) -> Iterator[NDArray[np.int32]]:
        """The spans of the tokens of each, int32 [t, 2], without reading the rest."""
        for (spans,) in self.store.rows("spans", self.keys):
            yield np.frombuffer(spans, np.int32).reshape(-1, 2)

    def vectors(self) -> Iterator[Vectors]:
        """Their sentence vectors, float32 [some, d], a part of them at a time."""
        for first in range(0, len(self.keys), 4096):
            part = self.keys[first : first + 4096]
            yield np.stack([np.frombuffer(vector, np.float32) for (vector,) in self.store.rows("vector", part)])


def remove_encodings(path: Path) -> None:
    """Remove a store and what SQLite writes beside it, if there is one."""
    for suffix in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).unlink()


def remove_outdated_encodings(path: Path) -> None:
    """Remove the stores beside this one of other preparations of its model, or other versions of what runs it."""
    alike = re.compile(rf"{re.escape(path.stem.rpartition('-')[0])}-[0-9a-f]{{16}}")
    for other in path.parent.glob("*.sqlite"):
        if other != path and alike.fullmatch(other.stem):
            remove_encodings(other)


def _connected(path: str) -> sqlite3.Connection:
    with _told(path):
        connection = sqlite3.connect(path, timeout=60)
        try:
            # Room that is given back goes back to the disk; what was kept outlives a kill, and a loss of power costs at
            # most the last of it.
            connection.execute("PRAGMA auto_vacuum = FULL")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            with connection:
                connection.execute(SCHEMA)
        except sqlite3.DatabaseError:
            connection.close()
            raise
    return connection


def _key(kind: str, text: str) -> bytes:
    return sha256(f"{kind}\0{text}".encode()).digest()


def _row(key: bytes, one: Encoded, whole: bool) -> tuple[bytes, bytes, bytes | None, bytes | None, bytes | None]:
    vector = np.ascontiguousarray(one.vector, np.float32).tobytes()
    if not whole:
        return key, vector, None, None, None
    tokens = np.ascontiguousarray(one.tokens, np.int32).tobytes()
    spans = np.ascontiguousarray(one.spans, np.int32).tobytes()
    return key, vector, tokens, spans, np.ascontiguousarray(one.states, np.float32).tobytes()


def _batches(wanted: Sequence[tuple[bytes, str]]) -> Iterator[list[tuple[bytes, str]]]:
    """Texts of `BATCH` characters together, or one that is longer."""
    batch: list[tuple[bytes, str]] = []
    length = 0
    for key, text in wanted:
        if batch and length + len(text) > BATCH:
            yield batch
            batch, length = [], 0
        batch.append((key, text))
        length += len(text)
    if batch:
        yield batch
