"""The search box on a page of another site, in a real browser, under that site's own content security policy."""

import threading
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe

import api
from settings import Settings
from tests.browser.conftest import NARROW, WIDE
from tests.small_index import AIN, GIRONDE, searcher_of, sheet
from tests.web.conftest import QuotingAnswerer
from tests.web.live_server import served, until

BOX = '<recueil-search{attributes}><a href="{service}/">Sans script</a></recueil-search>'
PAGE = """<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>Un portail</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="{scheme}">
<script src="{service}/embed.js" defer></script></head><body><main><h1>Un portail</h1>{box}</main></body></html>"""


@pytest.fixture(scope="module")
def portal():
    """A site on another origin: its pages by path, its address, and the policy that each page comes with."""
    pages = {}

    class Site(BaseHTTPRequestHandler):
        def do_GET(self):
            policy, page = pages.get(self.path, ("default-src 'none'", ""))
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *said):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}", pages
        server.shutdown()


@contextmanager
def service_for(searcher, **settings):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(api, "open_answerer", lambda settings, searcher: QuotingAnswerer(searcher))
        with served(api.create_app(Settings(**settings), searcher)) as server:
            address = f"http://127.0.0.1:{server.port}"
            until(lambda: httpx.get(f"{address}/ready").status_code == 200)
            yield address


@pytest.fixture(scope="module")
def searcher(gazetteer):
    bikes = sheet("atlas-bikes", "vélo prêté aux apprentis", departements=(GIRONDE,), start_year=2016)
    bus = sheet("atlas-bus", "autobus médecin villages", departements=(AIN,))
    return searcher_of(*(replace(one, title=f"Titre <b>{one.id}</b>") for one in (bikes, bus)), gazetteer=gazetteer)


@pytest.fixture(scope="module")
def service(searcher, portal, tmp_path_factory):
    with service_for(searcher, embedding=portal[0], var=tmp_path_factory.mktemp("var")) as address:
        yield address


@pytest.fixture
def shown(browser, portal, service):
    """Show a page with the box: the page, what it complained of, and what it asked for."""
    origin, pages = portal
    contexts = []

    def show(attributes="", lang="fr", scheme="light", size=WIDE, javascript=True, of=service):
        box = BOX.format(attributes=attributes, service=of)
        policy = f"default-src 'none'; script-src {of}; connect-src {of}; base-uri 'none'; form-action 'none'"
        pages["/page"] = policy, PAGE.format(lang=lang, scheme=scheme, service=of, box=box)
        context = browser.new_context(
            locale=lang, viewport=size, java_script_enabled=javascript, color_scheme=scheme, bypass_csp=False
        )
        contexts.append(context)
        page, complaints = context.new_page(), []
        page.set_default_timeout(15_000)
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{origin}/page")
        return page, complaints

    yield show
    for context in contexts:
        context.close()


def ask(page, question="vélo"):
    page.get_by_role("searchbox").fill(question)
    page.get_by_role("searchbox").press("Enter")


def test_somebody_finds_a_sheet_from_another_site_by_keyboard(shown, service):
    page, complaints = shown()
    page.keyboard.press("Tab")
    page.keyboard.type("vélo")
    page.keyboard.press("Enter")
    page.get_by_text("1 initiative sur le sujet").wait_for()
    (hit,) = page.get_by_role("listitem").all()
    assert "Titre <b>atlas-bikes</b>" in hit.inner_text()
    assert "Gironde – 2016" in hit.inner_text()
    assert page.get_by_role("status").inner_text() == "1 initiative sur le sujet"
    hit.get_by_role("link").click()
    page.wait_for_url(f"{service}/sheet/atlas-bikes?from=1&to=1&lang=fr#cited")
    assert complaints == []


def test_the_page_around_says_the_language_the_conditions_and_the_words(shown, service):
    page, _ = shown(' conditions="departement=01" label="Who did it?"', lang="en")
    ask(page)
    page.get_by_text("on the subject", exact=False).or_(page.get_by_text("Nothing on this subject.")).wait_for()
    assert page.get_by_role("search").get_by_text("Who did it?").is_visible()
    assert "atlas-bikes" not in page.inner_text("main")
    everything = page.get_by_role("link", name="See everything").get_attribute("href")
    assert everything == f"{service}/?departement=01&q=v%C3%A9lo&lang=en"


def test_without_scripts_the_link_inside_leads_to_the_service(shown):
    page, _ = shown(javascript=False)
    assert page.get_by_role("link", name="Sans script").is_visible()


def test_a_site_that_is_not_named_gets_no_box(shown, searcher, tmp_path):
    with service_for(searcher, var=tmp_path) as closed:
        page, _ = shown(of=closed)
        assert page.get_by_role("link", name="Sans script").is_visible()
        assert page.get_by_role("searchbox").count() == 0


def test_where_reading_takes_a_key_the_box_leads_to_the_page(shown, searcher, portal, tmp_path):
    with service_for(searcher, embedding=portal[0], reading="keyed", var=tmp_path) as keyed:
        page, _ = shown(of=keyed)
        ask(page)
        page.get_by_text("La recherche ne répond pas ici.").wait_for()
        assert page.get_by_role("link", name="Chercher sur le site").get_attribute("href").startswith(f"{keyed}/?q=")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_it_is_for_everybody(shown, scheme, size):
    page, _ = shown(scheme=scheme, size=size)
    ask(page)
    page.get_by_role("listitem").wait_for()
    # axe takes a page without a colour of its own for a white one, dark or not.
    page.evaluate(
        "colour => { document.body.style.background = colour; }", {"light": "#fff", "dark": "#121212"}[scheme]
    )
    assert [one["id"] for one in Axe().run(page).response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_it_takes_the_look_that_the_page_around_gives_it(shown):
    page, _ = shown()
    page.evaluate("document.querySelector('recueil-search').style.setProperty('--recueil-accent', 'rgb(1, 2, 3)')")
    colour = "element => getComputedStyle(element).backgroundColor"
    assert page.get_by_role("button").evaluate(colour) == "rgb(1, 2, 3)"
