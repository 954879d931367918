"""The thesaurus: official, everyday and English words of one thing, general to the field and not made for a corpus.

The one that comes with the project is of French social action: `corpus/thesaurus/concepts.jsonl`, one concept a line.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from corpus.errors import BadThesaurus
from corpus.text import split_lines

CONCEPTS = Path(__file__).with_name("thesaurus") / "concepts.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """One thing and the ways to say it."""

    id: str
    official: tuple[str, ...]  # as official texts have it, the standard term first
    lay: tuple[str, ...]  # as people say it
    en: tuple[str, ...]
    acronym: str | None  # of official[0], in capitals
    field: str  # of social action; for people

    @property
    def forms(self) -> tuple[str, ...]:
        """Every way to say it."""
        return (*self.official, *([self.acronym] if self.acronym else []), *self.lay, *self.en)


_CONCEPT = TypeAdapter(Concept)


def load_thesaurus(path: Path = CONCEPTS) -> tuple[Concept, ...]:
    """Read the concepts of a file, one line of JSON each.

    Raises BadThesaurus, with file and line, for a line that is no concept, or whose id is not new.
    """
    concepts: dict[str, Concept] = {}
    for number, line in enumerate(split_lines(path.read_text(encoding="utf-8-sig")), start=1):
        where = f"{path}:{number}"
        try:
            concept = _CONCEPT.validate_json(line)
        except ValidationError as error:
            raise BadThesaurus(
                f"This is no concept of a thesaurus: {error.errors()[0]['msg']}", where, "Mend that line."
            ) from None
        if (
            _CONCEPT.dump_python(concept, mode="json") != json.loads(line)
            or not concept.official
            or concept.id in concepts
        ):
            raise BadThesaurus(
                f"The concept '{concept.id}' has keys that nobody reads, no official term, or an id that stands twice",
                where,
                "Mend that line.",
            )
        concepts[concept.id] = concept
    return tuple(concepts.values())
