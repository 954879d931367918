"""Who may do what, and how often: open and keyed reading, keys for programs, limits, other sites, and proxies."""

import asyncio
import json
import logging
from types import SimpleNamespace

import pytest

from tests.replies import is_fault
from tests.web.conftest import BIKES, QuotingAnswerer, bearer, client_of
from web.access import Rates, kept_private
from web.caller import TooManyRequests
from web.errors import headers_of
from web.keys import Key, KeyFile, Scope
from web.rendering import POLICY

READ = ["/search?q=velo", "/ask?q=velo", "/initiatives", f"/initiatives/{BIKES}", f"/initiatives/{BIKES}/similar"]
PAGES = [
    "/",
    "/?q=velo",
    "/browse",
    f"/sheet/{BIKES}",
    f"/sheet/{BIKES}.json",
    "/compare",
    "/answer?q=velo",
    "/quality",
]
OPEN = ["/health", "/ready", "/docs", "/openapi.json", "/static-offline-docs/swagger-ui.css"]


@pytest.fixture(scope="module")
def serving(small_settings, small_searcher, tmp_path_factory):
    """Serve with other settings: a client, its keys, and a key for each scope."""

    def with_settings(**changes):
        settings = small_settings.model_copy(update={"var": tmp_path_factory.mktemp("var"), **changes})
        keys = KeyFile(settings.keys_file)
        secrets = {scope: keys.add(scope.value, [scope], days=1, per_minute=10_000) for scope in Scope}
        return client_of(settings, small_searcher, QuotingAnswerer(small_searcher)), keys, secrets

    return with_settings


@pytest.fixture(scope="module")
def keyed(serving):
    """A service that is read with a key."""
    running, keys, secrets = serving(reading="keyed")
    with running as client:
        yield SimpleNamespace(client=client, keys=keys, secrets=secrets)


# --- reading ---


@pytest.mark.parametrize("address", READ)
def test_unless_it_is_keyed_everybody_reads(client, address):
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", READ)
def test_where_it_is_keyed_programs_send_a_key(keyed, address):
    refused = keyed.client.get(address)
    assert is_fault(refused, 401)
    assert refused.headers["www-authenticate"] == 'Bearer realm="recueil"'
    for scope in (Scope.READ, Scope.ADMIN):
        assert keyed.client.get(address, headers=bearer(keyed.secrets[scope])).status_code == 200
    wrong = keyed.client.get(address, headers=bearer(keyed.secrets[Scope.FEEDBACK]))
    assert is_fault(wrong, 403)
    assert 'error="insufficient_scope"' in wrong.headers["www-authenticate"]


@pytest.mark.parametrize(("path", "body"), [("/similar", {"text": "un vélo"}), ("/feedback/gap", {"query": "x"})])
def test_where_it_is_keyed_nothing_is_sent_without_a_key_either(keyed, path, body):
    assert is_fault(keyed.client.post(path, json=body), 401)


@pytest.mark.parametrize("address", PAGES)
def test_where_it_is_keyed_people_are_led_to_the_page_on_which_they_sign_in(keyed, address):
    reply = keyed.client.get(address, follow_redirects=False)
    assert reply.status_code == 303
    assert reply.headers["location"].startswith("/sign-in?to=%2F")
    assert reply.headers["cache-control"] == "no-store"


def test_a_part_of_a_page_is_not_replaced_by_another_page(keyed):
    reply = keyed.client.get("/?q=velo", headers={"HX-Request": "true"}, follow_redirects=False)
    assert (reply.status_code, reply.headers["hx-redirect"]) == (204, "/sign-in?to=%2F%3Fq%3Dvelo")


@pytest.mark.parametrize("address", OPEN)
def test_monitors_and_the_description_need_no_key(keyed, address):
    assert keyed.client.get(address).status_code == 200


def test_every_route_of_a_keyed_service_is_closed_unless_it_is_named_as_open(keyed):
    """Whatever somebody adds to the program is closed until they say otherwise."""
    for path in keyed.client.app.openapi()["paths"]:
        if f"/{path.split('/')[1]}" not in {"/health", "/ready", "/metrics"}:
            assert keyed.client.get(path.replace("{id}", BIKES), follow_redirects=False).status_code == 401, path


