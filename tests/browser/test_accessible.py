"""Every page for everybody: no violation that axe finds, in either theme, at any width, however large the text."""

import re

import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import NARROW, WIDE

SHEET = "/sheet/recueil-2018-accueil-des-mna-67?from=3727&to=3729"
PAGES = {
    "start": "/",
    "results": "/?q=logement+des+jeunes+en+Gironde",
    "closest": "/?q=who+does+citizen+hosting+for+homeless+women%3F",
    "refusal": "/?q=Qui+fournit+les+tablettes+de+la+NASA+%3F",
    "nothing": "/?q=bitcoin+price+forecast",
    "sheet": SHEET,
    "list": "/list?id=recueil-2018-accueil-des-mna-67&id=recueil-2018-atelier-photo-33",
    "empty list": "/list",
    "compare": "/compare?id=recueil-2018-accueil-des-mna-67&id=recueil-2018-atelier-photo-33",
    "filtered": "/?q=jeunes&region=32&year_from=2010&sort=year&ignore=Paris",
    "browse": "/browse?by=public",
    "quality": "/quality",
    "accessibility": "/accessibility",
    "fault": "/?q=jeunes&departement=999",
    "unknown sheet": "/sheet/nowhere",
}
FIRST_PAGE_BYTES = 90_000
EVERY_PAGE = pytest.mark.parametrize("address", PAGES.values(), ids=PAGES.keys())


@EVERY_PAGE
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(visit, address, scheme):
    page = visit("fr", scheme=scheme).go(address)
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    results = Axe().run(page)
    found = [
        (violation["id"], node["target"], node.get("failureSummary"))
        for violation in results.response["violations"]
        for node in violation["nodes"][:2]
    ]
    assert found == []


@EVERY_PAGE
@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_nothing_has_to_be_scrolled_sideways_even_with_text_twice_as_large(visit, address, size):
    page = visit("en", size).go(address)
    for text in ("100%", "200%"):
        page.evaluate("size => { document.documentElement.style.fontSize = size }", text)
        width = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert width[0] <= width[1], text


# What RGAA 10.12 lets readers set.
SPACING = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"

# A page of each template.
ONE_OF_EACH = ("start", "results", "sheet", "compare", "browse", "quality", "accessibility", "fault")

# What can be counted of the criteria: headings, landmarks, tables, looks in attributes, windows, empty links.
COUNTED = """() => {
  const count = (what) => document.querySelectorAll(what).length;
  const all = (what) => [...document.querySelectorAll(what)];
  const levels = all("h1, h2, h3, h4, h5, h6").map((one) => Number(one.tagName[1]));
  return {
    "first headings": levels.filter((one) => one === 1).length,
    "levels left out": levels.filter((one, at) => one > (levels[at - 1] ?? 0) + 1).length,
    landmarks: ["body > header", "body > main", "body > footer", "body > header nav[aria-label]"].map(count),
    "untitled tables": all("table").filter((one) => !one.caption).length,
    "headers of nothing": all("th:not([scope])").length,
    "looks in attributes": count("[style], font, center, [align], [bgcolor]"),
    "tab order": all("[tabindex]").filter((one) => one.tabIndex > 0).length,
    "new windows": count("[target]"),
    "first stop": document.querySelector("a[href], button, input").getAttribute("href"),
  };
}"""
IN_ORDER = {
    "first headings": 1,
    "levels left out": 0,
    "landmarks": [1, 1, 1, 2],
    "untitled tables": 0,
    "headers of nothing": 0,
    "looks in attributes": 0,
    "tab order": 0,
    "new windows": 0,
    "first stop": "#content",
}

# What looks as before when it has the focus; of the map each kind of link once.
WITHOUT_FOCUS = """() => {
  const look = (one) => {
    const { outlineStyle, top } = getComputedStyle(one);
    const shape = one.querySelector("use");
    return [outlineStyle, top, shape && getComputedStyle(shape).strokeWidth].join();
  };
  const stops = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), summary, [tabindex='0']")];
  return stops.filter((one) => one.getClientRects().length).slice(0, 150).filter((one) => {
    const before = look(one);
    one.focus({ focusVisible: true });
    return document.activeElement === one && look(one) === before;
  }).map((one) => one.outerHTML.slice(0, 80));
}"""


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_a_page_is_in_order_at_320_pixels_with_wide_spacing(visit, name):
    page = visit("fr", {"width": 320, "height": 640}).go(PAGES[name])
    assert page.title()
    assert page.evaluate(COUNTED) == IN_ORDER
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert page.evaluate(WITHOUT_FOCUS) == []
    widen = (
        "(rules) => { const own = new CSSStyleSheet(); own.replaceSync(rules); document.adoptedStyleSheets = [own] }"
    )
    page.evaluate(widen, SPACING)
    width = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert width[0] <= width[1]


@EVERY_PAGE
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_page_is_html_without_an_error(service, address, language):
    reply = service.get(address, headers={"Accept-Language": language})
    html5lib.HTMLParser(strict=True).parse(reply.text)
    assert f'<html lang="{language}">' in reply.text


def test_the_first_page_is_light(visit):
    window = visit("fr")
    sizes = []
    window.page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    window.go("/?q=logement+des+jeunes")
    assert len(sizes) >= 5
    assert sum(sizes) <= FIRST_PAGE_BYTES


def test_what_changes_is_announced(visit):
    page = visit("fr").go("/")
    said = page.locator("#announced")
    assert (said.get_attribute("aria-live"), said.inner_text()) == ("polite", "")
    said.evaluate("region => { region.was_there = true }")
    page.get_by_role("combobox").fill("Combien coûte une demi-journée de répit ?")
    page.get_by_role("combobox").press("Enter")
    expect(said).to_contain_text(re.compile(r"\d+ initiatives? sur le sujet\s*(Classés d'abord.*\s*)?Réponse"))
    expect(said).to_contain_text("10 à 12 euros")
    assert said.evaluate("region => region.was_there")
