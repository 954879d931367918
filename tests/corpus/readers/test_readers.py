"""A new reader is one new file: the modules of the folder that have `read`, by their names."""

from corpus.readers import article, readers


def test_every_file_that_reads_is_a_reader_under_its_own_name():
    assert list(readers()) == ["article", "press_kit", "programme", "recueil", "winners"]
    assert readers()["article"] is article.read
