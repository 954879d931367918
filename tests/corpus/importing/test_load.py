"""A folder of somebody else's files becomes sheets: the good ones all, the others told."""

import csv
import io

import pytest

from corpus import BadDocument, load_corpus, load_documents
from corpus.importing import MAPPING, BadMapping, import_corpus, propose, set_aside_csv
from tests.foreign_sheets import write_sheets


@pytest.fixture
def folder(tmp_path, gazetteer):
    """The folder with the corpus.toml that is proposed for it."""
    folder = write_sheets(tmp_path / "fiches")
    (folder / MAPPING).write_text(propose(folder, gazetteer).text, encoding="utf-8")
    return folder


def changed(folder, old: str, new: str) -> None:
    text = (folder / MAPPING).read_text(encoding="utf-8")
    assert old in text
    (folder / MAPPING).write_text(text.replace(old, new), encoding="utf-8")


def test_a_table_and_a_folder_of_notes_are_proposed_as_two_sources(folder, gazetteer):
    proposal = propose(folder, gazetteer)
    assert [source.files for source in proposal.mapping.sources] == [("actions.csv",), ("notes/*.md",)]
    table, _ = (source.layout for source in proposal.mapping.sources)
    assert (table.encoding, table.delimiter, table.heading_row) == ("cp1252", ";", 2)
    assert [one.file for one in proposal.unread] == ["README.md"]


def test_good_records_become_sheets_with_their_own_ids(folder, gazetteer):
    corpus = load_corpus(folder, gazetteer)
    assert [one.id for one in corpus.initiatives] == [
        "A-1", "A-2", "A-4", "A-6", "notes-the-village-pond", "notes-a-library-of-tools",
    ]  # fmt: skip
    assert [document.id for document in load_documents(folder)] == ["actions", "notes"]
    bus = corpus.by_id["A-6"]
    assert (bus.title, bus.theme, bus.start_year) == ("Un bus qui soigne", "Santé", 2022)
    assert [one.code for one in bus.departements] == ["23"]
    assert bus.lead_organisations == ("Conseil départemental de la Creuse",)


def test_a_sheet_is_exactly_its_lines_and_sections_hold_the_prose(folder, gazetteer):
    corpus = load_corpus(folder, gazetteer)
    documents = {document.id: document for document in corpus.documents}
    for one in corpus.initiatives:
        assert documents[one.source.document].text(one.source.start_line, one.source.end_line) == one.text
        assert one.text.startswith(one.title)
    pond = corpus.by_id["notes-the-village-pond"]
    document = documents["notes"]
    said = [(one.heading, document.text(one.start_line, one.end_line)) for one in pond.sections[-2:]]
    assert said == [
        (None, "Neighbours dug out a silted pond and count its frogs every spring."),
        ("What it took", "Twelve weekends, two borrowed diggers and a great deal of tea."),
    ]


def test_bad_records_are_set_aside_with_where_what_and_mend(folder, gazetteer):
    imported = import_corpus(folder, gazetteer)
    assert [(one.file, one.where, one.what.split(",")[0]) for one in imported.set_aside] == [
        ("actions.csv", "line 6", "The row has 1 cells more than the 9 columns"),
        ("actions.csv", "line 8", "The record has neither title nor text"),
    ]
    first = imported.files[0]
    assert (first.file, first.records, first.sheets) == ("actions.csv", 6, 4)
    assert imported.unnamed == ("README.md",)


def test_what_is_set_aside_is_a_csv_that_spreadsheets_open_and_never_calculate(folder, gazetteer):
    (folder / "actions.csv").write_bytes(b"Titre;Descriptif\n=1+1;a;b\nLe bus;Il roule.\n")
    (folder / MAPPING).write_text(propose(folder, gazetteer).text, encoding="utf-8")
    text = set_aside_csv(import_corpus(folder, gazetteer).set_aside)
    heading, row = csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";")
    assert heading == ["file", "where", "column", "what", "mend", "record"]
    assert '"Titre": "=1+1"' in row[5]


def test_contacts_are_read_only_where_they_are_asked_for(folder, gazetteer):
    assert all(not one.contacts and "@" not in one.text for one in load_corpus(folder, gazetteer).initiatives)
    changed(folder, "show_contacts = false", "show_contacts = true")
    contacts = {one.id: one.contacts for one in load_corpus(folder, gazetteer).initiatives}
    assert [one.email for one in contacts["A-1"]] == ["velo@exemple.fr"]
    assert all("@" not in one.text for one in load_corpus(folder, gazetteer).initiatives)


def test_nothing_is_linked_however_alike_sheets_are(folder, gazetteer):
    (folder / "actions.csv").write_text("Titre;Descriptif\n" + "Le bus;Il roule de village en village.\n" * 3)
    (folder / MAPPING).write_text(propose(folder, gazetteer).text, encoding="utf-8")
    initiatives = load_corpus(folder, gazetteer).initiatives
    assert [one.id for one in initiatives][:3] == ["actions-le-bus", "actions-le-bus-2", "actions-le-bus-3"]
    assert all(one.same_as == () for one in initiatives)


