"""The order of the house: imports point one way, serving stays light, nobody prints below a door."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BELOW = {
    "corpus": set(),
    "index": {"corpus"},
    "search": {"corpus", "index"},
    "eval": {"corpus", "index", "search"},
    # The page is a door of several files, beside the other doors.
    "web": {"corpus", "index", "search", "http_faults", "opened", "parameters", "wire"},
}
DOORS = {path.stem for path in ROOT.glob("*.py")}
FORBIDDEN_STEMS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "handler", "factory", "base"}


def sources(folder):
    return sorted((ROOT / folder).rglob("*.py"))


def modules_imported(source):
    tree = ast.parse(source)
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize("folder", BELOW)
def test_a_folder_imports_only_what_lies_below_it(folder):
    ours = BELOW.keys() | DOORS
    wrong = {
        str(path.relative_to(ROOT)): found
        for path in sources(folder)
        if (found := (modules_imported(path.read_text(encoding="utf-8")) & ours) - BELOW[folder] - {folder})
    }
    assert wrong == {}


def test_only_the_command_line_imports_the_evaluation():
    importers = {
        door for door in DOORS if "eval" in modules_imported((ROOT / f"{door}.py").read_text(encoding="utf-8"))
    }
    assert importers <= {"cli", "cli_eval", "cli_learning"}


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


def test_nothing_prints_below_the_doors():
    printers = {
        str(path.relative_to(ROOT))
        for folder in BELOW
        for path in sources(folder)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"print", "sys.stdout.write", "sys.stderr.write"}
    }
    assert printers == set()


def test_every_file_is_named_after_what_it_holds():
    everywhere = [
        path for folder in (*BELOW, ".") for path in (ROOT / folder).glob("**/*.py" if folder != "." else "*.py")
    ]
    assert [path.name for path in everywhere if path.stem in FORBIDDEN_STEMS] == []


def test_the_package_holds_every_folder_and_every_door():
    setuptools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    inits = [path for folder in BELOW for path in sources(folder) if path.name == "__init__.py"]
    folders = {str(path.parent.relative_to(ROOT)).replace("/", ".") for path in inits}
    assert (set(setuptools["py-modules"]), set(setuptools["packages"])) == (DOORS, folders)


def test_the_package_holds_every_file_of_data():
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"][
        "package-data"
    ]
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
    """The top-level modules that a fresh process has loaded after running a program."""
    program += "\nimport sys; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


HEAVY = {"torch", "sentence_transformers", "transformers"}


def test_serving_loads_neither_torch_nor_sentence_transformers(built):
    program = (
        "from pathlib import Path; from search import Engine; from index.build import index_folder, model_folder;"
        f"var = Path({str(built.var)!r});"
        f"engine = Engine.open(index_folder(var), model_folder(var, {built.encoder!r}), 1);"
        "engine.search('mobilité des jeunes'); engine.similar_to('un bus itinérant'); import api"
    )
    assert modules_after(program) & HEAVY == set()


def test_the_help_of_the_command_line_loads_no_engine():
    program = "import cli\ntry: cli.app(['--help'])\nexcept SystemExit: pass"
    loaded = modules_after(program) & (HEAVY | {"faiss", "onnxruntime", "numpy", "fastapi", "corpus", "search"})
    assert loaded == set()


def test_importing_the_http_door_opens_nothing():
    assert modules_after("import api") & HEAVY == set()
