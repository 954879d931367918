"""Entity tags: whoever has a sheet already is told so, and gets it again once it has changed."""

import pytest

from tests.web.conftest import BIKES, BUS

LOOKED_UP = [f"/initiatives/{BIKES}", "/initiatives?limit=2", "/facets", "/documents"]


@pytest.mark.parametrize("path", LOOKED_UP)
def test_who_has_it_already_need_not_get_it_again(client, path):
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("known", ["", '"another"', 'W/"another", "a third"'])
def test_who_has_something_else_gets_it(client, known):
    assert client.get(f"/initiatives/{BIKES}", headers={"If-None-Match": known}).json()["id"] == BIKES


def test_a_tag_is_of_what_is_said(client):
    tags = [client.get(f"/initiatives/{id}").headers["etag"] for id in (BIKES, BUS)]
    packed = client.get(f"/initiatives/{BIKES}", headers={"Accept-Encoding": "identity"}).headers["etag"]
    assert tags[0] != tags[1]
    assert packed == tags[0]


def test_head_has_the_tag_too(client):
    assert client.head(f"/initiatives/{BIKES}").headers["etag"].startswith('W/"')


@pytest.mark.parametrize("path", ["/search?q=bus", "/ready", "/initiatives/nowhere", "/facets?theme=Magie"])
def test_searches_and_refusals_have_none(client, path):
    assert "etag" not in client.get(path).headers
