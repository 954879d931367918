"""How an index or a model lies on the disk: in generations that appear whole or not at all, an index with its manifest.

The name of a folder is a symbolic link to a generation beside it; the link is replaced in one step of the file system,
so that a reader finds the old generation or the new one, never a mixture. Whoever writes or opens a generation holds a
lock on it, which ends with the process, so that another writer does not take it away meanwhile.

The manifest of an index says what it was made from and holds the checksum of every file in it.
"""

import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from index.errors import BadIndex

# Raised with every change to what the files mean or how they are made; an index of another format is refused.
FORMAT = 19

MANIFEST = "manifest.json"
MEND = "Run `recueil build`."


def model_folder(var: Path, encoder: str) -> Path:
    """Where the prepared model of this name lies, below the folder of all that is made."""
    return var / "models" / (re.sub(r"[^a-z0-9]+", "-", encoder.lower()).strip("-") or "model")


def index_folder(var: Path) -> Path:
    """Where the index lies, below the folder of all that is made."""
    return var / "index"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What `manifest.json` says."""

    format: int
    encoder: str  # the name of the model, as the setting gives it
    model: str  # its digest
    corpus: str  # sha256 of documents, initiatives, enrichment and thesaurus, as read
    texts: str  # sha256 of the source texts alone, whatever is read from them
    documents: int
    initiatives: int
    passages: int
    records: int  # of the enrichment
    facts: int  # of the enrichment
    tokens: int
    files: dict[str, str]  # path inside the index → sha256; none in an index that is not on the disk


_MANIFEST = TypeAdapter(Manifest)


def built_at(folder: Path) -> float | None:
    """When an index was made, in seconds since 1970; None where there is none."""
    try:
        return (folder / MANIFEST).stat().st_mtime
    except OSError:
        return None


def checksums(folder: Path) -> dict[str, str]:
    """The sha256 of every file below `folder`, the manifest left out, by path."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    return {str(path.relative_to(folder)): sha256_of(path) for path in files}


def sha256_of(path: Path) -> str:
    """The sha256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest into the folder it describes."""
    (folder / MANIFEST).write_text(json.dumps(asdict(manifest), indent=2), encoding="utf8")


def read_manifest(folder: Path) -> Manifest:
    """Read a manifest. Raises BadIndex when there is none, a damaged one, or one of another format."""
    path = folder / MANIFEST
    try:
        written = path.read_text(encoding="utf8")
        facts = json.loads(written)
    except FileNotFoundError:
        raise BadIndex("There is no index", str(folder), MEND) from None
    except (ValueError, OSError) as error:
        raise BadIndex(f"The manifest cannot be read: {error}", str(path), MEND) from None
    found = facts.get("format") if isinstance(facts, dict) else None
    if found != FORMAT:
        raise BadIndex(f"The index has format {found}, this program reads format {FORMAT}", str(path), MEND)
    try:
        return _MANIFEST.validate_json(written, strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        what = f"The manifest is damaged: {'.'.join(map(str, first['loc']))}: {first['msg']}"
        raise BadIndex(what, str(path), MEND) from None


def verify(folder: Path, manifest: Manifest, model: str) -> None:
    """Raise BadIndex when the index was made with another model, or a file is missing, added or altered."""
    if manifest.model != model:
        what = f"The index was made with the model '{manifest.encoder}', whose digest is not that of the model in use"
        raise BadIndex(what, str(folder / MANIFEST), MEND)
    found = checksums(folder)
    for name in sorted(manifest.files.keys() | found.keys()):
        if name not in found:
            raise BadIndex("A file of the index is missing", str(folder / name), MEND)
        if name not in manifest.files:
            raise BadIndex("The index holds a file that is not its own", str(folder / name), MEND)
        if found[name] != manifest.files[name]:
            raise BadIndex("A file of the index is truncated or altered", str(folder / name), MEND)


@contextmanager
def new_generation(target: Path) -> Iterator[Path]:
    """Write into a fresh folder beside `target`; on leaving without an error it is flushed to disk and takes its name.

    An error, or the end of the process, leaves what stood at `target` as it was; what an interrupted writing left
    behind is removed by the next one. Raises BadIndex when `target` is something this function did not write.
    """
    if target.exists() and not target.is_symlink():
        what = "There is a file or folder that recueil did not write"
        raise BadIndex(what, str(target), "Move it away and run again.")
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
    """Remove all generations of `target` but the current one and those that a process holds.

    Those of a target whose name only begins like this one's ("index" and "index-2") are left alone.
    """
    current = target.resolve()
    ours = re.compile(rf"\.{re.escape(target.name)}-[a-z0-9_]{{8}}")
    for path in target.parent.iterdir():
        if ours.fullmatch(path.name) and path.resolve() != current:
            handle = _hold(path, fcntl.LOCK_EX)
            if handle is not None:
                shutil.rmtree(path, ignore_errors=True)
                _link_of(path).unlink(missing_ok=True)
                os.close(handle)
