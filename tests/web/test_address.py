"""Under which names the service answers, where links lead, HEAD, and what stands twice in an address."""

import functools
import html
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fastapi.testclient import TestClient

import api
from search import Searcher
from settings import Settings
from tests.web.conftest import BIKES, BUS, QuotingAnswerer, await_open
from web.address import hostname
from web.rendering import asset_address

HERE = ("127.0.0.1", 40000)  # a client on this machine, as a proxy is
ELSEWHERE = ("192.0.2.7", 40000)
LINKS = re.compile(r"""(?:href|action|src|hx-get|sse-connect)="(/[^"]*)""")


@contextmanager
def served(
    settings: Settings,
    searcher: Searcher,
    peer: tuple[str, int] = ELSEWHERE,
    base_url: str = "http://192.0.2.1:8000",
    **changes: object,
) -> Iterator[TestClient]:
    """A client whose connection reaches the host of `base_url`, once what searches is open."""
    chosen = Settings.model_validate(settings.model_dump() | changes)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(api, "open_answerer", lambda settings, searcher: QuotingAnswerer(searcher))
        with TestClient(api.create_app(chosen, searcher), base_url=base_url, client=peer) as client:
            await_open(client)
            yield client


# --- which names are believed ---


@pytest.mark.parametrize("path", ["/", f"/sheet/{BIKES}.bib", "/health", "/search?q=bus"])
def test_a_request_to_an_unknown_host_is_refused_with_what_where_and_mend(small_settings, small_searcher, path):
    with served(small_settings, small_searcher) as client:
        reply = client.get(path, headers={"Host": "evil.example"})
    assert reply.status_code == 400
    assert set(reply.json()) == {"what", "where", "mend"}
    assert reply.json()["where"] == "the header Host"
    assert "RECUEIL_PUBLIC_URL" in reply.json()["mend"]
    assert "evil.example" not in reply.text


@pytest.mark.parametrize(
    "host",
    [
        "localhost:8000",
        "127.0.0.1",
        "[::1]:8000",
        "192.0.2.1:8000",
        "Fiches.Exemple.fr",
        "intern.exemple:80",
        "recueil:8000",
        "Web.exemple",
    ],
)
def test_this_machine_the_address_reached_that_listened_on_and_the_public_one_are_known(
    small_settings, small_searcher, host
):
    told = {"host": "intern.exemple", "hosts": "recueil, web.exemple", "public_url": "https://fiches.exemple.fr/"}
    with served(small_settings, small_searcher, **told) as client:
        assert client.get("/health", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["fiches.exemple.fr.evil.example", "evil.example:8000", "[", "", "localhost.evil.example"]
)
def test_a_name_that_is_like_one_of_ours_is_none(small_settings, small_searcher, host):
    with served(small_settings, small_searcher, public_url="https://fiches.exemple.fr") as client:
        assert client.get("/health", headers={"Host": host}).status_code == (200 if host == "" else 400)


@pytest.mark.parametrize(("header", "name"), [("A.fr:80", "a.fr"), ("[::1]:8000", "::1"), ("a.fr.", "a.fr"), ("[", "")])
def test_a_host_is_known_by_its_name(header: str, name: str):
    assert hostname(header) == name


# --- where links lead ---


def test_a_public_address_with_a_prefix_makes_every_link_permalink_and_export(small_settings, small_searcher):
    with served(small_settings, small_searcher, public_url="https://exemple.fr/recueil/") as client:
        pages = [client.get(path).text for path in ("/", "/?q=velo", "/browse", f"/sheet/{BIKES}", "/compare")]
        assert all(link.startswith("/recueil/") for page in pages for link in LINKS.findall(page))
        assert min(len(LINKS.findall(page)) for page in pages) > 5
        assert f'rel="canonical" href="https://exemple.fr/recueil/sheet/{BIKES}"' in pages[3]
        cited = f"https://exemple.fr/recueil/sheet/{BIKES}"
        assert f"url = {{{cited}}}" in client.get(f"/sheet/{BIKES}.bib").text
        assert f"UR  - {cited}\r\n" in client.get(f"/sheet/{BIKES}.ris").text
        table = client.get("/compare.csv", params={"id": [BIKES, BUS], "lang": "en"}).text
        assert f"https://exemple.fr/recueil/sheet/{BUS}?lang=en" in table


@pytest.mark.parametrize("before", ["", "/recueil"])
def test_a_prefix_may_be_cut_off_on_the_way_or_not(small_settings, small_searcher, before):
    with served(small_settings, small_searcher, public_url="https://exemple.fr/recueil") as client:
        page = client.get(f"{before}/sheet/{BIKES}")
        assert page.status_code == 200
        for link in dict.fromkeys(link for link in LINKS.findall(page.text) if "/static/" in link):
            assert client.get(link.removeprefix("/recueil") if not before else link).status_code == 200
        assert client.get("/recueil").status_code == 200


def test_a_proxy_on_this_machine_tells_the_prefix_and_the_scheme(small_settings, small_searcher):
    told = {"X-Forwarded-Prefix": "/fiches", "X-Forwarded-Proto": "https", "Host": "localhost:8000"}
    with served(small_settings, small_searcher, HERE) as client:
        page = client.get(f"/sheet/{BIKES}", headers=told).text
    assert all(link.startswith("/fiches/") for link in LINKS.findall(page))
    assert f'href="https://localhost:8000/fiches/sheet/{BIKES}"' in page


