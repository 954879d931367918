"""The page about security cannot lie: each proof that it names is a test, and each file and setting is there."""

import re

from settings import Settings
from tests.conftest import ROOT

PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")


def test_every_proof_that_is_named_is_a_test():
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)
    assert len(named) >= 20
    missing = [
        f"{path}::{test}"
        for path, test in named
        if not (ROOT / path).is_file() or f"def {test}(" not in (ROOT / path).read_text(encoding="utf-8")
    ]
    assert missing == []


def test_every_attack_has_a_proof():
    rows = re.findall(r"^\|(.*)\|$", PAGE.split("| who | how |")[1].split("\n## ")[0], re.M)[1:]
    assert [row for row in rows if "`tests/" not in row] == []


def test_every_file_and_setting_that_is_named_is_there():
    files = set(re.findall(r"`((?:web|feedback|corpus|index|search|deploy)/[\w./-]+)`", PAGE))
    assert sorted(file for file in files if not (ROOT / file).exists()) == []
    assert {name.lower() for name in re.findall(r"RECUEIL_(\w+)", PAGE)} <= set(Settings.model_fields)
