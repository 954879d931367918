"""Writing a file whole or not at all: what a full disk or a kill interrupts leaves the file that stood there."""

import os
import secrets
from pathlib import Path


def write_whole(path: Path, text: str, mode: int = 0o666) -> None:
    """Write a text to a file, in the place of one that is there, once all of it is on the disk. Raises OSError.

    `mode` says who may do what with it, less what the process withholds from all its files.
    """
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with open(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def flush_to_disk(path: Path) -> None:
    """Wait until the disk has what was written to a file, or the names of a folder. Raises OSError."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
