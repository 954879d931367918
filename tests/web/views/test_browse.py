"""What is there without a question, over HTTP: the start page, and all initiatives."""

import html
import re

import pytest

from corpus import bundled_profile
from corpus.text import fold
from tests.web.conftest import BIKES
from web.rendering import STATIC
from web.suggestions import LONGEST_TYPED, Suggester
from web.visitor import texts_in


def text_of(page: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


# --- before anything is asked ---


def test_the_first_page_counts_the_collection_and_leads_into_it(client):
    page = client.get("/?lang=en").text
    assert "6 sheets, asked in your own words" in text_of(page)
    assert 'href="/browse?topic=mobilite&amp;lang=en">Mobility<' in page
    assert 'href="/browse?departement=33&amp;lang=en"' in page


def test_the_words_of_a_profile_stand_in_place_of_the_general_ones():
    say = texts_in("en").with_words(bundled_profile().words["en"])
    assert say("start.lead", initiatives=239, documents=5).startswith("239 sheets from 5 French public documents")
    assert say("start.topic") == texts_in("en")("start.topic")


@pytest.mark.parametrize(
    ("typed", "kind", "text"),
    [
        ("giro", "Place", "Gironde"),
        ("girnde", "Place", "Gironde"),  # a slip
        ("nouvelle aq", "Place", "Nouvelle-Aquitaine"),
        ("jeunes", "Public", "Young people"),  # by its words in the other language
        ("mobility", "Topic", "Mobility"),
        ("viei", "Theme", "Bien vieillir"),
        ("bikes for", "Sheet", "Bikes for apprentices"),
        ("l’giro", "Place", "Gironde"),
        ("bikes-f", "Sheet", "Bikes for apprentices"),
    ],
)
def test_what_there_is_is_suggested_in_the_reader_s_language(client, typed, kind, text):
    shown = text_of(client.get("/suggest", params={"q": typed, "lang": "en"}).text)
    assert f"{kind} {text}" in shown


@pytest.mark.parametrize("typed", ["", " ", "g", "zzzzzz"])
def test_with_too_little_or_nothing_alike_there_is_no_suggestion(client, typed):
    assert client.get("/suggest", params={"q": typed}).text.strip() == ""


@pytest.mark.parametrize("typed", ["d " * 51, "x" * 101, "\ufdfa" * 6])
def test_beyond_a_hundred_characters_as_they_unfold_nothing_is_suggested(client, typed):
    reply = client.get("/suggest", params={"q": f"m{typed}m", "lang": "en"})
    assert reply.status_code == 422
    assert "for at most 100 there are suggestions" in reply.text
    assert f"const LONGEST_TYPED = {LONGEST_TYPED};" in (STATIC / "page.js").read_text("utf-8")


def test_titles_are_folded_once_and_not_for_each_word_of_each_request(small_searcher, monkeypatch):
    suggester = Suggester.of(small_searcher.catalogue, "fr")
    folded = []
    monkeypatch.setattr("web.suggestions.fold", lambda text: folded.append(text) or fold(text))
    assert list(suggester.suggest("le bus le bus le bus"))
    assert set(folded) == {"le", "bus", "le bus le bus le bus"}


# --- all initiatives ---


def groups(page: str) -> dict[str, int]:
    """The headings of the groups, and how many initiatives stand under each."""
    return {
        html.unescape(heading): int(count)
        for heading, count in re.findall(r'<summary><h2>(.*?)</h2> <span class="number">(\d+)</span>', page)
    }


@pytest.mark.parametrize(
    ("by", "headings"),
    [
        ("", {"Mobility": 1, "Without a topic": 5}),
        ("topic", {"Mobility": 1, "Without a topic": 5}),
        ("public", {"Young people": 1, "Without a public": 5}),
        ("theme", {"Bien vieillir": 3, "Se déplacer": 3}),
        ("place", {"Gironde (33)": 1, "Without a precise place": 5}),
        ("year", {"Mobility": 1, "Without a topic": 5}),  # none is known
        ("colour", {"Mobility": 1, "Without a topic": 5}),
    ],
)
def test_all_initiatives_are_arranged_by_what_is_known_of_them(client, by, headings):
    page = client.get("/browse", params={"by": by, "lang": "en"}).text
    assert list(groups(page).items()) == list(headings.items())
    assert '<p class="count">6 initiatives' in page
    assert "by year" not in page


@pytest.mark.parametrize(("language", "chip"), [("fr", "Nature défi"), ("en", "Kind challenge")])
def test_a_kind_that_is_chosen_is_named_in_the_reader_s_language(client, language, chip):
    page = client.get("/browse", params={"kind": "challenge", "lang": language}).text
    assert chip in text_of(re.search(r'<ul class="chips understood".*?</ul>', page, re.DOTALL)[0])


def test_a_condition_narrows_the_list_and_links_keep_the_arrangement(client):
    page = client.get("/browse?by=place&departement=33&lang=en").text
    assert groups(page) == {"Gironde (33)": 1}
    assert f'href="/sheet/{BIKES}?lang=en">Bikes for apprentices</a>' in page
    assert 'href="/browse?by=place&amp;lang=en">Clear all</a>' in page
    assert re.search(
        r'href="/browse\?by=place&amp;lang=en" aria-label="Gironde: 1 initiative" aria-current="true"', page
    )
    assert '<input type="hidden" name="by" value="place">' in page
    assert re.search(r'<input type="checkbox" form="asked" id="departement-33"[^>]* checked>', page)
    assert 'name="topic"' not in page  # one value tells nothing apart


def test_initiatives_told_in_several_documents_stand_there_once_and_both_numbers_are_told(service):
    page = service.get("/browse?lang=fr").text
    initiatives, sheets = map(int, re.search(r"(\d+) initiatives, racontées dans (\d+) fiches", page).groups())
    assert sheets == service.get("/ready").json()["initiatives"]
    assert len(set(re.findall(r'<li><a href="(/sheet/[^"]+)"', page))) == initiatives < sheets
    assert f"{initiatives} initiatives, racontées dans {sheets} fiches" in service.get("/?lang=fr").text