def test_files_with_the_same_columns_add_and_ids_stay_apart(folder, gazetteer):
    (folder / "actions-2025.csv").write_bytes((folder / "actions.csv").read_bytes())
    proposal = propose(folder, gazetteer)
    assert proposal.mapping.sources[0].files == ("actions-2025.csv", "actions.csv")
    (folder / MAPPING).write_text(proposal.text, encoding="utf-8")
    ids = [one.id for one in load_corpus(folder, gazetteer).initiatives]
    assert (len(ids), len(set(ids))) == (10, 10)
    assert {"A-1", "actions-A-1"} <= set(ids)


def test_poor_sheets_are_read_and_told(folder, gazetteer):
    (folder / "actions.csv").write_text("Titre;Descriptif\nLe bus;Il roule de village en village.\nLe vélo;\n")
    form = "# Fiche\n\n" + "\n\n".join(f"- Quelle est votre réponse {n} ?" for n in range(8))
    (folder / "notes" / "vierge.md").write_text(form, encoding="utf-8")
    (folder / MAPPING).write_text(propose(folder, gazetteer).text, encoding="utf-8")
    imported = import_corpus(folder, gazetteer)
    assert {(one.where, one.what.split(":")[0]) for one in imported.poor} >= {
        ("actions.csv, line 3", "title only"),
        ("notes/vierge.md", "empty form"),
    }
    assert {one.initiative for one in imported.poor} <= imported.corpus.by_id.keys()


def test_records_that_are_marked_as_none_are_set_aside(folder, gazetteer):
    (folder / "actions.csv").write_text(
        "__ignore__,Titre,Descriptif\nTrue,Aide,Le nom.\n,Le bus,Il roule.\n,Le vélo,Il va.\n"
    )
    (folder / MAPPING).write_text(propose(folder, gazetteer).text, encoding="utf-8")
    imported = import_corpus(folder, gazetteer)
    assert [(one.where, one.column) for one in imported.set_aside] == [("line 2", "__ignore__")]


def test_an_example_of_how_to_fill_a_form_is_no_record(folder, gazetteer):
    rows = ["Plan;;", "Titre;Descriptif;Porteur", "Champ texte;Champ texte libre;Champ texte"]
    rows += [f"Action {n};Elle plante {n} arbres dans la cour.;Mairie de Brest" for n in range(4)]
    (folder / "actions.csv").write_text("\n".join(rows))
    layout = propose(folder, gazetteer).mapping.sources[0].layout
    assert (layout.heading_row, layout.first_row) == (2, 4)


# --- faults ---


def test_a_column_that_is_gone_is_a_fault_that_names_those_there(folder, gazetteer):
    changed(folder, 'title = "Titre de l\'action"', 'title = "Titre"')
    changed(folder, '    "Descriptif",', '    "Description",')
    with pytest.raises(BadMapping) as raised:
        import_corpus(folder, gazetteer)
    assert "'Titre de l'action'" in raised.value.mend.replace('"', "'")


def test_a_file_that_is_gone_is_a_fault_at_its_source(folder, gazetteer):
    (folder / "actions.csv").unlink()
    with pytest.raises(BadMapping, match=r"There is no file actions\.csv") as raised:
        import_corpus(folder, gazetteer)
    assert raised.value.where.rpartition(":")[2].isdigit()


def test_a_file_that_cannot_be_read_costs_the_others_nothing(folder, gazetteer):
    changed(folder, 'encoding = "cp1252"', 'encoding = "utf-8"')
    imported = import_corpus(folder, gazetteer)
    assert [one.file for one in imported.set_aside] == ["actions.csv"]
    assert len(imported.corpus.initiatives) == 2


@pytest.mark.parametrize("files", [{}, {"photo.jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"}, {"vide.csv": b""}])
def test_a_folder_without_records_is_a_fault_with_its_mend(tmp_path, gazetteer, files):
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    with pytest.raises(BadDocument) as raised:
        propose(tmp_path, gazetteer)
    assert raised.value.mend


def test_prose_in_many_folders_is_one_source_and_files_about_the_folder_are_none_of_it(folder, gazetteer):
    (folder / "notes" / "2024").mkdir()
    (folder / "notes" / "2024" / "four.md").write_text("---\ntitle: The oven\n---\nIt bakes bread on Sundays.\n")
    (folder / "notes" / "README.md").write_text("# About\n\nNotes of a village.\n")
    text = propose(folder, gazetteer).text
    assert 'files = ["notes/**/*.md"]' in text
    (folder / MAPPING).write_text(text, encoding="utf-8")
    imported = import_corpus(folder, gazetteer)
    assert [one.title for one in imported.corpus.initiatives][4:] == [
        "The oven",
        "The village pond",
        "A library of tools",
    ]
    assert imported.unnamed == ("README.md", "notes/README.md")


def test_a_total_is_no_record(folder, gazetteer):
    (folder / "actions.csv").write_text("Titre;Descriptif;Coût\nLe bus;Il roule.;5\nLe vélo;Il va.;6\nTOTAL;;11\n")
    (folder / MAPPING).write_text(propose(folder, gazetteer).text, encoding="utf-8")
    (aside,) = import_corpus(folder, gazetteer).set_aside
    assert (aside.where, aside.what) == ("line 4", "The record is a total of the others")
