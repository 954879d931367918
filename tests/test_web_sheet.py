"""The page of a sheet, as a browser gets it."""

import html
import json
import re

import httpx
import pytest

from search import Engine
from web.texts import texts_in


@pytest.fixture(scope="module")
def sheet(engine: Engine):
    """A sheet with contacts, sections and a record."""
    return next(one for one in engine.initiatives if one.title.startswith("Wimooov"))


@pytest.fixture(scope="module")
def twin(engine: Engine):
    """A sheet whose initiative is told in other documents too."""
    return next(one for one in engine.initiatives if one.same_as)


def page(service: httpx.Client, path: str, status: int = 200, **parameters) -> str:
    reply = service.get(path, params=parameters)
    assert (reply.status_code, reply.headers["content-type"]) == (status, "text/html; charset=utf-8")
    return reply.text


def words(text: str) -> str:
    """What a reader sees of HTML."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def test_the_page_shows_the_whole_text_with_the_lines_of_the_document(service, sheet):
    shown = page(service, f"/sheet/{sheet.id}")
    for number, line in enumerate(sheet.text.split("\n"), sheet.source.start_line):
        if line.strip():
            assert f'<span class="number" aria-hidden="true">{number}</span>' in shown
    assert "86% ont déclaré être satisfaite de l'accompagnement" in words(shown)


def test_cited_lines_are_highlighted_and_can_be_scrolled_to(service, sheet):
    line = sheet.sections[0].start_line
    shown = page(service, f"/sheet/{sheet.id}", **{"from": line, "to": line})
    [cited] = re.findall(r'<p class="line cited" id="cited">.*?</p>', shown)
    assert f">{line}<" in cited
    assert "<mark>" in cited


@pytest.mark.parametrize(
    "lines", [{}, {"from": "x", "to": "y"}, {"from": "-1"}, {"from": "1", "to": "2"}, {"from": "9" * 40}]
)
def test_lines_that_are_none_of_the_sheet_highlight_nothing(service, sheet, lines):
    assert 'id="cited"' not in page(service, f"/sheet/{sheet.id}", **lines)


def test_contacts_are_shown_with_a_word_of_caution(service, sheet):
    shown = words(page(service, f"/sheet/{sheet.id}", lang="en"))
    assert "Published in 2018: check before use." in shown
    for contact in sheet.contacts:
        assert f"{contact.name} {contact.email}" in shown


def test_a_sheet_without_contacts_has_no_word_of_contacts(service, engine):
    without = next(one for one in engine.initiatives if not one.contacts)
    assert "check before use" not in page(service, f"/sheet/{without.id}", lang="en")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_title_and_summary_of_the_project_are_in_the_readers_language_and_marked(service, engine, sheet, language):
    record = engine.editorial(sheet, language)
    shown = words(page(service, f"/sheet/{sheet.id}", lang=language))
    assert record.summary in shown
    assert texts_in(language)("sheet.editorial.note") in shown
    assert record.title in shown
    assert sheet.title in shown  # readers of English see the title of the document too


def test_fields_source_and_licence_are_shown(service, sheet):
    shown = words(page(service, f"/sheet/{sheet.id}", lang="fr"))
    for expected in (
        "Département Val-de-Marne (94)",
        "Porteur Association Wimooov",
        "Début Depuis 2013",
        "Licence licence non indiquée",
        f"lignes {sheet.source.start_line} à {sheet.source.end_line}",
        "Date octobre 2018",
    ):
        assert expected in shown


def test_other_documents_that_tell_of_it_are_linked(service, twin):
    shown = page(service, f"/sheet/{twin.id}")
    assert all(f'href="/sheet/{id}"' in shown for id in twin.same_as)


def test_similar_initiatives_say_what_they_have_in_common_and_quote_it(service, engine, sheet):
    shown = page(service, f"/sheet/{sheet.id}", lang="en")
    section = shown[shown.index('<section class="similar"') :]
    for hit in engine.similar(sheet.id, 6, "en"):
        assert f'href="/sheet/{hit.initiative.id}?lang=en"' in section
        assert f"from={hit.passage.start_line}&amp;to={hit.passage.end_line}" in section
    assert "In common: " in words(section)


def test_every_link_keeps_the_language_that_was_chosen(service, sheet):
    shown = page(service, f"/sheet/{sheet.id}", lang="en")
    content = shown[shown.index("<main") : shown.index("</main>")]
    links = re.findall(r'href="(/[^"]*)"', content)
    assert links
    assert [link for link in links if "lang=en" not in link] == []


def test_the_citation_can_be_selected_where_nothing_can_be_copied(service, sheet):
    shown = page(service, f"/sheet/{sheet.id}", lang="fr")
    [citation] = re.findall(r'<p class="citation" id="citation">(.*?)</p>', shown)
    assert html.unescape(citation) == (
        "« Wimooov, une plateforme de mobilité durable », dans Solidarité et innovation sociale : recueil "
        "d'initiatives proposées par les départements, Observatoire national de l'action sociale (Odas), "
        "pour l'Assemblée des "
        f"départements de France (ADF), octobre 2018, lignes {sheet.source.start_line}–{sheet.source.end_line}, "
        f"licence non indiquée. {service.base_url.join(f'/sheet/{sheet.id}')}"
    )
    assert re.search(r'<button[^>]* data-copy="citation"[^>]* hidden>', shown)  # until a script can do it


@pytest.mark.parametrize(
    ("ending", "media_type", "beginning"),
    [
        ("md", "text/markdown; charset=utf-8", "# Wimooov, une plateforme de mobilité durable\n"),
        ("bib", "application/x-bibtex; charset=utf-8", "@incollection{recueil-2018-wimooov-"),
        ("ris", "application/x-research-info-systems; charset=utf-8", "TY  - CHAP\r\nID  - recueil-2018-wimooov-"),
    ],
)
def test_a_sheet_can_be_taken_along(service, sheet, ending, media_type, beginning):
    reply = service.get(f"/sheet/{sheet.id}.{ending}")
    assert (reply.status_code, reply.headers["content-type"]) == (200, media_type)
    assert reply.headers["content-disposition"] == f'attachment; filename="{sheet.id}.{ending}"'
    assert reply.text.startswith(beginning)


def test_the_json_of_a_sheet_is_what_the_interface_for_programs_gives(service, sheet):
    given = json.loads(service.get(f"/sheet/{sheet.id}.json", params={"lang": "en"}).text)
    assert given == service.get(f"/initiatives/{sheet.id}", params={"lang": "en"}).json()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_unknown_sheet_is_a_page_that_says_what_to_do(service, language):
    shown = words(page(service, "/sheet/no-such-sheet", 404, lang=language))
    say = texts_in(language)
    assert say("sheet.unknown.title") in shown
    assert say("sheet.unknown.mend") in shown


def test_an_address_mistyped_leads_to_the_sheet_it_is_most_like(service, sheet):
    assert f'href="/sheet/{sheet.id}"' in page(service, f"/sheet/{sheet.id[:-6]}", 404)


@pytest.mark.parametrize("ending", ["md", "json", "bib", "ris"])
def test_a_file_of_an_unknown_sheet_is_a_page_too(service, ending):
    page(service, f"/sheet/no-such-sheet.{ending}", 404)


def test_an_id_with_markup_stays_text(service):
    assert "<script>alert" not in page(service, "/sheet/<script>alert(1)", 404)


@pytest.mark.parametrize("path", ["/sheet/{id}", "/sheet/{id}.md", "/sheet/{id}.json", "/sheet/nope"])
def test_a_sheet_can_do_no_harm(service, sheet, path):
    headers = service.get(path.format(id=sheet.id)).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in headers


def test_neither_script_nor_style_stands_in_the_page(service, sheet):
    shown = page(service, f"/sheet/{sheet.id}")
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?! src=)", shown)
