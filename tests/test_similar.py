"""Similar initiatives have a like aim and public, wherever they are."""

import numpy as np
import pytest

from search import BadQuestion, UnknownInitiative
from search.similar import LONGEST, gist_of_text


def about(engine, words):
    """The initiative whose title holds these words."""
    (found,) = [one for one in engine.initiatives if words in one.title]
    return found


def test_neither_the_initiative_nor_another_telling_of_it_is_like_itself(engine):
    twins = [one for one in engine.initiatives if one.same_as]
    assert twins
    for one in twins:
        alike = {hit.initiative.id for hit in engine.similar(one.id, k=1000)}
        assert not alike & {one.id, *one.same_as}


def test_every_other_real_world_initiative_is_ranked_once(engine):
    one = engine.initiatives[0]
    hits = engine.similar(one.id, k=1000)
    groups = [min(hit.initiative.id, *hit.also_in) if hit.also_in else hit.initiative.id for hit in hits]
    assert len(groups) == len(set(groups)) == len({min(i.id, *i.same_as, i.id) for i in engine.initiatives}) - 1


def test_hits_come_in_the_order_of_their_scores_with_a_passage_of_their_own(engine):
    hits = engine.similar(engine.initiatives[0].id, k=10)
    assert [hit.rank for hit in hits] == list(range(1, 11))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(hit.passage.initiative == hit.initiative.id for hit in hits)


def test_likeness_is_mutual(engine):
    """The gists are unit vectors: a is as like b as b is like a, where neither has other tellings."""
    alone = [one.id for one in engine.initiatives if not one.same_as][:3]
    scores = {one: {hit.initiative.id: hit.score for hit in engine.similar(one, k=1000)} for one in alone}
    for one in alone:
        for other in alone:
            if one != other:
                assert scores[one][other] == pytest.approx(scores[other][one], abs=2e-4)


def test_a_sheet_given_as_text_finds_itself(engine):
    for one in engine.initiatives[:120:20]:
        assert one.id in {hit.initiative.id for hit in engine.similar_to(one.text[:4000], k=3)}


def test_english_descriptions_find_french_sheets(engine):
    hits = engine.similar_to("A bus that travels through rural villages to help people with public services.", k=5)
    assert any("bus" in hit.initiative.text.lower() or "itinéran" in hit.initiative.text.lower() for hit in hits)


def test_the_gist_of_a_text_has_length_one(engine):
    gist = gist_of_text(engine.index, engine.encoder, "Un bus itinérant pour les démarches.")
    assert np.linalg.norm(gist.sheet) == pytest.approx(1, abs=1e-5)
    assert np.linalg.norm(gist.phrasings) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("text", ["", "   ", "?!", "🙂"])
def test_a_description_without_a_word_is_refused(engine, text):
    with pytest.raises(BadQuestion, match=r"holds no word \(text\)\. Say in a few sentences"):
        engine.similar_to(text)


def test_a_description_that_is_too_long_is_refused(engine):
    with pytest.raises(
        BadQuestion, match=r"has 20001 characters, at most 20000 are read \(text\)\. Give the paragraphs"
    ):
        engine.similar_to("a" * (LONGEST + 1))


def test_an_unknown_initiative_is_refused(engine):
    with pytest.raises(UnknownInitiative, match=r"There is no initiative 'no-such' \(id\)\. Take an id from /search"):
        engine.similar("no-such")
