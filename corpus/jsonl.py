"""JSON Lines of the enrichment: one object a line, in files named after documents, in the order of the corpus."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

from pydantic import TypeAdapter, ValidationError

from corpus.errors import BadEnrichment
from corpus.model import Corpus, Initiative
from corpus.text import split_lines
from corpus.writing import write_whole


class OfInitiative(Protocol):
    """What is said of an initiative."""

    @property
    def initiative(self) -> str:
        """Its id."""


Read = TypeVar("Read")
About = TypeVar("About", bound=OfInitiative)


def read_text(path: Path) -> str:
    """The text of a file. Raises BadEnrichment for one that cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadEnrichment(f"The file cannot be read: {error}", str(path), "Make it a readable UTF-8 file.") from None


def numbered_lines(folder: Path) -> Iterator[tuple[Path, str, str]]:
    """Every line of every .jsonl file right in a folder: its file, where it stands ("file:line"), its text."""
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(split_lines(read_text(path)), start=1):
            yield path, f"{path}:{number}", line


def read_as(kind: TypeAdapter[Read], line: str, where: str, refusal: str) -> Read:
    """What a line of JSON says. Raises BadEnrichment, naming `where`, with `refusal` and the part that is wrong."""
    try:
        return kind.validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"]) or "the line"
        raise BadEnrichment(f"{refusal}: {name}: {first['msg']}", where, "Mend that line.") from None


def one_for_each(
    folder: Path, corpus: Corpus, kind: TypeAdapter[About], refusal: str, twice: str
) -> Iterator[tuple[str, Initiative, About]]:
    """The lines of a folder with one for each real-world initiative: where each stands, its initiative, what it says.

    Raises BadEnrichment as `read_as` and `initiative_of` do, and for a second line about one: "'…' {twice} already".
    """
    seen: set[str] = set()
    for path, where, line in numbered_lines(folder):
        read = read_as(kind, line, where, refusal)
        initiative = initiative_of(read.initiative, path, corpus, where)
        if initiative.id in seen:
            mend = "Keep one line for each real-world initiative, however many documents tell of it."
            raise BadEnrichment(f"'{initiative.id}' {twice} already", where, mend)
        seen |= {initiative.id, *initiative.same_as}
        yield where, initiative, read


def initiative_of(id: str, path: Path, corpus: Corpus, where: str) -> Initiative:
    """The initiative that a line is about. Raises BadEnrichment unless it stands in the document of that file."""
    initiative = corpus.by_id.get(id)
    if initiative is None or initiative.source.document != path.stem:
        raise BadEnrichment(
            f"The document '{path.stem}' has no initiative '{id}'",
            where,
            "Take an id from /initiatives and write its line into the file named after its document.",
        )
    return initiative


def add_lines(folder: Path, corpus: Corpus, initiative: str, added: Sequence[object]) -> None:
    """Add objects about an initiative to the file of its document, which is whole at any moment.

    Lines are kept in the order of the corpus, those about one initiative in the order in which they were written.
    """
    path = folder / f"{corpus.by_id[initiative].source.document}.jsonl"
    lines = [*split_lines(read_text(path))] if path.is_file() else []
    order = {one.id: row for row, one in enumerate(corpus.initiatives)}
    lines += [json.dumps(one, ensure_ascii=False) for one in added]
    lines.sort(key=lambda line: order[json.loads(line)["initiative"]])
    write_whole(path, "".join(f"{line}\n" for line in lines))
