"""Signing in and the page of whoever runs the service, in a real browser: for everybody, with and without a script."""

import re
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

import api
from feedback import Miss, MissKind, Store
from tests.browser.conftest import NARROW, WIDE
from tests.web.conftest import QuotingAnswerer, small_searcher, small_settings  # noqa: F401
from tests.web.live_server import served
from web.keys import KeyFile, Scope


@pytest.fixture(scope="module")
def site(small_settings, small_searcher, tmp_path_factory):  # noqa: F811
    """A service over the almanac that is read with a key; its address, and a key for everything."""
    settings = small_settings.model_copy(update={"var": tmp_path_factory.mktemp("var"), "reading": "keyed"})
    keys = KeyFile(settings.keys_file)
    secret = keys.add("owner", [Scope.ADMIN], days=1, per_minute=10_000)
    keys.add("portal", [Scope.READ], days=1, per_minute=600)
    Store(settings.feedback_file, 365).add(Miss("un bus le dimanche", "fr", MissKind.REPORTED))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(api, "open_answerer", lambda settings, searcher: QuotingAnswerer(searcher))
        with served(api.create_app(settings, small_searcher)) as server:
            yield SimpleNamespace(origin=f"http://127.0.0.1:{server.port}", secret=secret, keys=keys)


@pytest.fixture
def window(browser, site):
    """Open a window in which somebody has signed in."""
    contexts = []

    def open_window(lang="fr", size=WIDE, javascript=True, scheme="light", to="/admin"):
        context = browser.new_context(locale=lang, viewport=size, java_script_enabled=javascript, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.goto(site.origin + to)
        assert "/sign-in" in page.url
        page.locator("#key").fill(site.secret)
        page.locator("main button[type=submit]").click()
        expect(page).to_have_url(re.compile(re.escape(site.origin + to)))
        return page

    yield open_window
    for context in contexts:
        context.close()


def violations(page):
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    return [
        (violation["id"], node["target"])
        for violation in Axe().run(page).response["violations"]
        for node in violation["nodes"][:2]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(window, site, scheme):
    page = window(scheme=scheme, to="/admin?show=needs&done=revoke")
    assert violations(page) == []
    page.goto(f"{site.origin}/sign-in")
    assert violations(page) == []
    page.get_by_role("button", name="Se déconnecter").click()
    page.locator("#key").fill("recueil_wrong")
    page.locator("main button[type=submit]").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_nothing_has_to_be_scrolled_sideways_even_with_text_twice_as_large(window, size):
    page = window("en", size)
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    for text in ("100%", "200%"):
        page.evaluate("size => { document.documentElement.style.fontSize = size }", text)
        width = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert width[0] <= width[1], text


def test_without_a_script_a_key_is_revoked_in_two_steps_and_one_signs_out(window, site):
    site.keys.add("old", [Scope.READ], days=1, per_minute=600)
    page = window("en", javascript=False)
    row = page.get_by_role("row").filter(has_text="old")
    row.locator("summary").click()
    row.get_by_role("button", name="Revoke “old” for good").click()
    expect(page.get_by_role("status")).to_have_text("The key opens nothing any more.")
    assert "old" not in {key.name for key in site.keys.all()}
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{site.origin}/browse")
    expect(page).to_have_url(re.compile("/sign-in"))


def test_a_search_stays_in_its_place_while_the_session_lasts_and_leads_to_signing_in_after_it(window, site):
    page = window("en", to="/")
    page.get_by_role("combobox").fill("un bus")
    page.get_by_role("combobox").press("Enter")
    expect(page.locator("#found h3").first).to_be_visible()
    page.get_by_role("combobox").fill("un vélo")
    page.wait_for_load_state("networkidle")  # an answer or suggestion still on its way would lead there by itself
    page.context.clear_cookies()
    page.get_by_role("combobox").press("Enter")
    expect(page).to_have_url(re.compile(r"/sign-in\?to="))
