"""corpus.toml: what is written can be read again, and what cannot be used is told with its line."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.importing import MAPPING, BadMapping, CorpusMapping, Format, Layout, Role, SourceMapping, read_mapping
from corpus.importing.mapping import Comments, mapping_text

NAMES = st.text(min_size=1, max_size=20).filter(str.strip).filter(lambda name: name[0] < "\ud800" or name[0] > "\udfff")


@settings(max_examples=30)
@given(st.lists(NAMES, min_size=1, max_size=4, unique=True), st.text(max_size=30))
def test_what_is_written_is_read_again_whatever_columns_are_called(tmp_path_factory, names, reason):
    folder = tmp_path_factory.mktemp("mapping")
    source = SourceMapping(
        files=("fiches 2026.csv", "lots/*.csv"),
        layout=Layout(format=Format.CSV, encoding="cp1252", delimiter="\t", heading_row=2, first_row=4),
        columns={Role.TITLE: (names[0],), Role.TEXT: tuple(names)},
    )
    mapping = CorpusMapping(title="Fiches « d’ici »", places="none", show_contacts=True, sources=(source,))
    comments = [Comments(above=["3 records."], layout={"delimiter": reason}, columns={names[0]: reason})]
    (folder / MAPPING).write_text(mapping_text(mapping, comments), encoding="utf-8")
    read = read_mapping(folder)
    (again,) = read.sources
    assert (read.title, read.places, read.show_contacts) == (mapping.title, "none", True)
    assert (again.files, again.layout, again.columns) == (source.files, source.layout, source.columns)


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("[corpus\n", 1, "not TOML"),
        ('[corpus]\ntitle = "A"\n', 1, "names no files"),
        ('[corpus]\ntitel = "A"\n', 2, "unknown key 'titel'"),
        ('[corpus]\nplaces = "belgique"\n', 2, "no gazetteer 'belgique'"),
        ('[corpus]\nshow_contacts = "oui"\n', 2, "'show_contacts' cannot be 'oui'"),
        ('[sources]\nfiles = "a.csv"\n', 1, "unknown tables"),
        ('[[source]]\nformat = "csv"\ntitle = "nom"\n', 1, "names no files"),
        ('[[source]]\nfiles = "a.csv"\nformat = "csv"\n', 1, "neither title nor text"),
        ('[[source]]\nfiles = "a.csv"\nformat = "excel"\ntitle = "nom"\n', 3, "format 'excel'"),
        ('[[source]]\nfiles = "a.csv"\nformat = "csv"\ntitle = "nom"\nheading_row = "2"\n', 5, "no number of a row"),
        ('[[source]]\nfiles = "*.md"\nformat = "markdown"\ntext = "body"\nrecords = "page"\n', 5, "has no 'page'"),
        ('[[source]]\nfiles = "a.csv"\nformat = "csv"\ntitle = "nom"\ndelimiter = ";;"\n', 5, "not one character"),
        (
            '[[source]]\nfiles = "a.csv"\nformat = "csv"\ntitle = "nom"\n\n[[source]]\nfiles = 3\n',
            7,
            "no list of names",
        ),
    ],
)
def test_what_cannot_be_used_is_told_with_its_line_and_mend(tmp_path, text, line, what):
    (tmp_path / MAPPING).write_text(text, encoding="utf-8")
    with pytest.raises(BadMapping) as raised:
        read_mapping(tmp_path)
    assert what in raised.value.what
    assert raised.value.where == f"{tmp_path / MAPPING}:{line}"
    assert raised.value.mend
