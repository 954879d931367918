"""Tools for assistants, by the SDK's own client over both transports: what a model sees, and what it gets back."""

import asyncio
import sys

import pytest
from mcp import Client, StdioServerParameters

from recueil.mcp import make_app, make_server
from recueil.mcp.replies import Sheet
from recueil.mcp.tools import Tools
from settings import Settings
from tests.almanac import Made
from tests.census import ROOT
from tests.conftest import environment_of
from tests.recueil.conftest import BIKES, BUS, ROOMS
from tests.web.live_server import served

NAMES = {
    "search_initiatives",
    "answer_question",
    "read_initiative",
    "similar_initiatives",
    "compare_initiatives",
    "list_filters",
    "list_documents",
}


@pytest.fixture(scope="module")
def over_http(here):
    with served(make_app(make_server(here, "9.9"), hosts=["recueil.example"])) as server:
        yield f"http://127.0.0.1:{server.port}/mcp"


def conversation(server, *calls):
    """The results of calls of tools, in one conversation."""

    async def held():
        async with Client(server) as client:
            return [await client.call_tool(name, arguments) for name, arguments in calls]

    return asyncio.run(held())


def called(server, name, **arguments):
    (result,) = conversation(server, (name, arguments))
    assert not result.is_error, result.content
    return result.structured_content


def tools_of(server):
    async def listed():
        async with Client(server) as client:
            return (await client.list_tools()).tools, client.instructions

    return asyncio.run(listed())


def test_tools_only_read_and_say_what_they_take_and_give(over_http):
    tools, instructions = tools_of(over_http)
    assert {tool.name for tool in tools} == NAMES
    assert "cite document and lines" in instructions
    for tool in tools:
        assert (tool.annotations.read_only_hint, tool.annotations.destructive_hint) == (True, False)
        assert len(tool.description) > 80
        assert all("description" in one for one in tool.input_schema["properties"].values()), tool.name
        assert tool.output_schema["type"] == "object"


def test_what_is_found_has_its_words_and_their_lines(over_http):
    found = called(over_http, "search_initiatives", question="vélo", k=3, departement=["Gironde"])
    (bikes,) = found["initiatives"]
    assert (bikes["id"], bikes["places"], bikes["start_year"]) == (BIKES, ["Gironde"], 2016)
    assert bikes["passage"] == "vélo apprentis"
    assert bikes["source"] == {"document": "atlas", "start_line": 1, "end_line": 1}


def test_an_answer_has_numbered_citations(over_http):
    answer = called(over_http, "answer_question", question="vélo apprentis")
    assert (answer["answered"], answer["sure"]) == (True, True)
    assert answer["text"].endswith("« vélo apprentis » [1]")
    (citation,) = answer["citations"]
    assert (citation["number"], citation["initiative"], citation["quote"]) == (1, BIKES, "vélo apprentis")
    assert citation["source"] == {"document": "atlas", "start_line": 1, "end_line": 1}


def test_a_question_without_a_sure_answer_is_told_as_such(over_http):
    answer = called(over_http, "answer_question", question="vélo introuvable")
    assert (answer["answered"], answer["citations"]) == (False, [])


def test_a_sheet_is_read_line_by_line_with_the_numbers_of_its_document(over_http):
    sheet = called(over_http, "read_initiative", id=BIKES)
    assert sheet["lines"] == [{"number": 1, "text": "vélo apprentis"}, {"number": 2, "text": "prêt gratuit"}]
    assert sheet["more_from_line"] is None
    assert called(over_http, "read_initiative", id=BIKES, from_line=2)["lines"] == sheet["lines"][1:]


def test_a_long_sheet_says_where_to_read_on(here, monkeypatch):
    monkeypatch.setattr("recueil.mcp.replies.MOST_LINES", 1)
    sheet = Sheet.of(here.initiative(BIKES), None, None)
    assert ([line.number for line in sheet.lines], sheet.more_from_line) == ([1], 2)


def test_similar_compared_and_listed(over_http):
    similar = called(over_http, "similar_initiatives", id=BIKES, k=2)
    assert len(similar["initiatives"]) == 2
    compared = called(over_http, "compare_initiatives", ids=[BIKES, BUS, ROOMS])
    leads = next(row for row in compared["aspects"] if row["aspect"] == "carriers")
    assert [one["words"] for one in leads["said"]] == [[], ["Département de l'Ain"], []]
    filters = called(over_http, "list_filters", only="departement")["filters"]
    assert {one["label"] for one in filters["departement"]} == {"Ain", "Gironde"}
    documents = called(over_http, "list_documents")["documents"]
    assert {one["id"]: one["initiatives"] for one in documents}["guide"] == 1


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("read_initiative", {"id": "nowhere"}, "There is no initiative 'nowhere'"),
        ("search_initiatives", {"question": "?"}, "holds no word"),
        ("search_initiatives", {"question": "vélo", "topic": ["magie"]}, "Choose one of"),
        ("search_initiatives", {"question": "vélo", "k": 1_000}, "less than or equal to 20"),
        ("search_initiatives", {"question": "a" * 2_000}, "at most 1000 characters"),
        ("compare_initiatives", {"ids": [BIKES]}, "at least 2 items"),
        ("similar_initiatives", {}, "Neither an id nor a text"),
    ],
)
def test_what_cannot_be_done_is_told_so_that_a_model_can_mend_it(over_http, name, arguments, said):
    (result,) = conversation(over_http, (name, arguments))
    assert result.is_error
    assert said in result.content[0].text


def test_a_bug_says_nothing_of_what_was_asked(caplog):
    def broken(question):
        raise ValueError(question)

    with pytest.raises(Exception, match="nobody foresaw") as error:
        Tools(None).told(broken)("un secret")
    assert "secret" not in f"{error.value}{caplog.text}"
    assert "ValueError in broken" in caplog.text


def test_other_names_than_ours_are_refused_over_http(over_http):
    import httpx

    headers = {"Host": "evil.example", "Accept": "application/json, text/event-stream"}
    assert httpx.post(over_http, json={}, headers=headers).status_code == 421
    assert httpx.post(over_http, json={}, headers=headers | {"Host": "recueil.example"}).status_code != 421


def test_the_command_speaks_over_stdio(almanac: Made):
    settings = Settings(documents=almanac.documents, var=almanac.var, encoder=almanac.encoder, threads=1)
    server = StdioServerParameters(
        command=sys.executable, args=["-m", "cli", "mcp"], cwd=str(ROOT), env=environment_of(settings)
    )
    found, refused = conversation(
        server,
        ("search_initiatives", {"question": "un vélo pour les apprentis", "k": 1}),
        ("read_initiative", {"id": "x"}),
    )
    assert "vélo" in found.structured_content["initiatives"][0]["passage"]
    assert refused.is_error


def test_the_command_asks_a_running_service(address):
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "cli", "mcp", "--service", address],
        cwd=str(ROOT),
        env=environment_of(Settings()),
    )
    assert called(server, "search_initiatives", question="vélo", k=1)["initiatives"][0]["id"] == BIKES
