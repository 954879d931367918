"""The README cannot lie: settings, commands, routes, links and its example are those of the program."""

import json
import re
import tomllib
from pathlib import Path

import typer

import api
from cli import app
from settings import Settings
from web import SearchReply

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def contains(real, told) -> bool:
    """Whether every value told is in the real reply; a text that ends in "…" is the beginning of one."""
    if isinstance(told, dict):
        return isinstance(real, dict) and all(key in real and contains(real[key], told[key]) for key in told)
    if isinstance(told, list):
        return isinstance(real, list) and all(any(contains(one, value) for one in real) for value in told)
    if isinstance(told, float):
        return abs(real - told) <= 0.02
    if isinstance(told, str) and told.endswith("…"):
        return real.startswith(told[:-1].rstrip())
    return real == told


def test_every_setting_is_told_with_its_default_and_no_other():
    rows = dict(re.findall(r"^\| `RECUEIL_(\w+)` \| (.+?) \|", README, re.MULTILINE))
    assert {name.lower() for name in rows} == set(Settings.model_fields)
    assert (rows["ENCODER"], rows["HOST"], rows["PORT"]) == ("`bundled`", "`127.0.0.1`", "`8000`")


def test_every_command_is_told_and_no_other():
    commands = set(typer.main.get_command(app).commands)
    assert set(re.findall(r"^\| `recueil ([\w-]+)", README, re.MULTILINE)) == commands


def test_every_route_is_told_and_no_other(built):
    routes = {
        f"{method.upper()} {path}"
        for path, methods in api.create_app(built).openapi()["paths"].items()
        for method in methods
    }
    told = re.findall(r"`((?:GET|POST) /[\w/{}]*)", README.split("## HTTP")[1].split("##")[0])
    assert set(told) == routes | {"GET /docs"}


def test_every_link_leads_to_a_file():
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_commands_of_the_readme_are_targets_of_the_makefile():
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    told = re.findall(r"(?:^|`)make (\w+)", README, re.MULTILINE)
    assert {"serve", "test", "check", "eval", "bench"} <= set(told) <= targets


def test_the_example_is_a_real_reply(searcher):
    told = json.loads(re.search(r"```json\n(.*?)```", README, re.DOTALL)[1])
    real = json.loads(SearchReply.of(searcher.search(told["query"]["text"], 1)).model_dump_json())
    assert contains(real, told)


def test_the_changelog_is_that_of_this_version():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)[1]
    assert newest == version


def test_decisions_are_numbered_without_gaps_and_say_all_that_is_needed():
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(path.name[:4]) for path in decisions] == list(range(1, len(decisions) + 1))
    parts = ("**Question.**", "**Choice.**", "**Given up.**", "**To reverse.**")
    assert [
        path.name for path in decisions if not all(part in path.read_text(encoding="utf-8") for part in parts)
    ] == []
