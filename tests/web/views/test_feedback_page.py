"""What people say on the page, with forms that need no script, and what everybody may read of what is missing."""

import re
from datetime import date
from types import SimpleNamespace
from urllib.parse import quote

import pytest

from feedback import Miss, MissKind, Store
from tests.web.conftest import BIKES, QuotingAnswerer, client_of
from web.needs import NeedsOfTheDay

QUESTION = "un vélo pour un apprenti"


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "feedback.sqlite", days=365)


@pytest.fixture
def client(small_settings, small_searcher, tmp_path):
    settings = small_settings.model_copy(update={"var": tmp_path, "feedback": True, "public_needs": True})
    with client_of(settings, small_searcher, QuotingAnswerer(small_searcher)) as client:
        yield client


def forms(shown: str, action: str) -> list[dict[str, str]]:
    """The fields of each form that is sent to an address, buttons left out."""
    found = re.findall(rf'<form[^>]* action="{action}[^"]*".*?</form>', shown, re.DOTALL)
    return [dict(re.findall(r'<input[^>]*name="(\w+)" value="([^"]*)"', form)) for form in found]


def test_an_answer_that_is_useful_is_a_judgement_of_the_sheet_that_it_cites_first(client, store):
    [form] = forms(client.get("/", params={"q": QUESTION}).text, "/useful")
    assert form == {"q": QUESTION, "initiative": BIKES}
    thanks = client.post("/useful?lang=en", data=form | {"useful": "yes"})
    assert (thanks.status_code, "is noted" in thanks.text) == (200, True)
    [kept] = store.judgements()
    assert (kept.entry.query, kept.entry.initiative, kept.entry.grade) == (QUESTION, BIKES, 3)


def test_one_that_is_not_is_a_report_that_something_is_missing(client, store):
    shown = client.get("/", params={"q": QUESTION}).text
    assert 'formaction="/gap"' in shown
    client.post("/gap", data={"q": QUESTION})
    assert [one.entry.kind for one in store.misses()] == [MissKind.REPORTED]
    assert store.judgements() == ()


def test_below_hits_it_can_be_said_that_what_was_meant_is_missing(client):
    assert {"q": QUESTION} in forms(client.get("/", params={"q": QUESTION}).text, "/gap")


def test_on_a_sheet_the_question_that_led_there_stands_in_the_form(client, store):
    came_from = {"Referer": f"http://testserver/?q={quote(QUESTION)}&lang=fr"}
    [form] = forms(client.get(f"/sheet/{BIKES}", headers=came_from).text, "/useful")
    client.post("/useful", data=form | {"q": QUESTION, "useful": "no"})
    [kept] = store.judgements()
    assert (kept.entry.initiative, kept.entry.grade) == (BIKES, 0)


@pytest.mark.parametrize(
    "came_from", ["", "http://other.example/?q=secret", "http://testserver/browse?q=secret", "http://["]
)
def test_nothing_else_that_a_browser_tells_is_taken_for_a_question(client, came_from):
    assert "secret" not in client.get(f"/sheet/{BIKES}", headers={"Referer": came_from}).text


@pytest.mark.parametrize(
    "form", [{}, {"useful": "perhaps"}, {"useful": "yes"}, {"useful": "yes", "q": QUESTION, "initiative": "x"}]
)
def test_a_form_that_cannot_be_used_is_refused(client, store, form):
    assert client.post("/useful", data=form).status_code in (404, 422)
    assert store.judgements() == ()


def test_a_script_gets_the_thanks_alone(client):
    form = {"q": QUESTION, "initiative": BIKES, "useful": "yes"}
    reply = client.post("/useful", data=form, headers={"HX-Request": "true"})
    assert reply.text.startswith('<div class="thanks" role="status">')


def test_personal_data_is_not_shown_again(client):
    shown = client.post("/gap", data={"q": "appeler le 06 12 34 56 78 pour un vélo"}).text
    assert "06 12" not in shown


def test_where_no_feedback_is_kept_nothing_asks_for_it(small_settings, small_searcher, tmp_path):
    settings = small_settings.model_copy(update={"var": tmp_path})
    with client_of(settings, small_searcher, QuotingAnswerer(small_searcher)) as client:
        for path in (f"/?q={QUESTION}", f"/sheet/{BIKES}"):
            shown = client.get(path).text
            assert ("/useful" in shown, "/gap" in shown, "/needs" in shown) == (False, False, False)
        assert client.post("/useful", data={"useful": "yes"}).status_code == 404
        assert client.get("/needs").status_code == 404


# --- what is missing, for everybody ---


def keep(store, question, days):
    for day in days:
        on_that_day = Store(store.path, days=3650, today=lambda day=day: date(2026, 3, day))
        on_that_day.add(Miss(question, "fr", MissKind.REFUSED))


def test_what_comes_up_on_three_days_is_shown_and_nothing_rarer(client, store):
    keep(store, "garde d'enfants la nuit", [1, 2, 3])
    keep(store, "aide pour Kevin Petit", [4])
    keep(store, "logement des étudiants", [5, 6])
    shown = client.get("/needs?lang=en").text
    assert "garde d&#39;enfants la nuit" in shown
    assert ("Kevin" in shown, "logement des étudiants" in shown) == (False, False)
    assert '<a href="/needs' in client.get("/").text


def test_needs_are_made_once_a_day_and_for_each_index(small_searcher):
    made = []
    administration = SimpleNamespace(unmet_needs=lambda searcher: made.append(searcher) or SimpleNamespace(needs=()))
    day = [date(2026, 3, 1)]
    needs = NeedsOfTheDay(administration, today=lambda: day[0])
    for _ in range(3):
        needs.shown(small_searcher)
    assert len(made) == 1
    day[0] = date(2026, 3, 2)
    needs.shown(small_searcher)
    needs.shown(object())
    assert len(made) == 3
