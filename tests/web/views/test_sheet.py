"""The page of a sheet, as a browser gets it: of the almanac, and `service` for shipped sheets with every field."""

import html
import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import Corpus, Section, Source
from corpus.text import strip_markup
from tests import atlas
from tests.web.conftest import BIKES, BUS
from web.exports import FORMATS
from web.views.linked_data import description_of
from web.views.sheet import Look, Run, lines_of, runs_of
from web.visitor import texts_in

TITLE = "Prêter un vélo aux jeunes apprentis de la Gironde qui n'ont ni permis ni voiture"


@pytest.fixture(scope="module")
def sheets(service):
    """The sheets of the largest document, as the interface for programs gives them."""
    return service.get("/initiatives", params={"document": "recueil-2018", "limit": 100}).json()["items"]


def page(client, path: str, status: int = 200, **parameters) -> str:
    reply = client.get(path, params=parameters)
    assert (reply.status_code, reply.headers["content-type"]) == (status, "text/html; charset=utf-8")
    return reply.text


def words(text: str) -> str:
    """What a visitor sees of HTML."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def test_the_page_shows_the_whole_text_with_the_lines_of_the_document(service, sheets):
    sheet = sheets[0]
    shown = page(service, f"/sheet/{sheet['id']}")
    for number, line in enumerate(sheet["text"].split("\n"), sheet["source"]["start_line"]):
        if line.strip():
            assert f'<span class="number" aria-hidden="true">{number}</span>' in shown


def test_cited_lines_are_highlighted_and_can_be_scrolled_to(client):
    shown = page(client, f"/sheet/{BIKES}", **{"from": 6, "to": 6})
    [cited] = re.findall(r'<p class="line cited" id="cited">.*?</p>', shown)
    assert ">6<" in cited
    assert "<mark>Le défi vise à prêter un vélo" in cited


@pytest.mark.parametrize(
    "lines", [{}, {"from": "x", "to": "y"}, {"from": "-1"}, {"from": "1", "to": "2"}, {"from": "9" * 40}]
)
def test_lines_that_are_none_of_the_sheet_highlight_nothing(client, lines):
    assert 'id="cited"' not in page(client, f"/sheet/{BIKES}", **lines)


def test_contacts_are_shown_with_a_word_of_caution(service, sheets):
    sheet = next(one for one in sheets if any(contact["name"] and contact["email"] for contact in one["contacts"]))
    shown = words(page(service, f"/sheet/{sheet['id']}", lang="en"))
    assert "Published in 2018: check before use." in shown
    for contact in sheet["contacts"]:
        assert " ".join(filter(None, (contact[name] for name in ("name", "role", "phone", "email")))) in shown


def test_a_sheet_without_contacts_has_no_word_of_contacts(client):
    assert "check before use" not in page(client, f"/sheet/{BIKES}", lang="en")


@pytest.mark.parametrize(
    ("language", "title", "summary"),
    [
        ("fr", TITLE, "Un vélo pour les jeunes sans voiture."),
        ("en", "Bikes for apprentices", "A bike for young people without a car."),
    ],
)
def test_title_and_summary_of_the_project_are_in_the_visitor_s_language_and_marked(client, language, title, summary):
    shown = page(client, f"/sheet/{BIKES}", lang=language)
    say = texts_in(language)
    assert re.search(r"<h1[^>]*>(.*?)</h1>", shown)[1] == html.escape(title).replace("&#x27;", "&#39;")
    assert f"{summary} " in words(shown)
    assert f"{say('sheet.editorial.note')} {say('sheet.author.person')}" in words(shown)
    assert TITLE in words(shown)  # readers of English see the title of the document too


def test_a_sheet_without_a_record_has_no_summary(client):
    assert texts_in("en")("sheet.editorial.note") not in words(page(client, f"/sheet/{BUS}", lang="en"))


def test_fields_source_and_licence_are_shown(client):
    shown = words(page(client, f"/sheet/{BIKES}", lang="fr"))
    for expected in (
        "Département Gironde (33)",
        "Thème Se déplacer",
        "Titre L'almanach des défis",
        "Où ligne 6",
        "Licence licence non indiquée",
        "Date mars 2021",
    ):
        assert expected in shown


def test_other_documents_that_tell_of_it_are_linked(service):
    every = service.get("/initiatives", params={"limit": 100}).json()["items"]
    sheet = next(one for one in every if one["same_as"])
    shown = page(service, f"/sheet/{sheet['id']}")
    assert all(f'href="/sheet/{id}"' in shown for id in sheet["same_as"])


def test_similar_initiatives_say_what_they_have_in_common_and_quote_it(service, sheets):
    sheet = sheets[0]
    shown = page(service, f"/sheet/{sheet['id']}", lang="en")
    section = shown[shown.index('<section class="similar"') :]
    likes = service.get(f"/initiatives/{sheet['id']}/similar", params={"k": 6, "lang": "en"}).json()["hits"]
    for hit in likes:
        assert f'href="/sheet/{hit["initiative"]["id"]}?lang=en"' in section
        assert f"from={hit['passage']['start_line']}&amp;to={hit['passage']['end_line']}" in section
    assert "In common: " in words(section)


def test_every_link_keeps_the_language_that_was_chosen(client):
    shown = page(client, f"/sheet/{BIKES}", lang="en")
    content = shown[shown.index("<main") : shown.index("</main>")]
    links = re.findall(r'href="(/[^"]*)"', content)
    assert links
    assert [link for link in links if "lang=en" not in link] == []


def test_the_citation_can_be_selected_where_nothing_can_be_copied(client):
    shown = page(client, f"/sheet/{BIKES}", lang="fr")
    [citation] = re.findall(r'<p class="citation" id="citation">(.*?)</p>', shown)
    assert html.unescape(citation) == (
        f"« {TITLE} », dans L'almanach des défis, Une administration, mars 2021, ligne 6, licence non indiquée. "
        f"{client.base_url.join(f'/sheet/{BIKES}')}"
    )
    assert re.search(r'<button[^>]* data-copy="citation"[^>]* hidden>', shown)  # until a script can do it


@pytest.mark.parametrize(
    ("ending", "media_type", "beginning"),
    [
        ("md", "text/markdown; charset=utf-8", f"# {TITLE}\n"),
        ("bib", "application/x-bibtex; charset=utf-8", f"@incollection{{{BIKES},"),
        ("ris", "application/x-research-info-systems; charset=utf-8", f"TY  - CHAP\r\nID  - {BIKES}\r\n"),
    ],
)
def test_a_sheet_can_be_taken_along(client, ending, media_type, beginning):
    reply = client.get(f"/sheet/{BIKES}.{ending}")
    assert (reply.status_code, reply.headers["content-type"]) == (200, media_type)
    assert reply.headers["content-disposition"] == f'attachment; filename="{BIKES}.{ending}"'
    assert reply.text.startswith(beginning)


def test_the_json_of_a_sheet_is_what_the_interface_for_programs_gives(client):
    given = json.loads(client.get(f"/sheet/{BIKES}.json", params={"lang": "en"}).text)
    assert given == client.get(f"/initiatives/{BIKES}", params={"lang": "en"}).json()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_unknown_sheet_is_a_page_that_says_what_to_do(client, language):
    shown = words(page(client, "/sheet/no-such-sheet", 404, lang=language))
    say = texts_in(language).typeset
    assert say("sheet.unknown.title") in shown
    assert say("sheet.unknown.mend") in shown


def test_an_address_mistyped_leads_to_the_sheet_it_is_most_like(client):
    assert f'href="/sheet/{BIKES}"' in page(client, f"/sheet/{BIKES[:-6]}", 404)


@pytest.mark.parametrize("ending", ["md", "json", "bib", "ris"])
def test_a_file_of_an_unknown_sheet_is_a_page_too(client, ending):
    page(client, f"/sheet/no-such-sheet.{ending}", 404)


def test_an_id_with_markup_stays_text(client):
    assert "<script>alert" not in page(client, "/sheet/<script>alert(1)", 404)


@pytest.mark.parametrize("path", [f"/sheet/{BIKES}", f"/sheet/{BIKES}.md", f"/sheet/{BIKES}.json", "/sheet/nope"])
def test_a_sheet_can_do_no_harm(client, path):
    headers = client.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "set-cookie" not in headers


def test_no_script_that_runs_and_no_style_stands_in_the_page(client):
    shown = page(client, f"/sheet/{BIKES}")
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?! src=| type=\"application/ld\+json\")", shown)


# --- for those who list or preview it ---


def linked(client, id: str) -> dict:
    (said,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page(client, f"/sheet/{id}"), re.DOTALL)
    assert "<" not in said
    return json.loads(said)


def test_a_sheet_tells_search_engines_what_it_says_and_nothing_else(client):
    told = linked(client, BIKES)
    assert told == {
        "@context": "https://schema.org",
        "@type": "CreativeWork",
        "@id": f"http://testserver/sheet/{BIKES}",
        "url": f"http://testserver/sheet/{BIKES}",
        "name": TITLE,
        "description": "Un vélo pour les jeunes sans voiture.",
        "inLanguage": "fr",
        "isPartOf": {
            "@type": "CreativeWork",
            "name": "L'almanach des défis",
            "datePublished": "2021-03",
            "publisher": {"@type": "Organization", "name": "Une administration"},
        },
        "about": "Se déplacer",
        "spatialCoverage": [{"@type": "AdministrativeArea", "name": "Gironde", "identifier": "33"}],
    }


def test_a_link_to_a_sheet_can_be_shown_before_it_is_opened(client):
    shown = page(client, f"/sheet/{BIKES}", lang="en")
    meta = dict(re.findall(r'<meta (?:name|property)="([\w:]+)" content="([^"]*)">', shown))
    assert meta["description"] == meta["og:description"] == "A bike for young people without a car."
    assert meta["og:title"] == "Bikes for apprentices"
    assert (meta["og:type"], meta["og:locale"]) == ("article", "en_GB")
    assert meta["og:url"] == f"http://testserver/sheet/{BIKES}"


def test_a_description_is_short_and_holds_no_contact_data():
    one = atlas.initiative()
    text = "Écrire à bus@ain.example. " + "Le bus va partout. " * 30
    document = replace(atlas.document(), lines=("", "", "", text))
    told = description_of(replace(one, sections=(Section(None, 4, 4),)), document, None)
    assert "@" not in told
    assert len(told) <= 202
    assert told.endswith("…")


def test_a_sheet_names_its_other_formats_and_they_name_it(client):
    links = client.get(f"/sheet/{BIKES}").headers["link"]
    assert f'<http://testserver/sheet/{BIKES}>; rel="canonical"' in links
    alternates = re.findall(r'<([^>]+)>; rel="alternate"; type="([^"]+)"', links)
    assert len(alternates) == len(FORMATS) + 1  # and JSON
    for address, kind in alternates:
        assert client.get(address).headers["content-type"] == kind
    assert client.get(f"/initiatives/{BIKES}").headers["link"].startswith(f"</sheet/{BIKES}>; rel=")


# --- the text as printed: line by line, bold where it was bold, marked where it is cited ---


def test_markup_that_the_conversion_left_is_shown_as_it_looked():
    assert runs_of("le 1^{er} **mai 2^{e}**, *vite*, n^o 3") == (
        Run("le 1", Look.PLAIN),
        Run("er", Look.RAISED),
        Run(" ", Look.PLAIN),
        Run("mai 2e", Look.BOLD),
        Run(", ", Look.PLAIN),
        Run("vite", Look.ITALIC),
        Run(", n", Look.PLAIN),
        Run("o", Look.RAISED),
        Run(" 3", Look.PLAIN),
    )


def test_a_star_that_closes_nothing_was_not_printed():
    assert runs_of("*En cours") == (Run("En cours", Look.PLAIN),)


@given(st.text())
def test_no_word_of_a_line_is_lost(text):
    line = " ".join(text.split())
    assert strip_markup("".join(run.text for run in runs_of(line))) == strip_markup(line)


def sheet():
    """Lines 10 to 15 of a document: a title, two blank lines, a heading, two lines of prose."""
    text = "**Le bus**\n\n\n**CONTEXTE**\nIl va *partout*.\nDepuis le 1^{er} mai."
    return replace(
        atlas.initiative(), text=text, source=Source("atlas", 10, 15), sections=(Section("CONTEXTE", 14, 15),)
    )


def shown(lines):
    return [(line.number, "".join(run.text for run in line.runs)) for line in lines]


def test_the_lines_of_a_sheet_have_the_numbers_of_the_document_and_one_blank_line_stands_for_many():
    assert shown(lines_of(sheet(), range(0))) == [
        (10, "Le bus"),
        (11, ""),
        (13, "CONTEXTE"),
        (14, "Il va partout."),
        (15, "Depuis le 1er mai."),
    ]


def test_headings_are_those_of_sections():
    assert [line.number for line in lines_of(sheet(), range(0)) if line.is_heading] == [13]


def test_cited_lines_are_marked_and_the_first_of_them_with_words_is_known():
    lines = lines_of(sheet(), range(11, 15))
    assert [line.number for line in lines if line.is_cited] == [13, 14]
    assert [line.number for line in lines if line.is_first_cited] == [13]


def test_lines_of_another_sheet_mark_nothing():
    assert not [line for line in lines_of(sheet(), range(1, 10)) if line.is_cited or line.is_first_cited]


def test_every_line_with_words_is_shown_with_its_own_words(corpus: Corpus):
    for one in corpus.initiatives:
        printed = dict(shown(lines_of(one, range(0))))
        written = list(enumerate(one.text.split("\n"), one.source.start_line))
        assert {number for number, text in written if text.strip()} <= printed.keys()
        assert all(
            strip_markup(printed[number]) == strip_markup(text) for number, text in written if number in printed
        ), one.id
