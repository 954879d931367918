"""What a build would change, for people and as JSON."""

from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from corpus import Changes, Enrichment, FieldChange, Initiative
    from settings import Settings

MOST_SHEETS = 50  # of each kind are listed one by one; JSON has all
MOST_LINES = 8  # of a text, those that went and those that came
LONGEST_LINE = 140  # characters


def show_changes(settings: "Settings", as_json: bool) -> None:
    """Say what was added, changed and removed since the index in use was made. Raises what reading documents does."""
    import json

    from corpus import changes_between, load_corpus, load_enrichment
    from corpus.places import Gazetteer
    from index import read_contents

    corpus = load_corpus(settings.documents, Gazetteer.open())
    enrichment = load_enrichment(settings.editorial_folder, corpus)
    before = read_contents(settings.index_folder)
    changes = changes_between(before.initiatives if before else (), corpus.initiatives)
    beside = list(_beside(before.enrichment if before else None, enrichment))
    if as_json:
        told = {name: dict(zip(KINDS, counts, strict=True)) for name, counts in beside}
        typer.echo(json.dumps(as_values(changes) | told, ensure_ascii=False, indent=2))
        return
    for line in lines_of(changes):
        typer.echo(line)
    typer.echo(summary_of(changes))
    for name, (added, changed, removed) in beside:
        if added or changed or removed:
            typer.echo(f"{name.replace('_', ' ')}: {added} added, {changed} changed, {removed} removed.")


KINDS = ("added", "changed", "removed")


def summary_of(changes: "Changes") -> str:
    """One line. Example: "1 sheet added, 2 changed, 0 removed, 236 as before."."""
    added, changed, removed = map(len, (changes.added, changes.changed, changes.removed))
    noun = "sheet" if added == 1 else "sheets"
    return f"{added} {noun} added, {changed} changed, {removed} removed, {changes.unchanged} as before."


def lines_of(changes: "Changes") -> "Iterator[str]":
    """The changes one below the other: + what is added, ~ what changed with its fields, - what is removed."""
    yield from _listed("+", changes.added)
    for one in changes.changed[:MOST_SHEETS]:
        yield from _listed("~", [one.initiative])
        for field in one.fields:
            yield from _field_lines(field)
    yield from _rest("~", len(changes.changed))
    yield from _listed("-", changes.removed)


def _listed(sign: str, initiatives: "Sequence[Initiative]") -> "Iterator[str]":
    yield from (f"{sign} {one.id}  {_short(one.title)}" for one in initiatives[:MOST_SHEETS])
    yield from _rest(sign, len(initiatives))


def _rest(sign: str, count: int) -> "Iterator[str]":
    if count > MOST_SHEETS:
        yield f"{sign} … {count - MOST_SHEETS} more; --json has all"


def _field_lines(change: "FieldChange") -> "Iterator[str]":
    if not change.before and not change.after:
        yield f"    {change.field}"
    elif "\n" not in change.before + change.after and change.field != "text":
        yield f"    {change.field}: {_short(change.before) or '(none)'} → {_short(change.after) or '(none)'}"
    else:
        went, came = change.lines()
        yield f"    {change.field}: {len(went)} lines out, {len(came)} in"
        shown = [f"      - {_short(line)}" for line in went] + [f"      + {_short(line)}" for line in came]
        yield from shown[:MOST_LINES]
        if len(shown) > MOST_LINES:
            yield f"      … {len(shown) - MOST_LINES} more"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_LINE else text[: LONGEST_LINE - 1] + "…"


def as_values(changes: "Changes") -> dict[str, Any]:
    """The changes as JSON has them."""
    return {
        "added": [{"id": one.id, "title": one.title} for one in changes.added],
        "changed": [
            {
                "id": one.initiative.id,
                "title": one.initiative.title,
                "fields": [{"field": f.field, "before": f.before, "after": f.after} for f in one.fields],
            }
            for one in changes.changed
        ],
        "removed": [{"id": one.id, "title": one.title} for one in changes.removed],
        "unchanged": changes.unchanged,
    }


def _beside(before: "Enrichment | None", after: "Enrichment") -> "Iterator[tuple[str, tuple[int, int, int]]]":
    """What stands beside the sheets, and how much of it is added, changed and removed."""
    old = {} if before is None else {one.initiative: one for one in before.records}
    new = {one.initiative: one for one in after.records}
    changed = sum(old[id] != one for id, one in new.items() if id in old)
    yield "editorial_records", (len(new.keys() - old.keys()), changed, len(old.keys() - new.keys()))
    # A fact has no name but what it says: one that is worded otherwise is another one.
    facts_before, facts_after = set(() if before is None else before.facts), set(after.facts)
    yield "facts", (len(facts_after - facts_before), 0, len(facts_before - facts_after))
