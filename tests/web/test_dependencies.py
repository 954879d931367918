"""One question is encoded once, whatever is made of it: results, facets and the answer, in one request or in two."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from corpus.places import Gazetteer
from search import Searcher
from settings import Settings
from tests.small_index import searcher_of, sheet
from tests.web.conftest import QuotingAnswerer, client_of
from web.dependencies import KEPT_RANKINGS

BUS = "un bus pour les apprentis"
SCRIPT = {"HX-Request": "true"}
STREAM = {"accept": "text/event-stream"}


@pytest.fixture(scope="module")
def listening(gazetteer: Gazetteer) -> Searcher:
    """A searcher whose encoder keeps every text it was given."""
    return searcher_of(
        sheet("a-bus", "Un bus pour les apprentis.", theme="Se déplacer"),
        sheet("a-tablet", "Une tablette pour les aidants.", theme="Bien vieillir"),
        gazetteer=gazetteer,
    )


@pytest.fixture
def asked(listening: Searcher, small_settings: Settings) -> Iterator[tuple[TestClient, list[str]]]:
    """A client of a service that nothing was asked yet, and the texts that are encoded from here on."""
    with client_of(small_settings, listening, QuotingAnswerer(listening)) as client:
        listening.encoder.encoded.clear()
        yield client, listening.encoder.encoded


def get(client: TestClient, path: str, headers: dict[str, str] | None = None, **parameters: object) -> str:
    reply = client.get(path, params=parameters, headers=headers)
    assert reply.status_code == 200, reply.text
    return reply.text


def test_a_page_without_a_script_is_complete_and_encodes_its_question_once(asked):
    client, encoded = asked
    page = get(client, "/", q=BUS)
    for part in ('class="sureness"', 'class="hits"'):
        assert part in page
    assert encoded == [BUS]


@pytest.mark.parametrize(
    ("path", "headers"), [("/search", {}), ("/ask", {}), ("/ask", STREAM), ("/answer", {}), ("/answer/stream", {})]
)
def test_every_route_encodes_its_question_once(asked, path, headers):
    client, encoded = asked
    get(client, path, headers, q=BUS)
    assert encoded == [BUS]


@pytest.mark.parametrize("conditions", [{}, {"theme": "Se déplacer", "ignore": "bus"}])
def test_the_streamed_answer_of_a_page_encodes_nothing_more(asked, conditions):
    client, encoded = asked
    get(client, "/", SCRIPT, q=BUS, **conditions)
    assert "event: answer" in get(client, "/answer/stream", q=BUS, **conditions)
    assert encoded == [BUS]


@pytest.mark.parametrize("other", [{"q": "un bus"}, {"theme": "Se déplacer"}, {"ignore": "bus"}])
def test_another_question_filter_or_thing_ignored_is_another_ranking(asked, other):
    client, encoded = asked
    get(client, "/", SCRIPT, q=BUS)
    get(client, "/answer/stream", **{"q": BUS, **other})
    assert encoded == [BUS, other.get("q", BUS)]


def test_what_was_asked_long_ago_is_encoded_again(asked):
    client, encoded = asked
    questions = [BUS, *(f"tablette {n}" for n in range(KEPT_RANKINGS))]
    for question in [*questions, questions[-1], BUS]:
        get(client, "/", SCRIPT, q=question)
    assert encoded == [*questions, BUS]


def test_programs_get_a_ranking_of_their_own(asked):
    client, encoded = asked
    get(client, "/", SCRIPT, q=BUS)
    get(client, "/search", q=BUS)
    assert encoded == [BUS, BUS]  # how long it took is told, and must be true
    get(client, "/search", q=BUS)
    assert encoded == [BUS, BUS]  # the same reply again is not made again


@pytest.mark.parametrize("path", ["/", "/browse", "/browse?theme=Se+déplacer", "/suggest?q=bus", "/initiatives"])
def test_what_can_be_looked_up_encodes_nothing(asked, path):
    client, encoded = asked
    get(client, path)
    assert encoded == []
