"""Signing in with a key on a page: the cookie, where it leads, and how it ends."""

import re
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.web.conftest import QuotingAnswerer, client_of
from web.keys import KeyFile, Scope
from web.sessions import COOKIE, LASTS_S, MOST, Sessions
from web.views.sign_in import OURS


@pytest.fixture(scope="module")
def keyed(small_settings, small_searcher, tmp_path_factory):
    """A service that is read with a key, its keys, and one to read."""
    updates = {"var": tmp_path_factory.mktemp("var"), "reading": "keyed"}
    made = small_settings.model_copy(update=updates)
    keys = KeyFile(made.keys_file)
    secret = keys.add("reader", [Scope.READ], days=1, per_minute=10_000)
    with client_of(made, small_searcher, QuotingAnswerer(small_searcher)) as client:
        client.follow_redirects = False
        yield SimpleNamespace(client=client, keys=keys, secret=secret)


@pytest.fixture
def client(keyed):
    keyed.client.cookies.clear()
    return keyed.client


def signed_in(client, secret, to="/browse"):
    reply = client.post("/sign-in", params={"to": to}, data={"key": secret})
    assert reply.status_code == 303
    return reply


def form_token(page):
    return re.search(r'name="token" value="([\w-]+)"', page)[1]


def test_from_a_page_that_takes_a_key_one_signs_in_and_is_led_back(client, keyed):
    refused = client.get("/?q=v%C3%A9lo&departement=33")
    form = client.get(refused.headers["location"])
    assert 'type="password"' in form.text
    action = re.search(r'<form method="post" action="([^"]+)"', form.text)[1].replace("&amp;", "&")
    reply = client.post(action, data={"key": keyed.secret})
    assert (reply.status_code, reply.headers["location"]) == (303, "/?q=v%C3%A9lo&departement=33")
    assert client.get(reply.headers["location"]).status_code == 200
    assert client.get("/initiatives").status_code == 200  # a session reads, whatever it reads


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites_and_short(client, keyed):
    cookie = signed_in(client, keyed.secret).headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    told = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert told == {"httponly", "samesite=strict", f"max-age={LASTS_S}", "path=/"}
    assert keyed.secret not in cookie


def test_behind_https_the_cookie_never_travels_without_it_and_it_stays_below_our_prefix(client, keyed):
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Prefix": "/recueil"}
    client._transport.client, before = ("127.0.0.1", 1), client._transport.client
    reply = client.post("/sign-in?to=/browse", data={"key": keyed.secret}, headers=headers)
    client._transport.client = before
    told = {part.strip().lower() for part in reply.headers["set-cookie"].split(";")}
    assert {"secure", "path=/recueil"} <= told
    assert reply.headers["location"] == "/recueil/browse"


def test_a_wrong_key_is_refused_in_words_and_sets_no_cookie(client):
    reply = client.post("/sign-in?lang=en", data={"key": "recueil_wrong"})
    assert reply.status_code == 401
    assert 'role="alert"' in reply.text
    assert "This key opens nothing" in reply.text
    assert "set-cookie" not in reply.headers
    assert "recueil_wrong" not in reply.text


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_page_is_private(client, lang):
    reply = client.get("/sign-in", params={"lang": lang})
    assert (reply.headers["x-robots-tag"], reply.headers["cache-control"]) == ("noindex", "no-store")
    assert '<meta name="robots" content="noindex">' in reply.text


def test_signing_out_ends_the_session_for_good(client, keyed):
    signed_in(client, keyed.secret)
    token = client.cookies[COOKIE]
    page = client.get("/sign-in?lang=en").text
    assert "signed in with the key “reader”" in page
    reply = client.post("/sign-out", data={"token": form_token(page)})
    assert reply.status_code == 303
    assert "max-age=0" in reply.headers["set-cookie"].lower()
    client.cookies.clear()
    client.cookies.set(COOKIE, token)
    assert client.get("/browse").status_code == 303


def test_nobody_is_signed_out_by_a_form_that_is_not_theirs(client, keyed):
    signed_in(client, keyed.secret)
    for form in ({}, {"token": "x"}, {"token": ""}):
        assert client.post("/sign-out", data=form).status_code == 401
    assert client.get("/browse").status_code == 200


def test_another_site_can_have_nobody_signed_in(client, keyed):
    reply = client.post("/sign-in", data={"key": keyed.secret}, headers={"Origin": "https://evil.example"})
    assert reply.status_code == 403
    assert "set-cookie" not in reply.headers


def test_a_session_ends_with_its_key(client, keyed):
    secret = keyed.keys.add("short", [Scope.READ], days=1, per_minute=100)
    signed_in(client, secret)
    keyed.keys.revoke("short")
    assert client.get("/browse").status_code == 303


def test_a_cookie_of_nobody_opens_nothing(client):
    client.cookies.set(COOKIE, "x" * 43)
    assert client.get("/browse").status_code == 303


# --- where it leads ---


@pytest.mark.parametrize(
    "to", ["https://evil.example", "//evil.example", "/\\evil.example", "evil", "", "/a b", "/\t/evil.example", "/é"]
)
def test_it_leads_nowhere_but_to_us(client, keyed, to):
    assert signed_in(client, keyed.secret, to).headers["location"] == "/"


@settings(max_examples=200)
@given(st.text(max_size=30))
def test_what_leads_to_us_names_no_host_and_breaks_no_header(to):
    if OURS.fullmatch(to):
        assert to[0] == "/"
        assert to[1:2] not in ("/", "\\")
        assert to.isascii()
        assert to.isprintable()
        assert " " not in to


# --- sessions ---


def test_a_session_lasts_an_hour():
    now = [0.0]
    sessions = Sessions(lambda: now[0])
    token = sessions.open(SimpleNamespace(name="a"))
    now[0] = LASTS_S - 1
    assert sessions.of(token).key.name == "a"
    now[0] = LASTS_S
    assert sessions.of(token) is None


def test_there_are_never_more_than_so_many():
    sessions = Sessions()
    tokens = [sessions.open(SimpleNamespace(name=str(n))) for n in range(MOST + 2)]
    assert [sessions.of(token) is None for token in tokens[:3]] == [True, True, False]


def test_each_session_has_a_token_of_its_own_for_its_forms():
    sessions = Sessions()
    found = [sessions.of(sessions.open(SimpleNamespace(name="a"))).form_token for _ in range(2)]
    assert found[0] != found[1]
