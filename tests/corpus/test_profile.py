"""A profile: what holds in general, and over it what a corpus says of itself; every number with its provenance."""

from pathlib import Path

import pytest

from corpus import BadProfile, Fitted, bundled_profile, load_corpus, profile_text, read_profile, with_weights
from corpus.languages import SHEET_LANGUAGES, guess_language, stop_words
from tests.foreign_sheets import write_sheets

FITTED = 'fusion_weight = { value = 0.5, on = "our questions", n = 40, date = "2026-11-30" }\n'


def written(folder: Path, text: str) -> Path:
    (folder / "profile.toml").write_text(text, encoding="utf-8")
    return folder


def test_where_nothing_is_said_nothing_is_assumed(tmp_path: Path):
    profile = read_profile(tmp_path)
    assert (profile.places, profile.thesaurus, profile.linking) == ("none", "none", "proposed")
    assert not profile.calibrated
    assert profile.words == {}


def test_every_number_says_on_what_it_was_fitted_how_many_and_when(tmp_path: Path):
    weights = read_profile(tmp_path).weights
    fitted = [getattr(weights, name) for name in weights.__slots__]
    assert all(one.on and one.n > 0 and one.date.startswith("20") for one in fitted)


def test_a_corpus_says_no_more_than_what_differs(tmp_path: Path):
    profile = read_profile(written(tmp_path, f'language = "de"\n[weights]\n{FITTED}'))
    assert profile.language == "de"
    assert profile.weights.fusion_weight == Fitted(value=0.5, on="our questions", n=40, date="2026-11-30")
    assert profile.weights.place_bonus == read_profile(tmp_path / "elsewhere").weights.place_bonus


def test_the_bundled_documents_keep_theirs():
    profile = bundled_profile()
    assert (profile.language, profile.places, profile.linking) == ("fr", "france", "silent")
    assert profile.weights.fusion_weight.value == 0
    assert profile.words["en"].keys() == profile.words["fr"].keys() | {"sheet.text.note"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('language = "xx"\n', r"'language' of the profile cannot be used: .*profile\.toml:1"),
        ('\ncolour = "red"\n', r"'colour' of the profile cannot be used: .*profile\.toml:2"),
        ("[weights]\nplace_bonus = 0.3\n", r"'weights\.place_bonus' of the profile cannot be used"),
        ('weights = "heavy"\n', r"'weights' is no table"),
        ("language = \n", r"The profile is no TOML: .*profile\.toml:1"),
        ('questions = "asked.tsv"\n', r"There is no file 'asked\.tsv' of questions"),
    ],
)
def test_what_cannot_be_used_is_told_with_its_line(tmp_path: Path, text: str, message: str):
    with pytest.raises(BadProfile, match=message):
        read_profile(written(tmp_path, text))


def test_questions_about_something_else_are_read_with_their_translations(tmp_path: Path):
    (tmp_path / "asked.tsv").write_text("Wo ist der Bahnhof?\tWhere is the station?\nWie spät?\n", encoding="utf-8")
    profile = read_profile(written(tmp_path, 'questions = "asked.tsv"\n'))
    assert profile.questions == ("Wo ist der Bahnhof?", "Wie spät?", "Where is the station?", "Wie spät?")


def test_weights_take_the_place_of_those_that_stand_there():
    fitted = {"fusion_weight": Fitted(value=0.7, on="the questions of 'ours'", n=50, date="2026-12-01")}
    text = with_weights(f'language = "en"\n\n[weights]\n{FITTED}', fitted)
    assert text.count("fusion_weight") == 1
    assert with_weights(text, fitted) == text
    assert 'value = 0.7, on = "the questions of \'ours\'", n = 50, date = "2026-12-01"' in text


def test_what_init_writes_can_be_read(tmp_path: Path):
    profile = read_profile(written(tmp_path, profile_text("en", "its words", ["level"])))
    assert (profile.language, profile.facets) == ("en", ("level",))


def test_sheets_that_somebody_says_are_the_same_are_linked_and_no_others(tmp_path: Path, gazetteer):
    from corpus.importing import propose

    folder = write_sheets(tmp_path / "fiches")
    (folder / "corpus.toml").write_text(propose(folder, gazetteer).text, encoding="utf-8")
    assert not any(one.same_as for one in load_corpus(folder, gazetteer).initiatives)
    corpus = load_corpus(written(folder, 'same = [["A-1", "A-4"]]\n'), gazetteer)
    assert {one.id: one.same_as for one in corpus.initiatives if one.same_as} == {"A-1": ("A-4",), "A-4": ("A-1",)}


def test_places_are_said_once(tmp_path: Path, gazetteer):
    from corpus.importing import propose

    folder = write_sheets(tmp_path / "fiches")
    text = propose(folder, gazetteer).text.replace('places = "france"', 'places = "none"')
    (folder / "corpus.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadProfile, match=r"disagree: places are 'france' and 'none'"):
        load_corpus(written(folder, 'places = "france"\n'))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Les enfants jouent dans le jardin et nous aidons aussi leurs voisins.", "fr"),
        ("The children play in the garden, and we help their neighbours as well.", "en"),
        ("Die Kinder spielen im Garten, und wir helfen auch ihren Nachbarn.", "de"),
        ("Los niños juegan en el jardín y también ayudamos a sus vecinos.", "es"),
    ],
)
def test_a_language_is_told_by_its_little_words(text: str, language: str):
    assert guess_language([text])[0] == language


@pytest.mark.parametrize("language", SHEET_LANGUAGES)
def test_every_language_has_a_stemmer_and_stop_words(language: str):
    from index import Analyser

    assert len(stop_words(language)) > 50
    assert Analyser.open(language).terms("2026") == ["2026"]
