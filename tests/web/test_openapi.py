"""The description of the routes for programs: whole, with names that stay, and true in every example."""

import json

import pytest
from jsonschema import Draft202012Validator

import api
from recueil import version
from settings import Settings


@pytest.fixture(scope="module")
def described(tmp_path_factory):
    return api.create_app(Settings(var=tmp_path_factory.mktemp("var"))).openapi()


@pytest.fixture(scope="module")
def routes(described):
    """Method and path → what is said of the route."""
    return {
        f"{method.upper()} {path}": route
        for path, methods in described["paths"].items()
        for method, route in methods.items()
    }


def test_it_says_which_version_under_which_licence(described):
    assert described["info"]["version"] == version()
    assert described["info"]["license"] == {"name": "MIT", "identifier": "MIT"}


def test_every_field_and_every_parameter_is_described(described, routes):
    lacking = [
        f"{name}.{field}"
        for name, schema in described["components"]["schemas"].items()
        for field, told in schema.get("properties", {}).items()
        if not told.get("description")
    ]
    lacking += [
        f"{name} {parameter['name']}"
        for name, route in routes.items()
        for parameter in route.get("parameters", [])
        if not (parameter.get("description") or parameter["schema"].get("description"))
    ]
    assert lacking == []


def test_every_route_has_a_purpose_a_group_and_a_name_that_stays(described, routes):
    groups = {tag["name"] for tag in described["tags"]}
    assert all(tag["description"] for tag in described["tags"])
    assert {group for route in routes.values() for group in route["tags"]} == groups
    assert all(route["description"] for route in routes.values())
    names = [route["operationId"] for route in routes.values()]
    assert len(set(names)) == len(names)
    # Clients that were made of the description call these.
    assert {
        "search", "ask", "list_initiatives", "show_initiative", "similar_initiatives", "similar_to_text", "list_facets",
        "list_documents", "compare_initiatives", "complete_chat", "give_feedback", "report_gap", "health", "ready",
    } <= set(names)  # fmt: skip


def test_every_reply_has_an_example_that_is_true_to_its_schema(described, routes):
    shapes = {"components": described["components"]}
    for name, route in routes.items():
        assert any(status.startswith("2") for status in route["responses"]), name
        for status, reply in route["responses"].items():
            assert reply["content"], f"{name} {status}"
            for kind, content in reply["content"].items():
                assert "example" in content, f"{name} {status} {kind}"
                Draft202012Validator(content["schema"] | shapes).validate(content["example"])


def test_examples_of_events_are_json_line_by_line(routes):
    for name in ("GET /ask", "POST /v1/chat/completions"):
        events = routes[name]["responses"]["200"]["content"]["text/event-stream"]["example"]
        data = [line.removeprefix("data: ") for line in events.splitlines() if line.startswith("data: ")]
        assert len(data) == 2
        assert all(json.loads(one) for one in data if one != "[DONE]")
