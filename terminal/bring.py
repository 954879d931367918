"""The commands that bring other people's sheets: look at a folder, and say what is read of it and what is not."""

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from corpus import Initiative
    from corpus.importing import Imported, Proposal, SetAside

MOST_SHOWN = 12  # lines of a list; the CSV has all
LINES_OF_A_SHEET = 14

Folder = Annotated[Path, typer.Argument(help="The folder in which the files lie.")]


def init(
    folder: Folder,
    into: Annotated[
        Path | None, typer.Option(help="The file to write; corpus.toml in the folder unless given.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a corpus.toml that is there.")] = False,
) -> None:
    """Look at a folder of files and write the corpus.toml that makes sheets of them, with the reasons.

    CSV, TSV, XLSX, XLS, ODS, JSON, JSON Lines, GeoJSON, XML, RSS, Atom, Markdown, HTML, DOCX, ODT and PDF are read.

    Example: recueil init ~/fiches
    """
    from corpus import PROFILE, guess_language, profile_text, write_whole
    from corpus.importing import MAPPING, Role, import_corpus, propose
    from corpus.places import Gazetteer
    from settings import BadSetting

    path = into or folder / MAPPING
    if path.exists() and not force:
        raise BadSetting(
            f"There is a {path.name} already", str(path), "Change it by hand, or write it anew with --force."
        )
    gazetteer = Gazetteer.open()
    proposal = propose(folder, gazetteer, date.today().isoformat())
    write_whole(path, proposal.text)
    _explain(proposal)
    if path.resolve() == (folder / MAPPING).resolve():
        imported = import_corpus(folder, gazetteer)
        for why, initiative in _examples(imported):
            _show(why, initiative, imported.where[initiative.id])
        _say_counts(imported)
        if not (folder / PROFILE).exists():
            language, share = guess_language(one.text for one in imported.corpus.initiatives)
            why = f"{share:.0%} of the words are its stop words"
            facets = list(dict.fromkeys(name for one in proposal.guesses for name in one.of(Role.FACET)[1:]))
            write_whole(folder / PROFILE, profile_text(language, why, facets))
            typer.echo(f"The sheets are in '{language}': {why}; {folder / PROFILE} says it.")
    typer.echo(f"\nThis is written in {path}: change there what is wrong, then")
    typer.echo(f"  recueil check {folder}")
    typer.echo(f"  RECUEIL_DOCUMENTS={folder} RECUEIL_VAR={folder / '.recueil'} recueil serve")


def new(
    title: Annotated[str, typer.Argument(help="What the sheet is called.")],
    folder: Annotated[Path, typer.Option("--in", help="The folder for it; made if it is not there.")] = Path(),
) -> None:
    """Begin a sheet by hand: a Markdown file with the fields to fill in, searchable after `recueil build`.

    Example: recueil new "Le potager partagé" --in ~/fiches
    """
    from corpus.importing import write_template

    path = write_template(folder, title, date.today().isoformat())
    typer.echo(f"{path} is there to be filled in. Then")
    typer.echo(f"  recueil check {folder}")
    typer.echo(f"  RECUEIL_DOCUMENTS={folder} RECUEIL_VAR={folder / '.recueil'} recueil serve")


def check(
    folder: Annotated[Path | None, typer.Argument(help="The folder; that of RECUEIL_DOCUMENTS unless given.")] = None,
    set_aside: Annotated[
        Path | None,
        typer.Option(help="The CSV to write of what is set aside; set-aside.csv in the folder unless given."),
    ] = None,
) -> None:
    """Say what is read of a folder with its corpus.toml, what is set aside and why, and which sheets are poor.

    Example: recueil check ~/fiches
    """
    from corpus import write_whole
    from corpus.importing import import_corpus, set_aside_csv
    from corpus.places import Gazetteer
    from settings import SET_ASIDE, read_settings

    folder = folder or read_settings().documents
    imported = import_corpus(folder, Gazetteer.open())
    for one in imported.files:
        sheet = f" [{one.sheet}]" if one.sheet else ""
        typer.echo(f"{one.file}{sheet}: {one.sheets} sheets of {one.records} records")
        for note in one.notes:
            typer.echo(f"  note: {note}")
    for file in imported.unnamed:
        typer.echo(f"{file}: not read, because corpus.toml does not name it")
    _say_places(imported)
    _say_corrections(imported)
    if imported.set_aside:
        path = set_aside or folder / SET_ASIDE
        write_whole(path, set_aside_csv(imported.set_aside))
        typer.echo(f"\n{len(imported.set_aside)} set aside, written to {path}:")
        _say_set_aside(imported.set_aside)
    if imported.poor:
        typer.echo(f"\n{len({one.initiative for one in imported.poor})} sheets are poor:")
        _say_poor(imported)
    typer.echo("")
    _say_counts(imported)


