"""The search page over HTTP, as a browser without a script would ask for it, and as the script does."""

import hashlib
import html
import re
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep

import pytest
from fastapi.testclient import TestClient

import api
from search.answering.answer import Statement
from search.feedback.entry import MissKind
from search.feedback.store import Store, feedback_file
from tests import atlas
from web.answer_panel import answer_view
from web.hit_view import HitViews
from web.reader import Reader, preferred
from web.rendering import html as rendered
from web.texts import texts_in

ROOT = Path(__file__).parents[1]
PAGES = ["/", "/?q=jeunes", "/browse", "/quality", "/?q=jeunes&departement=999", "/sheet/recueil-2018-atelier-photo-33"]


def text_of(page: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


# --- what a page is ---


@pytest.mark.parametrize("address", PAGES)
def test_a_page_can_do_no_harm(service, address):
    reply = service.get(address)
    policy = reply.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert reply.headers["referrer-policy"] == "no-referrer"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["cross-origin-opener-policy"] == "same-origin"
    assert "set-cookie" not in reply.headers
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", reply.text)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_loads_nothing_from_elsewhere(service, address):
    page = re.sub(r'<link rel="(?!stylesheet|icon)[^>]*>', "", service.get(address).text)
    loaded = re.findall(r'<(?:script|link|img|use)[^>]+(?:src|href)="([^"]+)"', page)
    assert loaded
    assert all(one.startswith(("/static/", "data:")) for one in loaded)


def test_static_files_are_kept_for_ever_under_their_digest(service):
    address = re.search(r'href="(/static/[^"]+/page\.css)"', service.get("/").text)[1]
    reply = service.get(address)
    assert reply.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert hashlib.sha256(reply.content).hexdigest().startswith(address.split("/")[2])
    for gone in ("/static/0000000000/page.css", address.replace("page.css", "%2e%2e/pages.py"), "/static/x/vendor"):
        assert service.get(gone).status_code == 404


def test_vendored_files_are_those_their_list_names():
    vendor = ROOT / "web" / "static" / "vendor"
    listed = dict(re.findall(r"^\| `([\w.-]+)` \|.*\| ([0-9a-f]{64}) \|$", (vendor / "VENDORED.md").read_text(), re.M))
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in vendor.glob("*.js")}
    assert listed == digests
    assert {path.name for path in vendor.glob("*.LICENSE")} == {"htmx.LICENSE", "htmx-sse.LICENSE"}


# --- language ---


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("", "fr"), ("fr", "fr"), ("en", "en"), ("en-GB,en;q=0.9,fr;q=0.8", "en"), ("de, fr;q=0.5, en;q=0.4", "fr"),
     ("de", "fr"), ("*", "fr"), ("en;q=x, fr", "fr"), (";;;,", "fr")],
)  # fmt: skip
def test_the_browser_s_language_decides(accepted, language):
    assert preferred(accepted) == language


def test_the_address_decides_over_the_browser_and_links_keep_it(service):
    page = service.get("/?q=jeunes&lang=en", headers={"Accept-Language": "fr"}).text
    assert '<html lang="en">' in page
    sheets = re.findall(r'href="(/sheet/[^"]+)"', page)
    assert sheets
    assert all("lang=en" in one for one in sheets)
    assert "/?q=jeunes&amp;lang=fr" in page


# --- what was found ---


def test_a_page_holds_answer_initiatives_facets_and_map(service):
    page = service.get("/?q=Combien+co%C3%BBte+une+demi-journ%C3%A9e+de+r%C3%A9pit+%3F").text
    for part in ('id="answer"', 'class="hits"', 'class="facet"', 'class="map"', 'aria-live="polite"'):
        assert part in page
    assert "10 à 12 euros" in text_of(page)


