"""A minute of kills, full disks and flipped bits: nothing that was acknowledged is lost, and no reply is mixed."""

import json
import subprocess
import sys

import pytest

from tests.conftest import ROOT

SECONDS = 45


@pytest.mark.slow
def test_nothing_is_lost_unusable_or_mixed():
    command = [sys.executable, "-m", "tests.crash", "--seconds", str(SECONDS), "--seed", "7"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=10 * SECONDS, check=False)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    assert [figures[kind] for kind in ("lost", "unusable", "mixed", "bugs")] == [0, 0, 0, 0]
    assert min(figures[kind] for kind in ("rounds", "kills", "acknowledged indexes")) > 0
