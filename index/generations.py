"""How a folder that is made lies on the disk: in generations that appear whole or not at all.

    with new_generation(var / "index", kept=2) as fresh:
        …                                                # written into `fresh`, beside what stands
    publish(var / "index", "20261129t140233123456")      # take up another one that stayed

The name of a folder is a symbolic link to a generation beside it; the link is replaced in one step of the file system,
so that a reader finds the old generation or the new one, never a mixture. Whoever writes or opens a generation holds a
lock on it, which ends with the process, so that another writer does not take it away meanwhile.

<target>                    the link
.<target>-<name>            a generation, whole; its name is when it was begun, or of eight letters in older ones
.<target>-<name>.part       one that is being written, or what an interrupted writing left
.<target>-<name>.opened     a copy that is being opened (`private_copy`), or what an interrupted opening left
"""

import fcntl
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from corpus import flush_to_disk
from index.errors import BadIndex
from index.writing import copy_all, told_as_unwritable

PART, OPENED = ".part", ".opened"
BEGUN = "%Y%m%dt%H%M%S%f"  # UTC, to the microsecond: in the order of names generations are in that of time
NAME = r"(?:[a-z0-9_]{8}|\d{8}t\d{12})"


@contextmanager
def new_generation(target: Path, kept: int = 0, published: bool = True) -> Iterator[Path]:
    """Write into a fresh folder beside `target`; on leaving without an error it is flushed to disk and takes its name.

    Of the generations before it the newest `kept` stay. One that is not `published` stands beside the others until
    `publish` gives it the name. An error, or the end of the process, leaves what stood at `target` as it was; what an
    interrupted writing left behind is removed by the next one.

    Raises BadIndex when `target` is something this function did not write, and Unwritable when the file system takes
    no more, whatever library was writing.
    """
    check_replaceable(target)
    with told_as_unwritable(target.parent):
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh, handle = _fresh_folder(target, PART)
    try:
        with told_as_unwritable(fresh):
            yield fresh
            _flush(fresh)
            whole = fresh.rename(fresh.with_suffix(""))
            if published:
                _point(target, whole)
    finally:
        os.close(handle)
        _remove_old_generations(target, kept if published else max(kept, 1))


def check_replaceable(target: Path) -> None:
    """Raise BadIndex when there is something at `target` that `new_generation` did not write."""
    if target.exists() and not target.is_symlink():
        what = "There is a file or folder that recueil did not write"
        raise BadIndex(what, str(target), "Move it away and run again.")


def publish(target: Path, name: str) -> None:
    """Let `target` mean the generation of this name, in one step.

    Raises BadIndex when there is none, or `target` is no link, and Unwritable when the file system refuses.
    """
    generation = next((one for one in generations_of(target) if name_of(one) == name), None)
    if generation is None:
        known = ", ".join(map(name_of, generations_of(target))) or "none"
        raise BadIndex(f"There is no generation '{name}'", str(target.parent), f"Those that are there: {known}.")
    check_replaceable(target)
    with told_as_unwritable(target.parent):
        _point(target, generation)


def generations_of(target: Path) -> list[Path]:
    """The folders of the whole generations of `target`, the oldest first; those named by letters are older."""
    found = [path for path in _beside(target) if not path.suffix]
    return sorted(found, key=lambda path: (began_at(path) is not None, path.name))


def name_of(generation: Path) -> str:
    """The name of a generation by its folder: ".index-bc497532" → "bc497532"; a plain folder has its own, "index"."""
    return generation.name.rpartition("-")[2] if generation.name.startswith(".") else generation.name


def began_at(generation: Path) -> datetime | None:
    """When the writing of a generation began, None where its name does not say it."""
    try:
        return datetime.strptime(name_of(generation), BEGUN).replace(tzinfo=UTC)
    except ValueError:
        return None


def current_name(target: Path) -> str | None:
    """The name of the generation that `target` means now, None where it means none. It costs one look at the link."""
    with suppress(OSError):
        return name_of(Path(os.readlink(target)))
    return name_of(target) if target.is_dir() else None


@contextmanager
def current_generation(target: Path) -> Iterator[Path]:
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


@contextmanager
def private_copy(target: Path, generation: Path, names: Iterable[str]) -> Iterator[Path]:
    """A copy of some files and folders of a generation that nobody can write into: it has no name after the block.

    Memory that is mapped of a file which somebody cuts short ends the process (SIGBUS). Files mapped from here stay as
    they were opened until the process ends, and take their room on the disk as long; no memory, but that which the
    operating system takes back when it needs it. Where there is no room for a copy, or nothing to copy, it is the
    generation itself.
    """
    names = list(names)
    try:
        copy, handle = _fresh_folder(target, OPENED) if names else (None, None)
    except OSError:  # where we may not write, others seldom may
        copy, handle = None, None
    if copy is None or handle is None:
        yield generation
        return
    try:
        yield copy if _copied(generation, names, copy) else generation
    finally:
        shutil.rmtree(copy, ignore_errors=True)
        os.close(handle)


def _copied(generation: Path, names: Iterable[str], copy: Path) -> bool:
    """Whether there was room for a copy; where there was not, nothing is left of it."""
    try:
        for name in names:
            copy_all(generation / name, copy / name)
    except OSError:
        shutil.rmtree(copy, ignore_errors=True)
        return False
    return True


def _fresh_folder(target: Path, suffix: str) -> tuple[Path, int]:
    """A new empty folder beside `target`, and the handle that holds it."""
    while True:
        fresh = target.with_name(f".{target.name}-{datetime.now(UTC).strftime(BEGUN)}{suffix}")
        try:
            fresh.mkdir()
        except FileExistsError:  # two that began in the same microsecond
            continue
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
    for path in [*folder.rglob("*"), folder]:
        flush_to_disk(path)


def _point(target: Path, generation: Path) -> None:
    """Let the link mean a generation, once the disk has its name, and wait until the disk has the link too."""
    flush_to_disk(target.parent)
    link = _link_of(generation)
    with suppress(FileExistsError, FileNotFoundError):  # whoever publishes the same one at the same time does the same
        link.symlink_to(generation.name, target_is_directory=True)
        os.replace(link, target)
    flush_to_disk(target.parent)


def _link_of(generation: Path) -> Path:
    """The link to a generation before it takes the name of the target."""
    return generation.with_name(generation.name + ".link")


def _beside(target: Path) -> list[Path]:
    """The folders of generations of `target`, whole or not.

    Those of a target whose name only begins like this one's ("index" and "index-2") are left alone.
    """
    ours = re.compile(rf"\.{re.escape(target.name)}-{NAME}(?:{PART}|{OPENED})?")
    return [path for path in target.parent.iterdir() if ours.fullmatch(path.name)] if target.parent.is_dir() else []


def _remove_old_generations(target: Path, kept: int) -> None:
    """Remove all generations of `target` but the current one, the newest `kept` others, and those that are held."""
    current = target.resolve()
    others = [path for path in generations_of(target) if path.resolve() != current]
    staying = {current, *(path.resolve() for path in others[len(others) - kept :])} if kept else {current}
    for path in _beside(target):
        if path.resolve() not in staying:
            handle = _hold(path, fcntl.LOCK_EX)
            if handle is not None:
                shutil.rmtree(path, ignore_errors=True)
                _link_of(path).unlink(missing_ok=True)
                os.close(handle)
