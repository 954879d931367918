"""Somebody else's sheets, built and served: every page and route, without editorial records and links."""

import html
from collections.abc import Iterator
from dataclasses import asdict, replace

import pytest
from fastapi.testclient import TestClient

from corpus import Correction
from search import Searcher, cite
from settings import Settings
from tests.web.conftest import QuotingAnswerer, client_of

BUS, POND = "A-6", "notes-the-village-pond"


@pytest.fixture(scope="module")
def client(brought) -> Iterator[TestClient]:
    settings = Settings(documents=brought.documents, var=brought.var, encoder=brought.encoder, threads=1)
    searcher = brought.searcher()
    with client_of(settings, searcher, QuotingAnswerer(searcher)) as client:
        yield client


def test_each_sheet_stands_for_itself_under_its_own_id(client):
    items = client.get("/initiatives").json()["items"]
    assert [one["id"] for one in items][:4] == ["A-1", "A-2", "A-4", "A-6"]
    assert all(one["same_as"] == [] and one["contacts"] == [] for one in items)


def test_a_question_finds_its_sheet(client):
    question = "un bus qui soigne dans les villages sans médecin"
    assert client.get("/search", params={"q": question}).json()["hits"][0]["initiative"]["id"] == BUS


def test_facets_and_filters_are_those_of_the_sheets(client):
    found = client.get("/search", params={"q": "école potager légumes", "theme": "Alimentation"}).json()
    assert {hit["initiative"]["id"] for hit in found["hits"]} <= {"A-1", "A-4"}
    found = client.get("/search", params={"q": "village", "departement": "23"}).json()
    assert [hit["initiative"]["id"] for hit in found["hits"]] == [BUS]


@pytest.mark.parametrize(
    "page",
    [
        "/",
        "/?q=bus+m%C3%A9decin",
        "/?q=pond+frogs&lang=en",
        "/answer?q=qui+soigne+dans+les+villages",
        "/browse",
        "/browse?by=theme",
        f"/sheet/{BUS}",
        f"/sheet/{POND}?lang=en",
        f"/sheet/{BUS}.md",
        f"/sheet/{BUS}.json",
        f"/sheet/{BUS}.bib",
        f"/sheet/{BUS}.ris",
        f"/compare?id={BUS}&id={POND}",
        f"/compare.csv?id={BUS}&id={POND}",
        f"/compare.odt?id={BUS}&id={POND}",
        f"/initiatives/{BUS}",
        f"/initiatives/{BUS}/similar",
        "/quality",
        "/suggest?q=bus",
    ],
)
def test_every_page_and_route_is_served(client, page):
    reply = client.get(page, headers={"Accept": "text/html"} if page.startswith(("/?", "/sheet", "/browse")) else {})
    assert reply.status_code == 200, reply.text


def test_no_contact_is_shown_anywhere(client):
    assert "@exemple" not in client.get("/sheet/A-1").text + client.get("/initiatives/A-1").text


def test_what_is_corrected_is_told_on_the_page_in_json_and_with_citations(brought):
    searcher = brought.searcher()
    mended = Correction(field="theme", said="Santè", why="A slip of the pen.", since="2026-11-29")
    contents = searcher.index.contents
    initiatives = tuple(replace(one, corrections=(mended,) if one.id == BUS else ()) for one in contents.initiatives)
    index = replace(searcher.index, contents=replace(contents, initiatives=initiatives))
    searcher = Searcher.of(index, searcher.encoder, searcher.catalogue.gazetteer)
    settings = Settings(documents=brought.documents, var=brought.var, encoder=brought.encoder, threads=1)
    with client_of(settings, searcher, QuotingAnswerer(searcher)) as client:
        page = client.get(f"/sheet/{BUS}", params={"lang": "en"}).text
        assert "Theme: the document says “Santè”. A slip of the pen. (29 November 2026)" in html.unescape(page)
        assert "Corrected" not in client.get(f"/sheet/{POND}", params={"lang": "en"}).text
        sheet = client.get(f"/initiatives/{BUS}").json()
        assert sheet["corrections"] == [asdict(mended)]
        hits = client.get("/search", params={"q": "un bus qui soigne dans les villages"}).json()["hits"]
        assert hits[0]["initiative"]["corrected"] == ["theme"]
    row = searcher.catalogue.row(BUS)
    cited = cite(initiatives[row], 0, len(initiatives[row].title))
    assert (cited.corrected, cited.quote) == (("theme",), initiatives[row].title)
