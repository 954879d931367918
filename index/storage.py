"""Where an index and a model lie, and the manifest of an index: what it was made from, with checksums.

How such a folder appears whole or not at all, and stays beside the next one, is said in `index.generations`.
"""

import hashlib
import json
import re
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from index.encoder import PreparedModel
from index.errors import BadIndex
from index.generations import began_at, generations_of, name_of, publish

# Raised with every change to what the files mean or how they are made; an index of another format is refused.
FORMAT = 21

MANIFEST = "manifest.json"
MEND = "Run `recueil build`."


def model_folder(var: Path, encoder: str) -> Path:
    """Where the prepared model of this name lies, below the folder of all that is made."""
    return var / "models" / (re.sub(r"[^a-z0-9]+", "-", encoder.lower()).strip("-") or "model")


def index_folder(var: Path) -> Path:
    """Where the index lies, below the folder of all that is made."""
    return var / "index"


def encodings_file(var: Path, model: PreparedModel) -> Path:
    """Where what this model made of texts is kept, below the folder of all that is made.

    Another preparation of it, or another version of the library that runs it, may differ in the last bits.
    """
    made_by = f"{model} {version('onnxruntime')}"
    return (
        var / "encodings" / f"{model_folder(var, model.name).name}-{sha256(made_by.encode()).hexdigest()[:16]}.sqlite"
    )


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


@dataclass(frozen=True, slots=True)
class Generation:
    """Which making of an index it is."""

    name: Annotated[str, Field(description="Of its folder.")]
    digest: Annotated[str, Field(description="Of the corpus it was made from.")]  # `Manifest.corpus`
    built: Annotated[str, Field(description="When its writing began, UTC: 2026-11-29T14:02:33Z.")]


def generation_of(folder: Path, manifest: Manifest) -> Generation:
    """Which one lies in a folder; where the folder's name has no date, that of the manifest's file is taken."""
    began = began_at(folder) or datetime.fromtimestamp((folder / MANIFEST).stat().st_mtime, UTC)
    return Generation(name_of(folder), manifest.corpus, began.strftime("%Y-%m-%dT%H:%M:%SZ"))


def kept_generations(target: Path) -> list[Generation]:
    """The generations of an index that this program can read, the oldest first; files are not checked."""
    found = []
    for folder in generations_of(target):
        with suppress(BadIndex, OSError):
            found.append(generation_of(folder, read_manifest(folder)))
    return found


def publish_generation(target: Path, name: str | None, model: str) -> Generation:
    """Let `target` mean the generation of an index of this name, the newest unless given, once every file is checked.

    Raises BadIndex when there is none, or it is damaged or made with another model, and Unwritable.
    """
    kept = kept_generations(target)
    chosen = next((one for one in reversed(kept) if name in (None, one.name)), None)
    if chosen is None:
        what = "There is no generation of the index" + ("" if name is None else f" called '{name}'")
        known = ", ".join(one.name for one in kept)
        raise BadIndex(what, str(target.parent), f"Take one of these: {known}." if known else MEND)
    folder = target.with_name(f".{target.name}-{chosen.name}")
    verify(folder, read_manifest(folder), model)
    publish(target, chosen.name)
    return chosen


def generation_before(target: Path) -> str:
    """The name of the newest generation that is older than the current one. Raises BadIndex when there is none."""
    names = [one.name for one in kept_generations(target)]
    current = name_of(target.resolve())
    at = names.index(current) if current in names else len(names)
    if at == 0:
        raise BadIndex("There is no generation before this one", str(target), "Build one first: `recueil build`.")
    return names[at - 1]
