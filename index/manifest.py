"""The manifest of an index: what it was made from, and the checksum of every file in it."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from index.fault import BadIndex

# Raised with every change to what the files mean or how they are made; an index of another format is refused.
FORMAT = 14

MEND = "Run `recueil build`."
NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What `manifest.json` says."""

    format: int
    encoder: str  # the name of the model, as the setting gives it
    model: str  # its digest
    corpus: str  # sha256 of documents and initiatives as read
    documents: int
    initiatives: int
    passages: int
    records: int  # of the editorial layer
    tokens: int
    files: dict[str, str]  # path inside the index → sha256


MANIFEST = TypeAdapter(Manifest)


def checksums(folder: Path) -> dict[str, str]:
    """The sha256 of every file below `folder`, the manifest left out, by path."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != NAME)
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest into the folder it describes."""
    (folder / NAME).write_text(json.dumps(asdict(manifest), indent=2), encoding="utf8")


def read_manifest(folder: Path) -> Manifest:
    """Read a manifest. Raises BadIndex when there is none, a damaged one, or one of another format."""
    path = folder / NAME
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
        return MANIFEST.validate_json(written, strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        what = f"The manifest is damaged: {'.'.join(map(str, first['loc']))}: {first['msg']}"
        raise BadIndex(what, str(path), MEND) from None


def verify(folder: Path, manifest: Manifest, model: str) -> None:
    """Raise BadIndex when the index was made with another model, or a file is missing, added or altered."""
    if manifest.model != model:
        what = f"The index was made with the model '{manifest.encoder}', whose digest is not that of the model in use"
        raise BadIndex(what, str(folder / NAME), MEND)
    found = checksums(folder)
    for name in sorted(manifest.files.keys() | found.keys()):
        if name not in found:
            raise BadIndex("A file of the index is missing", str(folder / name), MEND)
        if name not in manifest.files:
            raise BadIndex("The index holds a file that is not its own", str(folder / name), MEND)
        if found[name] != manifest.files[name]:
            raise BadIndex("A file of the index is truncated or altered", str(folder / name), MEND)
