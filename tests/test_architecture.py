"""The order of the house: imports point one way and through faces, serving stays light, nobody prints below a door."""

import ast
import re
import subprocess
import sys
import tomllib

import pytest

from search.retrieve import CANDIDATES
from tests.census import ROOT, exported, imports_across_packages, is_through_face, packages, production_files

DOORS = {"api", "cli", "settings"}
BELOW = {
    "corpus": set(),
    "index": {"corpus"},
    "search": {"corpus", "index"},
    "feedback": {"corpus", "index", "search"},
    "eval": {"corpus", "index", "search", "feedback"},
    "web": {"corpus", "index", "search", "feedback"},
    # `--json` prints what the HTTP door would give, and `serve` starts that door.
    # A door as api and cli are, and a package because it is imported under the project's name.
    "recueil": {"cli", "corpus", "index", "search", "web", "settings"},
    "terminal": {"corpus", "index", "search", "feedback", "eval", "web", "recueil", "settings", "api"},
}
MOST_LINES = 450
FORBIDDEN_STEMS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "handler", "factory", "base"}


def sources(folder):
    return sorted((ROOT / folder).rglob("*.py"))


def modules_imported(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return names | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


def test_only_the_doors_lie_in_the_root():
    assert {path.stem for path in ROOT.glob("*.py")} == DOORS


@pytest.mark.parametrize("folder", BELOW)
def test_a_folder_imports_only_what_lies_below_it(folder):
    ours = BELOW.keys() | DOORS
    wrong = {
        str(path.relative_to(ROOT)): found
        for path in sources(folder)
        if (found := ({name.split(".")[0] for name in modules_imported(path)} & ours) - BELOW[folder] - {folder})
    }
    assert wrong == {}


def test_searching_knows_nothing_of_answering_and_of_language_models():
    searching = [path for path in sources("search") if path.parent.name == "search"]
    further = ("search.answer", "search.language_model")
    assert [path.name for path in searching if any(name.startswith(further) for name in modules_imported(path))] == []


def test_a_language_model_is_reached_only_when_it_is_asked():
    assert "httpx" not in modules_after("import search.answer, search.language_model")


@pytest.mark.parametrize("tools", ["index.model", "eval.training"])
def test_what_only_makes_models_is_imported_by_nothing_that_serves(tools):
    serving = [path for folder in ("search", "feedback", "web") for path in sources(folder)] + [ROOT / "api.py"]
    assert [path.name for path in serving if any(name.startswith(tools) for name in modules_imported(path))] == []


def test_packages_are_entered_through_their_face():
    """But that api.py takes the modules of web: its face is for the command line, and loads no web framework."""
    known = packages()
    past = [one for one in imports_across_packages() if not is_through_face(one, known)]
    assert [str(one) for one in past if not (one.file == "api.py" and one.module.startswith("web."))] == []


def test_every_package_has_a_face_that_tells_its_part_of_the_story():
    for path in (path for path in production_files() if path.name == "__init__.py"):
        assert exported(path), path
        assert len(ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "") > 80, path


def test_what_a_face_exports_is_there():
    for package, names in packages().items():
        module = __import__(package, fromlist=["*"])
        assert [name for name in sorted(names) if not hasattr(module, name)] == [], package


def test_a_file_can_be_read_in_one_sitting():
    lengths = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in production_files()}
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}


def test_a_language_is_always_one_of_those_there_are():
    """What is called `language` is annotated `Language`, "fr" or "en", never any text."""
    loose = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in production_files()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if name_of(node) == "language" and node.annotation and "Language" not in ast.unparse(node.annotation)
    ]
    assert loose == []


def name_of(node):
    """The name of an annotated variable, field or argument, None for what is no such thing."""
    if isinstance(node, ast.arg):
        return node.arg
    return node.target.id if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) else None


def test_a_rule_of_text_has_one_keeper():
    """No function of corpus.text, such as what makes a text safe in a spreadsheet, is written a second time."""
    rules = packages()["corpus.text"]
    again = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in production_files()
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name in rules and path.parent.name != "text"
    ]
    assert again == []


def test_the_number_of_candidates_is_told_as_it_is():
    """On the page of how it works, and in the decision about ranking, whose tables are older, with more of them."""
    shipped = f"{CANDIDATES} candidates"
    told = (ROOT / "docs" / "how-it-works.md").read_text(encoding="utf-8")
    decision = (ROOT / "docs" / "decisions" / "0003-ranking.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\d+ candidates", told)) == {shipped}
    assert shipped in " ".join(decision.split("**Since.**")[1].split())


def test_every_file_is_named_after_what_it_holds():
    assert [path.name for path in production_files() if path.stem in FORBIDDEN_STEMS] == []


def test_the_page_about_the_architecture_names_every_package_and_only_modules_that_exist():
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = set(
        re.findall(r"`((?:corpus|index|search|feedback|eval|web|terminal|recueil|deploy)(?:[/.][\w/.]+)?)/?`", page)
    )
    paths = {name.rstrip("/") for name in named}
    assert sorted(path for path in paths if not (ROOT / path).exists()) == []
    assert sorted(packages().keys() - {path.replace("/", ".") for path in paths}) == []


def test_only_the_doors_read_the_environment():
    readers = {
        str(path.relative_to(ROOT))
        for folder in BELOW
        for path in sources(folder)
        if {"os.environ", "os.getenv"} & set(attributes_named(path.read_text(encoding="utf-8")))
    }
    assert readers == set()


def attributes_named(source):
    return [ast.unparse(node) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)]


def test_nothing_prints_below_the_terminal():
    printers = {
        str(path.relative_to(ROOT))
        for folder in BELOW.keys() - {"terminal"}
        for path in sources(folder)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"print", "sys.stdout.write", "sys.stderr.write"}
    }
    assert printers == set()


def test_the_distribution_holds_every_package_and_every_door():
    setuptools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    assert set(setuptools["py-modules"]) == DOORS
    assert set(setuptools["packages"]) == packages().keys()


def test_the_distribution_holds_every_file_of_data():
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["package-data"]
    held = {
        path
        for folder, globs in patterns.items()
        for glob in globs
        for path in (ROOT / folder.replace(".", "/")).glob(glob)
    }
    data = {
        path
        for folder in BELOW
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc"}
    }
    assert sorted(str(path.relative_to(ROOT)) for path in data - held) == []


def modules_after(program):
    """The modules that a fresh process has loaded after running a program."""
    program += "\nimport sys; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


HEAVY = {"torch", "sentence_transformers", "transformers"}


def test_serving_loads_nothing_that_only_builds(built):
    program = (
        "from pathlib import Path; from search import Searcher; from search.answer import Answerer;"
        f"searcher = Searcher.open(Path({str(built.index_folder)!r}), Path({str(built.model_folder)!r}), 1);"
        "searcher.search('mobilité des jeunes'); searcher.similar_to('un bus itinérant'); import api"
    )
    loaded = modules_after(program)
    assert loaded & (HEAVY | {"index.model", "eval"}) == set()


def test_the_help_of_the_command_line_loads_no_engine():
    program = "import cli\ntry: cli.app(['--help'])\nexcept SystemExit: pass"
    loaded = modules_after(program) & (HEAVY | {"faiss", "onnxruntime", "numpy", "fastapi", "corpus", "search"})
    assert loaded == set()


def test_importing_the_http_door_opens_nothing():
    assert modules_after("import api") & HEAVY == set()
