"""The list that somebody puts together, as a browser without script gets it, and its files."""

import csv
import html
import io
import re
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.web.conftest import BIKES, BUS
from web.exports import FORMATS
from web.visitor import texts_in

CARPOOL = "almanac-organiser-le-covoiturage-des-agents-de-la-prefecture"
IDS = [BIKES, BUS, CARPOOL]


def page(client: httpx.Client, ids: list[str], status: int = 200, lang: str = "en") -> str:
    reply = client.get("/list", params={"id": ids, "lang": lang})
    assert (reply.status_code, reply.headers["content-type"]) == (status, "text/html; charset=utf-8")
    return reply.text


def entries(shown: str) -> list[str]:
    return re.findall(r'<li class="entry" data-id="([^"]*)"', shown)


def links(shown: str, text: str) -> list[str]:
    """The addresses of links that begin with a text."""
    return [html.unescape(one) for one in re.findall(rf'<a href="([^"]*)"[^>]*>{text}<', shown)]


def ids_of(address: str) -> list[str]:
    return parse_qs(urlsplit(address).query).get("id", [])


def test_the_sheets_of_an_address_are_listed_in_its_order(client):
    assert entries(page(client, IDS)) == IDS
    assert entries(page(client, IDS[::-1])) == IDS[::-1]
    assert entries(page(client, [BUS, BIKES, BUS])) == [BUS, BIKES]


def test_the_order_is_changed_by_links(client):
    shown = page(client, IDS)
    assert ids_of(links(shown, "Move up")[2]) == [BIKES, CARPOOL, BUS]
    assert ids_of(links(shown, "Move down")[0]) == [BUS, BIKES, CARPOOL]
    assert ids_of(links(shown, "Remove")[1]) == [BIKES, CARPOOL]


def test_an_empty_list_says_how_it_is_filled(client):
    assert texts_in("en")("list.empty") in html.unescape(page(client, []))


def test_a_sheet_that_is_gone_is_counted_and_the_others_are_shown(client):
    shown = page(client, [BUS, "gone", BIKES])
    assert entries(shown) == [BUS, BIKES]
    assert "1 sheet of the link is not here any more." in shown
    assert client.get("/list.csv", params={"id": [BUS, "gone"]}).status_code == 404


def test_more_than_an_address_holds_is_refused_with_the_mend(client):
    assert "Make two lists of it." in page(client, [f"sheet-{n}" for n in range(51)], 422)


def test_hits_can_be_listed_without_script(client):
    shown = client.get("/", params={"q": "un vélo", "lang": "en"}).text
    assert '<noscript><button type="submit" class="quiet" formaction="/list">' in shown
    assert 'formaction="/list"' not in re.sub(r"<noscript>.*?</noscript>", "", shown)


def test_a_sheet_can_be_listed_without_script(client):
    shown = client.get(f"/sheet/{BIKES}").text
    [form] = re.findall(r'<form action="/list".*?</form>', shown, re.DOTALL)
    assert f'name="id" value="{BIKES}"' in form


def test_a_link_to_the_list_can_be_mailed(client):
    [mail] = re.findall(r'href="(mailto:[^"]*)"', page(client, IDS))
    fields = parse_qs(html.unescape(mail).partition("?")[2])
    assert fields["subject"] == ["My list"]
    assert ids_of(fields["body"][0]) == IDS
    assert client.get(fields["body"][0]).status_code == 200


@pytest.mark.parametrize("ending", FORMATS)
def test_every_format_is_offered_and_given(client, ending):
    shown = page(client, IDS)
    [address] = [html.unescape(one) for one in re.findall(rf'<a href="(/list\.{ending}[^"]*)" download', shown)]
    reply = client.get(address)
    assert reply.status_code == 200
    assert reply.headers["content-disposition"] == f'attachment; filename="list.{ending}"'
    assert reply.headers["content-type"] == FORMATS[ending].media_type
    assert "default-src 'none'" in reply.headers["content-security-policy"]


def test_a_note_has_no_name_so_that_no_form_sends_it(client):
    [field, *_] = re.findall(r"<textarea[^>]*>", page(client, IDS))
    assert "name=" not in field


# --- the same formats of what a search finds ---


def titles(reply: httpx.Response) -> list[str]:
    _, *rows = csv.reader(io.StringIO(reply.content.decode("utf-8-sig"), newline=""))
    return [row[1] for row in rows]


def test_what_a_search_finds_is_taken_along_best_first(client):
    found = client.get("/search", params={"q": "un vélo"}).json()
    reply = client.get("/search.csv", params={"q": "un vélo", "lang": "en"})
    assert titles(reply) == [hit["initiative"]["title"] for hit in found["hits"][: found["total"]]]


def test_conditions_without_a_question_are_a_list_too(client):
    every = client.get("/initiatives", params={"theme": "Bien vieillir"}).json()["items"]
    reply = client.get("/search.csv", params={"theme": "Bien vieillir", "lang": "en"})
    assert titles(reply) == [one["title"] for one in every]
    assert client.get("/search.csv", params={"theme": "no such theme"}).status_code == 422


def test_the_file_says_what_was_asked_and_where(client):
    told = client.get("/search.md", params={"q": "un vélo", "theme": "Se déplacer", "lang": "en"}).text
    assert told.startswith("# un vélo\n")
    assert "Theme: Se déplacer" in told
    assert "http://testserver/?q=un" in told.replace("\\", "")
