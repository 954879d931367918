"""The search page over HTTP, as a browser without a script would ask for it, and as the script does.

Of the almanac with a stand-in answerer; `service` is the real one.
"""

import hashlib
import html
import re
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

import api
from search import Catalogue
from search.answer import BadCalibration, Statement
from tests import atlas
from tests.small_index import contents_of
from tests.web.conftest import BIKES, await_open
from web.rendering import STATIC
from web.rendering import html as rendered
from web.views.answer import AnswerView, StatementView
from web.views.results import HitView
from web.visitor import Visitor, texts_in

PAGES = ["/", "/?q=jeunes", "/browse", "/quality", "/?q=jeunes&departement=999", f"/sheet/{BIKES}"]
STREAM = "/answer/stream"


def text_of(page: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


# --- what a page is ---


@pytest.mark.parametrize("address", PAGES)
def test_a_page_can_do_no_harm(client, address):
    reply = client.get(address)
    policy = reply.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert reply.headers["referrer-policy"] == "same-origin"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["cross-origin-opener-policy"] == "same-origin"
    assert "set-cookie" not in reply.headers
    assert not re.search(r'<script(?![^>]*(?:\bsrc=|="application/ld\+json"))|<style|\son\w+=|\sstyle=', reply.text)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_loads_nothing_from_elsewhere(client, address):
    page = re.sub(r'<link rel="(?!stylesheet|icon)[^>]*>', "", client.get(address).text)
    loaded = re.findall(r'<(?:script|link|img|use)[^>]+(?:src|href)="([^"]+)"', page)
    assert loaded
    assert all(one.startswith(("/static/", "data:")) for one in loaded)


def test_static_files_are_kept_for_ever_under_their_digest(client):
    address = re.search(r'href="(/static/[^"]+/page\.css)"', client.get("/").text)[1]
    reply = client.get(address)
    assert reply.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert hashlib.sha256(reply.content).hexdigest().startswith(address.split("/")[2])
    for gone in ("/static/0000000000/page.css", address.replace("page.css", "%2e%2e/routes.py"), "/static/x/vendor"):
        assert client.get(gone).status_code == 404


def test_vendored_files_are_those_their_list_names():
    vendor = STATIC / "vendor"
    listed = dict(re.findall(r"^\| `([\w.-]+)` \|.*\| ([0-9a-f]{64}) \|$", (vendor / "VENDORED.md").read_text(), re.M))
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in vendor.glob("*.js")}
    assert listed == digests
    assert {path.name for path in vendor.glob("*.LICENSE")} == {"htmx.LICENSE", "htmx-sse.LICENSE"}


def test_the_address_decides_over_the_browser_and_links_keep_the_language(client):
    page = client.get("/?q=jeunes&lang=en", headers={"Accept-Language": "fr"}).text
    assert '<html lang="en">' in page
    sheets = re.findall(r'href="(/sheet/[^"]+)"', page)
    assert sheets
    assert all("lang=en" in one for one in sheets)
    assert "/?q=jeunes&amp;lang=fr" in page


# --- what was found ---


def test_a_page_holds_answer_initiatives_facets_and_map(client):
    page = client.get("/?q=v%C3%A9lo").text
    for part in ('id="answer"', 'class="hits"', 'class="divider"', 'class="map"', 'aria-live="polite"'):
        assert part in page


