"""Replies: our values as the contract has them, and examples that are true to their schema."""

import inspect
from dataclasses import replace

import pytest
from pydantic import BaseModel

from corpus.places import Place, PlaceKind
from index import Acronym
from search import FacetValue, Results
from search.concepts import ConceptMention
from tests.atlas import AIN, answer, hit, initiative
from tests.small_index import query
from web import feedback_replies, schemas
from web.schemas import AskReply, InitiativeSheet, SearchReply, SimilarReply, StatementEvent

SHAPES = [
    shape
    for module in (schemas, feedback_replies)
    for _, shape in inspect.getmembers(module, inspect.isclass)
    if issubclass(shape, BaseModel) and shape.__module__ == module.__name__
]

THE_CARD = {
    "id": "atlas-le-bus-01",
    "title": "Le bus",
    "title_derived": False,
    "kind": "sheet",
    "departements": [{"code": "01", "name": "Ain"}],
    "carriers": ["Département de l'Ain"],
    "theme": "Transports",
    "start_year": 2016,
    "document": "atlas",
    "corrected": ["theme"],
}
THE_EDITORIAL = {
    "language": "en",
    "title": "The bus",
    "summary": "A bus goes everywhere.",
    "publics": [{"key": "habitants", "label": "Residents"}],
    "topics": [{"key": "mobilite", "label": "Mobility"}],
    "author": "language model",
    "date": "2026-11-25",
}
THE_HIT = {
    "rank": 1,
    "score": 2.5,
    "initiative": THE_CARD,
    "also_in": ["atlas-le-car-01"],
    "passage": {
        "text": "va partout.",
        "heading": "DESCRIPTION",
        "start_line": 4,
        "end_line": 4,
        "highlights": [{"start": 0, "end": 2, "question_word": "goes", "similarity": 0.75}],
    },
    "why": {"lexical_rank": None, "dense_rank": 3, "by_editorial": True},
    "editorial": THE_EDITORIAL,
}


def test_a_search_is_told_as_the_contract_has_it():
    place = Place(name="Ain", kind=PlaceKind.DEPARTEMENT, code="01", departements=(AIN,), start=10, end=13)
    concepts = (ConceptMention(0, 3, (4,), ("transport à la demande",)), ConceptMention(11, 14, (5,), ()))
    acronyms = (Acronym("CD", "Conseil départemental"),)
    asked = query("bus in the Ain", language="en", places=(place,), acronyms=acronyms, concepts=concepts)
    facets = {"theme": (FacetValue("Transports", "Transports", 7),)}
    results = Results(
        query=asked, total=7, further=3, hits=(hit(),), facets=facets, language="en", hint=None, took_ms=3.14159
    )
    the_place = {"name": "Ain", "kind": "departement", "code": "01", "departements": [{"code": "01", "name": "Ain"}]}
    assert SearchReply.of(results).model_dump(mode="json") == {
        "query": {
            "text": "bus in the Ain",
            "language": "en",
            "place": the_place,
            "places": [the_place],
            "acronyms": [{"short": "CD", "long": "Conseil départemental"}],
            "concepts": [{"words": "bus", "synonyms": ["transport à la demande"]}],
        },
        "total": 7,
        "further": 3,
        "hits": [THE_HIT],
        "facets": {"theme": [{"value": "Transports", "label": "Transports", "count": 7}]},
        "hint": None,
        "took_ms": 3.14,
    }


def test_a_question_without_a_place_has_none():
    results = Results(
        query=query("bus"), total=0, further=0, hits=(), facets={}, language="fr", hint="Try other words.", took_ms=1.0
    )
    reply = SearchReply.of(results)
    assert (reply.query.place, reply.query.places, reply.hint) == (None, [], "Try other words.")


def test_similar_initiatives_are_told_as_hits():
    assert SimilarReply.of((hit(),)).model_dump(mode="json") == {"hits": [THE_HIT]}


def test_a_sheet_is_told_whole_with_its_contacts():
    assert InitiativeSheet.of(initiative(), hit().record).model_dump(mode="json") == {
        **{key: value for key, value in THE_CARD.items() if key not in ("document", "corrected")},
        "also_titled": ["Le car"],
        "source": {"document": "atlas", "start_line": 3, "end_line": 4},
        "text": "Le bus\nva partout.",
        "chapter": "Mobilité",
        "cited_departements": [{"code": "2A", "name": "Corse-du-Sud"}],
        "fields": [],
        "territory": "Bourg",
        "partners": ["La ville"],
        "start_text": "Depuis 2016",
        "status": "en cours",
        "contacts": [
            {"name": None, "role": "Direction", "email": "bus@ain", "phone": "04 00 00 00 00", "email_damaged": True}
        ],
        "same_as": ["atlas-le-car-01"],
        "corrections": [
            {"field": "theme", "said": "Trasnports", "why": "A slip of the pen.", "since": "2026-11-29"},
        ],
        "editorial": THE_EDITORIAL,
    }


def test_a_sheet_without_an_editorial_record_says_so():
    assert InitiativeSheet.of(initiative(), None).editorial is None


THE_CITATION = {
    "initiative": "atlas-le-bus-01",
    "also_in": ["atlas-le-car-01"],
    "quote": "va\npartout.",
    "source": {"document": "atlas", "start_line": 3, "end_line": 4},
    "corrected": ["theme"],
}


def test_an_answer_is_told_as_the_contract_has_it_with_what_made_it():
    assert AskReply.of(answer(), [hit()]).model_dump(mode="json") == {
        "question": "Où va le bus ?",
        "language": "fr",
        "abstained": False,
        "verdict": "answered",
        "confidence": 0.93,
        "is_list": False,
        "text": "partout — Le bus (Ain) : « va partout. »\nIl roule.",
        "statements": [
            {"text": "partout — Le bus (Ain) : « va partout. »", "citations": [0], "lead": "", "reworded": ""},
            {"text": "Il roule.", "citations": [], "lead": "", "reworded": ""},
        ],
        "citations": [THE_CITATION],
        "hits": [THE_HIT],
        "path": "extractive",
        "fallback": "timed_out",
        "removed": 1,
        "took_ms": 12.3,
    }


def test_a_confidence_that_was_fitted_on_other_texts_is_none():
    assert AskReply.of(replace(answer(), confidence=None), ()).model_dump(mode="json")["confidence"] is None


def test_a_statement_of_a_stream_carries_its_citations_whole():
    statement = replace(answer().statements[0], lead="partout", reworded="Le bus va partout.")
    assert StatementEvent.of(statement, answer().citations).model_dump(mode="json") == {
        "text": "partout — Le bus (Ain) : « va partout. »",
        "citations": [THE_CITATION],
        "lead": "partout",
        "reworded": "Le bus va partout.",
    }


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_the_examples_of_the_schema_are_true_to_it(shape):
    assert "examples" in shape.model_json_schema() or shape is schemas.PageReply  # whose items have theirs
    for example in shape.model_json_schema().get("examples", []):
        assert shape.model_validate(example, strict=False, extra="forbid").model_dump(mode="json") == example