def test_the_description_says_which_routes_take_a_key(client, keyed):
    def taking(schema):
        return {path for path, methods in schema["paths"].items() for route in methods.values() if "security" in route}

    opened, closed = client.get("/openapi.json").json(), keyed.client.get("/openapi.json").json()
    assert {path for path in taking(opened) if not path.startswith("/admin")} == set()
    assert {path for path in opened["paths"] if not path.startswith("/admin")} - taking(closed) == {
        "/health", "/ready", "/metrics",
    }  # fmt: skip
    assert closed["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    for schema in (opened, closed):
        assert {"401", "403", "429"} <= schema["paths"]["/search"]["get"]["responses"].keys()


# --- keys ---


@pytest.mark.parametrize("secret", ["recueil_wrong", "", "\u00e9", "x" * 5000])
def test_a_key_that_opens_nothing_is_refused_where_none_is_needed_too(client, secret):
    """Whoever sends one wants to know, and would be counted as somebody else."""
    assert is_fault(client.get("/search?q=velo", headers=bearer(secret)), 401)


def test_what_a_proxy_before_us_asks_for_is_no_key_of_ours(client):
    assert client.get("/search?q=velo", headers={"Authorization": "Basic bWU6c2VjcmV0"}).status_code == 200


def test_a_key_that_is_revoked_or_made_counts_from_the_next_request_on(keyed):
    secret = keyed.keys.add("short", [Scope.READ], days=1, per_minute=100)
    assert keyed.client.get("/initiatives", headers=bearer(secret)).status_code == 200
    keyed.keys.revoke("short")
    assert is_fault(keyed.client.get("/initiatives", headers=bearer(secret)), 401)


def test_a_damaged_file_of_keys_opens_nothing_and_closes_nothing_that_is_open(serving, caplog):
    running, keys, secrets = serving()
    with running as client:
        keys.path.write_text("{")
        assert is_fault(client.get("/initiatives", headers=bearer(secrets[Scope.READ])), 503)
        assert client.get("/initiatives").status_code == 200
    assert str(keys.path) in caplog.text  # for whoever runs it


def test_no_key_ever_stands_in_a_log_or_in_the_figures(serving, caplog, tmp_path):
    running, keys, secrets = serving(access_log=str(tmp_path / "access.log"))
    wrong = "recueil_" + "w" * 43
    with caplog.at_level(logging.DEBUG), running as client:
        for secret in (*secrets.values(), wrong):
            for path in ("/search?q=velo", "/admin/status", "/nowhere"):
                client.get(path, headers=bearer(secret))
            client.post("/sign-in", data={"key": secret})
        figures = client.get("/metrics", headers=bearer(secrets[Scope.STATISTICS])).text
    assert 'recueil_refusals_total{kind="NoKey"}' in figures
    for secret in (*secrets.values(), wrong):
        assert secret not in caplog.text + figures
    assert wrong not in str(keys.all())


def test_a_key_for_statistics_reads_the_figures_from_everywhere(serving):
    running, _, secrets = serving()
    with running as client:
        assert is_fault(client.get("/metrics"), 403)
        assert is_fault(client.get("/metrics", headers=bearer(secrets[Scope.READ])), 403)
        assert "recueil_ready" in client.get("/metrics", headers=bearer(secrets[Scope.STATISTICS])).text


@pytest.mark.parametrize("said", ["", "public, max-age=60", "no-store", "private", "max-age=60, S-Maxage=60"])
def test_no_cache_between_keeps_for_others_what_takes_a_key(said):
    """Whatever a route says of its reply."""
    sent = []

    async def send(message):
        sent.append(message)

    headers = [(b"cache-control", said.encode())] if said else []
    asyncio.run(kept_private(send)({"type": "http.response.start", "status": 200, "headers": headers}))
    told = dict(sent[0]["headers"])[b"cache-control"].decode()
    assert told == {"public, max-age=60": "private, max-age=60", "no-store": "no-store"}.get(
        said, f"private, {said}" if "=" in said else "private"
    )


def test_a_keyed_reply_is_private_and_an_open_one_says_what_it_said(client, keyed):
    secret = bearer(keyed.secrets[Scope.READ])
    assert keyed.client.get("/initiatives", headers=secret).headers["cache-control"] == "private, no-cache"
    assert keyed.client.get("/search?q=velo", headers=secret).headers["cache-control"] == "private"
    assert keyed.client.get("/ask?q=velo", headers=secret).headers["cache-control"] == "no-store"
    assert "cache-control" not in client.get("/health").headers


# --- limits ---


def test_who_has_no_key_is_limited_by_address_and_monitors_are_not(serving):
    running, _, secrets = serving(address_per_minute=3)
    with running as client:
        for _ in range(3):
            assert client.get("/initiatives").status_code == 200
        refused = client.get("/initiatives")
        assert is_fault(refused, 429)
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        page = client.get("/browse")
        assert (page.status_code, page.headers["content-type"]) == (429, "text/html; charset=utf-8")
        assert client.get("/health").status_code == 200
        assert client.get("/initiatives", headers=bearer(secrets[Scope.READ])).status_code == 200


def test_a_key_has_a_limit_of_its_own(serving):
    running, keys, _ = serving()
    secret = keys.add("slow", [Scope.READ], days=1, per_minute=2)
    with running as client:
        replies = [client.get("/initiatives", headers=bearer(secret)) for _ in range(3)]
        assert [reply.status_code for reply in replies] == [200, 200, 429]
        assert "key 'slow'" in replies[-1].json()["what"]
        assert client.get("/initiatives").status_code == 200


def key_of(name, per_minute):
    return SimpleNamespace(spec=Key, name=name, digest=name, per_minute=per_minute)


def test_each_is_counted_alone_and_a_household_as_one():
    rates = Rates(per_address=1)
    rates.count(None, "192.0.2.1")
    rates.count(None, "192.0.2.2")
    rates.count(None, "2001:db8::1")
    rates.count(key_of("a", 1), "192.0.2.1")
    rates.count(key_of("b", 1), "192.0.2.1")
    for key, address in [(None, "192.0.2.1"), (None, "2001:db8::ffff"), (key_of("a", 1), "192.0.2.9")]:
        with pytest.raises(TooManyRequests) as refused:
            rates.count(key, address)
        assert int(headers_of(refused.value)["Retry-After"]) >= 1


def test_unless_it_is_set_an_address_may_ask_as_often_as_it_likes():
    rates = Rates(per_address=None)
    for _ in range(1000):
        rates.count(None, "192.0.2.1")


# --- other sites and machines ---


def test_scripts_of_other_sites_may_read_only_where_a_setting_names_them(client, serving):
    asked = {"Origin": "https://portail.example"}
    assert "access-control-allow-origin" not in client.get("/initiatives", headers=asked).headers
    running, _, _ = serving(cors="https://portail.example, https://autre.example", reading="keyed")
    with running as client:
        for origin in ("https://portail.example", "https://autre.example"):
            reply = client.get("/initiatives", headers={"Origin": origin})
            assert (reply.status_code, reply.headers["access-control-allow-origin"]) == (401, origin)
            assert "access-control-allow-credentials" not in reply.headers
        wanted = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "Authorization"}
        assert client.options("/search", headers=asked | wanted).status_code == 200
        stranger = {"Origin": "https://evil.example"}
        assert "access-control-allow-origin" not in client.get("/initiatives", headers=stranger).headers


