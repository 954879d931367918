"""The page about quality: figures that were measured, in words for everybody, and never of other sheets unsaid."""

import json
import re

import html5lib
import pytest

from tests.web.conftest import QuotingAnswerer, client_of
from tests.web.views.test_browse import text_of
from web.quality import SHIPPED, BadQuality, Quality, quality_of
from web.views.quality import figure, hundredths
from web.visitor import texts_in

BOTH = pytest.mark.parametrize("language", ["fr", "en"])
RANKINGS = {"questions": 50, "ndcg_10": 0.7, "mrr_10": 0.7, "success_1": 0.6, "recall_50": 0.9, "intervals": {}}
FEW = {
    "schema": 1,
    "made": "2026-11-29",
    "version": "9.9",
    "corpus": "of other sheets",
    "fronts": {
        "real_words": {
            **RANKINGS,
            "success_3": 0.81,
            "by_type": {"gardeners": {**RANKINGS, "success_3": 1.0}},
            "empty": None,
            "first_ten": 500,
            "unjudged": 0,
        }
    },
    "helped": None,
    "answers": None,
    "fields": None,
    "spellings": None,
}


@pytest.fixture
def served(small_settings, small_searcher, tmp_path):
    """Serve with figures of one's own, if any are given."""

    def with_figures(figures=None):
        if figures is not None:
            (tmp_path / "quality.json").write_text(json.dumps(figures), encoding="utf-8")
        settings = small_settings.model_copy(update={"var": tmp_path})
        return client_of(settings, small_searcher, QuotingAnswerer(small_searcher))

    return with_figures


def test_what_ships_is_of_the_present_shape_and_tells_of_real_people_and_of_answers(tmp_path):
    shipped = quality_of(tmp_path)
    assert shipped == Quality.model_validate_json(SHIPPED.read_bytes())
    assert {"real_words", "collection", "foreign"} <= shipped.fronts.keys()
    assert shipped.answers.all.questions > 100
    assert "query" not in SHIPPED.read_text(encoding="utf-8")


@BOTH
def test_a_fresh_installation_tells_figures_in_words(served, language):
    shipped, say = Quality.model_validate_json(SHIPPED.read_bytes()), texts_in(language).typeset
    with served() as client:
        page = client.get("/quality", params={"lang": language}).text
    html5lib.HTMLParser(strict=True).parse(page)
    shown = text_of(page)
    people = shipped.fronts["real_words"]
    assert f"{hundredths(people.success_3)} {say('quality.out_of')} {say('quality.in_three')}" in shown
    assert f"{hundredths(shipped.answers.all.right)} {say('quality.out_of')} {say('quality.answers.right')}" in shown
    assert say("quality.people.who", count=people.questions) in shown
    assert figure(people.ndcg_10, language) in shown
    assert not re.search(r"quality\.|{|}", shown)


def test_over_other_sheets_than_those_that_were_measured_it_says_so(served):
    with served() as client:
        assert texts_in("en").typeset("quality.others") in text_of(client.get("/quality?lang=en").text)


def test_over_the_sheets_that_were_measured_it_does_not(service):
    shown = text_of(service.get("/quality?lang=en").text)
    ready = service.get("/ready").json()
    same = ready["generation"]["digest"] == Quality.model_validate_json(SHIPPED.read_bytes()).corpus
    assert (texts_in("en").typeset("quality.others") not in shown) == same


def test_figures_of_ones_own_go_before_those_that_ship_and_may_have_other_slices(served):
    with served(FEW) as client:
        shown = text_of(client.get("/quality?lang=en").text)
    assert "81 of 100" in shown
    assert "gardeners" in shown
    assert "9.9" in shown
    assert texts_in("en").typeset("quality.answers.title") not in shown


@pytest.mark.parametrize("wrong", [{**FEW, "schema": 2}, {**FEW, "more": 1}, {"schema": 1}, {**FEW, "made": "soon"}])
def test_a_file_of_another_shape_is_a_fault_with_its_mend(served, tmp_path, wrong):
    with served(wrong) as client:
        reply = client.get("/quality?lang=en")
    assert reply.status_code == 503
    assert "recueil eval summary" in reply.text
    with pytest.raises(BadQuality, match=r"quality\.json"):
        quality_of(tmp_path)


@pytest.mark.parametrize(
    ("share", "of_hundred"), [(0, 0), (1, 100), (0.996, 99), (0.001, 1), (0.845, 85), (0.5, 50), (0.28999, 29)]
)
def test_all_or_none_of_a_hundred_is_said_only_where_it_is_so(share, of_hundred):
    assert hundredths(share) == of_hundred


def test_the_page_leads_to_the_report_where_it_has_been_written(served, tmp_path):
    with served() as client:
        for address in ("/quality", "/quality/report"):
            assert "recueil eval report" in client.get(address).text
        (tmp_path / "report.html").write_text("<!doctype html><title>Report</title>", encoding="utf-8")
        assert 'href="/quality/report"' in client.get("/quality").text
        reply = client.get("/quality/report")
        assert "<title>Report</title>" in reply.text
        assert "script-src" not in reply.headers["content-security-policy"]
