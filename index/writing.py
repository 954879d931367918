"""Writing to a disk that may be full, read-only or limited, and copying what was written."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile

from corpus import Fault
from index.errors import Unwritable

ROOM = "Make room on that disk, or raise the limit, and run again."
RIGHTS = "Let this user write there, or set RECUEIL_VAR to another folder, and run again."
DISK = "Look at that disk, and the room on it: it does not keep what is written."

# What a file system says when it takes no more, and what a person does about it.
MENDS = {
    errno.ENOSPC: ROOM,
    errno.EDQUOT: ROOM,
    errno.EFBIG: ROOM,
    errno.EROFS: RIGHTS,
    errno.EACCES: RIGHTS,
    errno.EPERM: RIGHTS,
    errno.ENOTDIR: RIGHTS,
    errno.EIO: DISK,
}
PROBE = bytes(1 << 20)  # what is written where a library failed without saying why
CUT_SHORT = "requested and"  # "5000 requested and 12 written": numpy has no number for it


@contextmanager
def told_as_unwritable(folder: Path) -> Iterator[None]:
    """Turn what any library raises because the disk takes no more into Unwritable; other errors stay as they are.

    Some (FAISS, safetensors) raise errors of their own with the system's words in them, some (numpy) without: then
    the folder is asked whether it takes anything.
    """
    try:
        yield
    except Fault:
        raise
    except Exception as error:
        named = getattr(error, "filename", None)
        where = Path(os.fsdecode(named)) if isinstance(named, str | bytes) else folder
        code = _code_of(error, folder)
        if code is None and not (isinstance(error, OSError) and CUT_SHORT in str(error)):
            raise
        why = os.strerror(code) if code is not None else "only a part of a file was taken"
        raise Unwritable(f"What is made cannot be written: {why}", str(where), MENDS.get(code or 0, ROOM)) from error


def _code_of(error: Exception, folder: Path) -> int | None:
    """The number of the system's error behind an exception, None where the disk is not to blame."""
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno if error.errno in MENDS else None
    said = next((code for code in MENDS if os.strerror(code) in str(error)), None)
    return said if said is not None else _refusal_of(folder)


def _refusal_of(folder: Path) -> int | None:
    """The number of the error with which a folder refuses a file of a megabyte, None where it takes it."""
    try:
        with TemporaryFile(dir=folder) as probe:
            probe.write(PROBE)
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        return error.errno if error.errno in MENDS else None
    return None


def copy_all(source: Path, target: Path) -> None:
    """Copy a file or a folder. Raises OSError."""
    if source.is_dir():
        shutil.copytree(source, target, copy_function=_copy_file)
    else:
        _copy_file(source, target)


def _copy_file(source: str | Path, target: str | Path) -> None:
    """Copy a file inside the kernel, which shares the blocks where the file system can (Btrfs, XFS)."""
    with open(source, "rb") as read, open(target, "wb") as written:
        left = os.fstat(read.fileno()).st_size
        try:
            while left > 0 and (copied := os.copy_file_range(read.fileno(), written.fileno(), left)):
                left -= copied
        except OSError as error:
            if error.errno not in (errno.EXDEV, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL):
                raise
            shutil.copyfileobj(read, written)