@pytest.mark.parametrize(
    ("peer", "prefix"), [(ELSEWHERE, "/ailleurs"), (HERE, "//evil.example"), (HERE, '/"><script>'), (HERE, "ailleurs")]
)
def test_a_prefix_from_a_stranger_or_that_is_no_path_is_not_believed(small_settings, small_searcher, peer, prefix):
    with served(small_settings, small_searcher, peer) as client:
        page = client.get("/", headers={"X-Forwarded-Prefix": prefix}).text
    assert prefix not in page


# --- HEAD ---


@pytest.mark.parametrize(
    "path",
    ["/", "/browse", "/health", "/ready", "/docs", "/openapi.json", f"/sheet/{BIKES}", f"/sheet/{BIKES}.md",
     f"/initiatives/{BIKES}", "/initiatives", "/search?q=velo", "/ask?q=velo", f"/compare.csv?id={BIKES}&id={BUS}"],
)  # fmt: skip
def test_head_answers_as_get_without_the_body(client: TestClient, path: str):
    asked, told = client.get(path), client.head(path)
    assert (told.status_code, told.content) == (asked.status_code, b"") == (200, b"")
    assert told.headers["content-type"] == asked.headers["content-type"]


def test_every_route_that_is_read_answers_head(client: TestClient):
    def concrete(path: str) -> str:
        digest, name = asset_address("page.css").split("/")[2:]
        named = {"{id}": BIKES, "{digest}": digest, "{name:path}": name, "{model}": "recueil"}
        return functools.reduce(lambda told, one: told.replace(*one), named.items(), path)

    included = [route.original_router for route in client.app.routes if hasattr(route, "original_router")]
    routes = [route for part in (client.app, *included) for route in part.routes]
    read = [route.path for route in routes if "GET" in (getattr(route, "methods", None) or ())]
    assert {"/", "/suggest", "/search", "/docs", "/openapi.json", "/sheet/{id}.bib"} <= set(read)
    by_setting = {"/legal", "/privacy", "/needs"}  # there where somebody publishes, or shows what is missing
    assert {path for path in read if client.head(concrete(path)).status_code in (404, 405)} == by_setting


def test_head_of_nothing_and_of_what_is_only_written_to_is_refused(client: TestClient):
    assert client.head("/sheet/nobody").status_code == 404
    assert client.head("/feedback").status_code == 405


# --- what stands twice ---


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/search?q=velo&q=bus", "q"),
        ("/search?q=velo&k=3&k=5", "k"),
        ("/search?q=velo&lang=fr&lang=en", "lang"),
        ("/ask?q=velo&q=velo", "q"),
        ("/initiatives?limit=1&limit=2", "limit"),
        ("/initiatives?cursor=a&cursor=b", "cursor"),
        (f"/initiatives/{BIKES}/similar?k=1&k=2", "k"),
        ("/?q=velo&q=bus", "q"),
        (f"/sheet/{BIKES}?from=1&from=2", "from"),
        ("/suggest?q=a&q=b", "q"),
    ],
)
def test_a_parameter_with_one_value_that_is_given_twice_is_refused_by_name(client: TestClient, path: str, name: str):
    reply = client.get(path)
    assert reply.status_code == 422
    assert f"'{name}' is given 2 times" in reply.text.replace("&#39;", "'")


def test_what_may_repeat_may_and_a_name_of_somebody_else_is_no_concern_of_a_page(client: TestClient):
    assert client.get("/search?q=velo&ignore=a&ignore=b").status_code == 200
    assert client.get(f"/compare?id={BIKES}&id={BUS}").status_code == 200
    assert client.get("/?q=velo&utm_source=a&utm_source=b").status_code == 200


# --- how much an address may hold ---


@pytest.mark.parametrize("path", ["/", "/search", "/suggest", "/static/x", "/nowhere", f"/sheet/{BIKES}"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_long_address_is_refused_before_anything_is_done_with_it(client: TestClient, path: str, method: str):
    reply = client.request(method, f"{path}?{'ignore=a&' * 1000}")
    assert (reply.status_code, set(reply.json())) == (414, {"what", "where", "mend"})
    assert client.request(method, f"{path.rstrip('/')}/{'x' * 9000}").status_code == 414


@pytest.mark.parametrize(
    ("query", "what"),
    [
        ("&ignore=a" * 21, "'ignore' is given 21 times, at most 20 are read"),
        ("&x=" * 111, "112 parameters are given, at most 110 are read"),
        ("&theme=" + "x" * 301, "'theme' has 301 characters, at most 300 are read"),
        ("&ignore=" + "x" * 301, "'ignore' has 301 characters, at most 300 are read"),
        ("&by=" + "x" * 301, "'by' has 301 characters, at most 300 are read"),
    ],
)
@pytest.mark.parametrize("path", ["/", "/browse", "/answer", "/answer/stream", "/search", "/ask"])
def test_more_parameters_than_anybody_needs_are_refused(client: TestClient, path: str, query: str, what: str):
    reply = client.get(f"{path}?q=velo{query}")
    assert reply.status_code == 422
    assert what in html.unescape(reply.text)


@pytest.mark.parametrize(
    "path", ["/?q=velo", "/browse?", f"/sheet/{BIKES}?", "/?q=velo&departement=Zzz", "/sheet/nobody?"]
)
def test_no_link_repeats_what_somebody_else_put_into_the_address(client: TestClient, path: str):
    plain, stuffed = client.get(path), client.get(f"{path}&utm_source={'z' * 5000}&zzzz=1")
    assert "zzzz" not in stuffed.text
    assert (stuffed.status_code, len(stuffed.text)) == (plain.status_code, len(plain.text))