def test_a_script_gets_only_what_changes(client):
    part = client.get("/?q=v%C3%A9lo", headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert 'sse-connect="/answer/stream?q=v%C3%A9lo"' in part
    assert 'class="hits"' in part


def test_while_somebody_types_there_is_no_answer_and_no_question_is_noted(client):
    part = client.get("/?q=v%C3%A9lo&lang=en", headers={"HX-Request": "true", "X-Live": "1"}).text
    assert 'class="hits"' in part
    assert "sse-connect" not in part
    assert "Answer this question" in part


def test_a_card_says_each_thing_once(client):
    card = re.search(
        r'<li class="hit".*?</li>\s*(?=<li class="hit"|</ol>)', client.get("/?q=v%C3%A9lo").text, re.DOTALL
    )[0]
    shown = re.sub(r"<details.*?</details>", "", card, flags=re.DOTALL)
    for said in ("Un vélo pour les jeunes sans voiture.", "Gironde</li>", "défi</li>"):
        assert shown.count(said) == 1
    assert "depuis" not in shown  # no year is known


def test_what_was_found_may_be_sorted_and_filters_keep_the_order(service):
    page = html.unescape(service.get("/?q=logement+des+jeunes&sort=place&lang=en").text)
    assert 'aria-current="true">place</a>' in page
    assert '<input type="hidden" form="asked" name="sort" value="place">' in page
    assert re.search(r'href="/\?q=logement\+des\+jeunes&departement=\w+&sort=place&lang=en"', page)
    places = re.findall(r'<li class="place">([^<]+)<', page.partition('class="divider"')[0])
    assert places == sorted(places)
    assert service.get("/?q=logement&sort=colour").status_code == 200


def test_years_the_wrong_way_round_are_read_as_a_range(client):
    page = client.get("/?q=jeunes&year_from=2018&year_to=2010&lang=en")
    assert page.status_code == 200
    assert 'name="year_from" value="2010"' in page.text


def test_values_that_the_question_names_come_first(service):
    page = service.get("/?q=logement+des+personnes+%C3%A2g%C3%A9es&lang=en").text
    values = re.findall(r'name="(public|topic)" value="([^"]+)"', page)
    firsts = {name: next(value for one, value in values if one == name) for name in ("public", "topic")}
    assert firsts == {"public": "personnes-agees", "topic": "logement"}


def test_hits_say_why_and_tell_summary_from_source(client):
    page = text_of(client.get("/?q=v%C3%A9lo&lang=en").text)
    for words in (
        "Bikes for apprentices",
        "A bike for young people without a car. editorial summary",
        "published in 2021",
    ):
        assert words in page
    reasons = ("About “", "The editorial summary answers", "Close to the question in meaning.")
    assert any(reason in page for reason in reasons)


def test_what_other_documents_tell_of_is_linked(service):
    also_in = re.search(r'also in <a href="(/sheet/[^"]+)"', service.get("/?q=se+chauffer+au+bois&lang=en").text)
    assert service.get(html.unescape(also_in[1])).status_code == 200


def test_counts_are_those_of_the_search(client):
    page = client.get("/?q=jeunes&lang=en").text
    found = client.get("/search", params={"q": "jeunes", "lang": "en"}).json()
    assert re.search(rf"\b{found['total']} initiatives? on the subject", page)
    assert re.search(rf"\b{found['further']} initiatives? further from the subject", page)
    shown = [value for values in found["facets"].values() if len(values) > 1 for value in values]
    for value in shown:
        assert f'<span>{html.escape(value["label"])}</span> <span class="number">{value["count"]}<' in page


def test_what_was_understood_can_be_taken_out(client):
    page = html.unescape(client.get("/?q=un+boulot+en+Gironde").text)
    assert "boulot → emploi" in page
    assert "/?q=un+boulot+en+Gironde&ignore=boulot" in page
    without = html.unescape(client.get("/?q=un+boulot+en+Gironde&ignore=boulot&ignore=Gironde").text)
    assert "boulot → emploi" not in without
    assert "Pris comme simple mot</span> boulot" in without
    assert 'href="/?q=un+boulot+en+Gironde&ignore=Gironde"' in without


def test_where_a_filter_leaves_nothing_the_same_is_searched_more_widely(client):
    page = html.unescape(client.get("/?q=v%C3%A9lo+en+Gironde&departement=09&lang=en").text)
    assert "No initiative on the subject" in page
    assert "Nothing relevant in this collection" in page
    wider = dict(re.findall(r'class="onward" href="([^"]+)">([^<]+)<', page))
    assert wider["/?q=v%C3%A9lo&departement=09&lang=en"] == "anywhere: vélo"
    assert wider["/?q=v%C3%A9lo+en+Gironde&lang=en"] == "without “Ariège”"


@pytest.mark.parametrize(
    "address", ["/?q=jeunes&departement=999", "/?q=%3F%21", "/?q=" + "a" * 1001, "/?q=jeunes&year_from=x"]
)
def test_what_cannot_be_asked_is_a_page_with_the_mend(client, address):
    reply = client.get(address, headers={"Accept-Language": "en"})
    assert reply.status_code == 422
    assert "That did not work" in reply.text


def test_strange_parameters_are_somebody_else_s(client):
    assert client.get("/?q=jeunes&utm_source=x").status_code == 200


def test_a_question_is_shown_as_text_whatever_it_holds(client):
    page = client.get("/", params={"q": '"><script>alert(1)</script> jeunes'}).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_sheet_with_markup_is_shown_as_text(gazetteer, small_searcher):
    sheet = replace(atlas.initiative(), title="<img src=x onerror=alert(1)>", lead_organisations=("<b>x</b>",))
    hit = replace(atlas.hit(), initiative=sheet, record=None)
    visitor = Visitor("fr", False, texts_in("fr"))
    twin = replace(sheet, id="atlas-le-car-01", same_as=("atlas-le-bus-01",))
    contents = contents_of([sheet, twin])
    documents = (replace(contents.documents[0], title="<i>Atlas</i>"),)
    catalogue = Catalogue.of(replace(contents, documents=documents), gazetteer)
    shown = rendered("parts/hit.html", visitor, hit=HitView.of(hit, catalogue, visitor))
    answer = replace(atlas.answer(), statements=(Statement("<u>partout</u>", (0,)),))
    view = AnswerView.of(answer, small_searcher.rank("bus"), 239, catalogue, visitor)
    shown += rendered("parts/answer.html", visitor, answer=view, keeps_gaps=False)
    for markup in ("<img src=x", "<b>x", "<i>Atlas", "<u>partout"):
        assert markup not in shown


# --- what nobody sees, and what would turn the direction of the rest ---

UNSEEN = "\x00\x01\x1b\x85\u202e\u2066\ud800"


def test_no_page_holds_control_characters_or_marks_of_direction_whoever_wrote_them(client):
    said = StatementView("", "", f"un {UNSEEN}bus", f"«\xa0vert{UNSEEN}\xa0»", "", ())
    visitor = Visitor("fr", False, texts_in("fr"))
    shown = rendered("parts/statement.html", visitor, statement=said)
    assert not set(UNSEEN) & set(shown)
    assert "un bus" in shown
    assert "«\xa0vert\xa0»" in shown
    asked = client.get("/", params={"q": "un bus\x01 \u202evert", "theme": "Bien vieillir"})
    assert not set(UNSEEN) & set(asked.text)


def test_markup_that_is_put_together_stays_markup():
    visitor = Visitor("fr", False, texts_in("fr"))
    hostile = StatementView("", "", f"{UNSEEN}<script>alert(1)</script>", "", "", ())
    shown = rendered("parts/statement.html", visitor, statement=hostile)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "&amp;lt;" not in shown


# --- where nothing is answered ---


@pytest.fixture(scope="module")
def unanswering(small_settings, small_searcher):
    """A client of a service whose answerer cannot be opened."""

    def cannot_be_opened(settings, searcher):
        raise BadCalibration(
            "The calibration cannot be read", "/srv/recueil/calibration.json", "Run `recueil calibrate`."
        )

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(api, "open_answerer", cannot_be_opened)
        with TestClient(api.create_app(small_settings, small_searcher)) as client:
            await_open(client)
            yield client


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_without_what_answers_the_list_is_there_all_the_same(unanswering, client, headers):
    page, whole = (one.get("/?q=v%C3%A9lo&lang=en", headers=headers) for one in (unanswering, client))
    assert page.status_code == 200
    assert texts_in("en")("answer.unavailable") in page.text
    assert "sse-connect" not in page.text
    hits = re.compile(r'<ol class="hits.*</ol>', re.DOTALL)
    assert hits.search(page.text)[0] == hits.search(whole.text)[0]
    assert texts_in("en")("answer.unavailable") not in whole.text


def test_only_what_needs_answers_is_refused_and_says_why_without_saying_where(unanswering):
    for address in ("/", "/search?q=velo", "/browse", "/ready", f"/sheet/{BIKES}"):
        assert unanswering.get(address).status_code == 200, address
    assert unanswering.get("/ready").json()["answers"] is False
    for address in ("/ask?q=velo", "/answer?q=velo", "/answer/stream?q=velo"):
        reply = unanswering.get(address)
        assert reply.status_code == 503
        assert "The calibration cannot be read" in reply.text
        assert "/srv" not in reply.text
