"""Several corpora in one service: each has its own paths, pages, index and generations, and one model serves all."""

import re
import shutil
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

import api
from index import build_index
from recueil import Recueil
from settings import Settings
from tests.almanac import Made, Steps
from tests.replies import is_fault
from tests.web.conftest import BIKES, QuotingAnswerer, bearer
from tests.web.live_server import served, until
from web import serving
from web.keys import KeyFile, Scope

NOTES = {
    "pond.md": "---\ntitle: A pond without a pump\n---\nHalf of the water lies in the shade, so that it stays clear.\n",
    "fence.md": "---\ntitle: Gaps in fences\n---\nHedgehogs roam at night, and eat slugs on the way.\n",
    "bike.md": "---\ntitle: A trailer for the bike\n---\nMembers borrow a bike trailer to fetch manure.\n",
}
MAPPING = """[corpus]
title = "Notes"
publisher = "A garden club"
date = "2026"
licence = "not stated"
places = "none"

[[source]]
files = ["*.md"]
format = "markdown"
records = "file"
title = "title"
text = ["body"]
"""
PROFILE = 'language = "en"\n\n[words.en]\n"site.title" = "The garden club"\n'
QUESTION = {"q": "vélo pour les apprentis"}


def changing(reply: httpx.Response) -> dict[str, Any]:
    """A reply but for what differs each time."""
    return {name: value for name, value in reply.json().items() if name != "took_ms"}


def generation(reply: httpx.Response) -> str:
    return reply.headers["x-recueil-generation"].partition(";")[0]


@pytest.fixture(scope="module")
def settings(almanac: Made, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """French challenges, which stand where they stood before there were others, and English notes."""
    var, notes = tmp_path_factory.mktemp("several"), tmp_path_factory.mktemp("garden")
    shutil.copytree(almanac.var, var, dirs_exist_ok=True, symlinks=True)
    for name, text in {**NOTES, "corpus.toml": MAPPING, "profile.toml": PROFILE}.items():
        (notes / name).write_text(text, encoding="utf-8")
    settings = Settings(
        corpora=f"almanac,garden={notes}", documents=almanac.documents, var=var, encoder=almanac.encoder, threads=1
    )
    build(settings.by_corpus["garden"])
    return settings


def build(settings: Settings) -> None:
    build_index(
        settings.documents,
        editorial=settings.editorial_folder,
        adaptation=settings.adaptation_folder,
        var=settings.made,
        encoder=settings.encoder,
        threads=1,
        progress=Steps(),
        kept=settings.generations,
        model=settings.model_folder,
    )


@pytest.fixture(scope="module")
def service(settings: Settings) -> Iterator[SimpleNamespace]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(api, "open_answerer", lambda settings, searcher: QuotingAnswerer(searcher))
        patched.setattr(serving, "LOOK_S", 0.01)
        app = api.create_app(settings.model_copy(update={"feedback": True}))
        with served(app) as server, httpx.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=30) as client:
            until(lambda: all(item["ready"] for item in client.get("/corpora").json()["items"]))
            yield SimpleNamespace(client=client, app=app)


@pytest.fixture(scope="module")
def client(service: SimpleNamespace) -> httpx.Client:
    return service.client


# --- which one is meant ---


@pytest.mark.parametrize("path", ["/search?q=bike", "/initiatives", "/documents", "/facets"])
def test_a_path_and_a_parameter_name_a_corpus_alike(client, path):
    below = client.get(f"/c/garden{path}")
    named = client.get(path, params={**dict(httpx.URL(path).params), "corpus": "garden"})
    assert changing(below) == changing(named)
    assert generation(below) == generation(named)
    assert changing(below) != changing(client.get(path))


def test_where_none_is_named_it_is_the_first(client):
    assert changing(client.get("/search", params=QUESTION)) == changing(
        client.get("/c/almanac/search", params=QUESTION)
    )


def test_what_is_sent_in_a_body_is_of_the_corpus_that_the_address_names(client):
    sent = client.post("/similar", params={"corpus": "garden"}, json={"text": "a bike trailer"})
    (first, *_) = sent.json()["hits"]
    assert client.get(f"/c/garden/initiatives/{first['initiative']['id']}").status_code == 200


