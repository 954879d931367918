"""The wheel: one name for everything, the same bytes twice, and a service of it that serves without a checkout."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest

from deploy.wheel import with_prefix
from tests.conftest import ROOT, STOP_S, await_ready, environment_of, free_port

EPOCH = "1700000000"
UV = Path(sys.executable).with_name("uv")
IMPORTS = """\
from search import Searcher
import os, re
if True:
    from search.answer import Answerer as é; from corpus.text import fold
from searching import other
from . import search
x = "from search import y"
"""
MOVED = """\
from recueil.search import Searcher
import os, re
if True:
    from recueil.search.answer import Answerer as é; from corpus.text import fold
from searching import other
from . import search
x = "from search import y"
"""


def test_imports_of_ours_get_the_name_in_their_line():
    assert with_prefix(IMPORTS, {"search"}, "recueil") == MOVED


def test_two_imports_in_a_line_and_over_lines_are_found():
    given = (
        "def f():\n    a = 'é'; from search import x; from corpus import (\n        x,\n    ); from corpus import y\n"
    )
    assert with_prefix(given, {"search", "corpus"}, "recueil") == given.replace("from ", "from recueil.")


def test_a_name_that_would_be_another_one_everywhere_is_refused():
    with pytest.raises(ValueError, match=r"from search\.answer import"):
        with_prefix("import search.answer\n", {"search"}, "recueil")


# --- built and installed


def built(folder: Path) -> Path:
    """The wheel of the tracked sources, built from a copy of them: an older build of the checkout has no say in it."""
    sources = folder / "sources"
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    for name in listed:
        if not name.startswith("tests/") and (ROOT / name).is_file():
            (sources / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, sources / name)
    environment = os.environ | {"SOURCE_DATE_EPOCH": EPOCH}
    command = [UV, "build", "--quiet", "--wheel", "--out-dir", folder / "dist"]
    subprocess.run(command, cwd=sources, env=environment, check=True)
    return next((folder / "dist").glob("*.whl"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return built(tmp_path_factory.mktemp("wheel"))


@pytest.mark.slow
def test_two_builds_are_the_same_bytes(wheel, tmp_path):
    assert built(tmp_path).read_bytes() == wheel.read_bytes()


@pytest.mark.slow
def test_nothing_of_a_common_name_lands_beside_other_peoples_packages(wheel):
    with ZipFile(wheel) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}
        sources = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".py")}
    assert {name for name in tops if not name.endswith(".dist-info")} == {"recueil"}
    for name, source in sources.items():
        compile(source, name, "exec")
    assert "recueil/deploy/wheel.py" not in sources


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The folder of an environment with nothing in it but the lock, by hash, and the wheel."""
    folder = tmp_path_factory.mktemp("environment") / "env"
    lock = ROOT / "deploy" / "requirements.lock"
    pip = [UV, "pip", "install", "--quiet", "--python", folder / "bin" / "python"]
    subprocess.run([UV, "venv", "--quiet", "--python", sys.executable, folder], check=True)
    subprocess.run([*pip, "--require-hashes", "--only-binary", ":all:", "-r", lock], check=True)
    subprocess.run([*pip, "--no-deps", wheel], check=True)
    return folder


def said(installed, *command, **environment):
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("RECUEIL_", "PYTHON"))}
    return subprocess.run(
        [installed / "bin" / command[0], *command[1:]],
        cwd=installed, env=ours | environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.slow
def test_it_says_its_version_and_where_it_keeps_what_it_makes(installed, tmp_path):
    assert said(installed, "recueil", "--version").stdout.startswith("recueil ")
    status = said(installed, "recueil", "status", HOME=str(tmp_path))
    assert f"RECUEIL_VAR: {tmp_path}/.local/share/recueil" in status.stdout


@pytest.mark.slow
def test_our_names_are_free_for_others_and_torch_is_not_needed(installed):
    program = "from importlib.util import find_spec as f; print([n for n in {names} if f(n)])"
    names = ["api", "cli", "corpus", "eval", "index", "search", "settings", "terminal", "torch", "transformers", "web"]
    assert said(installed, "python", "-c", program.format(names=names)).stdout == "[]\n"


@pytest.mark.slow
@pytest.mark.parametrize(("command", "extra"), [(["eval"], "eval"), (["adapt"], "model")])
def test_what_an_extra_brings_is_told_where_it_is_missing(installed, built_settings, command, extra):
    ended = said(installed, "recueil", *command, RECUEIL_VAR=str(built_settings.var))
    assert (ended.returncode, f"recueil[{extra}]" in ended.stderr, "Traceback" in ended.stderr) == (1, True, False)


@pytest.fixture(scope="module")
def built_settings(request):
    return request.getfixturevalue("built")


# Everything read-only but what is mounted after it; the shell gives its process to the service.
READ_ONLY = "mount --bind / / && mount --bind {var} {var} && mount -o remount,ro,bind / && exec "


@pytest.mark.slow
def test_it_serves_with_everything_read_only_but_its_folder(installed, built_settings, tmp_path):
    var = tmp_path / "var"
    var.mkdir()
    (var / "models").symlink_to(built_settings.var / "models")
    (var / "index").symlink_to(".index-20260101t000000000000")
    shutil.copytree(built_settings.index_folder, var / ".index-20260101t000000000000")
    settings = built_settings.model_copy(update={"port": free_port(), "var": var, "feedback": True})
    environment = environment_of(settings)
    del environment["RECUEIL_DOCUMENTS"]  # those of the package
    shell = READ_ONLY.format(var=var) + f"{installed / 'bin' / 'recueil'} serve"
    command = ["unshare", "--mount", "sh", "-c", shell]
    if subprocess.run([*command[:-1], "true"], check=False).returncode != 0:
        pytest.skip("this user may not make a mount namespace")
    with (
        subprocess.Popen(command, cwd="/", env=environment, stderr=subprocess.PIPE, text=True) as process,
        httpx.Client(base_url=f"http://{settings.host}:{settings.port}", timeout=60) as client,
    ):
        try:
            await_ready(client, process)
            found = client.get("/search", params={"q": "un bus pour les villages"}).json()
            answered = client.get("/ask", params={"q": "Qui héberge des femmes sans domicile ?"})
            kept = client.post("/feedback/gap", json={"query": "un téléphérique"})
            page = client.get("/", params={"q": "logement"})
        finally:
            process.terminate()
            process.wait(STOP_S)
    assert found["hits"]
    assert answered.json()["citations"]
    assert (kept.status_code, page.status_code, "<h1" in page.text) == (201, 200, True)
