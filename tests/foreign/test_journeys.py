"""From a folder of files to a good answer by the steps of the README: a table, a workbook, notes and a leaflet.

A repair café keeps its records as it grew: loans in CSV, workshops in XLSX, how-tos in Markdown, a leaflet in PDF.
"""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from typer.testing import CliRunner

import cli
from settings import Settings
from tests.conftest import environment_of
from tests.corpus.importing.test_pages import pdf_of

LOANS = """name;description;shelf
Cordless drill;The drill comes with two batteries and a box of bits for wood. It is lent for three days.;A
Sewing machine;The sewing machine takes denim and leather when the heavy needle is in. Threading is shown on Mondays.;B
Tile cutter;Tiles up to sixty centimetres are cut straight. Wear the goggles that hang beside it.;A
Soldering station;The station heats to four hundred degrees in half a minute. Lead free solder is in the drawer.;C
"""
WORKSHOPS = [
    ("Workshop", "What is done", "Room"),
    (
        "Bicycle evening",
        "Brakes and gears are set every Thursday. Tubes are sold at cost.",
        "Yard",
    ),
    (
        "Lamp clinic",
        "Old lamps get new wiring and a plug with a fuse. Nobody leaves untested.",
        "Hall",
    ),
    ("Darning circle", "Socks and jumpers are darned with wool from the box. Tea is free.", "Hall"),
    ("Radio club", "Valve radios are brought back to life with new capacitors, one each winter.", "Attic"),
]
HOW_TOS = {
    "zip.md": "---\ntitle: A zip that splits\nkind: cloth\n---\n\nSqueeze the slider with pliers on each side.\n",
    "kettle.md": "---\ntitle: A kettle that leaks\nkind: kitchen\n---\n\nMost leaks come from the seal.\n",
    "toaster.md": "---\ntitle: A toaster that stays down\nkind: kitchen\n---\n\nCrumbs hold the magnet back.\n",
}
LEAFLET = (
    ("Membership of the repair cafe", 22),
    ("A year of membership costs eighteen pounds and nine for", 10),
    ("students. Whoever repairs for others on four evenings pays nothing.", 10),
)

# What people ask, and what the answer must say and cite: file by file.
ASKED = [
    ("how long is the drill lent for?", "three days", "Cordless drill"),
    ("when are the brakes of bicycles set?", "Thursday", "Bicycle evening"),
    ("what do I do with a zip that splits?", "pliers", "A zip that splits"),
    ("what does a year of membership cost?", "eighteen pounds", "Membership of the repair cafe"),
]


def write_workbook(path: Path, rows: list[tuple[str, ...]]) -> None:
    """The smallest workbook that spreadsheets open: one sheet, its cells as text."""
    cells = "".join(
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>' for cell in row) + "</row>"
        for row in rows
    )
    office = "http://schemas.openxmlformats.org"
    main, relations = f"{office}/spreadsheetml/2006/main", f"{office}/officeDocument/2006/relationships"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{office}/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{office}/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>'
        '<sheet name="Workshops" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{office}/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w") as file:
        for name, part in parts.items():
            file.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{part}')


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stranger") / "repair-cafe"
    folder.mkdir()
    (folder / "loans.csv").write_text(LOANS, encoding="utf-8")
    write_workbook(folder / "workshops.xlsx", WORKSHOPS)
    for name, text in HOW_TOS.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "leaflet.pdf").write_bytes(pdf_of(*LEAFLET))
    return folder


@pytest.fixture(scope="module")
def recueil(folder: Path, built: Settings) -> Iterator:
    """The commands of the README, one after the other; the model that ships is ready, as after a first build."""
    var = folder / ".recueil"
    var.mkdir()
    (var / "models").symlink_to(built.var / "models")
    with pytest.MonkeyPatch.context() as patched:
        for name, value in environment_of(built.model_copy(update={"documents": folder, "var": var})).items():
            if name.startswith("RECUEIL_"):
                patched.setenv(name, value)

        def run(*words: str) -> str:
            ended = CliRunner().invoke(cli.app, list(words))
            assert ended.exit_code == 0, ended.output
            return ended.stdout

        for step in ("init", "check"):
            run(step, str(folder))
        run("build")
        yield run


def test_every_record_of_every_file_is_a_sheet(recueil, folder: Path):
    checked = recueil("check", str(folder))
    assert "12 sheets of 6 files; 0 records set aside" in checked


@pytest.mark.parametrize(("question", "said", "title"), ASKED, ids=["csv", "xlsx", "markdown", "pdf"])
def test_a_question_is_answered_from_each_file(recueil, question: str, said: str, title: str):
    reply = json.loads(recueil("ask", question, "--json"))
    assert said in reply["text"]
    assert reply["confidence"] is None
    assert said in reply["citations"][0]["quote"]
    (source,) = {hit["initiative"]["title"] for hit in reply["hits"] if hit["rank"] == 1}
    assert source == title