def test_a_script_gets_only_what_changes(service):
    part = service.get("/?q=jeunes", headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert "sse-connect=" in part
    assert 'class="hits"' in part


def test_hits_say_why_and_tell_summary_from_source(service):
    page = text_of(service.get("/?q=se+chauffer+au+bois&lang=en").text)
    for words in (
        "published in 20",
        "Why this result",
        "By the meaning of the question: number 1",
        "editorial summary",
        "also in",
    ):
        assert words in page


def test_counts_are_those_of_the_search(service):
    page = service.get("/?q=jeunes&lang=en").text
    found = service.get("/search", params={"q": "jeunes", "lang": "en"}).json()
    assert f"{found['total']} initiatives found" in page
    for value in found["facets"]["topic"][:5]:
        assert re.search(rf">{re.escape(html.escape(value['label']))} <span class=\"number\">{value['count']}<", page)


def test_what_was_understood_can_be_taken_out(service):
    page = html.unescape(service.get("/?q=un+boulot+en+Gironde").text)
    assert "boulot → emploi" in page
    assert "/?q=un+boulot+en+Gironde&ignore=boulot" in page
    without = html.unescape(service.get("/?q=un+boulot+en+Gironde&ignore=boulot&ignore=Gironde").text)
    assert "boulot → emploi" not in without
    assert 'class="chips understood"' not in without


def test_where_a_place_has_nothing_the_same_is_searched_anywhere(service):
    page = html.unescape(service.get("/?q=garde+d%27enfants+en+Ari%C3%A8ge").text)
    assert "Aucune initiative trouvée" in page
    elsewhere = re.search(r'href="([^"]+)">partout : garde d\'enfants<', page)[1]
    assert elsewhere == "/?q=garde+d%27enfants"
    assert re.search(r"\d+ initiatives trouvées", service.get(elsewhere).text)


def test_where_a_filter_leaves_nothing_it_is_offered_to_search_without_it(service):
    page = html.unescape(service.get("/?q=bitcoin&departement=33&lang=en").text)
    assert re.search(r'href="/\?q=bitcoin&lang=en">without “Gironde”<', page)


def test_an_answer_leaves_out_what_the_search_leaves_out(service):
    named, ignored = (
        service.get(f"/answer?q=habitat+partag%C3%A9+%C3%A0+Bordeaux{more}").text for more in ("", "&ignore=Bordeaux")
    )
    assert named != ignored


def test_a_quote_is_in_the_language_of_its_source_and_the_rest_in_that_of_the_answer(service):
    page = service.get("/answer?q=How+many+households+test+the+wood+heating+kit%3F&lang=en").text
    assert re.search(r'<span lang="fr">«[^<]*250 foyers', page)
    assert '<div class="statements">' in page
    assert (
        '<div class="statements" lang="en">'
        in service.get("/answer?q=How+many+households+test+the+wood+heating+kit%3F&lang=fr").text
    )


def test_a_refusal_tells_in_the_reader_s_language_how_many_sheets_were_searched(service):
    page = text_of(service.get("/answer?q=Who+supplies+NASA+with+tablets%3F&lang=fr").text)
    assert "Cherché dans 239 fiches, par les mots et par le sens" in page
    page = text_of(service.get("/answer?q=Who+supplies+NASA+with+tablets%3F&lang=en&departement=33").text)
    assert re.search(r"Searched \d{1,2} sheets, by words and by meaning", page)


def test_nothing_relevant_is_said_and_leads_on(service):
    page = text_of(service.get("/?q=bitcoin+price+forecast&lang=en").text)
    assert "No initiative found" in page
    assert "Nothing relevant in this collection" in page
    assert "Ask differently" in page


@pytest.mark.parametrize(
    "address", ["/?q=jeunes&departement=999", "/?q=%3F%21", "/?q=" + "a" * 1001, "/?q=jeunes&year_from=x"]
)
def test_what_cannot_be_asked_is_a_page_with_the_mend(service, address):
    reply = service.get(address, headers={"Accept-Language": "en"})
    assert reply.status_code == 422
    assert "That did not work" in reply.text


def test_strange_parameters_are_somebody_else_s(service):
    assert service.get("/?q=jeunes&utm_source=x").status_code == 200


def test_a_question_is_shown_as_text_whatever_it_holds(service):
    page = service.get("/", params={"q": '"><script>alert(1)</script> jeunes'}).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_sheet_with_markup_is_shown_as_text():
    sheet = replace(atlas.initiative(), title="<img src=x onerror=alert(1)>", carriers=("<b>x</b>",))
    hit = replace(atlas.hit(), initiative=sheet, editorial=None)
    reader = Reader("fr", False, texts_in("fr"))
    document = type("Document", (), {"title": "<i>Atlas</i>", "date": "2018"})()
    views = HitViews(reader, {"atlas": document}, {"atlas-le-bus-01": sheet, "atlas-le-car-01": sheet})
    shown = rendered("parts/hit.html", reader, hit=views.of(hit))
    answer = replace(atlas.answer(), statements=(Statement("<u>partout</u>", (0,)),))
    shown += rendered("parts/answer.html", reader, answer=answer_view(answer, views, 239), keeps_gaps=False)
    for markup in ("<img src=x", "<b>x", "<i>Atlas", "<u>partout"):
        assert markup not in shown


# --- answers ---


def test_an_answer_is_streamed_as_fragments_and_ends_with_the_whole(service):
    question = {"q": "Combien de foyers testent le kit chauffage au bois ?"}
    with service.stream("GET", "/answer/stream", params=question) as reply:
        assert reply.headers["content-type"].startswith("text/event-stream")
        events = "".join(reply.iter_text()).split("\n\n")
    names = [event.split("\n")[0] for event in events if event]
    assert names[-1] == "event: answer"
    assert set(names[:-1]) == {"event: statement"}
    assert "250 foyers" in events[0]
    assert "/sheet/" in events[0]


def test_a_source_leads_to_the_lines_it_quotes(service):
    page = html.unescape(service.get("/answer?q=Combien+de+foyers+testent+le+kit+chauffage+au+bois+%3F").text)
    address = re.search(r'class="cite" href="([^"]+)#cited"', page)[1]
    assert re.search(r'id="cited"', service.get(address).text)


# --- suggestions ---


@pytest.mark.parametrize(
    ("typed", "kind", "text"),
    [
        ("giro", "Lieu", "Gironde"),
        ("prev", "Thème", "Actions de prévention"),
        ("accueil des mna", "Fiche", "Accueil des MNA"),
    ],
)
def test_places_themes_and_titles_are_suggested(service, typed, kind, text):
    shown = text_of(service.get("/suggest", params={"q": typed}).text)
    assert f"{kind} {text}" in shown


@pytest.mark.parametrize("typed", ["", " ", "g", "zzzzzz"])
def test_with_too_little_or_nothing_alike_there_is_no_suggestion(service, typed):
    assert service.get("/suggest", params={"q": typed}).text.strip() == ""


# --- gaps ---


@contextmanager
def running(built, engine, folder, **changed):
    with TestClient(api.create_app(built.model_copy(update={"var": folder, **changed}), engine)) as client:
        deadline = monotonic() + 30
        while client.get("/ready").status_code != 200:
            assert monotonic() < deadline
            sleep(0.02)
        yield client


def test_where_feedback_is_kept_a_gap_is_reported_with_one_click(built, engine, tmp_path):
    with running(built, engine, tmp_path, feedback=True) as client:
        page = client.get("/", params={"q": "Qui fournit les tablettes de la NASA ?", "lang": "en"}).text
        assert "Report that this is missing" in page
        thanks = client.post("/gap?lang=en", data={"q": "garde d'enfants la nuit"})
        assert "Thank you" in thanks.text
        assert client.post("/gap", data={"q": "  "}).status_code == 422
    kept = [(miss.entry.query, miss.entry.kind) for miss in Store(feedback_file(tmp_path), 365).misses()]
    assert ("garde d'enfants la nuit", MissKind.REPORTED) in kept


def test_where_no_feedback_is_kept_nothing_can_be_reported(service):
    assert "/gap" not in service.get("/?q=Qui+fournit+les+tablettes+de+la+NASA+%3F").text
    assert service.post("/gap", data={"q": "x"}).status_code == 404


def test_the_quality_page_leads_to_the_report_where_it_has_been_written(built, engine, tmp_path):
    with running(built, engine, tmp_path) as client:
        assert "recueil eval report" in client.get("/quality").text
        (tmp_path / "report.html").write_text("<!doctype html><title>Report</title>", encoding="utf-8")
        assert 'href="/quality/report"' in client.get("/quality").text
        reply = client.get("/quality/report")
        assert "<title>Report</title>" in reply.text
        assert "script-src" not in reply.headers["content-security-policy"]
