"""A folder that appears whole or not at all, whatever interrupts its writing.

Its name is a symbolic link to a generation beside it; the link is replaced in one step of the file system, so that a
reader finds the old generation or the new one, never a mixture. Whoever writes or opens a generation holds a lock on
it, which ends with the process, so that another writer does not take it away meanwhile.
"""

import fcntl
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.fault import BadIndex


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """Write into a fresh folder beside `target`; on leaving without an error it is flushed to disk and takes its name.

    An error, or the end of the process, leaves what stood at `target` as it was; what an interrupted writing left
    behind is removed by the next one. Raises BadIndex when `target` is something this function did not write.
    """
    if target.exists() and not target.is_symlink():
        raise BadIndex(
            "There is a file or folder that recueil did not write", str(target), "Move it away and run again."
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh, handle = _fresh_generation(target)
    try:
        yield fresh
        _flush(fresh)
        _point(target, fresh)
    finally:
        os.close(handle)
        _remove_other_generations(target)


@contextmanager
def settled(target: Path) -> Iterator[Path]:
    """The generation that `target` names now; no writer removes it while the block runs.

    It is `target` itself where there is no folder of that name.
    """
    while (generation := target.resolve()).is_dir():
        handle = _hold(generation, fcntl.LOCK_SH)
        if handle is None:
            continue
        try:
            if target.resolve() == generation:
                yield generation
                return
        finally:
            os.close(handle)
    yield target


def _fresh_generation(target: Path) -> tuple[Path, int]:
    """A new empty folder, and the handle that holds it."""
    while True:
        fresh = target.with_name(f".{target.name}-{secrets.token_hex(4)}")
        fresh.mkdir()
        handle = _hold(fresh, fcntl.LOCK_SH)
        if handle is not None:
            if fresh.exists():  # no other writer took it for a leftover before it was held
                return fresh, handle
            os.close(handle)


def _hold(generation: Path, how: int) -> int | None:
    """An open handle with a lock on a folder; None when it is gone, or another process holds it against `how`."""
    try:
        handle = os.open(generation, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(handle, how | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


def _flush(folder: Path) -> None:
    """Wait until every file below `folder`, and the folders themselves, are on the disk."""
    for path in [*folder.rglob("*"), folder, folder.parent]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _point(target: Path, generation: Path) -> None:
    link = _link_of(generation)
    link.symlink_to(generation.name, target_is_directory=True)
    os.replace(link, target)


def _link_of(generation: Path) -> Path:
    """The link to a generation before it takes the name of the target."""
    return generation.with_name(generation.name + ".link")


def _remove_other_generations(target: Path) -> None:
    """Remove what nobody holds; the generations of a target whose name only begins alike are not ours."""
    current = target.resolve()
    ours = re.compile(rf"\.{re.escape(target.name)}-[a-z0-9_]{{8}}")
    for path in target.parent.iterdir():
        if ours.fullmatch(path.name) and path.resolve() != current:
            handle = _hold(path, fcntl.LOCK_EX)
            if handle is not None:
                shutil.rmtree(path, ignore_errors=True)
                _link_of(path).unlink(missing_ok=True)
                os.close(handle)
