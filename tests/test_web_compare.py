"""The page that compares initiatives, as a browser gets it."""

import csv
import html
import io
import re
import zipfile

import httpx
import pytest

from search import Engine
from search.aspect import Aspect
from web.texts import texts_in


@pytest.fixture(scope="module")
def ids(engine: Engine) -> list[str]:
    wanted = ("Wimooov", "Flash emploi", "Plate-forme d'hébergement et d'accompagnement pour jeunes adultes")
    return [next(one.id for one in engine.initiatives if one.title.startswith(title)) for title in wanted]


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


def test_initiatives_stand_side_by_side_with_a_row_for_each_aspect(service, ids):
    table = rows(compare(service, ids, lang="en"))
    assert list(table) == [texts_in("en")(f"compare.aspect.{aspect}") for aspect in Aspect]
    assert table["Run by"] == [
        "Association Wimooov line 2852",
        "Fondation PSP ACTES line 760",
        "Association les Genêts d'Or line 1808",
    ]
    assert (
        table["Cost and funding"][2]
        == "Coût du fonctionnement annuel du dispositif : 1,5 millions d'euros de dotations. line 1831"
    )


def test_an_empty_cell_says_so_and_a_hope_is_no_finding(service, ids):
    table = rows(compare(service, ids, lang="en"))
    assert table["Cost and funding"][0] == "Nothing found in the sheet"
    assert table["Results"][2].startswith("Hoped for or to be measured, not found:")


def test_every_quote_leads_to_its_lines(service, ids):
    shown = compare(service, ids)
    for address in {html.unescape(one) for one in re.findall(r'<a class="lines" href="([^"]*)"', shown)}:
        assert 'id="cited"' in service.get(address.split("#")[0]).text
        assert address.endswith("#cited")


def test_the_columns_have_headers_that_lead_to_the_sheets(service, ids):
    shown = compare(service, ids)
    header = shown[shown.index("<thead") : shown.index("</thead>")]
    assert header.count('scope="col"') == 4
    assert all(f'href="/sheet/{id}"' in header for id in ids)


def test_one_can_be_taken_out(service, ids):
    shown = compare(service, ids)
    assert f'href="/compare?id={ids[1]}&amp;id={ids[2]}"' in shown


@pytest.mark.parametrize("count", [0, 1, 6])
def test_too_few_or_too_many_are_a_choice_to_make(service, engine, count):
    chosen = [one.id for one in engine.initiatives[:count]]
    shown = compare(service, chosen, lang="en")
    assert "<table" not in shown
    ticked = re.findall(r'<input type="checkbox" name="id" value="([^"]*)" checked>', shown)
    assert ticked == chosen
    assert ("leave at most 5 ticked" if count > 5 else "Tick at least 2 and at most 5") in shown


def test_one_alone_is_offered_with_its_likes(service, engine, ids):
    shown = compare(service, ids[:1])
    likes = [hit.initiative.id for hit in engine.similar(ids[0], 8)]
    assert re.findall(r'<input type="checkbox" name="id" value="([^"]*)">', shown) == likes


def test_others_can_be_looked_for_and_added_without_script_or_cookie(service, ids):
    shown = compare(service, ids, add="chauffage au bois", lang="en")
    assert re.findall(r'value="([^"]*)" checked>', shown) == ids
    proposed = re.findall(r'<input type="checkbox" name="id" value="([^"]*)">', shown)
    assert any("air" in id for id in proposed)
    assert not set(proposed) & set(ids)


def test_the_same_one_twice_is_one(service, ids):
    assert compare(service, [ids[0], ids[1], ids[0]], lang="en").count("column-") == 2


def test_an_unknown_initiative_is_a_page_that_says_what_to_do(service, ids):
    shown = words(compare(service, [ids[0], "no-such-sheet"], 404, lang="en"))
    assert texts_in("en")("sheet.unknown.title") in shown


def test_words_to_look_for_stay_text(service, ids):
    assert "<script>alert" not in compare(service, ids[:1], add='"><script>alert(1)</script>')


def test_the_spreadsheet_holds_the_table_with_whole_addresses(service, ids):
    reply = service.get("/compare.csv", params={"id": ids, "lang": "fr"})
    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    assert reply.headers["content-disposition"] == 'attachment; filename="comparison.csv"'
    assert reply.content.startswith(b"\xef\xbb\xbf")
    table = {row[0]: row[1:] for row in csv.reader(io.StringIO(reply.content.decode("utf-8-sig"), newline=""))}
    assert table["Porteur"][0] == "«\u00a0Association Wimooov\u00a0» (ligne 2852)"
    assert table["Adresse"] == [str(service.base_url.join(f"/sheet/{id}?lang=fr")) for id in ids]


def test_the_document_opens_as_one(service, ids):
    reply = service.get("/compare.odt", params={"id": ids})
    assert reply.headers["content-type"] == "application/vnd.oasis.opendocument.text"
    with zipfile.ZipFile(io.BytesIO(reply.content)) as packed:
        assert packed.testzip() is None
        assert "1,5 millions d'euros" in packed.read("content.xml").decode()


@pytest.mark.parametrize("ending", ["csv", "odt"])
def test_a_file_of_no_comparison_is_refused_with_the_mend(service, ids, ending):
    reply = service.get(f"/compare.{ending}", params={"id": ids[:1]})
    assert reply.status_code == 422
    assert "Choose 2 to 5." in reply.text
    assert service.get(f"/compare.{ending}", params={"id": ["x", "y"]}).status_code == 404


@pytest.mark.parametrize("path", ["/compare", "/compare.csv", "/compare.odt"])
def test_a_comparison_can_do_no_harm(service, ids, path):
    headers = service.get(path, params={"id": ids}).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in headers
