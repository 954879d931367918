"""A folder that appears whole or not at all, whatever interrupts its writing.

Its name is a symbolic link to a generation beside it; the link is replaced in one step of the file system, so that a
reader finds the old generation or the new one, never a mixture.
"""

import os
import shutil
import tempfile
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
    fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        yield fresh
        _flush(fresh)
        _point(target, fresh)
    finally:
        _remove_other_generations(target)


def _flush(folder: Path) -> None:
    """Wait until every file below `folder`, and the folders themselves, are on the disk."""
    for path in [*folder.rglob("*"), folder, folder.parent]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _point(target: Path, generation: Path) -> None:
    link = generation.with_name(generation.name + ".link")
    link.symlink_to(generation.name, target_is_directory=True)
    os.replace(link, target)


def _remove_other_generations(target: Path) -> None:
    current = target.resolve()
    for path in target.parent.glob(f".{target.name}-*"):
        if path.is_symlink():
            path.unlink()
        elif path.resolve() != current:
            shutil.rmtree(path, ignore_errors=True)
