"""A new reader is one new file: the modules of the folder that have `read`, by their names."""

from corpus.readers import article, readers


def test_every_file_that_reads_is_a_reader_under_its_own_name():
    assert list(readers()) == ["article", "press_kit", "programme", "recueil", "winners"]
    assert readers()["article"] is article.read


def test_a_package_registers_readers_of_its_own_and_takes_none_of_ours(tmp_path, monkeypatch):
    package = tmp_path / "town_hall-1.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: town-hall\nVersion: 1\n", encoding="utf-8")
    points = "[recueil.readers]\nminutes = town_hall:read\narticle = town_hall:read\n"
    (package / "entry_points.txt").write_text(points, encoding="utf-8")
    (tmp_path / "town_hall.py").write_text("def read(document, gazetteer):\n    return []\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    found = readers.__wrapped__()
    assert found["minutes"](None, None) == []
    assert found["article"] is article.read
