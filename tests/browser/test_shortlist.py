"""The list that somebody puts together, in a browser: it lives on the device, with its notes, and changes in place."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import NARROW

SEARCHES = ("/?q=mineurs+non+accompagn%C3%A9s", "/?q=vieillir+chez+soi")
NOTE = "Appeler lundi <b>"


def ids(page):
    return page.locator(".entry").evaluate_all("entries => entries.map((one) => one.dataset.id)")


def test_ticks_of_several_searches_are_one_list_that_is_ordered_noted_and_sent(visit):
    window = visit("fr")
    for address in SEARCHES:
        page = window.go(address)
        page.locator(".hit input[type=checkbox]").first.check()
    expect(page.locator("#shortlist")).to_contain_text("2")
    page.reload()
    expect(page.locator(".hit input[type=checkbox]").first).to_be_checked()
    page.locator("#shortlist").click()
    expect(page.locator(".entry")).to_have_count(2)
    first, second = ids(page)
    page.locator("textarea").first.fill(NOTE)
    page.get_by_role("link", name=re.compile("^Descendre")).first.click()
    assert ids(page) == [second, first]
    expect(page.get_by_role("link", name=re.compile("^Monter")).last).to_be_focused()
    expect(page.locator("#list-said")).to_contain_text("place 2")
    assert page.url.index(second) < page.url.index(first)
    page.reload()
    expect(page.locator("textarea").last).to_have_value(NOTE)
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="Tableur (CSV)").click()
    assert downloaded.value.suggested_filename == "liste.csv"
    page.get_by_role("link", name=re.compile("^Retirer")).first.click()
    assert ids(page) == [first]
    assert not any("Appeler" in address for address in window.addresses)  # notes never reach the server

    other = visit("en", NARROW)
    page = other.go(f"{page.url.removeprefix(other.origin)}#{first}=Appeler+lundi+%3Cb%3E")
    expect(page.locator("#foreign")).to_be_visible()
    expect(page.locator("textarea")).to_have_value(NOTE)
    expect(page.locator("#shortlist .tally")).to_be_hidden()  # a link changes nobody's list
    page.locator("#keep").click()
    expect(page.locator("#shortlist")).to_contain_text("1")
    expect(page.locator("textarea")).to_have_value(NOTE)
    assert not any("Appeler" in address for address in other.addresses)


def test_without_script_ticks_make_a_list_with_links_that_order_it(visit):
    page = visit("en", javascript=False).go(SEARCHES[0])
    for position in (0, 1):
        page.locator(".hit input[type=checkbox]").nth(position).check()
    page.get_by_role("button", name="Put the ticked sheets together").click()
    first, second = ids(page)
    expect(page.locator("textarea").first).to_be_hidden()
    page.get_by_role("link", name=re.compile("^Move down")).first.click()
    assert ids(page) == [second, first]
    page.get_by_role("button", name="Compare the ticked sheets").click()
    expect(page).to_have_url(re.compile("/compare"))
    expect(page.locator("table.comparison")).to_be_visible()


def test_on_paper_a_page_says_what_it_is_where_and_when_and_unfolds_its_sources(visit):
    page = visit("fr").go("/?q=Combien+co%C3%BBte+une+demi-journ%C3%A9e+de+r%C3%A9pit+%3F")
    expect(page.locator(".on-paper")).to_be_hidden()
    expect(page.locator("details.sources")).not_to_have_attribute("open", "")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".on-paper")).to_contain_text("Combien coûte une demi-journée de répit ?")
    expect(page.locator(".on-paper")).to_contain_text(re.compile(r"Imprimé le \d+ \w+ \d{4} · http://.*\?q=Combien"))
    expect(page.locator("details.sources blockquote").first).to_be_visible()
    expect(page.locator(".take-along")).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator("details.sources")).not_to_have_attribute("open", "")