def test_a_sheet_is_found_in_its_own_corpus_alone(client):
    assert client.get(f"/c/almanac/initiatives/{BIKES}").status_code == 200
    assert is_fault(client.get(f"/c/garden/initiatives/{BIKES}"), 404)


@pytest.mark.parametrize("path", ["/c/nowhere/search?q=bike", "/search?q=bike&corpus=nowhere"])
def test_an_unknown_corpus_is_refused_and_those_there_are_are_named(client, path):
    reply = client.get(path)
    assert is_fault(reply, 404)
    assert reply.json()["what"] == "There is no corpus 'nowhere'"
    assert "almanac, garden" in reply.json()["mend"]


@pytest.mark.parametrize("path", ["/c/nowhere/", "/c/nowhere/browse", "/browse?corpus=nowhere"])
def test_a_page_of_an_unknown_corpus_is_a_page_that_leads_home(client, path):
    reply = client.get(path)
    assert (reply.status_code, reply.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert 'class="brand" href="/"' in reply.text
    assert "almanac, garden" in reply.text


def test_one_is_named_and_not_two_where_one_is_asked(client):
    assert is_fault(client.get("/ask?q=bike&corpus=garden&corpus=almanac"), 422)


def test_what_a_question_holds_comes_through_whole(client):
    asked = client.get("/search?q=v%C3%A9lo%20%26%20+bus%3F&corpus=almanac&k=1").json()
    assert asked["query"]["text"] == "vélo &  bus?"


# --- what each has of its own ---


def test_they_are_listed_with_title_language_and_generation(client):
    almanac, garden = client.get("/corpora", params={"lang": "en"}).json()["items"]
    assert (almanac["name"], almanac["title"], almanac["language"]) == ("almanac", "L'almanach des défis", "fr")
    assert (garden["name"], garden["title"], garden["language"]) == ("garden", "The garden club", "en")
    assert (almanac["initiatives"], garden["initiatives"]) == (6, 3)
    assert garden["address"] == f"{str(client.base_url).rstrip('/')}/c/garden/"
    assert garden["generation"]["name"] == generation(client.get("/c/garden/health"))
    assert garden["generation"]["digest"] != almanac["generation"]["digest"]


def test_the_pages_of_each_are_in_its_language_and_have_its_map(client):
    almanac, garden = client.get("/c/almanac/").text, client.get("/c/garden/").text
    assert '<html lang="fr">' in almanac
    assert '<html lang="en">' in garden
    assert ("<svg" in almanac, "<svg" in garden) == (True, False)
    assert "<title>The garden club" in garden


@pytest.mark.parametrize("path", ["/", "/?q=bike", "/browse", "/sheet/{id}", "/sign-in"])
def test_every_link_of_a_page_stays_in_its_corpus(client, path):
    (first, *_) = client.get("/c/garden/initiatives").json()["items"]
    page = client.get(f"/c/garden{path.format(id=first['id'])}")
    assert page.status_code == 200
    links = re.findall(r'(?:href|src|action|hx-get|hx-post|sse-connect)="(/[^"]*)"', page.text)
    assert links
    assert {link for link in links if not re.match(r"/(?:c/(?:garden|almanac)/|together)", link)} == set()
    read = re.findall(r'(?:href|src|hx-get|sse-connect)="(/c/garden/[^"]*)"', page.text)
    followed = {link.partition("#")[0] for link in read}
    for link in sorted(followed)[:30]:
        assert client.get(link.replace("&amp;", "&")).status_code == 200, link


def test_every_page_says_which_corpora_there_are_and_keeps_the_question(client):
    bar = client.get("/?lang=en").text.split('id="corpora"')[1].split("</nav>")[0]
    assert 'href="/c/almanac/?lang=en" aria-current="true"' in bar
    assert 'href="/c/garden/?lang=en">The garden club' in bar
    asked = client.get("/c/garden/?q=bike").text
    assert 'href="/c/almanac/?q=bike"' in asked
    assert 'href="/together?q=bike"' in asked


def test_what_is_kept_of_one_is_not_given_for_another(client):
    for _ in range(2):
        first = [client.get(f"/c/{name}/search?q=bike&k=1").json() for name in ("almanac", "garden")]
        assert first[0]["hits"] != first[1]["hits"]
        assert first[1]["hits"][0]["initiative"]["title"] == "A trailer for the bike"


def test_feedback_is_kept_with_the_corpus_that_it_is_about(client, settings):
    judged = {"query": "vélo", "initiative": BIKES, "grade": 3}
    assert client.post("/feedback", json=judged).status_code == 201
    assert is_fault(client.post("/c/garden/feedback", json=judged), 404)
    assert settings.by_corpus["almanac"].feedback_file.exists()
    assert not settings.by_corpus["garden"].feedback_file.exists()


def test_one_model_serves_all(service):
    first, second = (one.searcher.result() for one in service.app.state.services.values())
    assert first.encoder is second.encoder


def test_ready_and_the_figures_name_each(client):
    assert client.get("/ready").json()["corpora"] == {"almanac": True, "garden": True}
    assert client.get("/c/garden/ready").json()["initiatives"] == 3
    figures = client.get("/metrics").text
    assert 'recueil_ready{corpus="garden"} 1.0' in figures
    assert 'recueil_index_initiatives{corpus="almanac"} 6.0' in figures


# --- together ---


@pytest.mark.parametrize(
    ("question", "corpus"), [("Hedgehogs roam at night", "garden"), ("former les aidants à domicile", "almanac")]
)
def test_together_each_hit_says_its_corpus_and_that_which_knows_most_of_the_question_is_first(client, question, corpus):
    reply = client.get("/search", params={"q": question, "corpus": "*"}).json()
    assert reply["hits"][0]["corpus"] == corpus
    assert [one["rank"] for one in reply["hits"]] == list(range(1, len(reply["hits"]) + 1))
    assert reply["generations"].keys() == {"almanac", "garden"}


def test_together_every_count_is_the_total_once_its_value_is_chosen(client):
    asked = {"q": "bike vélo bus", "k": 100}
    reply = client.get("/corpora/search", params=asked).json()
    assert reply["total"] == sum(one["count"] for one in reply["facets"]["corpus"]) > 0
    assert reply["total"] + reply["further"] == len(reply["hits"])
    for one in reply["facets"]["corpus"]:
        alone = client.get("/search", params={**asked, "corpus": one["value"]}).json()
        assert alone["total"] == one["count"]
        of_it = [hit["initiative"]["id"] for hit in reply["hits"] if hit["corpus"] == one["value"]]
        assert of_it == [hit["initiative"]["id"] for hit in alone["hits"]]
    for one in reply["facets"].get("theme", []):
        narrowed = client.get("/corpora/search", params={**asked, "theme": one["value"]}).json()
        assert narrowed["total"] == one["count"]


def test_together_a_corpus_in_which_a_filter_means_nothing_is_left_out_and_said_to_be(client):
    reply = client.get("/corpora/search", params={"q": "bike vélo", "departement": "33"}).json()
    assert {hit["corpus"] for hit in reply["hits"]} <= {"almanac"}
    assert reply["left_out"] == {"garden": "There is no département '33'"}
    assert is_fault(client.get("/corpora/search", params={"q": "vélo", "theme": "nowhere"}), 422)


def test_together_those_that_are_named_are_searched(client):
    reply = client.get("/search?q=bike&corpus=garden&corpus=garden").json()
    assert {hit["corpus"] for hit in reply["hits"]} == {"garden"}
    assert is_fault(client.get("/search?q=bike&corpus=garden&corpus=nowhere"), 404)


@pytest.mark.parametrize("path", ["/together?q=bike&lang=en", "/?q=bike&corpus=*&lang=en"])
def test_the_page_of_all_leads_into_the_corpus_of_each_hit(client, path):
    page = client.get(path).text
    reply = client.get("/search?q=bike&corpus=*").json()
    of_each = [(hit["corpus"], hit["initiative"]["id"]) for hit in reply["hits"]]
    assert re.findall(r'<h3><a href="/c/(\w+)/sheet/([^"?]+)', page) == of_each
    for one in reply["facets"]["corpus"]:
        assert f'href="/c/{one["value"]}/?q=bike&amp;lang=en"' in page
    assert "The garden club" in client.get("/together").text
    assert client.get("/together?q=bike&corpus=nowhere").status_code == 404


def test_a_reply_of_several_corpora_claims_to_be_of_no_one_generation(client):
    assert "x-recueil-generation" not in client.get("/search?q=bike&corpus=*").headers


# --- as an operator sees it ---


def test_a_new_generation_of_one_leaves_the_other_alone(client, settings, service):
    before = {name: generation(client.get(f"/c/{name}/health")) for name in ("almanac", "garden")}
    untouched = service.app.state.services["almanac"]
    garden = settings.by_corpus["garden"]
    (garden.documents / "bats.md").write_text("---\ntitle: Bats\n---\nA box for bats.\n", encoding="utf-8")
    build(garden)
    until(lambda: generation(client.get("/c/garden/health")) != before["garden"])
    assert client.get("/c/garden/search?q=bats&k=1").json()["hits"][0]["initiative"]["title"] == "Bats"
    assert generation(client.get("/c/almanac/health")) == before["almanac"]
    assert service.app.state.services["almanac"] is untouched


def test_one_key_runs_all_and_sees_the_generations_of_each(client, settings):
    secret = KeyFile(settings.keys_file).add("operator", [Scope.ADMIN], days=1, per_minute=100)
    for name in ("almanac", "garden"):
        told = client.get(f"/c/{name}/admin/status", headers=bearer(secret)).json()
        assert generation(client.get(f"/c/{name}/health")) in {one["name"] for one in told["generations"]}


def test_crawlers_are_kept_from_endless_searches_in_each_and_led_to_the_sheets_of_each(client):
    told = client.get("/robots.txt").text.splitlines()
    assert {"Disallow: /?", "Disallow: /c/almanac/?", "Disallow: /c/garden/?", "Disallow: /c/garden/ask"} <= set(told)
    maps = [line.removeprefix("Sitemap: ") for line in told if line.startswith("Sitemap: ")]
    assert [httpx.URL(one).path for one in maps] == ["/sitemap.xml", "/c/garden/sitemap.xml"]
    assert "/c/garden/sheet/" in client.get(maps[1]).text


def test_the_python_client_asks_one_of_them_by_its_address(client):
    with Recueil(f"{str(client.base_url).rstrip('/')}/c/garden") as garden:
        assert garden.search("bike trailer", k=1).hits[0].initiative.title == "A trailer for the bike"


def test_a_service_of_one_corpus_knows_nothing_of_others(almanac):
    told = api.create_app(Settings(var=almanac.var, encoder=almanac.encoder)).openapi()
    assert not [path for path in told["paths"] if "corpora" in path]
    assert "corpus" not in {one["name"] for one in told["paths"]["/search"]["get"]["parameters"]}


def test_the_schema_of_the_routes_tells_of_the_parameter(client):
    told = client.get("/openapi.json").json()
    (parameter,) = [one for one in told["paths"]["/search"]["get"]["parameters"] if one["name"] == "corpus"]
    assert (parameter["in"], parameter["required"]) == ("query", False)
    assert "404" in told["paths"]["/search"]["get"]["responses"]
    assert client.get("/c/garden/openapi.json").json()["servers"][0] == {"url": "/c/garden"}


def test_behind_a_proxy_its_prefix_comes_first_and_a_session_holds_for_all(settings):
    secret = KeyFile(settings.keys_file).add("reader", [Scope.READ], days=1, per_minute=100)
    keyed = settings.model_copy(update={"public_url": "https://exemple.fr/recueil", "reading": "keyed"})
    with TestClient(api.create_app(keyed), base_url="https://exemple.fr") as client:
        refused = client.get("/recueil/c/nowhere/search?q=x", headers={"accept": "application/json"})
        assert is_fault(refused, 404)
        assert "garden" not in refused.text  # whoever may not read need not know what there is
        asked = client.get("/recueil/c/garden/browse", follow_redirects=False)
        assert asked.headers["location"] == "/recueil/c/garden/sign-in?to=%2Fbrowse"
        signed = client.post(asked.headers["location"], data={"key": secret}, follow_redirects=False)
        assert "; Path=/recueil;" in signed.headers["set-cookie"]
        assert signed.headers["location"] == "/recueil/c/garden/browse"
