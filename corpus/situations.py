"""Situations: how people would tell what an initiative answers, in their words and mostly without those of its sheet.

They are written from the sheets as editorial records are (`corpus.enrichment`), one JSON Lines file for each document
in a folder of its own, and beside them texts about what no initiative of the corpus is about:

    corpus/editorial/situations/recueil-2018.jsonl
    corpus/editorial/elsewhere.json

From both the encoder is adapted to the corpus (`index.model.adapt`). Nobody is shown them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from corpus.errors import BadEnrichment
from corpus.model import Corpus
from corpus.text import split_lines

SITUATIONS, ELSEWHERE = "situations", "elsewhere.json"


@dataclass(frozen=True, slots=True)
class Told:
    """Texts in both languages."""

    fr: tuple[str, ...] = ()
    en: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Situations:
    """What people tell whom one real-world initiative would help, however many documents describe it."""

    initiative: str  # id of one initiative of its cluster
    situations: Told  # what happens to them, in one sentence or a few
    short: Told  # what they type into a search box, headings of petitions
    official: Told  # sentences in the manner of elected people

    @property
    def texts(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(text for told in (self.situations, self.short, self.official) for text in (*told.fr, *told.en))


_SITUATIONS, _TOLD = TypeAdapter(Situations), TypeAdapter(Told)


def load_situations(folder: Path, corpus: Corpus) -> tuple[Situations, ...]:
    """Read the situations beside the editorial records of `folder`, none where there are none.

    Raises BadEnrichment, with file and line, for what has another shape, for an initiative that is not known or stands
    in the file of another document, and for a second line about one initiative.
    """
    seen: set[str] = set()
    read = list(chain.from_iterable(map(_lines, sorted((folder / SITUATIONS).glob("*.jsonl")))))
    for document, situations, where in read:
        initiative = corpus.by_id.get(situations.initiative)
        if initiative is None or initiative.source.document != document:
            what = f"The document '{document}' has no initiative '{situations.initiative}'"
            raise BadEnrichment(what, where, "Take an id from /initiatives, and the file named after its document.")
        if initiative.id in seen:
            what = f"'{initiative.id}' has situations already"
            raise BadEnrichment(what, where, "Keep one line for each real-world initiative.")
        seen |= {initiative.id, *initiative.same_as}
    return tuple(situations for _, situations, _ in read)


def load_elsewhere(folder: Path) -> tuple[str, ...]:
    """Read the texts about something else beside the editorial records, none where there are none.

    Raises BadEnrichment for a file of another shape.
    """
    path = folder / ELSEWHERE
    if not path.is_file():
        return ()
    try:
        told = _TOLD.validate_json(path.read_bytes())
    except ValidationError as error:
        what = f"These are no texts about something else: {error.errors()[0]['msg']}"
        raise BadEnrichment(what, str(path), 'Write {"fr": ["…"], "en": ["…"]}.') from None
    return (*told.fr, *told.en)


def _lines(path: Path) -> Iterator[tuple[str, Situations, str]]:
    """The document, the situations and the place of each line of a file."""
    for number, line in enumerate(split_lines(path.read_text(encoding="utf-8-sig")), start=1):
        where = f"{path}:{number}"
        try:
            yield path.stem, _SITUATIONS.validate_json(line), where
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(str(part) for part in first["loc"]) or "the line"
            raise BadEnrichment(f"These are no situations: {name}: {first['msg']}", where, "Mend that line.") from None
