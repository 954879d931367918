"""A corpus about something else: thirty English notes of a garden club, brought by the shipped steps and searched."""

import html
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

import cli
from corpus import SNOWBALL, Corpus, load_corpus, stop_words, thesaurus_of
from corpus.places import Gazetteer
from index import Encoder, Index, open_encoder, passages_of
from search import Filters, Searcher, UnknownFilter
from search.answer import Answerer
from settings import Settings
from tests.web.conftest import client_of

NOTES = Path(__file__).with_name("notes")
RATS = "notes-what-not-to-put-on-the-heap"
PRUNING = "notes-pruning-an-old-apple-tree"

# What is said nowhere but in French: of readers in English nobody should meet a word of it.
FRENCH = stop_words("fr").difference(*(stop_words(language) for language in SNOWBALL if language != "fr"))
FRENCH = {word for word in FRENCH if len(word) > 2} - {"pour"} | {"fiche", "fiches", "departement", "recherche"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The notes as somebody has them, and what `recueil init` writes beside them."""
    folder = tmp_path_factory.mktemp("garden") / "notes"
    shutil.copytree(NOTES, folder)
    done = CliRunner().invoke(cli.app, ["init", str(folder)])
    assert done.exit_code == 0, done.output
    return folder


@pytest.fixture(scope="module")
def corpus(folder: Path) -> Corpus:
    return load_corpus(folder)


@pytest.fixture(scope="module")
def answerer(corpus: Corpus, folder: Path, built: Settings) -> Answerer:
    """What answers, with the model that ships: the one place where it meets English sheets."""
    encoder = open_encoder(built.model_folder, threads=2, exact=True)
    searcher = Searcher.of(index_of(corpus, folder, encoder), encoder, Gazetteer.open(corpus.profile.places))
    return Answerer.open(searcher, built.answer_folder)


def index_of(corpus: Corpus, folder: Path, encoder: Encoder) -> Index:
    return Index.of(
        corpus.initiatives,
        passages_of(corpus.initiatives, corpus.documents, encoder.fits),
        encoder,
        documents=corpus.documents,
        thesaurus=thesaurus_of(corpus.profile, folder),
        profile=corpus.profile,
    )


@pytest.fixture(scope="module")
def client(answerer: Answerer, folder: Path, built: Settings) -> Iterator[TestClient]:
    settings = built.model_copy(update={"documents": folder})
    with client_of(settings, answerer.searcher, answerer) as client:
        yield client


# --- read ---


def test_it_is_read_in_its_own_language_without_places_thesaurus_and_links(corpus: Corpus, folder: Path):
    profile = corpus.profile
    assert len(corpus.initiatives) == 30
    assert (profile.language, profile.places, profile.linking) == ("en", "none", "proposed")
    assert thesaurus_of(profile, folder) == ()
    assert not any(one.departements or one.same_as for one in corpus.initiatives)


def test_its_classes_are_theme_and_own_fields(corpus: Corpus):
    pruning = corpus.by_id[PRUNING]
    assert pruning.theme == "Fruit"
    assert [(one.name, one.values) for one in pruning.fields] == [("level", ("hard",))]


# --- searched and answered ---


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("how do I keep rats away?", RATS),
        ("my old apple trees need cutting back", PRUNING),
        ("quand planter l'ail ?", "notes-garlic-before-the-shortest-day"),  # readers may still ask in French
    ],
)
def test_a_question_finds_its_note(answerer: Answerer, question: str, first: str):
    assert answerer.searcher.search(question).hits[0].initiative.id == first


def test_words_are_met_in_any_english_inflection(answerer: Answerer):
    analyser = answerer.searcher.index.lexical.analyser
    assert analyser.terms("Thinning the plums, and how plums are thinned") == ["thin", "plum", "plum", "thin"]


def test_an_answer_quotes_its_note_with_a_confidence_that_nobody_knows(answerer: Answerer):
    answer = answerer.answer(answerer.searcher.rank("How many litres does a courgette drink in a week?"))
    assert answer.language == "en"
    assert not answer.abstained
    assert "ten litres a week" in answer.text
    assert answer.citations[0].initiative == "notes-watering-courgettes"
    assert answer.confidence is None


def test_a_name_of_france_is_a_word_like_others(answerer: Answerer):
    assert answerer.searcher.rank("roses in Lyon").query.places == ()


# --- narrowed by its own columns ---


def test_a_filter_on_an_own_column_gives_what_its_facet_counts(client: TestClient):
    whole = client.get("/search", params={"q": "fruit trees"}).json()
    (hard,) = [value for value in whole["facets"]["field:level"] if value["value"] == "level:hard"]
    narrowed = client.get("/search", params={"q": "fruit trees", "field": "level:hard"}).json()
    assert narrowed["total"] == hard["count"]
    assert {sheet_of(client, hit)["fields"][0]["values"][0] for hit in narrowed["hits"][: narrowed["total"]]} == {
        "hard"
    }


def sheet_of(client: TestClient, hit: dict) -> dict:
    return client.get(f"/initiatives/{hit['initiative']['id']}").json()


def test_a_value_that_no_sheet_has_is_refused_with_those_there_are(answerer: Answerer):
    with pytest.raises(UnknownFilter, match="level:easy; level:hard; level:medium"):
        answerer.searcher.rank("plums", Filters(field=("level:wild",)))


def test_a_place_is_refused_where_none_is_known(client: TestClient):
    assert client.get("/search", params={"q": "plums", "departement": "33"}).status_code == 422


# --- shown ---

PAGES = (
    "/",
    "/?q=how+do+I+keep+rats+away",
    "/?q=plums&field=level:medium",
    "/?q=the+price+of+gold+in+Paris",
    "/browse",
    "/browse?by=place",
    f"/sheet/{RATS}",
    "/sheet/no-such-sheet",
    f"/compare?id={RATS}&id={PRUNING}",
    "/quality",
    "/suggest?q=gar",
)


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_a_french_word_or_a_map(client: TestClient, path: str):
    page = client.get(path, headers={"accept": "text/html", "accept-language": ""}).text
    shown = re.sub(r'<nav class="languages".*?</nav>', " ", page, flags=re.DOTALL)  # each bears its own name
    assert "departements.svg" not in shown
    assert 'lang="fr"' not in shown
    words = set(re.findall(r"[^\W\d_]+", visible(shown).lower()))
    assert words & FRENCH == set()
    assert {word for word in words if not word.isascii()} == set()


def visible(page: str) -> str:
    """What people read or hear of a page."""
    page = re.sub(r"<script.*?</script>", " ", page, flags=re.DOTALL)
    spoken = re.findall(r'(?:aria-label|placeholder|title|alt|data-broken)="([^"]*)"', page)
    return html.unescape(" ".join([re.sub(r"<[^>]*>", " ", page), *spoken]))


def test_its_own_column_narrows_the_page(client: TestClient):
    shown = client.get("/browse", headers={"accept": "text/html"}).text
    assert 'name="field" value="level:hard"' in shown
    assert "<summary>level</summary>" in shown


@pytest.mark.parametrize(("file", "line"), [("bib", "language = {english}"), ("ris", "LA  - en")])
def test_a_citation_names_the_language_of_the_sheet(client: TestClient, file: str, line: str):
    assert line in client.get(f"/sheet/{RATS}.{file}").text
