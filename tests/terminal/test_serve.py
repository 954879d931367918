"""Building and serving: what is built when, what is served meanwhile, and the port."""

import json
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import Future
from dataclasses import replace
from threading import Lock

import httpx
import psutil
import pytest

from index import BadIndex, storage
from settings import Settings
from terminal import building
from terminal.building import BuildingBeside, Told
from tests.almanac import CHALLENGES, Steps, write_almanac
from tests.conftest import ROOT, START_S, environment_of, free_port
from web import BuildRuns

READY = "6 initiatives of 1 documents are ready to be searched in 6 passages, without editorial records.\n"
STOP_S = 8  # seconds beyond those for last replies, on a machine busy with other things
BUILD = [sys.executable, "-m", "cli", "build"]


@pytest.fixture
def checks(monkeypatch):
    """The folders whose files were checked in this process."""
    folders, real = [], storage.checksums
    monkeypatch.setattr("index.storage.checksums", lambda folder: folders.append(folder) or real(folder))
    return folders


@pytest.fixture
def build(monkeypatch, tmp_path):
    """What the process that builds does instead: it leaves a file, says what it is given, and ends with a status."""
    ran = tmp_path / "build-ran"

    def stand_in(*lines, status=0, seconds=0):
        program = f"import sys, time, pathlib; pathlib.Path({str(ran)!r}).touch()\n"
        program += "".join(f"print({json.dumps(line)!r}, flush=True)\n" for line in lines)
        monkeypatch.setattr(
            building, "BUILD", (sys.executable, "-c", program + f"time.sleep({seconds})\nsys.exit({status})")
        )
        return ran

    stand_in()
    return stand_in


@pytest.fixture
def beside(recueil, settings):
    """Start a building beside a searcher, or what kept it from being opened; gives it when it is done."""
    ended = []

    def start(opened, **changes):
        given = Future()
        if isinstance(opened, Exception):
            given.set_exception(opened)
        else:
            given.set_result(opened)
        made = BuildingBeside(settings.model_copy(update=changes), nothing_to_serve=lambda: ended.append(True))
        made.ended = ended
        made.start(given)
        return made

    return start


def failed(made):
    return made.done.exception(START_S)


def test_a_build_over_an_index_that_is_up_to_date_changes_nothing(recueil, almanac):
    before = almanac.index.resolve()
    ended = recueil("build")
    assert (ended.exit_code, ended.stdout, almanac.index.resolve()) == (0, READY, before)


def test_what_is_up_to_date_is_not_built(almanac, beside, build, capsys):
    made = beside(almanac.searcher())
    assert (failed(made), made.state, build().exists()) == (None, None, False)
    assert capsys.readouterr().out == READY


def test_the_process_that_reads_the_documents_meanwhile_checks_no_file(recueil, almanac, checks, capsys):
    building.tell_digest()
    assert capsys.readouterr().out.strip() == almanac.manifest.corpus
    assert checks == []


def test_other_documents_are_built_beside_the_service(almanac, beside, build, tmp_path, monkeypatch):
    others = {theme: texts[:2] for theme, texts in CHALLENGES.items()}
    monkeypatch.setenv("RECUEIL_DOCUMENTS", str(write_almanac(tmp_path / "others", others)))
    made = beside(almanac.searcher())
    assert (failed(made), build().exists()) == (None, True)


def test_another_encoder_is_built_beside_the_service(almanac, beside, build):
    made = beside(almanac.searcher(), encoder=f"{almanac.encoder}/")  # the same folder for what is prepared
    assert (failed(made), build().exists()) == (None, True)


def test_what_cannot_be_opened_is_built(beside, build):
    made = beside(BadIndex("A file is altered", "a file", "Build."))
    assert (failed(made), build().exists(), made.ended) == (None, True, [])


def test_an_older_generation_that_somebody_went_back_to_stays(almanac, beside, build):
    """The documents are those of a generation that is there: whoever wants it publishes it."""
    searcher = almanac.searcher()
    older = replace(searcher.index, manifest=replace(searcher.index.manifest, corpus="older"))
    made = beside(replace(searcher, index=older))
    assert (failed(made), build().exists()) == (None, False)


def test_where_no_new_index_can_be_built_the_old_one_is_served_and_that_is_told(
    almanac, beside, build, tmp_path, monkeypatch, caplog
):
    monkeypatch.setenv("RECUEIL_DOCUMENTS", str(tmp_path))
    build({"fault": ["A text is empty", "/home/somebody/a.txt:1", "Put the text into it."]}, status=1)
    made = beside(almanac.searcher())
    assert failed(made).what == "A text is empty"
    assert made.ended == []
    assert "no new one could be built" in made.state
    assert "/home" not in made.state  # strangers read it
    assert "A text is empty (/home/somebody/a.txt:1). Put the text into it." in caplog.text


def rebuilt(made):
    """Have it built anew, and wait until that has ended."""
    made.rebuild()
    until(lambda: not made.last.runs)


