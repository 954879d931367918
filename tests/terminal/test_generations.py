"""Listing generations, taking up the newest, going back: what the commands say and what is searched after them."""

import shutil

import pytest

from index import current_name


@pytest.fixture
def two(recueil, almanac, tmp_path, monkeypatch):
    """Run `recueil` over a copy of the almanac's index in two generations, the older one in use; gives its link too."""
    var = tmp_path / "var"
    var.mkdir()
    (var / "models").symlink_to(almanac.var / "models")
    for name in ("20260101t120000000000", "20260201t120000000000"):
        shutil.copytree(almanac.index.resolve(), var / f".index-{name}")
    (var / "index").symlink_to(".index-20260101t120000000000")
    monkeypatch.setenv("RECUEIL_VAR", str(var))
    return recueil, var / "index"


def test_generations_are_listed_with_a_star_at_the_one_in_use(two, almanac):
    recueil, _ = two
    digest = almanac.manifest.corpus[:12]
    assert recueil("generations").stdout.splitlines() == [
        f"* 20260101t120000000000  built 2026-01-01T12:00:00Z  of {digest}",
        f"  20260201t120000000000  built 2026-02-01T12:00:00Z  of {digest}",
    ]


def test_publishing_takes_up_the_newest_and_going_back_the_one_before(two):
    recueil, link = two
    said = recueil("publish").stdout
    assert said == "The index is now that of 2026-02-01T12:00:00Z, generation 20260201t120000000000.\n"
    assert current_name(link) == "20260201t120000000000"
    assert recueil("rollback").exit_code == 0
    assert current_name(link) == "20260101t120000000000"


def test_one_can_be_published_by_its_name(two):
    recueil, link = two
    assert recueil("publish", "20260201t120000000000").exit_code == 0
    assert current_name(link) == "20260201t120000000000"


def test_what_is_not_there_is_a_fault(two):
    recueil, link = two
    assert "called 'newest'" in recueil("publish", "newest").stderr
    assert "no generation before" in recueil("rollback").stderr
    assert current_name(link) == "20260101t120000000000"
