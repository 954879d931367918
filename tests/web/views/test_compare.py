"""The page that compares initiatives, as a browser gets it: of the almanac, and `service` for shipped sheets."""

import csv
import html
import io
import re
import zipfile

import httpx
import pytest

from search import Aspect
from tests.web.conftest import BIKES, BUS
from web.exports import FORMATS
from web.visitor import texts_in

CARPOOL = "almanac-organiser-le-covoiturage-des-agents-de-la-prefecture"
IDS = [BIKES, BUS, CARPOOL]


def compare(service: httpx.Client, ids: list[str], status: int = 200, **parameters) -> str:
    reply = service.get("/compare", params={"id": ids, **parameters})
    assert (reply.status_code, reply.headers["content-type"]) == (status, "text/html; charset=utf-8")
    return reply.text


def words(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def rows(shown: str) -> dict[str, list[str]]:
    """The cells of each row by its heading, as a reader sees them."""
    body = shown[shown.index("<tbody") : shown.index("</tbody>")]
    found = {}
    for row in re.findall(r"<tr.*?</tr>", body, re.DOTALL):
        [heading] = re.findall(r'<th role="rowheader" scope="row">(.*?)</th>', row)
        cells = re.findall(r"<td.*?</td>", row, re.DOTALL)
        found[html.unescape(heading)] = [words(re.sub(r'<span class="whose".*?</span>', "", cell)) for cell in cells]
    return found


def test_initiatives_stand_side_by_side_with_a_row_for_each_aspect(client):
    table = rows(compare(client, IDS, lang="en"))
    assert list(table) == [texts_in("en")(f"compare.aspect.{aspect}") for aspect in Aspect]
    nothing = "Nothing found in the sheet"
    assert table["Place"] == ["Gironde line 6", nothing, nothing]
    assert table["Cost and funding"] == [nothing] * 3


def test_every_quote_leads_to_its_lines(service):
    sheets = service.get("/initiatives", params={"document": "recueil-2018", "limit": 3}).json()["items"]
    shown = compare(service, [sheet["id"] for sheet in sheets])
    addresses = {html.unescape(one) for one in re.findall(r'<a class="lines" href="([^"]*)"', shown)}
    assert len(addresses) > 3
    for address in addresses:
        assert 'id="cited"' in service.get(address.split("#")[0]).text
        assert address.endswith("#cited")


def test_the_columns_have_headers_that_lead_to_the_sheets_in_the_language_of_the_visitor(client):
    shown = compare(client, IDS)
    header = shown[shown.index("<thead") : shown.index("</thead>")]
    assert header.count('scope="col"') == 4
    assert all(f'href="/sheet/{id}"' in header for id in IDS)
    assert "Bikes for apprentices" in compare(client, IDS, lang="en")


def test_one_can_be_taken_out(client):
    assert f'href="/compare?id={BUS}&amp;id={CARPOOL}"' in compare(client, IDS)


@pytest.mark.parametrize("count", [0, 1, 6])
def test_too_few_or_too_many_are_a_choice_to_make(client, count):
    chosen = [one["id"] for one in client.get("/initiatives").json()["items"][:count]]
    shown = compare(client, chosen, lang="en")
    assert "<table" not in shown
    ticked = re.findall(r'<input type="checkbox" name="id" value="([^"]*)" checked>', shown)
    assert ticked == chosen
    assert ("leave at most 5 ticked" if count > 5 else "Tick at least 2 and at most 5") in shown


def test_one_alone_is_offered_with_its_likes(client):
    shown = compare(client, [BIKES])
    likes = client.get(f"/initiatives/{BIKES}/similar", params={"k": 8}).json()["hits"]
    proposed = re.findall(r'<input type="checkbox" name="id" value="([^"]*)">', shown)
    assert proposed == [hit["initiative"]["id"] for hit in likes]


def test_others_can_be_looked_for_and_added_without_script_or_cookie(client):
    shown = compare(client, IDS, add="tablette", lang="en")
    assert re.findall(r'value="([^"]*)" checked>', shown) == IDS
    proposed = re.findall(r'<input type="checkbox" name="id" value="([^"]*)">', shown)
    assert "almanac-apprendre-aux-retraites-a-se-servir-d-une-tablette" in proposed
    assert not set(proposed) & set(IDS)


def test_the_same_one_twice_is_one(client):
    assert compare(client, [BIKES, BUS, BIKES], lang="en").count("column-") == 2


def test_an_unknown_initiative_is_a_page_that_says_what_to_do(client):
    shown = words(compare(client, [BIKES, "no-such-sheet"], 404, lang="en"))
    assert texts_in("en")("sheet.unknown.title") in shown


def test_words_to_look_for_stay_text(client):
    assert "<script>alert" not in compare(client, [BIKES], add='"><script>alert(1)</script>')


def test_the_spreadsheet_holds_the_table_with_whole_addresses(client):
    reply = client.get("/compare.csv", params={"id": IDS, "lang": "fr"})
    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    assert reply.headers["content-disposition"] == 'attachment; filename="comparaison.csv"'
    assert reply.content.startswith(b"\xef\xbb\xbf")
    table = {
        row[0]: row[1:] for row in csv.reader(io.StringIO(reply.content.decode("utf-8-sig"), newline=""), delimiter=";")
    }
    assert table["Lieu"] == ["«\u00a0Gironde\u00a0» (ligne 6)", *["[Rien trouvé dans la fiche]"] * 2]
    assert table["Adresse"] == [str(client.base_url.join(f"/sheet/{id}?lang=fr")) for id in IDS]


@pytest.mark.parametrize(("language", "separator"), [("fr", ";"), ("en", ",")])
def test_cells_are_parted_as_spreadsheets_in_the_readers_language_expect(client, language, separator):
    reply = client.get("/compare.csv", params={"id": IDS, "lang": language})
    assert reply.content.startswith(b"\xef\xbb\xbf")
    text = io.StringIO(reply.content.decode("utf-8-sig"), newline="")
    assert {len(row) for row in csv.reader(text, delimiter=separator)} == {1 + len(IDS)}


def test_the_document_opens_as_one(client):
    reply = client.get("/compare.odt", params={"id": IDS})
    assert reply.headers["content-type"] == "application/vnd.oasis.opendocument.text"
    with zipfile.ZipFile(io.BytesIO(reply.content)) as packed:
        assert packed.testzip() is None
        assert "Gironde" in packed.read("content.xml").decode()


@pytest.mark.parametrize("ending", FORMATS)
def test_a_file_of_no_comparison_is_refused_with_the_mend(client, ending):
    reply = client.get(f"/compare.{ending}", params={"id": [BIKES]})
    assert reply.status_code == 422
    assert "Choose 2 to 5." in reply.text
    assert client.get(f"/compare.{ending}", params={"id": ["x", "y"]}).status_code == 404


@pytest.mark.parametrize("path", ["/compare", "/compare.csv", "/compare.odt"])
def test_a_comparison_can_do_no_harm(client, path):
    headers = client.get(path, params={"id": IDS}).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in headers
