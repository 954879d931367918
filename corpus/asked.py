"""Asked: what people ask about an initiative in their own words, answered by its facts or by nothing its sheet says.

They are written from the sheets and the facts, one JSON Lines file for each document:

    corpus/editorial/asked/recueil-2018.jsonl

From them the adaptation learns which fact a question asks for, and what sheets are silent about
(`index.model.settling`). Nobody is shown them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from corpus.errors import BadEnrichment
from corpus.facts import Fact
from corpus.jsonl import one_for_each
from corpus.model import Corpus
from corpus.situations import Told

ASKED = "asked"  # the folder of them, in that of an enrichment


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Questions about one real-world initiative, however many documents describe it."""

    initiative: str  # id of one initiative of its cluster
    facts: Mapping[str, Told]  # first French wording of a fact → other ways to ask for it
    unanswered: Told  # what none of its sheets says


_ASKED = TypeAdapter(Asked)


def load_asked(folder: Path, corpus: Corpus, facts: tuple[Fact, ...]) -> tuple[Asked, ...]:
    """Read what is asked from a folder, nothing where there is none.

    Raises BadEnrichment, with file and line, for what has another shape, for an initiative that is not known or stands
    in the file of another document, for a second line about one initiative, and for a fact that is none of its own.
    """
    known = {fact.name for fact in facts}
    read: list[Asked] = []
    for where, initiative, asked in one_for_each(
        folder, corpus, _ASKED, "This is nothing that people ask", "has questions"
    ):
        for question in asked.facts:
            if (initiative.id, question) not in known:
                mend = "Write the first French wording of one of its facts, or take it out."
                raise BadEnrichment(f"'{initiative.id}' has no fact '{question}'", where, mend)
        read.append(asked)
    return tuple(read)
