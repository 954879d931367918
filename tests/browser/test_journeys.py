"""What people do on the page, from the first word typed to the line of the source."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, WIDE

RESPITE = {
    "fr": "Combien coûte une demi-journée de répit pour les aidants ?",
    "en": "How much does half a day of respite for carers cost?",
}
WORDS = {
    "fr": {
        "search": "Chercher",
        "answer": "Réponse",
        "found": "sur le sujet",
        "compare": "Comparer",
        "understood": "Lieu",
    },
    "en": {
        "search": "Search",
        "answer": "Answer",
        "found": "on the subject",
        "compare": "Compare",
        "understood": "Place",
    },
}


def ask(page: Page, question: str, language: str) -> None:
    """Type a question and press the button; wait for the initiatives."""
    page.get_by_role("combobox").fill(question)
    page.get_by_role("button", name=WORDS[language]["search"], exact=True).click()
    expect(page.locator(".hit").first).to_be_visible()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_from_a_question_to_the_line_of_the_source(visit, language, javascript, size):
    page = visit(language, size, javascript).go("/")
    ask(page, RESPITE[language], language)
    expect(page).to_have_url(re.compile(r"\?q="))
    answer = page.locator("#answer")
    expect(answer).to_contain_text("10 à 12 euros")
    expect(page.locator(".count")).to_contain_text(WORDS[language]["found"])
    answer.locator(".cite").first.click()
    expect(page.locator("#cited")).to_contain_text("10 à 12 euros par demi-journée")
    expect(page.locator("#cited")).to_be_in_viewport()
    page.go_back()
    expect(page.locator("#answer")).to_contain_text("10 à 12 euros")


def test_results_come_in_place_and_the_answer_is_streamed(visit):
    window = visit("fr")
    page = window.go("/")
    page.evaluate("window.stays = true")
    ask(page, RESPITE["fr"], "fr")
    expect(page.locator("#answer")).to_contain_text("10 à 12 euros")
    assert page.evaluate("window.stays")
    assert any("/answer/stream?" in address for address in window.addresses)


def test_a_page_that_changed_in_place_is_the_page_its_address_gives(visit):
    page = visit("fr").go("/")
    ask(page, RESPITE["fr"], "fr")
    assert page.title().startswith(RESPITE["fr"])
    expect(page.get_by_role("heading", level=1)).to_have_text("Résultats")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("combobox")).to_have_value(RESPITE["fr"])
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#answer")).to_contain_text("10 à 12 euros")


def test_a_question_that_cannot_be_asked_says_so_with_the_script_too(visit):
    page = visit("en").go("/")
    page.get_by_role("combobox").fill("?!")
    page.get_by_role("combobox").press("Enter")
    expect(page.get_by_role("heading", name="That did not work")).to_be_visible()


def test_an_answer_that_breaks_off_is_told_and_not_said_twice(visit):
    window = visit("en")
    page = window.go("/")
    page.route("**/answer/stream?*", lambda route: route.fulfill(
        content_type="text/event-stream", body="event: statement\ndata: <p class='statement'>Half of it</p>\n\n"
    ))  # fmt: skip
    ask(page, RESPITE["en"], "en")
    expect(page.locator("#answer")).to_contain_text("did not arrive whole")
    page.wait_for_timeout(4_000)
    expect(page.locator("#answer")).not_to_contain_text("Half of it")
    assert sum("/answer/stream?" in address for address in window.addresses) == 1
    window.complaints.clear()  # of the stream that was broken on purpose


def test_a_facet_changes_the_page_in_place_and_keeps_the_focus(visit):
    page = visit("en").go("/?q=young+people")
    page.evaluate("window.stays = true")
    link = page.locator(".facet a").first
    id = link.get_attribute("id")
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"#{id}[aria-current=true]")).to_be_focused()
    chip = page.locator(".understood .remove").first
    chip.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".understood")).to_have_count(0)
    expect(page.locator("#found")).to_be_focused()
    assert page.evaluate("window.stays")
    page.go_back()
    expect(page.locator(f"#{id}[aria-current=true]")).to_be_visible()


def test_focus_stays_in_the_box_when_results_come(visit):
    page = visit("fr").go("/")
    box = page.get_by_role("combobox")
    box.fill("jeunes sans permis")
    box.press("Enter")
    expect(page.locator(".hit").first).to_be_visible()
    expect(box).to_be_focused()


def test_suggestions_are_reached_by_keyboard(visit):
    page = visit("fr").go("/")
    box = page.get_by_role("combobox")
    box.press_sequentially("giron", delay=20)
    expect(page.get_by_role("option").first).to_be_visible()
    assert box.get_attribute("aria-expanded") == "true"
    box.press("ArrowDown")
    expect(page.locator("[role=option][aria-selected=true]")).to_have_count(1)
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    box.press("ArrowDown")
    box.press("Enter")
    expect(page).to_have_url(re.compile("departement=33"))


def test_everything_is_reached_by_keyboard_in_order(visit):
    page = visit("fr").go("/?q=jeunes")
    seen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.closest('.skip, .top, .box, .results, .side')?.className"))
    order = [name for position, name in enumerate(seen) if name and (position == 0 or seen[position - 1] != name)]
    assert order[:4] == ["skip", "top", "box", "results"]
    page.goto(page.url)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_a_place_that_was_understood_can_be_taken_out(visit):
    page = visit("en").go("/?q=young+people+in+Bordeaux")
    place = page.locator(".ranked-first", has_text="Bordeaux")
    expect(place).to_be_visible()
    first = page.locator(".hit h3").first.inner_text()
    place.get_by_role("link").last.click()
    expect(page.locator(".ranked-first")).to_have_count(0)
    expect(page).to_have_url(re.compile("ignore=Bordeaux"))
    assert first


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_a_facet_narrows_to_the_number_it_tells_or_more(visit, javascript):
    page = visit("en", javascript=javascript).go("/?q=young+people")
    facet = page.locator(".facet").first.get_by_role("link").first
    count = int(facet.locator(".number").inner_text())
    facet.click()
    page.wait_for_load_state("networkidle")
    total = int(re.search(r"\d+", page.locator(".count").inner_text())[0])
    assert total >= count
    expect(page.locator(".facet [aria-current=true]").first).to_be_visible()


def test_the_map_filters_and_its_table_says_the_same(visit):
    page = visit("fr").go("/?q=jeunes")
    page.get_by_text("La carte en tableau").click()
    row = page.locator(".map tbody tr").first
    name = re.match(r"[^(]+", row.get_by_role("link").inner_text())[0].strip()
    area = page.locator(f".map svg a[aria-label^='{name} :']")
    assert row.locator(".number").inner_text() in area.get_attribute("aria-label")
    area.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("departement="))
    expect(page.locator(".understood")).to_contain_text(name)


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_two_initiatives_are_compared_and_taken_along(visit, javascript):
    page = visit("fr", javascript=javascript).go("/?q=mineurs+non+accompagn%C3%A9s")
    boxes = page.locator(".results input[type=checkbox]")
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.get_by_role("button", name="Comparer").first.click()
    expect(page.get_by_role("table")).to_be_visible()
    for name, beginning in (("CSV", b"\xef\xbb\xbf"), ("ODT", b"PK")):
        with page.expect_download() as downloading:
            page.get_by_role("link", name=re.compile(name)).click()
        assert downloading.value.path().read_bytes().startswith(beginning)


def test_a_refusal_says_what_was_searched_and_leads_on(visit):
    page = visit("en").go("/?q=Who+supplies+NASA+with+tablets%3F")
    answer = page.locator("#answer")
    expect(answer).to_contain_text("No sure answer")
    expect(answer).to_contain_text("239")
    answer.get_by_role("link").first.click()
    expect(page).to_have_url(re.compile("/sheet/"))


def test_the_catalogue_is_arranged_by_year_and_leads_to_a_sheet(visit):
    page = visit("en").go("/browse")
    page.get_by_role("link", name="by year").click()
    expect(page.locator(".group summary").first).to_contain_text(re.compile(r"\d{4}"))
    page.locator(".group a").first.click()
    expect(page).to_have_url(re.compile("/sheet/"))


def test_the_language_is_switched_and_kept(visit):
    page = visit("fr").go("/?q=jeunes")
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.locator(".hit h3 a").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert "q=jeunes" not in page.url


def test_recent_questions_stay_on_the_device(visit):
    window = visit("fr")
    page = window.go("/?q=jeunes+aidants")
    page = window.go("/")
    expect(page.locator("#recent")).to_contain_text("jeunes aidants")
    assert page.context.cookies() == []
    page.get_by_role("button", name="Les oublier").click()
    expect(page.locator(".recent")).to_be_hidden()
