"""What the pages say of themselves: accessibility always, who publishes them and privacy where a setting says who."""

import re

import html5lib
import pytest
from pydantic import HttpUrl

from settings import BadSetting, read_settings
from tests.census import ROOT
from tests.web.conftest import QuotingAnswerer, client_of
from tests.web.views.test_browse import text_of
from web.conformity import conformity
from web.visitor import texts_in

NAMED = {"publisher": "Ville d'Exemple, 1 place Neuve", "hosting": "Hôte SA, 01 02", "contact": "nous@exemple.fr"}
# How many criteria each theme of the RGAA 4.1.2 has.
THEMES = [9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12]
STATES = {"C": "respecté", "NC": "**non respecté**", "NA": "non applicable", "NV": "**non vérifié**"}
BOTH = pytest.mark.parametrize("language", ["fr", "en"])


@pytest.fixture(scope="module")
def named(small_settings, small_searcher, tmp_path_factory):
    """Serve for a publisher, with other settings too."""

    def with_settings(**changes):
        settings = small_settings.model_copy(update={"var": tmp_path_factory.mktemp("var"), **NAMED, **changes})
        return client_of(settings, small_searcher, QuotingAnswerer(small_searcher))

    return with_settings


# --- accessibility ---


def test_every_criterion_of_the_rgaa_is_assessed_once_in_order():
    numbers = [f"{theme}.{at}" for theme, count in enumerate(THEMES, 1) for at in range(1, count + 1)]
    assert [one.number for one in conformity().criteria] == numbers
    assert len(numbers) == 106


def test_what_a_test_is_said_to_hold_is_held_by_one_that_is_there():
    for one in conformity().criteria:
        assert one.proof is None or one.state == "C", one.number
        if one.proof:
            path, name = one.proof.split("::")
            assert f"\ndef {name}(" in (ROOT / path).read_text(encoding="utf-8"), one.number


def test_what_is_not_respected_or_not_verified_is_told_in_both_languages():
    told = {one.number for state in ("NC", "NV") for one in conformity().of(state)}
    assert told == set(conformity().in_english)
    assert all(one.note for one in conformity().criteria if one.number in told)


def test_what_was_not_verified_counts_as_not_respected():
    found = conformity()
    applicable = 106 - len(found.of("NA"))
    assert found.rate == 100 * len(found.of("C")) // applicable
    assert (found.level == "total") == (len(found.of("C")) == applicable)


def test_the_page_of_the_documentation_lists_the_same():
    page = (ROOT / "docs" / "accessibilite.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| (\d+\.\d+) \| (.+?) \| (.+?) \| (.*?) ?\| (.*?) ?\|$", page, re.MULTILINE)
    proofs = {True: lambda one: f"`{one.proof.split('::')[1]}`", False: lambda one: "relu" if one.state == "C" else ""}
    assert told == [
        (one.number, one.about, STATES[one.state], proofs[bool(one.proof)](one), one.note)
        for one in conformity().criteria
    ]
    assert f"{conformity().rate} % des {106 - len(conformity().of('NA'))} critères applicables" in page


@BOTH
def test_the_declaration_says_the_state_the_rate_and_what_is_wrong(client, language):
    say, found = texts_in(language).typeset, conformity()
    page = client.get("/accessibility", params={"lang": language}).text
    shown = text_of(page)
    assert say(f"accessibility.level.{found.level}") in shown
    assert f"{found.rate} %" in shown
    assert page.count('<tr><th scope="row">') == 106
    for one in (*found.of("NC"), *found.of("NV")):
        assert (one.note if language == "fr" else found.in_english[one.number])[:40] in shown


@BOTH
def test_every_page_leads_to_it_and_says_the_state(client, language):
    for address in ("/", "/browse", "/quality"):
        page = client.get(address, params={"lang": language})
        assert f'href="/accessibility?lang={language}"' in page.text
        assert texts_in(language).typeset(f"accessibility.short.{conformity().level}") in page.text


# --- who publishes the pages ---


@pytest.mark.parametrize("address", ["/legal", "/privacy"])
def test_where_nobody_is_named_there_is_no_legal_notice_and_no_link_to_one(client, address):
    reply = client.get(address)
    assert (reply.status_code, "RECUEIL_PUBLISHER" in reply.text) == (404, True)
    assert reply.headers["content-type"].startswith("text/html")
    assert f'href="{address}' not in client.get("/").text


@BOTH
def test_where_a_publisher_is_named_each_page_leads_to_the_notice_and_to_privacy(named, language):
    with named() as client:
        for address in ("/legal", "/privacy"):
            assert f'href="{address}?lang={language}"' in client.get("/", params={"lang": language}).text
            page = client.get(address, params={"lang": language}).text
            html5lib.HTMLParser(strict=True).parse(page)
            assert 'href="mailto:nous@exemple.fr"' in page
            assert NAMED["publisher"] in text_of(page)
        assert NAMED["hosting"] in text_of(client.get("/legal").text)
        assert NAMED["publisher"] in text_of(client.get("/accessibility").text)


def test_privacy_says_what_the_settings_do(named):
    say = texts_in("fr")
    with named() as client:
        shown = text_of(client.get("/privacy?lang=fr").text)
        assert say.typeset("privacy.no_logs") in shown
        assert "365 jours" not in shown
        assert "modèle de langue, sur" not in shown
    model = {"llm_url": HttpUrl("https://llm.exemple.fr/v1"), "llm_model": "albert"}
    with named(feedback=True, feedback_days=90, access_log="-", **model) as client:
        shown = text_of(client.get("/privacy?lang=fr").text)
        assert say.typeset("privacy.logs") in shown
        assert "90 jours" in shown
        assert "modèle de langue, sur llm.exemple.fr" in shown


def test_what_a_publisher_writes_is_text_and_no_markup(named):
    with named(publisher="<b>Ville</b>") as client:
        assert "&lt;b&gt;Ville&lt;/b&gt;" in client.get("/legal").text


def test_who_may_not_read_the_sheets_may_read_who_publishes_them(named):
    with named(reading="keyed") as client:
        for address in ("/legal", "/privacy", "/accessibility"):
            assert client.get(address, follow_redirects=False).status_code == 200


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"PUBLISHER": "Ville"}, "lacks RECUEIL_HOSTING and RECUEIL_CONTACT"),
        ({"CONTACT": "here"}, "RECUEIL_CONTACT cannot be used"),
        ({"CONTACT": "javascript:alert(1)"}, "RECUEIL_CONTACT cannot be used"),
        ({"CONTACT": "https://a.fr/<b>"}, "RECUEIL_CONTACT cannot be used"),
    ],
)
def test_a_notice_with_a_gap_or_a_contact_that_leads_nowhere_is_refused(monkeypatch, given, wrong):
    for name, value in given.items():
        monkeypatch.setenv(f"RECUEIL_{name}", value)
    with pytest.raises(BadSetting, match=wrong):
        read_settings()
