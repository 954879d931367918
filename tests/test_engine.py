"""The engine answers questions: one hit a real-world initiative, best first, always the same."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from index.build import model_folder
from index.fault import BadIndex, BadModel
from search import Engine, Filters, UnknownInitiative
from tests.almanac import CHALLENGES, Made

QUESTIONS = [
    "hébergement des femmes sans domicile",
    "mobility projects for rural youth",
    "accompagnement des bénéficiaires du RSA",
    "mobilité des jeunes en Gironde",
    "aide aux aidants familiaux",
]
OFF_TOPIC = [
    "best pizza in Naples",
    "score du match PSG OM",
    "prévisions du bitcoin",
]


def without_time(results):
    return replace(results, took_ms=0.0)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_real_world_initiative_appears_once_with_its_other_tellings_named(engine: Engine, question: str):
    hits = engine.search(question, k=1000).hits
    told = [hit.initiative.id for hit in hits] + [id for hit in hits for id in hit.also_in]
    assert len(told) == len(set(told))
    assert all(hit.also_in == hit.initiative.same_as for hit in hits)


def test_twins_in_several_documents_are_one_hit(engine: Engine):
    twin = next(one for one in engine.initiatives if one.same_as)
    hits = engine.search(twin.title, k=1000).hits
    (hit,) = [hit for hit in hits if twin.id in (hit.initiative.id, *hit.also_in)]
    assert {hit.initiative.id, *hit.also_in} == {twin.id, *twin.same_as}


@pytest.mark.parametrize("question", QUESTIONS)
def test_hits_come_best_first_with_a_passage_of_their_own(engine: Engine, question: str):
    results = engine.search(question, k=10)
    assert [hit.rank for hit in results.hits] == list(range(1, len(results.hits) + 1))
    assert [hit.score for hit in results.hits] == sorted((hit.score for hit in results.hits), reverse=True)
    assert all(hit.passage.initiative == hit.initiative.id for hit in results.hits)
    assert results.hint is None
    assert results.took_ms > 0


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_same_question_has_the_same_reply(engine: Engine, question: str):
    assert without_time(engine.search(question)) == without_time(engine.search(question))


def test_questions_asked_at_once_have_the_replies_of_questions_asked_in_turn(engine: Engine):
    in_turn = [without_time(engine.search(question)) for question in QUESTIONS]
    with ThreadPoolExecutor(2) as threads:
        assert [without_time(one) for one in threads.map(engine.search, QUESTIONS)] == in_turn


def test_white_space_and_control_characters_change_nothing(engine: Engine):
    plain, odd = engine.search(QUESTIONS[0]), engine.search("  hébergement\n\tdes femmes\u00a0sans \x00domicile ")
    assert without_time(odd) == without_time(plain)


@pytest.mark.parametrize("question", OFF_TOPIC)
def test_nothing_relevant_is_nothing_with_a_hint_in_the_language_of_the_question(engine: Engine, question: str):
    results = engine.search(question)
    assert (results.hits, results.total, set(results.facets.values())) == ((), 0, {()})
    hints = {"fr": "Rien de pertinent", "en": "Nothing relevant"}
    assert results.hint is not None
    assert results.hint.startswith(hints[results.query.language])


def test_a_place_in_the_question_brings_its_initiatives_first(engine: Engine):
    results = engine.search("mobilité des jeunes en Gironde")
    assert [place.name for place in results.query.places] == ["Gironde"]
    assert "33" in {place.code for place in results.hits[0].initiative.departements}


def test_ranks_by_words_and_by_vectors_are_told(engine: Engine):
    hits = engine.search(QUESTIONS[0], k=1000).hits
    for ranks in ([hit.word_rank for hit in hits], [hit.vector_rank for hit in hits]):
        known = [rank for rank in ranks if rank is not None]
        assert len(known) == len(set(known))
        assert min(known) >= 1


def test_no_more_hits_are_given_than_asked_for(engine: Engine):
    assert [len(engine.search(QUESTIONS[0], k).hits) for k in (1, 3, 10)] == [1, 3, 10]


def test_an_initiative_is_found_by_its_id(engine: Engine):
    one = engine.initiatives[7]
    assert engine.initiative(one.id) is one
    with pytest.raises(UnknownInitiative, match=r"There is no initiative 'x' \(id\)\. Take an id from /search"):
        engine.initiative("x")


def test_a_passage_lies_in_the_text_of_its_initiative(engine: Engine):
    for question in QUESTIONS:
        for hit in engine.search(question).hits:
            lines = hit.initiative.text.split("\n")
            first = hit.initiative.source.start_line
            stretch = lines[hit.passage.start_line - first : hit.passage.end_line - first + 1]
            assert hit.passage.text in "\n".join(stretch)


def test_a_small_corpus_of_another_encoder_is_searched_alike(almanac: Made):
    engine = almanac.engine()
    paragraph = CHALLENGES["Bien vieillir"][0]
    results = engine.search(paragraph, filters=Filters(theme="Bien vieillir"))
    assert results.hits[0].passage.text == paragraph
    assert {hit.initiative.theme for hit in results.hits} == {"Bien vieillir"}


def test_without_a_model_or_an_index_the_mend_is_to_build(almanac: Made, tmp_path):
    with pytest.raises(BadModel, match=r"No model has been prepared .* Run `recueil build`\."):
        Engine.open(almanac.index, tmp_path / "model", threads=1)
    with pytest.raises(BadIndex, match=r"There is no index .* Run `recueil build`\."):
        Engine.open(tmp_path / "index", almanac.model, threads=1)


def test_an_index_of_another_model_is_refused(almanac: Made, built):
    with pytest.raises(BadIndex, match=r"not that of the model in use .* Run `recueil build`\."):
        Engine.open(almanac.index, model_folder(built.var, built.encoder), threads=1)
