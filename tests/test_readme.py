"""README and docs cannot lie: settings, commands, routes, links, numbers and the example are those of the program."""

import json
import re
import tomllib
from pathlib import Path

import typer

import api
from cli import app
from corpus import load_thesaurus
from corpus.readers import readers
from search.retrieve import CANDIDATES
from settings import Settings
from web import SearchReply

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
IN_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


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
    commands = typer.main.get_command(app).commands
    assert set(re.findall(r"^\| `recueil ([\w-]+)", README, re.MULTILINE)) == set(commands)
    assert set(re.findall(r"^\| `recueil eval (\w+)", README, re.MULTILINE)) == set(commands["eval"].commands)
    for group in ("feedback", "keys"):
        told = README.split(f"| `recueil {group}` |")[1].split("|")[0].split(" what ")[0]
        assert set(re.findall(r"`(\w+)`", told)) == set(commands[group].commands)


def test_every_route_is_told_and_no_other(built):
    routes = {
        f"{method.upper()} {path}"
        for path, methods in api.create_app(built).openapi()["paths"].items()
        for method in methods
    }
    told = re.findall(r"`((?:GET|POST) /[\w/{}.]*)", README.split("## HTTP")[1].split("##")[0])
    assert set(told) == routes | {"GET /docs"}


def test_every_link_leads_to_a_file():
    links = [
        (page, link)
        for page in PAGES
        for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text(encoding="utf-8"))
    ]
    assert links
    assert [(page.name, link) for page, link in links if not (page.parent / link).exists()] == []


def test_every_file_that_the_docs_name_is_there():
    of_ours = r"`((?:corpus|index|search|feedback|eval|web|terminal|tests|docs)/[\w/.-]*)`"
    named = {
        (page.name, path)
        for page in PAGES
        if page.name != "CHANGELOG.md"
        for path in re.findall(of_ours, page.read_text(encoding="utf-8"))
    }
    assert sorted((page, path) for page, path in named if not (ROOT / path).exists()) == []


def test_the_numbers_of_the_readme_are_those_of_the_program(corpus):
    picture = (ROOT / "docs" / "images" / "flow.svg").read_text(encoding="utf-8")
    flat = " ".join(README.split())
    assert f"give {CANDIDATES} candidates" in flat
    assert f"{CANDIDATES} passages" in picture
    assert f"A thesaurus of {len(load_thesaurus())} concepts" in flat
    assert f"{len(corpus.initiatives)} initiatives from {IN_WORDS[len(corpus.documents)]} public documents" in flat


def test_a_reader_is_what_the_readme_says():
    assert f"The readers know {IN_WORDS[len(readers())]} layouts." in README
    assert "a new file in `corpus/readers/` with a function `read(document, gazetteer)`" in README
    assert [name for name in readers() if not (ROOT / "corpus" / "readers" / f"{name}.py").exists()] == []


def test_the_commands_of_the_readme_are_targets_of_the_makefile():
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    told = re.findall(r"(?:^|`)make (\w+)", README, re.MULTILINE)
    assert {"serve", "test", "check", "eval", "bench"} <= set(told) <= targets


def test_the_example_is_a_real_reply(searcher):
    told = json.loads(re.search(r"```json\n(.*?)```", README, re.DOTALL)[1])
    real = json.loads(SearchReply.of(searcher.search(told["query"]["text"], 1)).model_dump_json())
    assert contains(real, told)


def test_the_newest_release_of_the_changelog_is_this_version_and_only_what_is_unreleased_stands_above():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    sections = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    released = [section for section in sections if section != "Unreleased"]
    assert sections in (["Unreleased", *released], released)
    assert released[0] == version


def test_decisions_are_numbered_without_gaps_and_say_all_that_is_needed():
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(path.name[:4]) for path in decisions] == list(range(1, len(decisions) + 1))
    parts = ("**Question.**", "**Choice.**", "**Given up.**", "**To reverse.**")
    assert [
        path.name for path in decisions if not all(part in path.read_text(encoding="utf-8") for part in parts)
    ] == []
