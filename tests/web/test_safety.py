"""What keeps browsers from doing harm with our replies, and other sites from having them send us forms."""

import re
from base64 import b64encode
from hashlib import sha256

import pytest

from feedback import Store, feedback_file
from tests.web.conftest import BIKES, QuotingAnswerer, client_of
from web.safety import NO_PAGE, SAFE_HEADERS

EVERYTHING = [
    "/", "/search?q=velo", "/ask?q=velo", "/health", "/openapi.json", "/docs", "/nowhere", "/search", "/suggest?q=gi",
    f"/initiatives/{BIKES}", f"/sheet/{BIKES}.md", "/static-offline-docs/swagger-ui.css", f"/?{'x' * 9000}",
]  # fmt: skip


@pytest.mark.parametrize("address", EVERYTHING)
def test_every_reply_says_what_browsers_may_do_with_it(client, address):
    reply = client.get(address)
    assert {name.lower() for name in SAFE_HEADERS} <= set(reply.headers)
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["referrer-policy"] == "same-origin"
    assert reply.headers["cross-origin-resource-policy"] == "same-origin"
    assert "frame-ancestors 'none'" in reply.headers["content-security-policy"]
    assert "unsafe" not in reply.headers["content-security-policy"]


@pytest.mark.parametrize("address", ["/search?q=velo", "/openapi.json", "/health", f"/sheet/{BIKES}.json", "/nowhere"])
def test_what_is_no_page_may_do_nothing(client, address):
    policy = client.get(address).headers["content-security-policy"]
    assert policy == NO_PAGE or address.startswith("/sheet/")


def test_a_host_that_is_not_ours_is_refused_with_the_headers_too(client):
    reply = client.get("/", headers={"Host": "evil.example"})
    assert (reply.status_code, reply.headers["x-content-type-options"]) == (400, "nosniff")


def test_the_page_of_routes_runs_its_own_script_and_no_other(client):
    page = client.get("/docs")
    (script,) = re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL)
    digest = b64encode(sha256(script.encode()).digest()).decode()
    policy = dict(part.split(" ", 1) for part in page.headers["content-security-policy"].split("; "))
    assert policy["script-src"] == f"'self' 'sha256-{digest}'"
    assert policy["default-src"] == "'none'"
    loaded = re.findall(r'<(?:script|link)[^>]+(?:src|href)="([^"]+)"', page.text)
    assert loaded
    assert all(one.startswith("/static-offline-docs/") for one in loaded)


# --- forms of other sites ---


@pytest.fixture(scope="module")
def kept(small_settings, small_searcher, tmp_path_factory):
    """A client of a service that keeps feedback, and what it keeps."""
    folder = tmp_path_factory.mktemp("kept")
    settings = small_settings.model_copy(update={"var": folder, "feedback": True})
    with client_of(settings, small_searcher, QuotingAnswerer(small_searcher)) as client:
        yield client, Store(feedback_file(folder), 365)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
        {"Origin": "http://evil.example"},
        {"Origin": "http://testserver.evil.example"},
        {"Origin": "http://testserver:81"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://["},
    ],
)
def test_a_form_that_another_site_sends_is_refused_and_nothing_is_kept(kept, headers):
    client, store = kept
    before = len(store.misses())
    reply = client.post("/gap?lang=en", data={"q": "garde d'enfants"}, headers=headers)
    assert reply.status_code == 403
    assert "Another site had your browser send this" in reply.text
    assert len(store.misses()) == before


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://testserver"},
        {"Origin": "https://testserver"},  # behind a proxy that ends TLS and does not say so
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_our_own_form_and_a_program_are_heard(kept, headers):
    client, store = kept
    before = len(store.misses())
    assert client.post("/gap", data={"q": "garde d'enfants"}, headers=headers).status_code == 200
    assert len(store.misses()) == before + 1
