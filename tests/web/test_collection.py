"""The routes about the collection as a whole: its documents, what there is to narrow by, initiatives side by side."""

from tests.web.conftest import BIKES, BUS


def test_documents_are_told_with_the_number_of_their_initiatives(client):
    (almanac,) = client.get("/documents").json()["items"]
    assert (almanac["id"], almanac["title"], almanac["initiatives"]) == ("almanac", "L'almanach des défis", 6)


def test_every_facet_counts_what_is_left_once_it_is_set(client):
    reply = client.get("/facets").json()
    assert reply["total"] == 6
    for name in ("theme", "document", "departement"):
        for value in reply["facets"][name]:
            assert client.get("/facets", params={name: value["value"]}).json()["total"] == value["count"]


def test_labels_are_in_the_language_that_is_asked_for(client):
    labels = {lang: client.get(f"/facets?lang={lang}").json()["facets"]["public"][0]["label"] for lang in ("fr", "en")}
    assert labels == {"fr": "Jeunes", "en": "Young people"}


def test_initiatives_are_compared_in_the_words_of_their_sheets(client):
    items = client.get("/comparison", params={"id": [BIKES, BUS]}).json()["items"]
    assert [one["initiative"]["id"] for one in items] == [BIKES, BUS]
    sheet = client.get(f"/initiatives/{BIKES}").json()["text"]
    cited = [said["citation"] for cell in items[0]["cells"] for said in cell["said"] if said["citation"]]
    assert cited
    assert all(one["quote"] in sheet for one in cited)


def test_what_cannot_be_compared_is_refused(client):
    assert client.get("/comparison", params={"id": [BIKES]}).status_code == 422
    assert client.get("/comparison", params={"id": [BIKES, BIKES]}).status_code == 422
    assert client.get("/comparison", params={"id": [BIKES, "nowhere"]}).status_code == 404
