"""`recueil enrich`: what it says it will send, what it writes, and how an interrupted run is taken up again."""

import json

import pytest

from tests.almanac import write_almanac
from tests.llm_server import LlmServer, streamed

RECORD = {
    "title_en": "An innovation of the public service",
    "summary": {
        "fr": "Une action publique qui aide les gens du pays à mieux vivre, tout simplement, chaque jour.",
        "en": "A public action that helps people of the country to live better, quite simply, every day.",
    },
    "publics": ["habitants"],
    "topics": ["lien-social"],
    "expansions": {
        "fr": [f"une idée {letter}" for letter in "abcdef"],
        "en": [f"one idea {letter}" for letter in "abcd"],
    },
}


@pytest.fixture
def server():
    with LlmServer() as running:
        running.behave = streamed(json.dumps(RECORD))
        yield running


@pytest.fixture
def records(recueil, server, tmp_path, monkeypatch):
    """A folder for the records of an almanac that has none, and a model that writes them."""
    monkeypatch.setenv("RECUEIL_DOCUMENTS", str(write_almanac(tmp_path / "documents")))
    monkeypatch.setenv("RECUEIL_LLM_URL", server.url)
    monkeypatch.setenv("RECUEIL_LLM_MODEL", "a-model")
    return tmp_path / "editorial"


def test_the_cost_is_told_and_nothing_is_sent_before_somebody_agrees(recueil, server, records):
    ended = recueil("enrich", "--price-in", "1000", "--price-out", "0")
    assert ended.exit_code == 1
    assert "6 initiatives have no record, 6 are asked for. At 3.5 characters a token, about " in ended.stdout
    assert " tokens will be sent to 127.0.0.1 and " in ended.stdout
    assert "That costs about " in ended.stdout
    assert "Send the texts of their sheets, without contacts? [y/N]" in ended.stdout
    assert server.requests == []


def test_records_are_written_and_a_second_run_takes_up_where_the_first_ended(recueil, server, records):
    first = recueil("enrich", "--yes", "--limit", "2")
    assert first.exit_code == 0, first.stderr
    assert f"2 records were written into {records}.\nRun `recueil build` to search with them.\n" in first.stdout
    assert len((records / "almanac.jsonl").read_text(encoding="utf-8").splitlines()) == 2
    second = recueil("enrich", "--yes")
    assert "4 initiatives have no record, 4 are asked for." in second.stdout
    assert "4 records were written" in second.stdout
    assert len(server.requests) == 6
    assert recueil("enrich").stdout == f"Every initiative has its record in {records}.\n"


def test_what_is_left_out_is_told_with_its_faults(recueil, server, records):
    server.behave = streamed("I would rather not.")
    ended = recueil("enrich", "--yes", "--limit", "1")
    assert "0 records were written" in ended.stdout
    assert "Left out: almanac-" in ended.stderr
    assert "The reply holds no JSON object" in ended.stderr


FACT = {
    "kind": "what",
    "questions": {"fr": ["Que vise le défi ?", "C'est quoi, le défi ?"], "en": ["What is the challenge?"]},
    "answer": {"fr": "Le défi vise un but pour les gens.", "en": "The challenge has an aim for people."},
    "short": {"fr": "un but", "en": "an aim"},
    "quotes": ["Le défi vise à"],
}


def test_facts_are_written_beside_the_records_and_a_second_run_takes_up_where_the_first_ended(recueil, server, records):
    server.behave = streamed(json.dumps({"facts": [FACT]}))
    first = recueil("enrich", "--facts", "--yes", "--limit", "2")
    assert first.exit_code == 0, first.stderr
    assert "6 initiatives have no facts, 2 are asked for." in first.stdout
    assert f"2 facts about 2 initiatives were written into {records / 'facts'}." in first.stdout
    assert "4 facts about 4 initiatives" in recueil("enrich", "--facts", "--yes").stdout
    assert len((records / "facts" / "almanac.jsonl").read_text(encoding="utf-8").splitlines()) == 6
    assert recueil("enrich", "--facts").stdout == f"Every initiative has its facts in {records}.\n"


def test_facts_that_are_left_out_are_told_with_their_faults(recueil, server, records):
    server.behave = streamed(json.dumps({"facts": [FACT, FACT | {"quotes": ["un tracteur"]}]}))
    ended = recueil("enrich", "--facts", "--yes", "--limit", "1")
    assert "1 facts about 1 initiatives were written" in ended.stdout
    assert "'Que vise le défi ?': 'un tracteur' stands in no sheet" in ended.stderr


def test_without_a_language_model_the_settings_to_make_are_named(recueil):
    ended = recueil("enrich")
    assert ended.exit_code == 1
    assert "Set RECUEIL_LLM_URL and RECUEIL_LLM_MODEL." in ended.stderr
