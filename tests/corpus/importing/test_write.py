"""The plain format: a template that is read back as it stands, filled in or not."""

import pytest

from corpus import BadDocument, load_corpus
from corpus.importing import BadMapping, import_corpus, write_template


@pytest.mark.parametrize("title", ["Le potager partagé", "Yes: a “list” - of #things", "2026", 'L\'été & l’"hiver"'])
def test_a_fresh_template_is_a_sheet_of_its_title(tmp_path, gazetteer, title):
    write_template(tmp_path / "fiches", title)
    (sheet,) = load_corpus(tmp_path / "fiches", gazetteer).initiatives
    assert sheet.title == title
    assert [one.what.split(":")[0] for one in import_corpus(tmp_path / "fiches", gazetteer).poor] == ["empty form"]


def test_what_is_filled_in_is_found_in_the_sheet(tmp_path, gazetteer):
    path = write_template(tmp_path, "Le potager partagé")
    text = path.read_text(encoding="utf-8").replace("place:  ", "place: Brest").replace("start:  ", "start: 2024-05")
    path.write_text(
        text.replace("theme:  ", "theme: Jardins").replace("contact:  ", "contact: Marie, marie@exemple.fr")
    )
    (sheet,) = load_corpus(tmp_path, gazetteer).initiatives
    assert [one.name for one in sheet.departements] == ["Finistère"]
    assert (sheet.territory, sheet.theme, sheet.start_year) == ("Brest", "Jardins", 2024)
    assert "marie@" not in sheet.text
    assert [section.heading for section in sheet.sections] == [None, None, "Results"]


def test_further_sheets_are_read_by_the_same_corpus_toml(tmp_path, gazetteer):
    for title in ("Le potager", "Le bus"):
        write_template(tmp_path, title)
    imported = import_corpus(tmp_path, gazetteer)
    assert [one.title for one in imported.corpus.initiatives] == ["Le bus", "Le potager"]
    assert [one.id for one in imported.corpus.documents] == [imported.corpus.documents[0].id]


def test_nothing_is_written_over(tmp_path):
    write_template(tmp_path, "Le potager")
    with pytest.raises(BadDocument, match="already"):
        write_template(tmp_path, "Le  Potager")


def test_a_folder_that_would_not_read_it_is_left_as_it_was(tmp_path):
    (tmp_path / "corpus.toml").write_text('[[source]]\nfiles = "a.csv"\nformat = "csv"\ntitle = "nom"\n')
    with pytest.raises(BadMapping):
        write_template(tmp_path, "Le potager")
    assert [path.name for path in tmp_path.iterdir()] == ["corpus.toml"]
