"""The command that gives a collection to assistants, where it cannot."""

import socket
import sys

from typer.testing import CliRunner

from cli import app


def test_without_its_extra_it_says_what_to_install(monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == "mcp" or name.startswith("recueil.mcp")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "mcp", None)
    done = CliRunner().invoke(app, ["mcp"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert "recueil[mcp]" in done.stderr


def test_a_port_that_is_taken_is_a_fault():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = CliRunner().invoke(app, ["mcp", "--http", "--port", port, "--service", "http://127.0.0.1:1"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert "cannot listen" in done.stderr
