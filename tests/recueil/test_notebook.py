"""The notebook of the documentation: its cells run one after another, and it is kept without what they print."""

import json
from contextlib import nullcontext

import pytest

import recueil
from tests.census import ROOT

NOTEBOOK = json.loads((ROOT / "docs" / "recueil.ipynb").read_text(encoding="utf-8"))
CELLS = ["".join(cell["source"]) for cell in NOTEBOOK["cells"] if cell["cell_type"] == "code"]


@pytest.mark.parametrize("where", ["in this process", "at a service"])
def test_its_cells_run_one_after_another(here, address, where, monkeypatch, capsys):
    """A notebook is plain Python: no kernel is needed to know that it runs."""
    names: dict[str, object] = {}
    with nullcontext(here) if where == "in this process" else recueil.Recueil(address) as opened:
        monkeypatch.setattr(recueil, "Recueil", lambda: opened)
        for number, cell in enumerate(CELLS):
            exec(compile(cell, f"cell {number}", "exec"), names)
    said = capsys.readouterr().out
    assert "1. Titre de atlas-bikes" in said
    assert "There is no département 'Atlantide'" in said
    assert [row["id"] for row in names["rows"]][:3] == ["atlas-bikes", "atlas-bus", "guide-rooms"]


def test_it_is_a_notebook_without_what_was_printed():
    assert (NOTEBOOK["nbformat"], NOTEBOOK["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in NOTEBOOK["cells"]}) == len(NOTEBOOK["cells"])
    for cell in NOTEBOOK["cells"]:
        assert cell["cell_type"] in ("markdown", "code")
        if cell["cell_type"] == "code":
            assert (cell["outputs"], cell["execution_count"]) == ([], None)
