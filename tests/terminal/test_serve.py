"""Building and serving: what is built when, how often it is checked, and the port."""

import shutil
import signal
import socket
import subprocess
import sys
import time

import httpx
import pytest

from index import storage
from tests.almanac import CHALLENGES, write_almanac
from tests.conftest import ROOT, START_S, environment_of, free_port

READY = "6 initiatives of 1 documents are ready to be searched in 6 passages, without editorial records.\n"
STOP_S = 8  # seconds beyond those for last replies, on a machine busy with other things
BUILD = [sys.executable, "-m", "cli", "build"]


@pytest.fixture
def own(recueil, almanac, tmp_path, monkeypatch):
    """Run `recueil` over a copy of the almanac's index; gives its folder too."""
    var = tmp_path / "var"
    shutil.copytree(almanac.index.resolve(), var / "index")
    (var / "models").symlink_to(almanac.var / "models")
    monkeypatch.setenv("RECUEIL_VAR", str(var))
    return recueil, var / "index"


@pytest.fixture
def serving(monkeypatch):
    """The searchers that serving began with, without serving."""
    searchers = []
    monkeypatch.setattr("terminal.serve._serve", lambda settings, listening, searcher: searchers.append(searcher))
    return searchers


@pytest.fixture
def builds(monkeypatch):
    """The commands that `serve` waits for, not run; the exit status of the next one is `builds.status`."""

    class Builds(list):
        status = 0

        def run(self, command, check):
            self.append(command)
            return subprocess.CompletedProcess(command, self.status)

    builds = Builds()
    monkeypatch.setattr("terminal.serve.subprocess.run", builds.run)
    return builds


@pytest.fixture
def checks(monkeypatch):
    """The folders whose files were checked in this process."""
    folders, real = [], storage.checksums
    monkeypatch.setattr("index.storage.checksums", lambda folder: folders.append(folder) or real(folder))
    return folders


def test_a_build_over_an_index_that_is_up_to_date_changes_nothing(recueil, almanac):
    before = almanac.index.resolve()
    ended = recueil("build")
    assert (ended.exit_code, ended.stdout, almanac.index.resolve()) == (0, READY, before)


def test_what_is_up_to_date_is_served_as_it_stands(recueil, serving, builds):
    ended = recueil("serve", "--port", free_port())
    assert (ended.exit_code, ended.stdout, builds) == (0, READY, [])
    assert len(serving[0].catalogue.initiatives) == 6


def test_the_files_of_the_index_are_checked_once_before_serving(recueil, almanac, serving, builds, checks):
    recueil("serve", "--port", free_port())
    assert (len(checks), len(serving), builds) == (1, 1, [])


def test_the_process_that_reads_the_documents_meanwhile_checks_no_file(recueil, almanac, checks, capsys):
    from terminal.serve import tell_digest

    tell_digest()
    assert capsys.readouterr().out.strip() == almanac.manifest.corpus
    assert checks == []


def test_other_documents_are_built_before_serving(recueil, serving, builds, tmp_path, monkeypatch):
    others = {theme: texts[:2] for theme, texts in CHALLENGES.items()}
    monkeypatch.setenv("RECUEIL_DOCUMENTS", str(write_almanac(tmp_path / "others", others)))
    assert recueil("serve", "--port", free_port()).exit_code == 0
    assert (builds, serving) == ([BUILD], [None])


def test_another_encoder_is_built_before_serving(recueil, almanac, serving, builds, monkeypatch):
    monkeypatch.setenv("RECUEIL_ENCODER", f"{almanac.encoder}/")  # the same folder for what is prepared
    assert recueil("serve", "--port", free_port()).exit_code == 0
    assert (builds, serving) == ([BUILD], [None])


def test_a_damaged_index_is_built_before_serving(own, serving, builds):
    recueil, folder = own
    (folder / "corpus.json").write_text("{}", encoding="utf-8")
    assert recueil("serve", "--port", free_port()).exit_code == 0
    assert (builds, serving) == ([BUILD], [None])


def test_a_build_that_fails_ends_the_service_with_its_status(recueil, serving, builds, tmp_path, monkeypatch):
    monkeypatch.setenv("RECUEIL_DOCUMENTS", str(tmp_path))
    builds.status = 1
    assert recueil("serve", "--port", free_port()).exit_code == 1
    assert serving == []


def test_a_port_that_is_taken_is_a_fault_before_anything_is_opened(recueil, serving):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = recueil("serve", "--port", taken.getsockname()[1])
    assert (ended.exit_code, serving) == (1, [])
    assert "cannot listen" in ended.stderr
    assert "--port" in ended.stderr


def test_a_build_says_on_standard_error_how_it_advances(settings):
    ended = subprocess.run(
        BUILD, cwd=ROOT, env=environment_of(settings), capture_output=True, text=True, check=False, timeout=120
    )
    assert (ended.returncode, ended.stdout) == (0, READY)
    assert "Reading the documents" in ended.stderr


def test_what_is_at_work_is_finished_at_the_end_and_what_stalls_keeps_nothing_from_ending(settings):
    """Of two bodies one is sent in time, and replied to; the other never, and keeps neither port nor files."""
    settings = settings.model_copy(update={"port": free_port(), "stop_s": 2})
    command = [sys.executable, "-m", "cli", "serve"]
    head = b"POST /similar HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 18\r\n\r\n"
    with subprocess.Popen(
        command, cwd=ROOT, env=environment_of(settings), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        with httpx.Client(base_url=f"http://{settings.host}:{settings.port}", timeout=START_S) as client:
            deadline = time.monotonic() + START_S
            while not answers(client):
                assert time.monotonic() < deadline, "the service did not start"
                time.sleep(0.1)
        address = (settings.host, settings.port)
        with socket.create_connection(address) as stalled, socket.create_connection(address) as begun:
            stalled.sendall(head + b'{"text":')
            begun.sendall(head + b'{"text":')
            time.sleep(0.5)
            process.terminate()
            time.sleep(0.5)
            begun.sendall(b' "un bus"}')
            assert begun.recv(12) == b"HTTP/1.1 200"
            assert stalled.recv(12) == b"HTTP/1.1 503"
            assert process.wait(settings.stop_s + STOP_S) == -signal.SIGTERM
        assert "Traceback" not in process.stderr.read()


def answers(client: httpx.Client) -> bool:
    try:
        return client.get("/health").status_code == 200
    except httpx.ConnectError:
        return False
