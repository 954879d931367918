"""Noticing, while the service runs, that somebody saved a sheet, and building what is out of date.

Whoever writes sheets by hand sees them searchable without a command: files are looked at every second, and once they
have stayed as they are from one look to the next, a build takes up what changed.
"""

import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from threading import Event, Thread

from corpus import Fault
from settings import SET_ASIDE

SHARE = 50  # looks take at most one part in so many of the time, however many files there are

log = logging.getLogger("recueil.build")


class Watcher:
    """Looks at folders in a thread of its own, and has what is out of date built when a file in them changed."""

    def __init__(self, folders: Sequence[Path], every_s: float, rebuild: Callable[[], object]) -> None:
        """Take the folders, how often to look, and how to build; a Fault of it means: try again at the next look."""
        self._files = Files(folders)
        self._every_s = every_s
        self._rebuild = rebuild
        self._ended = Event()
        self.has_looked = False  # whether a change would be noticed by now
        self._thread = Thread(target=self._watch, name="watch", daemon=True)

    def __enter__(self) -> "Watcher":
        """Begin to look; nothing is looked at where that is every 0 seconds."""
        if self._every_s:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Look no more."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def _watch(self) -> None:
        built = before = self._files.look()
        self.has_looked = True
        took = 0.0
        while not self._ended.wait(max(self._every_s, SHARE * took)):
            began = time.monotonic()
            now = self._files.look()
            took = time.monotonic() - began
            if now != built and now == before:
                with suppress(Fault):
                    self._rebuild()
                    built = now
                    log.info("Files changed: a build of them has begun")
            before = now


class Files:
    """The files of some folders and what is in them.

    Hidden ones, those inside hidden folders, and what `recueil check` writes are left out.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        """Take folders, which need not exist."""
        self._folders = folders
        self._read: dict[Path, tuple[tuple[int, int], str]] = {}  # when and how large it was when its digest was taken

    def look(self) -> Mapping[Path, str]:
        """The digest of every file. Only those with another time or size than at the last look are read."""
        found: dict[Path, tuple[tuple[int, int], str]] = {}
        for path in self._paths():
            try:
                said = path.stat()
                stamp = (said.st_mtime_ns, said.st_size)
                known = self._read.get(path)
                same = known is not None and known[0] == stamp
                found[path] = known if known is not None and same else (stamp, sha256(path.read_bytes()).hexdigest())
            except OSError:  # it went while we looked
                continue
        self._read = found
        return {path: digest for path, (_, digest) in found.items()}

    def _paths(self) -> Iterator[Path]:
        for folder in self._folders:
            for root, folders, names in os.walk(folder):
                folders[:] = [name for name in folders if not name.startswith(".")]
                sheets = (name for name in names if not name.startswith((".", "~$")) and name != SET_ASIDE)
                yield from (Path(root, name) for name in sheets)
