"""The page of whoever runs the service: what it shows, what its forms do, and who sees it."""

import html
import re

import html5lib
import pytest

from feedback import Judgement, Miss, MissKind, Store
from index import current_name
from tests.web.conftest import BIKES, waited
from web.keys import Scope
from web.rendering import POLICY
from web.sessions import COOKIE
from web.visitor import texts_in

FORMS = ("rebuild", "rollback", "publish", "revoke")


def text_of(page):
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


@pytest.fixture
def owner(running):
    """The same service, to somebody who signed in with a key for everything."""
    running.client.follow_redirects = False
    sign_in(running, Scope.ADMIN)
    return running


def sign_in(running, scope):
    assert running.client.post("/sign-in", data={"key": running.given[scope]}).status_code == 303


def page_of(owner, address="/admin?lang=en"):
    reply = owner.client.get(address)
    assert reply.status_code == 200, reply.text
    return reply.text


def send(owner, do, **fields):
    token = re.search(r'name="token" value="([\w-]+)"', page_of(owner))[1]
    return owner.client.post("/admin?lang=en", data={"do": do, "token": token, **fields})


# --- what it shows ---


def test_it_shows_all_that_whoever_runs_the_service_asks_for(owner):
    store = Store(owner.settings.feedback_file, 365)
    store.add(Judgement(query="un vélo", language="fr", initiative=BIKES, grade=3, comment=None))
    store.add(Miss("garde d'enfants la nuit", "fr", MissKind.REPORTED))
    owner.client.get("/search?q=velo")
    shown = text_of(page_of(owner))
    for said in (
        "You are signed in with the key “admin”",
        "1 February 2026, 12:00 UTC 20260201t120000000000",
        "1 January 2026, 12:00 UTC 20260101t120000000000",
        "6 initiatives are searched",
        "Judgements 1",
        "Reported as missing 1",
        "statistics see figures",
        "admin yours everything",
        "/search 1",
        "RECUEIL_QUEUE 16",
    ):
        assert said in shown, said
    assert owner.given[Scope.ADMIN] not in shown


def test_it_shows_what_recueil_check_set_aside_without_the_records_themselves(owner, monkeypatch):
    folder = owner.settings.documents
    path = folder / "set-aside.csv"
    path.write_text(
        'file,where,column,what,mend,record\r\na.csv,row 3,,There is no title,Give one,"{""nom"": ""Léa""}"\r\n',
        encoding="utf-8-sig",
    )
    shown = text_of(page_of(owner))
    path.unlink()
    assert "1 record set aside (checked on 2" in shown
    assert "a.csv, row 3: There is no title Give one" in shown
    assert "Léa" not in shown


def test_unmet_needs_are_gathered_when_they_are_asked_for(owner):
    store = Store(owner.settings.feedback_file, 365)
    for _ in range(2):
        store.add(Miss("garde d'enfants la nuit", "fr", MissKind.REPORTED))
    assert "Gather the questions into needs" in page_of(owner)
    shown = text_of(page_of(owner, "/admin?show=needs&lang=en"))
    assert "(not shown) 1 1" in shown  # one day's question may be somebody's own


def test_a_part_that_cannot_be_read_says_so_and_the_rest_is_there(owner):
    owner.settings.feedback_file.write_bytes(b"no database " * 100)
    shown = text_of(page_of(owner))
    assert "The feedback cannot be read or written" in shown
    assert "6 initiatives are searched" in shown


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_it_is_html_without_an_error_in_both_languages(owner, lang):
    for address in (f"/admin?lang={lang}", f"/admin?lang={lang}&done=rebuild&show=needs", f"/sign-in?lang={lang}"):
        page = page_of(owner, address)
        html5lib.HTMLParser(strict=True).parse(page)
        assert f'<html lang="{lang}">' in page
    assert {key for key in texts_in("fr").by_key if key.startswith(("admin.", "sign_in."))} == {
        key for key in texts_in("en").by_key if key.startswith(("admin.", "sign_in."))
    }


# --- what its forms do ---


