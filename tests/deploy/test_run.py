"""Container, proxy and unit of systemd: what they name is there, and they give away as little as they say."""

import re
import shlex
import shutil
import subprocess
import tomllib
from collections import defaultdict

import pytest
import typer
import yaml

from cli import app
from settings import PREFIX, Settings
from tests.conftest import ROOT

DEPLOY = ROOT / "deploy"
PORT = Settings.model_fields["port"].default
EXPOSED = 1.5  # of 10, where a service of systemd that protects itself from nothing has 9.6


def text_of(name):
    return (DEPLOY / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(path.name for path in DEPLOY.iterdir() if path.is_file()))
def test_every_setting_that_is_given_is_one(name):
    given = set(re.findall(rf"\b{PREFIX}(\w+)", text_of(name)))
    assert {setting.lower() for setting in given} <= set(Settings.model_fields)


# --- the container


@pytest.fixture(scope="module")
def stages():
    """The instructions of each stage of the container file, by the name of the stage."""
    lines = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", text_of("Containerfile"), flags=re.M)).splitlines()
    found = {}
    for line in filter(None, lines):
        word, rest = line.split(maxsplit=1)
        if word == "FROM":
            found[rest.split()[-1]] = []
        elif found:
            found[list(found)[-1]].append((word, rest))
    return found


def test_what_is_copied_is_there_or_made_by_a_stage_before(stages):
    known = set()
    for name, instructions in stages.items():
        for word, rest in instructions:
            if word == "COPY":
                made_by = re.search(r"--from=(\w+)", rest)
                sources = [part for part in rest.split()[:-1] if not part.startswith("--")]
                assert made_by[1] in known if made_by else all((ROOT / source).exists() for source in sources), rest
        known.add(name)


def test_what_serves_is_nobody_in_particular_and_holds_no_compiler_and_no_sources(stages):
    *_, last = stages
    instructions = defaultdict(list)
    for word, rest in stages[last]:
        instructions[word].append(rest)
    assert last == "service"
    assert int(instructions["USER"][-1]) >= 1000
    assert instructions["ENTRYPOINT"] == ['["recueil"]']
    assert instructions["VOLUME"] == ["/var/lib/recueil"]
    assert all("--from=" in one for one in instructions["COPY"])
    assert not any("pip" in one for one in instructions["RUN"])
    assert "/health" in instructions["HEALTHCHECK"][0]


def test_packages_are_installed_by_hash_and_never_built(stages):
    (install,) = (rest for word, rest in stages["environment"] if word == "RUN")
    assert "--require-hashes --only-binary :all: -r /requirements.lock" in install


def test_an_image_is_made_of_what_the_wheel_is_made_of_and_nothing_else():
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    setuptools = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    packages = {name for name in setuptools["packages"] if "." not in name}
    modules = {f"{name}.py" for name in setuptools["py-modules"]}
    assert kept == packages | modules | {"LICENSE", "MANIFEST.in", "README.md", "deploy", "pyproject.toml"}


@pytest.fixture(scope="module")
def services():
    return yaml.safe_load(text_of("compose.yaml"))["services"]


def test_no_container_writes_beside_its_volumes_or_gains_a_right(services):
    for service in services.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]


def test_the_service_is_reached_through_the_proxy_alone(services):
    recueil = services["recueil"]
    assert "ports" not in recueil
    assert (recueil["network_mode"], recueil["environment"]["RECUEIL_HOST"]) == ("service:proxy", "127.0.0.1")
    assert f"reverse_proxy 127.0.0.1:{PORT}" in text_of("Caddyfile")
    assert (DEPLOY / recueil["build"]["context"] / recueil["build"]["dockerfile"]).is_file()


def test_the_proxy_keeps_figures_inside_and_no_log_of_questions():
    proxy = re.sub(r"#.*", "", text_of("Caddyfile"))
    assert "path /metrics" in proxy
    assert not re.search(r"^\s*log\b", proxy, re.M)


# --- systemd


def test_units_are_run_as_a_user_of_their_own_by_commands_that_there_are():
    commands = typer.main.get_command(app).commands
    for name in ("recueil.service", "recueil-purge.service"):
        unit = text_of(name)
        _, command, *_ = shlex.split(re.search(r"^ExecStart=(.+)", unit, re.M)[1])
        assert command in commands
        assert {"DynamicUser=yes", "StateDirectory=recueil", "NoNewPrivileges=yes"} <= set(unit.splitlines())


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_the_service_is_hardly_exposed():
    command = ["systemd-analyze", "security", "--offline=true", str(DEPLOY / "recueil.service")]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    if "--offline" in said.stderr:
        pytest.skip("this systemd knows no --offline")
    assert float(re.search(r"exposure level for recueil.service: ([\d.]+)", said.stdout)[1]) <= EXPOSED


# --- the lock


def named(requirement):
    return re.split(r"[=\[ ;]", requirement)[0].lower().replace("_", "-")


def versions(text):
    return {named(line): line.split("==")[1].split()[0] for line in text.splitlines() if re.match(r"[\w.-]+==", line)}


def test_the_lock_has_the_versions_of_the_constraints_and_all_that_serving_needs():
    locked, constrained = (
        versions(text_of("requirements.lock")),
        versions((ROOT / "constraints.txt").read_text("utf-8")),
    )
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert {named(one) for one in project["dependencies"] + project["optional-dependencies"]["import"]} <= locked.keys()
    assert {name: version for name, version in locked.items() if constrained.get(name, version) != version} == {}
    assert locked.keys() & {"torch", "transformers", "sentence-transformers"} == set()


def test_everything_in_the_lock_has_a_hash():
    entries = re.split(r"\n(?=[\w.-]+==)", text_of("requirements.lock"))
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


# --- what says whose it is


def test_the_files_that_describe_the_project_agree_on_version_and_licence():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    public = yaml.safe_load((ROOT / "publiccode.yml").read_text("utf-8"))
    assert project["version"] == citation["version"] == public["softwareVersion"]
    assert project["license"].startswith(citation["license"])
    assert (citation["license"], public["legal"]["license"]) == ("MIT", "MIT")
    assert {"fr", "en"} == public["description"].keys()
    for told in public["description"].values():
        assert 150 <= len(told["longDescription"]) <= 10_000
        assert len(told["shortDescription"]) <= 150


def test_the_licence_names_every_folder_of_texts():
    licence = (ROOT / "LICENSE").read_text("utf-8")
    for folder in ("corpus/documents", "corpus/editorial", "corpus/thesaurus", "corpus/gazetteer", "eval/collections"):
        assert folder in licence
        assert (ROOT / folder).is_dir()
