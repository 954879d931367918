"""The pages about the doors cannot lie: their examples run, and their transcripts are what is said today."""

import asyncio
import doctest
import json
import re

import pytest
from mcp import Client

from recueil import Recueil
from recueil.mcp import make_server
from recueil.opened import Opened
from tests.census import ROOT
from tests.live_service import live_service
from tests.replies import contains

ADDRESS = "http://127.0.0.1:8000"


def page(name):
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def address(searcher, answerer):
    with live_service(searcher, lambda _: answerer) as address:
        yield address


def test_the_examples_of_the_page_about_python_run(built, address, monkeypatch):
    monkeypatch.setattr("recueil.records.load_thesaurus", tuple)  # 589 concepts take half a minute to encode
    monkeypatch.setenv("RECUEIL_VAR", str(built.var))
    told = page("python.md").replace(ADDRESS, address)
    test = doctest.DocTestParser().get_doctest(told, {}, "python.md", "python.md", 0)
    assert len(test.examples) > 15
    said = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=said.append)
    assert said == []


def test_the_example_of_the_page_about_openai_runs(address, capsys):
    (example,) = re.findall(r"```python\n(.*?)```", page("openai.md"), re.DOTALL)
    exec(example.replace(ADDRESS, address), {})
    said = capsys.readouterr().out
    assert "[1]" in said
    assert "#cited" in said
    assert "{'question': 'Comment ça marche hébergement citoyen pour les femmes SDF ?'" in said


def test_the_transcript_of_an_assistant_is_what_is_said_today(searcher, answerer):
    made = Recueil.__new__(Recueil)
    made._way = Opened(searcher, lambda _: answerer)
    told = re.findall(r"```\n(\w+) (\{.*?\})\n```\n\n```json\n(.*?)```", page("mcp.md"), re.DOTALL)
    assert len(told) == 4

    async def said():
        async with Client(make_server(made, "test")) as client:
            return [(await client.call_tool(name, json.loads(given))).structured_content for name, given, _ in told]

    for (name, _, reply), real in zip(told, asyncio.run(said()), strict=True):
        assert contains(real, json.loads(reply)), name
