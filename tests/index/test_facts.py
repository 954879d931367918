"""Facts are found by their wording that is nearest to a question, among those of the initiatives asked about."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus import Enrichment, Fact, Wordings
from index import FactIndex, Index
from index.encodings import Encodings
from tests import atlas
from tests.word_encoder import WordEncoder, index_of

WORDS = ("eau", "vélo", "école")


def fact(initiative: str, *french: str, english: tuple[str, ...] = ()) -> Fact:
    """A fact that answers these questions."""
    return replace(atlas.fact(), initiative=initiative, questions=Wordings(french, english))


FACTS = (
    fact("initiative-0", "eau", "eau école"),
    fact("initiative-1", "vélo", english=("école",)),
    fact("initiative-1", "eau"),
)


@pytest.fixture
def index() -> Index:
    return index_of(*WORDS, words=WORDS, enrichment=Enrichment(facts=FACTS))


def asked(index: Index, text: str) -> np.ndarray:
    (question,) = WordEncoder(WORDS).questions([text])
    return index.centre.vector(question.vector)


def test_a_question_finds_the_facts_of_the_initiatives_it_is_about_nearest_first(index: Index):
    found = index.facts.nearest(asked(index, "Le vélo ?"), [1])
    # The axes of three words, less their mean, lie at 120° to each other; an unknown word has an axis of its own.
    assert [one.fact for one in found] == [FACTS[1], FACTS[2]]
    assert [one.row for one in found] == [1, 2]
    assert found[0].similarity > found[1].similarity


def test_the_nearest_wording_counts_in_whatever_language_it_is(index: Index):
    rows = np.arange(3)
    # "eau école" lies between its words, nearer to the middle of all than they are.
    assert index.facts.similarities(asked(index, "école"), rows)[0].tolist() == pytest.approx(
        [0.462, 1, -0.5], abs=2e-3
    )
    assert index.facts.similarities(asked(index, "vélo"), rows)[0].tolist() == pytest.approx([-0.5, 1, -0.5], abs=2e-3)


def test_a_fact_is_near_by_its_nearest_wording_and_by_all_of_them(index: Index):
    (first, second) = index.facts.nearest(asked(index, "école"), [1])
    assert (first.row, first.similarity, first.mean) == (1, pytest.approx(1, abs=2e-3), pytest.approx(0.25, abs=2e-3))
    assert (second.similarity, second.mean) == (pytest.approx(-0.5, abs=2e-3), pytest.approx(-0.5, abs=2e-3))


def test_facts_of_some_initiatives_are_compared_and_of_no_others(index: Index):
    question = asked(index, "eau")
    assert index.facts.similarities(question, np.array([2]))[0].tolist() == pytest.approx([1], abs=2e-3)
    assert [one.row for one in index.facts.nearest(question, [0, 1])] == [2, 0, 1]
    assert index.facts.nearest(question, [2]) == []
    assert index.facts.nearest(question, []) == []


def test_sheets_of_one_cluster_share_their_facts_and_each_comes_once(index: Index):
    told = index.contents.initiatives
    twins = (replace(told[0], same_as=("initiative-1",)), replace(told[1], same_as=("initiative-0",)), told[2])
    with Encodings.temporary(WordEncoder(WORDS)) as encodings:
        shared = FactIndex.build(FACTS, twins, encodings, index.centre, lambda done: None)
    assert shared.rows_of([0]).tolist() == shared.rows_of([1]).tolist() == shared.rows_of([0, 1]).tolist() == [0, 1, 2]
    assert shared.rows_of([2]).tolist() == []


def test_a_fact_is_answered_to_its_own_question_however_it_is_typed(index: Index):
    for typed in ("Vélo ?", "le vélo", "VÉLO"):
        assert index.facts.nearest(asked(index, typed.lower()), [0, 1])[0].row == 1


def test_without_facts_nothing_is_near(tmp_path: Path):
    index = index_of(*WORDS, words=WORDS)
    assert len(index.facts) == index.manifest.facts == 0
    assert index.facts.nearest(asked(index, "vélo"), [0, 1, 2]) == []
    index.save(tmp_path)
    assert Index.open(tmp_path, "words").facts.nearest(asked(index, "vélo"), [0, 1, 2]) == []


def test_facts_are_the_same_from_the_disk(index: Index, tmp_path: Path):
    index.save(tmp_path)
    opened = Index.open(tmp_path, "words")
    assert opened.manifest.facts == len(opened.facts) == 3
    assert opened.contents.enrichment.facts == FACTS
    question = asked(index, "eau école")
    assert opened.facts.nearest(question, [0, 1]) == index.facts.nearest(question, [0, 1])


# --- the shipped facts ---


def test_every_initiative_of_the_shipped_corpus_has_facts_and_its_cluster_shares_them(searcher):
    facts, clusters = searcher.index.facts, searcher.catalogue.clusters
    assert all(facts.of_initiatives)
    assert len(set(zip(facts.of_initiatives, clusters.tolist(), strict=True))) == len(set(clusters.tolist()))


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("combien y a-t-il de places pour la journée à la maison des aidants du Var ?", "9 places"),
        ("quand est-ce que l'agence Activity' des Yvelines a ouvert ?", "2015"),
        ("que veut dire SDSEI ?", "Services Départementaux des Solidarités"),
        ("how long does the La relève trial last?", "15 mois"),
    ],
)
def test_the_nearest_fact_of_the_sheet_found_answers_a_question_put_otherwise(searcher, question, answer):
    ranking = searcher.rank(question)
    row = int(searcher.index.owners[ranking.nearest[0].passage])
    found = searcher.index.facts.nearest(ranking.query.vector, [row])
    assert answer in found[0].fact.short.fr or answer in found[0].fact.answer.fr
    assert all(quote.text in searcher.catalogue.initiative(quote.initiative).text for quote in found[0].fact.quotes)
