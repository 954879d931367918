"""`recueil doctor` finds what is wrong and says the mend; `recueil status` says what is there, and nothing secret."""

import json
import shutil
import socket
from collections import namedtuple

import pytest

from tests.conftest import free_port
from web.keys import KeyFile, Scope, keys_file

KEY = "sk-zanzibar"


@pytest.fixture
def own(recueil, almanac, tmp_path, monkeypatch):
    """A copy of the almanac's index with a port of its own: its folder, and what the doctor finds in it, by check."""
    var = tmp_path / "var"
    shutil.copytree(almanac.index.resolve(), var / "index")
    (var / "models").symlink_to(almanac.var / "models")
    monkeypatch.setenv("RECUEIL_VAR", str(var))
    monkeypatch.setenv("RECUEIL_PORT", str(free_port()))

    def examined(exit_code=0):
        ended = recueil("doctor", "--json")
        assert ended.exit_code == exit_code, ended.stdout
        return {one["check"]: one for one in json.loads(ended.stdout)}

    return var, examined


def wrong(findings):
    return [name for name, one in findings.items() if one["state"] == "wrong"]


@pytest.fixture
def answering(monkeypatch):
    """The answers of the almanac's model, which has none of its own."""

    class Answering:
        is_calibrated = False

    monkeypatch.setattr("terminal.search.open_answerer", lambda settings: Answering())


@pytest.mark.usefixtures("answering")
def test_where_nothing_is_wrong_the_doctor_says_so_and_ends_with_0(own, recueil):
    _, examined = own
    found = examined()
    assert wrong(found) == []
    assert {name for name, one in found.items() if one["state"] == "not used"} == {
        "adaptation", "feedback", "keys", "language model",
    }  # fmt: skip
    told = recueil("doctor")
    assert (told.exit_code, "    fine  index: 6 initiatives of 1 documents" in told.stdout) == (0, True)


@pytest.mark.usefixtures("answering")
def test_each_fault_is_found_with_its_mend(own, recueil, tmp_path, monkeypatch):
    var, examined = own
    (var / "feedback.sqlite").write_bytes(b"no database " * 100)
    (var / "index" / "corpus.json").write_text("{}", encoding="utf-8")
    monkeypatch.setenv("RECUEIL_DOCUMENTS", str(tmp_path / "nowhere"))
    monkeypatch.setenv("RECUEIL_LLM_URL", f"http://127.0.0.1:{free_port()}/v1")
    monkeypatch.setenv("RECUEIL_LLM_MODEL", "any")
    monkeypatch.setattr("shutil.disk_usage", lambda _: namedtuple("usage", "free")(10 * 2**20))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("RECUEIL_PORT", str(taken.getsockname()[1]))
        monkeypatch.setattr("terminal.doctor.LLM_TIMEOUT_S", 0.2)
        found = examined(exit_code=1)
        told = recueil("doctor")
    assert wrong(found) == ["disk", "index", "documents", "feedback", "language model", "port"]
    assert all(found[name]["mend"] for name in wrong(found))
    assert "   wrong  disk: 10 MB are free" in told.stdout
    assert "mend:  Run `recueil build`." in told.stdout


@pytest.mark.usefixtures("answering")
def test_keys_that_others_may_read_are_found(own):
    var, examined = own
    keys = KeyFile(keys_file(var))
    keys.add("portal", [Scope.READ], days=1, per_minute=1)
    assert examined()["keys"]["what"] == "1, kept for this user alone"
    keys.path.chmod(0o644)
    assert "chmod 600" in examined(exit_code=1)["keys"]["mend"]


@pytest.mark.usefixtures("answering")
def test_an_index_of_other_documents_is_found(own, tmp_path, monkeypatch):
    from tests.almanac import CHALLENGES, write_almanac

    _, examined = own
    others = {theme: texts[:2] for theme, texts in CHALLENGES.items()}
    monkeypatch.setenv("RECUEIL_DOCUMENTS", str(write_almanac(tmp_path / "others", others)))
    assert wrong(examined(exit_code=1)) == ["documents"]


def test_without_an_index_status_says_so(own, recueil):
    var, _ = own
    shutil.rmtree(var / "index")
    ended = recueil("status")
    assert (ended.exit_code, "There is no index" in ended.stdout) == (0, True)


def test_status_tells_version_index_and_settings_and_no_secret(own, recueil, almanac, monkeypatch):
    monkeypatch.setenv("RECUEIL_LLM_URL", f"https://llm.example/{KEY}/v1?key={KEY}")
    monkeypatch.setenv("RECUEIL_LLM_MODEL", "a-model")
    monkeypatch.setenv("RECUEIL_LLM_API_KEY", KEY)
    told = json.loads(recueil("status", "--json").stdout)
    assert told["version"].count(".") == 2
    assert (told["index"]["digest"], told["index"]["initiatives"]) == (almanac.manifest.corpus, 6)
    assert told["settings"]["RECUEIL_LLM_API_KEY"] == "set, not shown"
    assert told["settings"]["RECUEIL_LLM_URL"] == "https://llm.example:443"
    for command in (("status",), ("status", "--json")):
        assert KEY not in recueil(*command).stdout
