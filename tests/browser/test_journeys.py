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


def test_a_facet_changes_the_page_in_place_and_keeps_the_focus_and_what_was_unfolded(visit):
    page = visit("fr").go("/?q=jeunes")
    page.evaluate("window.stays = true")
    page.locator("#facet-region > summary").click()
    page.locator("#facet-region input[type=checkbox]").first.focus()
    id = page.evaluate("document.activeElement.id")
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile("region="))
    expect(page.locator(f"#{id}")).to_be_checked()
    expect(page.locator(f"#{id}")).to_be_focused()
    expect(page.locator("#facet-region")).to_have_attribute("open", "")
    expect(page.locator("#announced")).to_contain_text("1 filtre gardé")
    chip = page.locator(".understood .remove").first
    chip.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".understood")).to_have_count(0)
    expect(page.locator(f"#{id}")).not_to_be_checked()
    expect(page.locator("#found")).to_be_focused()
    assert page.evaluate("window.stays")
    page.go_back()
    expect(page.locator(f"#{id}")).to_be_checked()


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
    box.press_sequentially("gi", delay=20)  # too little for results
    expect(page.get_by_role("option").first).to_be_visible()
    expect(page.locator("#announced")).to_contain_text("suggestion")
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
def test_several_values_are_ticked_and_kept_with_another_question(visit, javascript):
    page = visit("en", javascript=javascript).go("/?q=young+people")
    boxes = page.locator("#facet-public input[type=checkbox]")
    count = int(page.locator("#facet-public .number").first.inner_text())
    values = [boxes.nth(at).get_attribute("value") for at in range(2)]

    def tick(value: str) -> None:
        page.locator(f"#facet-public input[value={value}]").check()
        if not javascript:
            page.get_by_role("button", name="Apply").click()
        expect(page).to_have_url(re.compile(f"public={value}"))
        page.wait_for_load_state("networkidle")

    def total() -> int:
        return int(re.search(r"\d+", page.locator(".count").inner_text())[0])

    tick(values[0])
    assert total() == count
    tick(values[1])
    assert total() >= count
    ask(page, "jobs", "en")
    expect(page).to_have_url(re.compile(r"\?q=jobs.*public=.*public="))
    expect(page.locator(".count")).to_contain_text("2 filters kept")
    expect(page.locator("#facet-public :checked")).to_have_count(2)
    page.locator(".understood").get_by_role("link", name="Clear all").click()
    expect(page.locator(".understood .kind", has_text="Public")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("public="))


def test_on_a_phone_filters_open_over_the_list_stay_while_they_are_ticked_and_are_counted(visit):
    page = visit("fr", NARROW).go("/?q=jeunes")
    filters, sheet = page.get_by_role("button", name="Filtres"), page.locator("#side")
    expect(sheet).to_be_hidden()
    filters.click()
    sheet.get_by_role("checkbox").first.check()
    expect(filters.locator(".badge")).to_have_text("1")
    expect(sheet.get_by_role("checkbox").first).to_be_focused()
    sheet.get_by_role("button", name=re.compile("Voir")).click()
    expect(sheet).to_be_hidden()


def test_what_is_found_is_sorted_by_year_and_stays_so(visit):
    page = visit("en").go("/?q=young+people&all=1")
    page.get_by_role("link", name="year", exact=True).click()
    expect(page).to_have_url(re.compile("sort=year"))
    since = page.locator(".hits:not(.further) .facts")
    years = [int(year[0]) for text in since.all_inner_texts() if (year := re.search(r"\d{4}", text))]
    assert years == sorted(years, reverse=True)
    page.locator("#side").get_by_role("checkbox").first.check()
    expect(page).to_have_url(re.compile("public=.*sort=year|sort=year.*public="))


def test_a_long_list_of_values_is_searched_and_accents_do_not_matter(visit):
    page = visit("fr").go("/browse")
    page.locator("#facet-departement > summary").click()
    page.get_by_role("searchbox", name="Chercher dans : Département").fill("finist")
    expect(page.locator("#facet-departement li:visible")).to_have_text(re.compile("Finistère"))
    page.locator("#facet-departement li:visible label").click()
    expect(page).to_have_url(re.compile("departement=29"))
    expect(page.locator(".count")).to_contain_text("1 filtre gardé")


def test_results_come_while_somebody_types_without_an_answer_and_in_one_place_of_the_history(visit):
    window = visit("fr")
    page = window.go("/")
    before, box = page.evaluate("history.length"), page.get_by_role("combobox")
    for words in ("logement", " des jeunes"):
        box.press_sequentially(words, delay=10)
        expect(page).to_have_url(re.compile(words.strip().replace(" ", "%20") + "$"))
        expect(page.locator(".hit").first).to_be_visible()
    assert page.evaluate("history.length") == before + 1
    expect(box).to_be_focused()
    expect(page.locator("#announced")).to_contain_text("sur le sujet")
    searches = [address for address in window.addresses if "/?q=" in address]
    assert len(searches) == 2  # one for each pause, none for a key
    assert not any("/answer" in address for address in window.addresses)
    box.press("Enter")
    expect(page.locator("#answer .statement").first).to_be_visible()
    assert page.evaluate("history.length") == before + 1


def test_the_map_filters_and_its_table_says_the_same(visit):
    page = visit("fr").go("/?q=jeunes")
    page.get_by_text("La carte en tableau").click()
    row = page.locator(".map tbody tr").first
    name = re.match(r"[^(]+", row.get_by_role("link").inner_text())[0].strip()
    area = page.locator(f".map svg a[aria-label^='{name}']")
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
    page.locator(".hit h3 a").first.click()
    expect(page).to_have_url(re.compile("/sheet/"))


def test_the_catalogue_is_arranged_by_year_and_leads_to_a_sheet(visit):
    page = visit("en").go("/browse")
    page.get_by_role("link", name="by year").click()
    expect(page.locator(".group summary").first).to_contain_text(re.compile(r"\d{4}"))
    page.locator(".group summary").first.click()
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
