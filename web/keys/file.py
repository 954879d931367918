"""The file of keys: for its own user alone, written whole or not at all, read again when it has changed."""

import fcntl
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hmac import compare_digest
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from corpus import flush_to_disk, write_whole
from web.keys.key import MOST_DAYS, NAME, BadKeys, Key, Scope, UnknownKey, digest_of, new_secret

MODE = 0o600
OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
OTHERS_READ = stat.S_IRGRP | stat.S_IROTH
MAKE_ANEW = "Move the file away and make the keys anew with `recueil keys add`."

# What tells one writing of the file from the next.
Signature = tuple[int, int, int, int]


def keys_file(var: Path) -> Path:
    """Where keys are kept, under the folder for everything that is made."""
    return var / "keys.json"


@dataclass(frozen=True, slots=True)
class Kept:
    """What the file holds."""

    format: Literal[1]
    keys: tuple[Key, ...]  # in the order in which they were made


_KEPT = TypeAdapter(Kept)


def _today() -> date:
    return datetime.now(UTC).date()


class KeyFile:
    """The keys of a service. Threads and processes may share the file.

    Every method raises BadKeys when the file is damaged, cannot be read or written, or can be written by others, who
    could give themselves any key.
    """

    def __init__(self, path: Path, today: Callable[[], date] = _today) -> None:
        self.path = path
        self.today = today
        self._read: tuple[Signature | None, tuple[Key, ...]] = (None, ())

    def all(self) -> tuple[Key, ...]:
        """All keys, in the order in which they were made, expired ones too; none where there is no file.

        The file is looked at (one call of the system) and read only when it has changed since.
        """
        try:
            now = self.path.stat()
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise self._unreadable(error) from None
        signature = (now.st_ino, now.st_mtime_ns, now.st_ctime_ns, now.st_size)
        if self._read[0] != signature:
            if now.st_mode & OTHERS_WRITE:
                raise BadKeys("Others may write the file of keys", str(self.path), f"Run `chmod 600 {self.path}`.")
            self._read = (signature, self._keys())
        return self._read[1]

    def of(self, secret: str) -> Key | None:
        """The key that this is, None for one that there is not or that has expired.

        The digest is compared with every one that is kept, each in the same time, and never with the first that fits
        alone: how long it takes says nothing about any key.
        """
        digest, found = digest_of(secret), None
        for key in self.all():
            if compare_digest(key.digest, digest):
                found = key
        return None if found is None or found.has_expired(self.today()) else found

    def still(self, key: Key) -> bool:
        """Whether a key that was found before still opens what it did."""
        return key in self.all() and not key.has_expired(self.today())

    def is_readable_by_others(self) -> bool:
        """Whether other users of this machine may read the file."""
        return self.path.exists() and bool(self.path.stat().st_mode & OTHERS_READ)

    def add(self, name: str, scopes: Iterable[Scope], *, days: int, per_minute: int) -> str:
        """Keep a new key, for `days` after today; gives the key, which is nowhere kept."""
        if not re.fullmatch(NAME, name):
            mend = "Give 1 to 64 letters, digits, '.', '_' or '-', the first of them a letter or digit."
            raise BadKeys("This can be no name of a key", "the name", mend)
        if not 1 <= days <= MOST_DAYS:
            raise BadKeys("A key cannot last so long", "the days", f"Give 1 to {MOST_DAYS} days.")
        secret, today = new_secret(), self.today()
        made = Key(
            name=name,
            digest=digest_of(secret),
            scopes=tuple(sorted(set(scopes))),
            made=today,
            expires=today + timedelta(days=days),
            per_minute=per_minute,
        )
        with self._writing() as keys:
            if any(one.name == name for one in keys):
                mend = f"Give another name, or run `recueil keys revoke {name}` first."
                raise BadKeys(f"There is a key called '{name}' already", str(self.path), mend)
            self._write([*keys, made])
        return secret

    def revoke(self, name: str) -> None:
        """Take a key away; what was opened with it closes at the next request. Raises UnknownKey."""
        with self._writing() as keys:
            left = [one for one in keys if one.name != name]
            if len(left) == len(keys):
                known = ", ".join(one.name for one in keys) or "none"
                raise UnknownKey(f"There is no key called '{name}'", str(self.path), f"Those that are there: {known}.")
            self._write(left)

    def _keys(self) -> tuple[Key, ...]:
        try:
            return _KEPT.validate_json(self.path.read_bytes()).keys
        except ValidationError:  # its message would quote the file
            raise BadKeys("The file of keys cannot be understood", str(self.path), MAKE_ANEW) from None
        except OSError as error:
            raise self._unreadable(error) from None

    def _unreadable(self, error: OSError) -> BadKeys:
        mend = f"Give the file to the user of the service. {MAKE_ANEW}"
        return BadKeys(f"The keys cannot be read: {error.strerror}", str(self.path), mend)

    @contextmanager
    def _writing(self) -> Iterator[tuple[Key, ...]]:
        """The keys, while no other process writes them."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            folder = os.open(self.path.parent, os.O_RDONLY)
        except OSError as error:
            raise self._unwritable(error) from None
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield self.all()
        finally:
            os.close(folder)

    def _write(self, keys: Sequence[Key]) -> None:
        try:
            write_whole(self.path, _KEPT.dump_json(Kept(1, tuple(keys)), indent=2).decode() + "\n", MODE)
            flush_to_disk(self.path.parent)
        except OSError as error:
            raise self._unwritable(error) from None

    def _unwritable(self, error: OSError) -> BadKeys:
        mend = "Give the folder to the user of the service, make room on the disk, or set RECUEIL_VAR."
        return BadKeys(f"The keys cannot be written: {error.strerror}", str(self.path), mend)
