"""Needs: what people lack or want, in many wordings, and all initiatives that would help, each with a grade.

A situation (`corpus.situations`) belongs to one initiative. A need is often answered by several, some better than
others, and which ones can only be said by who reads all of them. They are written from titles and summaries, in
JSON Lines files of any name:

    corpus/editorial/needs/autonomy.jsonl

From them the encoder learns to rank (`index.model.adapting`). Nobody is shown them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter

from corpus.errors import BadEnrichment
from corpus.jsonl import numbered_lines, read_as
from corpus.model import Corpus
from corpus.situations import Told

NEEDS = "needs"  # the folder of needs, in that of an enrichment

# As in the judgements of a collection: 3 is what the person looks for, 2 helps with an important part, 1 is related.
Grade = Annotated[int, Field(ge=1, le=3)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What people lack or want, how they tell it, and who would help."""

    need: str
    told: Told
    helped_by: Mapping[str, Grade]  # id of one initiative of each cluster → its grade; what is not named has 0

    @property
    def texts(self) -> tuple[str, ...]:
        """All wordings."""
        return (self.need, *self.told.fr, *self.told.en)


_NEED = TypeAdapter(Need)


def load_needs(folder: Path, corpus: Corpus) -> tuple[Need, ...]:
    """Read the needs of a folder, none where there is none.

    Raises BadEnrichment, with file and line, for what has another shape, for a need that nothing helps or that stands
    twice, and for an initiative that is not known or is named twice, by two documents that tell of it.
    """
    read: dict[str, Need] = {}
    for _, where, line in numbered_lines(folder):
        need = read_as(_NEED, line, where, "This is no need")
        if need.need in read:
            raise BadEnrichment(f"The need '{need.need}' stands twice", where, "Keep one line for each need.")
        _check(need, corpus, where)
        read[need.need] = need
    return tuple(read.values())


def _check(need: Need, corpus: Corpus, where: str) -> None:
    if not need.helped_by:
        raise BadEnrichment(f"Nothing helps with '{need.need}'", where, "Name an initiative, or remove the line.")
    named: set[str] = set()
    for id in need.helped_by:
        if id not in corpus.by_id:
            raise BadEnrichment(f"There is no initiative '{id}'", where, "Take an id from /initiatives.")
        if (cluster := corpus.by_id[id].cluster) in named:
            raise BadEnrichment(f"'{id}' is named twice", where, "Keep one of the sheets that tell of it.")
        named.add(cluster)
