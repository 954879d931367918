"""Somebody else's sheets, built and served: every page and route, without editorial records and links."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

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
