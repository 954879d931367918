"""What browsers, search engines and feed readers look for: each as its standard says, and leading somewhere."""

import html
import re
from itertools import chain
from urllib.parse import quote
from xml.etree import ElementTree

import feedparser
from fastapi.testclient import TestClient

from tests.web.conftest import BIKES
from web.views import engines

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


def path_of(address):
    assert address.startswith("http://testserver/")
    return address.removeprefix("http://testserver")


def test_a_browser_finds_how_to_search(client):
    assert 'href="/opensearch.xml"' in client.get("/").text
    told = ElementTree.fromstring(client.get("/opensearch.xml").content)
    assert len(told.findtext(f"{OPENSEARCH}ShortName")) <= 16
    assert len(told.findtext(f"{OPENSEARCH}Description")) <= 1024
    for url in told.findall(f"{OPENSEARCH}Url"):
        found = client.get(path_of(url.get("template").replace("{searchTerms}", quote("un vélo"))))
        assert found.status_code == 200
        assert found.headers["content-type"].startswith(url.get("type"))
    assert client.get(path_of(told.findtext(f"{OPENSEARCH}Image"))).headers["content-type"] == "image/svg+xml"


def test_crawlers_are_led_to_every_sheet_and_away_from_searches(client):
    robots = client.get("/robots.txt")
    assert robots.headers["content-type"].startswith("text/plain")
    assert "Disallow: /?\n" in robots.text
    sitemap = path_of(robots.text.split("Sitemap: ")[1].strip())
    addresses = [one.text for one in ElementTree.fromstring(client.get(sitemap).content).iter(f"{SITEMAP}loc")]
    assert len(addresses) == len(set(addresses)) == 2 + 6
    assert f"http://testserver/sheet/{BIKES}" in addresses
    assert all(client.get(path_of(address)).status_code == 200 for address in addresses)


def test_a_sitemap_that_would_be_too_long_is_an_index_of_several(client, monkeypatch):
    monkeypatch.setattr(engines, "MOST_ADDRESSES", 3)
    index = ElementTree.fromstring(client.get("/sitemap.xml").content)
    assert index.tag == f"{SITEMAP}sitemapindex"
    files = [client.get(path_of(one.text)).content for one in index.iter(f"{SITEMAP}loc")]
    listed = [[one.text for one in ElementTree.fromstring(file).iter(f"{SITEMAP}loc")] for file in files]
    assert [len(addresses) for addresses in listed] == [3, 3, 2]
    assert len(set(chain.from_iterable(listed))) == 2 + 6
    assert client.get("/sitemap-4.xml").status_code == 404


def test_addresses_for_engines_have_the_prefix_of_a_proxy(client):
    proxy = TestClient(client.app, client=("127.0.0.1", 50_000), headers={"X-Forwarded-Prefix": "/recueil"})
    assert "Sitemap: http://testserver/recueil/sitemap.xml" in proxy.get("/robots.txt").text
    assert f"<loc>http://testserver/recueil/sheet/{BIKES}</loc>" in proxy.get("/sitemap.xml").text


def test_the_old_name_of_the_icon_leads_to_it(client):
    assert client.get("/favicon.ico", follow_redirects=True).headers["content-type"] == "image/svg+xml"


def test_a_search_can_be_followed_as_a_feed(client):
    feed = feedparser.parse(client.get("/search.atom", params={"q": "un vélo", "lang": "en"}).content)
    assert (feed.bozo, feed.version) == (False, "atom10")
    assert feed.feed.title.startswith("un vélo")
    hits = client.get("/search", params={"q": "un vélo"}).json()
    assert {one.id for one in feed.entries} == {
        f"http://testserver/sheet/{hit['initiative']['id']}" for hit in hits["hits"][: hits["total"]]
    }
    bikes = next(one for one in feed.entries if one.id.endswith(BIKES))
    assert (bikes.title, bikes.updated) == ("Bikes for apprentices", "2021-03-01T00:00:00Z")
    assert client.get(path_of(bikes.link)).status_code == 200


def test_a_feed_of_what_cannot_be_asked_is_refused(client):
    assert client.get("/search.atom?theme=nowhere").status_code == 422


def test_a_topic_or_a_place_can_be_followed_without_a_question(client):
    shown = client.get("/browse", params={"departement": "33", "lang": "en"}).text
    [address] = re.findall(r'href="(/search\.atom[^"]*)"', shown)
    feed = feedparser.parse(client.get(html.unescape(address)).content)
    assert (feed.bozo, feed.version) == (False, "atom10")
    assert feed.feed.title.startswith("Département: Gironde")
    assert [one.id for one in feed.entries] == [f"http://testserver/sheet/{BIKES}"]
    assert client.get(path_of(feed.feed.links[1].href)).status_code == 200
