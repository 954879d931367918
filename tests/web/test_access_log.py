"""Where the lines of the access log go: into the file of the setting, or to standard output, and nowhere else."""

import json
import logging

import pytest

from api import open_access_log
from settings import BadSetting, Settings
from web.access_log import LOGGER, log_request
from web.observation import Seen


@pytest.fixture(autouse=True)
def as_before():
    log = logging.getLogger(LOGGER)
    before = log.handlers, log.propagate, log.level
    yield
    for handler in log.handlers:
        handler.close()
    log.handlers, log.propagate, log.level = before


def test_each_line_is_one_object_and_a_file_that_was_moved_away_is_begun_anew(tmp_path):
    path = tmp_path / "access.jsonl"
    open_access_log(Settings(access_log=str(path)))
    log_request(Seen("one", "GET"))
    path.rename(tmp_path / "access.1")
    log_request(Seen("two", "GET"))
    ids = [json.loads((tmp_path / name).read_text("utf-8"))["id"] for name in ("access.1", "access.jsonl")]
    assert ids == ["one", "two"]


def test_a_hyphen_is_standard_output(capsys, caplog):
    open_access_log(Settings(access_log="-"))
    log_request(Seen("one", "GET"))
    assert json.loads(capsys.readouterr().out)["id"] == "one"
    assert caplog.records == []


def test_a_file_that_cannot_be_written_is_a_fault(tmp_path):
    with pytest.raises(BadSetting, match="The access log cannot be written"):
        open_access_log(Settings(access_log=str(tmp_path / "nowhere" / "access.jsonl")))