def test_what_changed_while_the_service_runs_is_built_and_a_failure_is_told(almanac, beside, build, caplog):
    made = beside(almanac.searcher())
    assert failed(made) is None
    ran = build()
    rebuilt(made)
    assert (ran.exists(), made.state) == (True, None)
    build({"fault": ["A text is empty", "/home/somebody/a.txt:1", "Put the text into it."]}, status=1)
    rebuilt(made)
    assert "no new one could be built" in made.state
    assert "A text is empty (/home/somebody/a.txt:1)" in caplog.text
    assert made.ended == []
    build()
    rebuilt(made)
    assert made.state is None


def test_where_there_is_no_index_and_none_can_be_built_the_service_ends(beside, build):
    build(status=3)
    made = beside(BadIndex("There is no index", "a folder", "Build."))
    assert failed(made).what == "The build ended with status 3"
    assert made.ended == [True]


def test_the_fault_of_the_first_build_is_that_of_the_service(recueil, tmp_path, monkeypatch):
    monkeypatch.setenv("RECUEIL_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("RECUEIL_DOCUMENTS", str(tmp_path))
    ended = recueil("serve", "--port", free_port())
    assert ended.exit_code == 1
    assert f"The list of documents is missing\n  where: {tmp_path}" in ended.stderr


def test_a_build_tells_its_steps_in_hundredths():
    told = []
    progress = Told(Steps(), told.append)
    progress.step("Encoding the passages", 400)
    for _ in range(400):
        progress.advance(1)
    assert told == [{"step": "Encoding the passages", "percent": percent} for percent in range(101)]


def test_a_build_that_is_asked_for_while_the_documents_are_looked_at_follows_the_look(
    almanac, beside, build, monkeypatch, tmp_path
):
    looked = tmp_path / "looked"
    wait = f"import time, pathlib\nwhile not pathlib.Path({str(looked)!r}).exists(): time.sleep(0.01)\n"
    digest = f"print({almanac.manifest.corpus!r})"
    monkeypatch.setattr(building, "TELL_DIGEST", (sys.executable, "-c", wait + digest))
    made = beside(almanac.searcher())
    begun = made.rebuild()
    with pytest.raises(BuildRuns, match="under way already"):
        made.rebuild()
    assert (begun.runs, made.last, build().exists()) == (True, begun, False)
    looked.touch()
    assert failed(made) is None
    assert (made.last.ended is not None, made.last.failed, build().exists()) == (True, False, True)
    made.rebuild()
    until(lambda: not made.last.runs)


def test_how_far_the_build_is_can_be_read_and_stopping_ends_it(beside, build):
    build({"step": "Encoding the passages", "percent": 37}, seconds=60)
    made = beside(BadIndex("There is no index", "a folder", "Build."))
    until(lambda: made.state == "The index is being built: encoding the passages, 37 %")
    made.stop()
    assert made.process.poll() is not None
    assert made.ended == []


def test_a_port_that_is_taken_is_a_fault_before_anything_is_opened(recueil):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = recueil("serve", "--port", taken.getsockname()[1])
    assert ended.exit_code == 1
    assert "cannot listen" in ended.stderr
    assert "--port" in ended.stderr


def test_told_to_end_during_the_first_build_the_service_ends_it_too(settings, tmp_path):
    """And before that it lives, and says that it is building."""
    settings = settings.model_copy(update={"port": free_port(), "var": tmp_path / "var"})
    command = [sys.executable, "-m", "cli", "serve"]
    with (
        subprocess.Popen(command, cwd=ROOT, env=environment_of(settings), stdout=subprocess.DEVNULL) as process,
        httpx.Client(base_url=f"http://{settings.host}:{settings.port}", timeout=START_S) as client,
    ):
        until(lambda: answers(client))
        until(lambda: "The index is being built" in client.get("/ready").json()["what"])
        assert client.get("/health").json() == {"status": "alive"}
        children = psutil.Process(process.pid).children(recursive=True)
        process.terminate()
        process.wait(Settings().stop_s + building.STOP_S + STOP_S)
    assert children
    assert [child for child in children if child.is_running()] == []


def until(holds) -> None:
    deadline = time.monotonic() + START_S
    while not holds():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


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
            while not answers(client) or client.get("/ready").status_code != 200:
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


# --- one of several corpora ---


def test_a_process_that_builds_one_of_several_corpora_knows_which(beside, monkeypatch):
    program = "import json, os; print(json.dumps({'fault': [os.environ['RECUEIL_CORPUS'], 'there', 'mend']})); exit(1)"
    monkeypatch.setattr(building, "BUILD", (sys.executable, "-c", program))
    assert failed(beside(BadIndex("none", "there", "build"), corpus="garden")).what == "garden"


def test_of_several_corpora_one_is_built_at_a_time(settings, build, monkeypatch):
    """Two builds would make ready the same model, and take twice the memory."""
    ran, turn = build(), Lock()
    monkeypatch.setattr(building, "TELL_DIGEST", (sys.executable, "-c", "print('other documents')"))
    with turn:
        waits = BuildingBeside(settings, lambda: None, turn)
        given = Future()
        given.set_exception(BadIndex("none", "there", "build"))
        waits.start(given)
        until(lambda: waits.state is not None and "another corpus" in waits.state)
        assert not ran.exists()
    waits.done.result(START_S)
    assert ran.exists()