def duplicates(
    folder: Annotated[Path | None, typer.Argument(help="The folder; that of RECUEIL_DOCUMENTS unless given.")] = None,
) -> None:
    """Propose sheets that may tell of the same initiative, most similar first; nothing is linked before you say so.

    What it prints can be written into profile.toml, less the pairs that are not the same.

    Example: recueil duplicates ~/fiches
    """
    from corpus import PROFILE, load_corpus, propose_duplicates
    from settings import read_settings

    folder = folder or read_settings().documents
    corpus = load_corpus(folder)
    found = propose_duplicates(corpus.initiatives, corpus.profile.weights.min_similarity.value)
    if not found:
        typer.echo(f"Of {len(corpus.initiatives)} sheets no two look like the same initiative.")
        return
    typer.echo(f"# {len(found)} pairs may be the same; keep those that are, in {folder / PROFILE}, and build.")
    typer.echo("same = [")
    for one in found:
        ids = f"[{json.dumps(one.one.id)}, {json.dumps(one.other.id)}]"
        typer.echo(f"  {ids},  # {one.similarity:.2f}: {one.one.title} / {one.other.title}")
    typer.echo("]")


def _explain(proposal: "Proposal") -> None:
    for source, group, guessed in zip(proposal.mapping.sources, proposal.groups, proposal.guesses, strict=True):
        records = sum(len(table.records) for table in group)
        typer.echo(f"{', '.join(source.files)}: {records} records ({source.layout.format})")
        for key, why in group[0].reasons.items():
            value = getattr(source.layout, key, None)
            if value is not None:
                typer.echo(f"  {key} = {value}: {why}")
        for table in group:
            for note in table.notes:
                typer.echo(f"  note: {table.file}: {note}")
        for role, names in guessed.columns.items():
            for name in names:
                typer.echo(f"  {role.value:<12} {name}: {guessed.reasons[name]}")
        typer.echo("")
    for one in proposal.unread:
        typer.echo(f"not read: {one.file}: {one.what}. {one.mend}")


def _examples(imported: "Imported") -> "list[tuple[str, Initiative]]":
    """The first and the last sheet, and three odd ones, none twice: a poor one, the shortest, the longest, …"""
    every = imported.corpus.initiatives
    poor = {one.initiative: one.what for one in imported.poor}
    chosen = {one.id: (why, one) for why, one in (("first", every[0]), ("last", every[-1]))}
    orders: tuple[tuple[str, Callable[[Initiative], int]], ...] = (
        ("poor", lambda one: -(one.id in poor)),
        ("the shortest", lambda one: len(one.text)),
        ("the longest", lambda one: -len(one.text)),
    )
    for why, order in orders:
        rest = [one for one in every if one.id not in chosen]
        if rest:
            odd = min(rest, key=order)
            chosen[odd.id] = (f"odd: {poor.get(odd.id, 'one of the middle') if why == 'poor' else why}", odd)
    return list(chosen.values())


def _show(why: str, initiative: "Initiative", where: str) -> None:
    typer.echo(f"\n--- {why} ({where}) ---")
    places = ", ".join(one.name for one in initiative.departements)
    typer.echo(f"id {initiative.id}" + (f" · place {places}" if places else ""))
    lines = initiative.text.split("\n")
    for line in lines[:LINES_OF_A_SHEET]:
        typer.echo(f"  {line[:150]}{'…' if len(line) > 150 else ''}")
    if len(lines) > LINES_OF_A_SHEET:
        typer.echo(f"  … {len(lines) - LINES_OF_A_SHEET} more lines")


def _say_counts(imported: "Imported") -> None:
    poor = len({one.initiative for one in imported.poor})
    typer.echo(
        f"{len(imported.corpus.initiatives)} sheets of {len(imported.files)} files; "
        f"{len(imported.set_aside)} records set aside; {poor} sheets poor."
    )


def _say_places(imported: "Imported") -> None:
    every = imported.corpus.initiatives
    found = sum(bool(one.departements) for one in every)
    named = sum(bool(one.territory) for one in every)
    if found or named:
        typer.echo(f"places: {found} of {len(every)} sheets lie in a département that is known, {named} name a place")


def _say_corrections(imported: "Imported") -> None:
    from corpus import is_needless

    mended = [one for one in imported.corpus.initiatives if one.corrections]
    if mended:
        typer.echo(
            f"corrections: {sum(len(one.corrections) for one in mended)} fields of {len(mended)} sheets are mended"
        )
    for one in mended:
        for correction in one.corrections:
            if is_needless(one, correction):
                typer.echo(f"  {one.id}: '{correction.field}' says so itself by now; take the correction out")


def _say_set_aside(found: "Sequence[SetAside]") -> None:
    for one in found[:MOST_SHOWN]:
        where = ", ".join(part for part in (one.file, one.where, one.column) if part)
        typer.echo(f"  {one.what} ({where}). {one.mend}")
    if len(found) > MOST_SHOWN:
        typer.echo(f"  … {len(found) - MOST_SHOWN} more in the CSV")


def _say_poor(imported: "Imported") -> None:
    kinds: dict[str, list[str]] = {}
    for one in imported.poor:
        kinds.setdefault(one.what.split(":")[0], []).append(one.where)
    for what, places in kinds.items():
        more = f" and {len(places) - 3} more" if len(places) > 3 else ""
        typer.echo(f"  {what}: {len(places)} ({'; '.join(places[:3])}{more})")
