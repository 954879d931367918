"""The documentation cannot lie: on every page commands, settings, routes, links, files and numbers are real."""

import json
import re
import shlex
import tomllib

import pytest
import typer

import api
from cli import app
from corpus import load_thesaurus
from corpus.readers import readers
from search.retrieve import CANDIDATES
from settings import Settings
from tests.census import ROOT
from tests.replies import contains
from web import SearchReply

DOCS = ROOT / "docs"
OF_THE_ROOT = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")]
GUIDES = [*OF_THE_ROOT, *sorted(DOCS.glob("*.md"))]
PAGES = [*GUIDES, ROOT / "CHANGELOG.md", *sorted((DOCS / "decisions").glob("*.md"))]
COMMANDS = typer.main.get_command(app)
EVERY_GUIDE = pytest.mark.parametrize("page", GUIDES, ids=lambda path: path.name)


def text(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def flat(name: str) -> str:
    return " ".join(text(name).split())


def test_every_setting_is_told_with_its_default_and_no_other():
    rows = dict(re.findall(r"^\| `RECUEIL_(\w+)` \| (.+?) \|", text("settings.md"), re.MULTILINE))
    assert {name.lower() for name in rows} == set(Settings.model_fields)
    assert (rows["ENCODER"], rows["HOST"], rows["PORT"]) == ("`bundled`", "`127.0.0.1`", "`8000`")


def test_every_command_is_told_and_no_other():
    page, commands = text("commands.md"), COMMANDS.commands
    assert set(re.findall(r"^\| `recueil ([\w-]+)", page, re.MULTILINE)) == set(commands)
    assert set(re.findall(r"^\| `recueil eval (\w+)", page, re.MULTILINE)) == set(commands["eval"].commands)
    for group in ("feedback", "keys"):
        told = page.split(f"| `recueil {group}` |")[1].split("|")[0].split(" what ")[0]
        assert set(re.findall(r"`(\w+)`", told)) == set(commands[group].commands)


def test_every_route_is_told_and_no_other(built):
    routes = {
        f"{method.upper()} {path}"
        for path, methods in api.create_app(built).openapi()["paths"].items()
        for method in methods
    }
    told = re.findall(r"`((?:GET|POST) /[\w/{}.]*)", text("http.md").split("## Routes")[1].split("\n## ")[0])
    assert set(told) == routes | {"GET /docs"}


def named(command, words):
    """The command that words name, and what is left of them."""
    while words and words[0] in getattr(command, "commands", {}):
        command, words = command.commands[words[0]], words[1:]
    return command, words


@EVERY_GUIDE
def test_every_command_that_a_guide_tells_is_there_with_its_options(page):
    told = re.findall(r"(?:`|^\$ |^|bin/)recueil ((?!`)[^`\n]+)", page.read_text(encoding="utf-8"), re.MULTILINE)
    for line in told:
        words = [word for word in shlex.split(line, comments=True) if "$" not in word]
        command, left = named(COMMANDS, words)
        options = {name for parameter in command.params for name in parameter.opts}
        assert command is not COMMANDS or left[:1] == ["--version"], line
        assert {word for word in left if word.startswith("--")} <= options, line


@EVERY_GUIDE
def test_every_setting_that_a_guide_tells_is_one(page):
    told = re.findall(r"\bRECUEIL_(\w+)", page.read_text(encoding="utf-8"))
    assert {name.lower() for name in told} <= set(Settings.model_fields)


@pytest.fixture(scope="module")
def paths():
    return api.create_app(Settings(corpora="odas")).openapi()["paths"]  # with the routes of several corpora


@EVERY_GUIDE
def test_every_route_that_a_guide_tells_is_one(page, paths):
    told = re.findall(r"\b(GET|POST) (/[\w/{}.]*[\w/}])", page.read_text(encoding="utf-8"))
    unknown = {(method, path) for method, path in told if method.lower() not in paths.get(path, ())}
    assert unknown <= {("GET", "/docs"), ("GET", "/openapi.json"), ("POST", "/compare")}


@EVERY_GUIDE
def test_every_target_of_make_that_a_guide_tells_is_one(page):
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:^|`)make (\w+)", page.read_text(encoding="utf-8"), re.MULTILINE)) <= targets


def test_what_is_made_with_make_is_told():
    told = {one for page in GUIDES for one in re.findall(r"`?make (\w+)", page.read_text(encoding="utf-8"))}
    assert {"serve", "test", "check", "eval", "bench", "docs"} <= told


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
    named_files = {
        (page.name, path)
        for page in PAGES
        if page.name != "CHANGELOG.md"
        for path in re.findall(of_ours, page.read_text(encoding="utf-8"))
    }
    assert sorted((page, path) for page, path in named_files if not (ROOT / path).exists()) == []


def test_the_numbers_of_how_it_works_are_those_of_the_program():
    picture = (DOCS / "images" / "flow.svg").read_text(encoding="utf-8")
    assert f"give {CANDIDATES} candidates" in flat("how-it-works.md")
    assert f"{CANDIDATES} passages" in picture
    assert f"A thesaurus of {len(load_thesaurus())} concepts" in flat("how-it-works.md")


def test_the_first_pages_say_how_many_initiatives_there_are(corpus):
    for page, told in (
        ("index.md", "initiatives from five public"),
        ("index.fr.md", "initiatives de cinq documents publics"),
    ):
        assert f"{len(corpus.initiatives)} {told}" in flat(page)


def test_a_reader_is_what_the_page_of_limits_says():
    assert len(readers()) == 5
    assert "The readers know five layouts." in text("limits.md")
    assert "a new file in `corpus/readers/` with a function `read(document, gazetteer)`" in text("limits.md")
    assert [name for name in readers() if not (ROOT / "corpus" / "readers" / f"{name}.py").exists()] == []


def test_the_example_of_the_page_about_http_is_a_real_reply(searcher):
    told = json.loads(re.search(r"```json\n(.*?)```", text("http.md"), re.DOTALL)[1])
    real = json.loads(SearchReply.of(searcher.search(told["query"]["text"], 1)).model_dump_json())
    assert contains(real, told)


def commands_of(page):
    return set(re.findall(r"recueil ([a-z]+)", page.read_text(encoding="utf-8"))) & set(COMMANDS.commands)


def test_a_page_in_french_tells_the_same_commands_as_the_page_in_english():
    for page in sorted(DOCS.glob("*.fr.md")):
        assert commands_of(page) == commands_of(page.with_name(page.name.replace(".fr.md", ".md"))), page.name


def test_the_newest_release_of_the_changelog_is_this_version_and_only_what_is_unreleased_stands_above():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    sections = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    released = [section for section in sections if section != "Unreleased"]
    assert sections in (["Unreleased", *released], released)
    assert released[0] == version


def test_decisions_are_numbered_without_gaps_and_say_all_that_is_needed():
    decisions = sorted((DOCS / "decisions").glob("*.md"))
    assert [int(path.name[:4]) for path in decisions] == list(range(1, len(decisions) + 1))
    parts = ("**Question.**", "**Choice.**", "**Given up.**", "**To reverse.**")
    assert [
        path.name for path in decisions if not all(part in path.read_text(encoding="utf-8") for part in parts)
    ] == []
