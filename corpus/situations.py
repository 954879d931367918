"""Situations: how people would tell what an initiative answers, in their words and mostly without those of its sheet.

They are written from the sheets as editorial records are, one JSON Lines file for each document in a folder of their
own, and beside them texts about what no initiative of the corpus is about:

    corpus/editorial/situations/recueil-2018.jsonl
    corpus/editorial/elsewhere.json

From both the encoder is adapted to the corpus (`index.model.adapting`). Nobody is shown them.
"""

from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from corpus.errors import BadEnrichment
from corpus.jsonl import one_for_each
from corpus.model import Corpus

SITUATIONS = "situations"  # the folder of situations, in that of an enrichment
ELSEWHERE = "elsewhere.json"


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
    """Read the situations of a folder, none where there is none.

    Raises BadEnrichment, with file and line, for what has another shape, for an initiative that is not known or stands
    in the file of another document, and for a second line about one initiative.
    """
    of_each = one_for_each(folder, corpus, _SITUATIONS, "These are no situations", "has situations")
    return tuple(situations for _, _, situations in of_each)


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
