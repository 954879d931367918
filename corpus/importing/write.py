"""The plain format: one Markdown file a sheet, its fields in front matter, and the corpus.toml that reads them.

    path = write_template(folder, "Le potager partagé")     # folder/le-potager-partage.md

A person fills in what is there and leaves out what is not known; nothing else is needed to have the sheet found.
"""

import json
from pathlib import Path

from corpus.errors import BadDocument
from corpus.importing.guess import Role
from corpus.importing.load import files_of
from corpus.importing.mapping import (
    MAPPING,
    BadMapping,
    Comments,
    CorpusMapping,
    SourceMapping,
    mapping_text,
    read_mapping,
)
from corpus.importing.poor import UNFILLED
from corpus.importing.record import Format, Layout
from corpus.text import slug
from corpus.writing import write_whole

NAME_LENGTH = 60  # characters
# The keys of the front matter, as they stand in the template, and what they mean.
KEYS = {
    "title": Role.TITLE,
    "place": Role.PLACE,
    "organisation": Role.ORGANISATION,
    "partners": Role.PARTNER,
    "start": Role.DATE,
    "theme": Role.FACET,
    "keywords": Role.KEYWORD,
    "url": Role.URL,
    "contact": Role.CONTACT,
}
TEMPLATE = """---
title: {title}
place:          # a town, a département or a region
organisation:   # who runs it
partners: []    # [one, another]
start:          # 2026, 2026-11 or 2026-11-30
theme:          # one word to filter by
keywords: []    # [one, another]
url:
contact:        # shown only where corpus.toml says show_contacts = true
---
{unfilled}

## Results

What it changed, in figures where there are any.
"""


def write_template(folder: Path, title: str, today: str = "not stated") -> Path:
    """Write a sheet to be filled in, and the corpus.toml of the folder where there is none; the sheet is returned.

    `today`, in ISO 8601, is said to be the date of the collection.

    Raises BadDocument where such a sheet is there already, and BadMapping where the folder's corpus.toml would not
    read it.
    """
    name = slug(title, NAME_LENGTH)
    if not name:
        raise BadDocument("The title has no letters", repr(title), "Give the sheet a name.")
    path = folder / f"{name}.md"
    if path.exists():
        raise BadDocument("There is such a sheet already", str(path), "Open that one, or give another title.")
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(path, TEMPLATE.format(title=_scalar(title), unfilled=UNFILLED))
    if not (folder / MAPPING).exists():
        write_whole(folder / MAPPING, plain_mapping(folder, today))
    elif not _is_read(path, folder):
        path.unlink()
        raise BadMapping(
            f"corpus.toml does not read {path.name}",
            str(folder / MAPPING),
            'Add a [[source]] with files = ["*.md"], or choose an empty folder.',
        )
    return path


def _is_read(path: Path, folder: Path) -> bool:
    mapping = read_mapping(folder)
    return any(path in files_of(folder, source, mapping) for source in mapping.sources)


def plain_mapping(folder: Path, today: str) -> str:
    """The corpus.toml of a folder of such sheets."""
    columns: dict[Role, tuple[str, ...]] = {Role.TEXT: ("body",)}
    columns |= {role: (name,) for name, role in KEYS.items()}
    layout = Layout(format=Format.MARKDOWN, records="file")
    source = SourceMapping(files=("*.md",), layout=layout, columns=columns)
    title = folder.resolve().name.replace("-", " ") or "Sheets"
    return mapping_text(
        CorpusMapping(title=title, publisher=title, date=today, sources=(source,)),
        [Comments(above=["One sheet a file."])],
    )


def _scalar(title: str) -> str:
    """A title as YAML reads it back, whatever is in it: a string of JSON is one of YAML too."""
    return json.dumps(" ".join(title.split()), ensure_ascii=False)
