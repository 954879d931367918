"""The lexicon of the field: words that mean the same in official French, everyday French and English.

It is general to social action, not made for a corpus: `corpus/lexicon/lexicon.jsonl`, one entry a line.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from corpus.fault import BadLexicon

LEXICON = Path(__file__).with_name("lexicon") / "lexicon.jsonl"


@dataclass(frozen=True, slots=True)
class LexiconEntry:
    """One notion and the ways to say it."""

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


_ENTRY = TypeAdapter(LexiconEntry)


def read_lexicon(path: Path = LEXICON) -> tuple[LexiconEntry, ...]:
    """Read a lexicon. Raises BadLexicon, with file and line, for a line that is no entry, or whose id is not new."""
    entries: dict[str, LexiconEntry] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        where = f"{path}:{number}"
        try:
            entry = _ENTRY.validate_json(line)
        except ValidationError as error:
            raise BadLexicon(
                f"This is no lexicon entry: {error.errors()[0]['msg']}", where, "Mend that line."
            ) from None
        if _ENTRY.dump_python(entry, mode="json") != json.loads(line) or not entry.official or entry.id in entries:
            raise BadLexicon(
                f"The entry '{entry.id}' has keys that nobody reads, no official term, or an id that stands twice",
                where,
                "Mend that line.",
            )
        entries[entry.id] = entry
    return tuple(entries.values())