def test_a_build_is_begun_and_seen_to_advance_without_and_with_a_script(owner):
    assert send(owner, "rebuild").headers["location"] == "/admin?done=rebuild&lang=en"
    assert "A build has begun" in text_of(page_of(owner, "/admin?done=rebuild&lang=en"))
    part = waited(
        lambda: "37 %" in (p := owner.client.get("/admin?lang=en", headers={"HX-Request": "true"}).text) and p
    )
    assert 'hx-trigger="every 2s"' in part
    assert "<html" not in part
    assert "See how far it is" in part
    owner.end("publish")
    shown = waited(lambda: "made a new generation" in (p := page_of(owner)) and p)
    assert "hx-trigger" not in re.search(r'<section id="index"[^>]*>', shown)[0]
    assert "20260301t120000000000" in shown


def test_a_second_build_is_refused_with_a_page(owner):
    assert send(owner, "rebuild").status_code == 303
    refused = send(owner, "rebuild")
    assert refused.status_code == 409
    assert "A build is under way already" in refused.text


def test_one_goes_back_and_forth_between_generations(owner):
    assert send(owner, "rollback").headers["location"] == "/admin?done=rollback&lang=en"
    assert current_name(owner.settings.index_folder) == "20260101t120000000000"
    waited(lambda: owner.client.get("/ready").headers["x-recueil-generation"].startswith("20260101"))
    assert send(owner, "publish", name="20260201t120000000000").status_code == 303
    assert current_name(owner.settings.index_folder) == "20260201t120000000000"


def test_a_key_is_revoked_and_whoever_revokes_their_own_is_out(owner):
    assert send(owner, "revoke", name="read").status_code == 303
    assert "read" not in {key.name for key in owner.keys.all()}
    assert send(owner, "revoke", name="read").status_code == 404
    send(owner, "revoke", name="admin")
    assert owner.client.get("/admin").headers["location"] == "/sign-in?to=%2Fadmin"


@pytest.mark.parametrize("do", ["", "everything", "__class__"])
def test_a_form_that_asks_for_nothing_known_does_nothing(owner, do):
    assert send(owner, do).headers["location"] == "/admin?lang=en"


# --- who sees it, and may ---


def test_nobody_sees_it_without_signing_in(running):
    running.client.follow_redirects = False
    reply = running.client.get("/admin?show=needs")
    assert (reply.status_code, reply.headers["location"]) == (303, "/sign-in?to=%2Fadmin%3Fshow%3Dneeds")
    assert running.client.post("/admin", data={"do": "rollback"}).status_code == 303
    assert current_name(running.settings.index_folder) == "20260201t120000000000"


@pytest.mark.parametrize("scope", [Scope.READ, Scope.STATISTICS, Scope.FEEDBACK])
def test_a_key_for_less_does_not_open_it(running, scope):
    sign_in_and_stay(running, scope)
    reply = running.client.get("/admin?lang=en")
    assert reply.status_code == 403
    assert "This takes a key for 'admin'" in html.unescape(reply.text)


def sign_in_and_stay(running, scope):
    running.client.follow_redirects = False
    sign_in(running, scope)


@pytest.mark.parametrize("do", FORMS)
def test_no_form_is_heard_that_is_not_of_this_session_or_of_this_site(owner, do):
    token = re.search(r'name="token" value="([\w-]+)"', page_of(owner))[1]
    for fields, headers, status in [
        ({}, {}, 401),
        ({"token": token + "x"}, {}, 401),
        ({"token": token}, {"Origin": "https://evil.example"}, 403),
        ({"token": token}, {"Sec-Fetch-Site": "cross-site"}, 403),
    ]:
        sent = {"do": do, "name": "admin", **fields}
        assert owner.client.post("/admin", data=sent, headers=headers).status_code == status
    assert owner.client.get("/admin").status_code == 200
    assert current_name(owner.settings.index_folder) == "20260201t120000000000"


def test_a_session_reads_routes_for_programs_and_changes_nothing_there(owner):
    assert owner.client.get("/admin/status").status_code == 200
    assert owner.client.get("/admin/feedback").status_code == 200
    assert owner.client.post("/admin/rebuild").status_code == 401


def test_it_is_never_framed_listed_or_kept_and_sets_no_other_cookie(owner):
    reply = owner.client.get("/admin")
    assert reply.headers["content-security-policy"] == POLICY
    assert "frame-ancestors 'none'" in POLICY
    assert (reply.headers["x-robots-tag"], reply.headers["cache-control"]) == ("noindex", "no-store")
    assert set(owner.client.cookies) == {COOKIE}
    assert "set-cookie" not in reply.headers
