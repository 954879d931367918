"""Changes: what became of the sheets between two readings of a corpus, told by their ids, field by field.

    changes = changes_between(before.initiatives, after.initiatives)
    changes.added, changes.removed, changes.changed[0].fields

Where a sheet stands in its document is no part of it: one that only moved down has not changed.
"""

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

from corpus.model import Departement, Initiative

# Where a sheet stands, and what is read of its lines: they move with every sheet that comes before.
PLACED = ("id", "source", "sections")


@dataclass(frozen=True, slots=True)
class FieldChange:
    """What a field said and what it says, as people read it; both blank for contacts, which are not repeated."""

    field: str  # of the initiative
    before: str
    after: str

    def lines(self) -> tuple[list[str], list[str]]:
        """The lines that went and those that came."""
        delta = list(difflib.ndiff(self.before.split("\n"), self.after.split("\n")))
        return [line[2:] for line in delta if line[:2] == "- "], [line[2:] for line in delta if line[:2] == "+ "]


@dataclass(frozen=True, slots=True)
class Changed:
    """A sheet that says something else than before."""

    initiative: Initiative  # as it is now
    fields: tuple[FieldChange, ...]  # in the order of `Initiative`


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What became of the sheets of a corpus, each in the order of the corpus."""

    added: tuple[Initiative, ...]
    removed: tuple[Initiative, ...]
    changed: tuple[Changed, ...]
    unchanged: int

    def __bool__(self) -> bool:
        """Whether anything changed."""
        return bool(self.added or self.removed or self.changed)


def changes_between(before: Iterable[Initiative], after: Iterable[Initiative]) -> Changes:
    """Compare the sheets of two readings, by their ids."""
    old, new = {one.id: one for one in before}, {one.id: one for one in after}
    told = ((one, tuple(_field_changes(old[id], one))) for id, one in new.items() if id in old)
    changed = tuple(Changed(one, fields) for one, fields in told if fields)
    added = tuple(one for id, one in new.items() if id not in old)
    return Changes(
        added=added,
        removed=tuple(one for id, one in old.items() if id not in new),
        changed=changed,
        unchanged=len(new) - len(added) - len(changed),
    )


def _field_changes(before: Initiative, after: Initiative) -> Iterator[FieldChange]:
    for name in (one.name for one in fields(Initiative) if one.name not in PLACED):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            private = name == "contacts"
            yield FieldChange(name, "" if private else as_read(old), "" if private else as_read(new))
    if _sections(before) != _sections(after) and before.text == after.text:
        yield FieldChange("sections", _sections(before), _sections(after))


def _sections(initiative: Initiative) -> str:
    """What is read of the lines of a sheet, counted from its first."""
    before = initiative.source.start_line - 1
    return "\n".join(
        f"{one.start_line - before}-{one.end_line - before} {one.heading or ''}".rstrip() for one in initiative.sections
    )


def as_read(value: object) -> str:
    """The value of a field as people read it, "" where there is none."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case Departement():
            return value.name
        case tuple():
            return ", ".join(map(as_read, value))
        case _:
            return str(getattr(value, "field", value))