def test_a_page_is_framed_only_by_sites_that_a_setting_names_and_what_is_private_never(client, serving):
    assert client.get("/").headers["content-security-policy"] == POLICY
    running, _, _ = serving(embedding="https://portail.example,http://intranet:8080")
    with running as client:
        for address in ("/", "/?q=velo", "/browse", "/sheet/nowhere"):
            policy = client.get(address).headers["content-security-policy"]
            assert policy.endswith("; frame-ancestors https://portail.example http://intranet:8080")
        assert client.get("/sign-in").headers["content-security-policy"] == POLICY


def test_a_proxy_on_another_machine_is_believed_only_where_a_setting_names_it(serving):
    for proxies, statuses in [("", [200, 429]), ("192.0.2.0/24,2001:db8::/32", [200, 200])]:
        running, _, _ = serving(address_per_minute=1, proxies=proxies)
        with running as client:
            client._transport.client = ("192.0.2.7", 1)
            said = [client.get("/initiatives", headers={"X-Forwarded-For": f"198.51.100.{n}"}) for n in (1, 2)]
            assert [reply.status_code for reply in said] == statuses, json.dumps(proxies)


def test_a_site_that_may_show_the_search_box_loads_it_and_reads_what_it_finds(serving, client):
    running, _, _ = serving(embedding="https://portail.example")
    with running as named:
        assert named.get("/embed.js").headers["cross-origin-resource-policy"] == "cross-origin"
        found = named.get("/search?q=velo", headers={"Origin": "https://portail.example"})
        assert found.headers["access-control-allow-origin"] == "https://portail.example"
        assert (
            "access-control-allow-origin"
            not in named.get("/search?q=velo", headers={"Origin": "https://x.example"}).headers
        )
    assert client.get("/embed.js").headers["cross-origin-resource-policy"] == "same-origin"
