"""The same initiative is recognised in every document that tells of it, and nothing else is."""

import json
from dataclasses import replace
from itertools import combinations, permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.deduplicate import (
    MIN_DOCUMENT_OVERLAP,
    MIN_SIMILARITY,
    MUTUAL_MARGIN,
    link_duplicates,
    may_be_same,
    mutual_best_matches,
    similarities_of,
)
from corpus.model import Corpus, Departement, Initiative, Kind, Section, Source

DEVELOPMENT = Path(__file__).parents[2] / "eval" / "collections" / "development"


def clusters(corpus: Corpus) -> list[set[str]]:
    """The clusters that careful readers found, as ids: units give a snippet of each initiative."""
    named = {}
    received = {document.original_name: document.id for document in corpus.documents}
    for line in (DEVELOPMENT / "units.jsonl").read_text(encoding="utf-8").splitlines():
        unit = json.loads(line)
        (named[unit["uid"]],) = (
            one.id
            for one in corpus.initiatives
            if one.source.document == received[unit["document"]]
            and " ".join(unit["snippet"].split()) in " ".join(one.text.split())
        )
    groups = json.loads((DEVELOPMENT / "twins.json").read_text(encoding="utf-8"))["groups"]
    return [{named[uid] for uid in group} for group in groups]


def found(initiatives: tuple[Initiative, ...]) -> list[set[str]]:
    groups = {frozenset([one.id, *one.same_as]) for one in initiatives if one.same_as}
    return [set(group) for group in groups]


def by_least(groups: list[set[str]]) -> list[list[str]]:
    return sorted(sorted(group) for group in groups)


def told(number: int, text: str, *, document: str = "a", departement: str | None = None) -> Initiative:
    return Initiative(
        id=f"{document}-{number}",
        kind=Kind.NOTE,
        title="",
        title_derived=True,
        source=Source(document, number, number),
        text=text,
        sections=(Section(None, number, number),),
        departements=(Departement(departement, departement),) if departement else (),
    )


def test_five_experiments_and_one_workshop_are_told_several_times(corpus: Corpus) -> None:
    assert by_least(found(corpus.initiatives)) == by_least(clusters(corpus))


def test_without_any_of_the_documents_the_other_sheets_are_still_linked(corpus: Corpus) -> None:
    names = [document.id for document in corpus.documents]
    groups = clusters(corpus)
    for gone in [some for count in (1, 2, 3, 4) for some in combinations(names, count)]:
        rest = [one for one in corpus.initiatives if one.source.document not in gone]
        left = {one.id for one in rest}
        assert by_least(found(link_duplicates(rest))) == by_least([g & left for g in groups if len(g & left) > 1]), gone


def test_the_order_of_the_initiatives_changes_no_link(corpus: Corpus) -> None:
    backwards = link_duplicates(corpus.initiatives[::-1])
    assert {one.id: one.same_as for one in backwards} == {one.id: one.same_as for one in corpus.initiatives}


def test_sheets_of_one_initiative_and_mere_neighbours_lie_clearly_apart(corpus: Corpus) -> None:
    similarities = similarities_of(corpus.initiatives)
    groups = clusters(corpus)
    place = {one.id: n for n, one in enumerate(corpus.initiatives)}
    strangers = np.triu(may_be_same(corpus.initiatives), k=1)
    for a, b in [pair for group in groups for pair in permutations(group, 2)]:
        strangers[place[a], place[b]] = False
    workshop = next(group for group in groups if len(group) == 2)
    assert similarities[tuple(place[one] for one in workshop)] > 1.2 * MIN_SIMILARITY
    assert similarities[strangers].max() < MIN_SIMILARITY / 1.2


def test_documents_of_one_programme_and_other_documents_lie_clearly_apart(corpus: Corpus) -> None:
    similarities, possible = similarities_of(corpus.initiatives), may_be_same(corpus.initiatives)
    positions: dict[str, list[int]] = {}
    for n, one in enumerate(corpus.initiatives):
        positions.setdefault(one.source.document, []).append(n)
    share = {
        (a, b): len(mutual_best_matches(similarities, possible, ours, theirs)) / min(len(ours), len(theirs))
        for (a, ours), (b, theirs) in combinations(sorted(positions.items()), 2)
    }
    of_one_programme = {
        ("article-2019", "dossier-2020"): 1.0,
        ("article-2019", "programme-2019"): 1.0,
        ("dossier-2020", "programme-2019"): 1.0,
    }
    assert share.items() >= of_one_programme.items()
    assert max(value for pair, value in share.items() if pair not in of_one_programme) < MIN_DOCUMENT_OVERLAP / 2


def test_a_counterpart_is_clearly_nearer_than_any_rival() -> None:
    similarities = np.array([[0.0, 0.0, 0.4, 0.1], [0.0, 0.0, 0.1, 0.4], [0.4, 0.1, 0.0, 0.0], [0.1, 0.4, 0.0, 0.0]])
    possible = np.ones((4, 4), dtype=bool)
    assert mutual_best_matches(similarities, possible, [0, 1], [2, 3]) == [(0, 2), (1, 3)]
    possible[0, 2] = False
    assert mutual_best_matches(similarities, possible, [0, 1], [2, 3]) == [(1, 3)]
    similarities[0, 3] = 0.4 / MUTUAL_MARGIN
    assert mutual_best_matches(similarities, possible, [0, 1], [2, 3]) == []


OTHERS = [told(n, f"rien de semblable{n} ici{n} dans ce texte{n}") for n in range(10, 30)]
SHEEP = "le berger garde ses brebis noires sous la halle couverte du village avec un chien patient et une cloche"


def test_a_text_told_twice_is_one_initiative() -> None:
    linked = link_duplicates([told(1, SHEEP), told(2, SHEEP), *OTHERS])
    assert (linked[0].same_as, linked[1].same_as) == (("a-2",), ("a-1",))
    assert all(one.same_as == () for one in linked[2:])


def test_the_same_words_in_two_departements_are_two_initiatives() -> None:
    linked = link_duplicates([told(1, SHEEP, departement="29"), told(2, SHEEP, departement="33"), *OTHERS])
    assert [one.same_as for one in linked[:2]] == [(), ()]


def test_being_the_same_is_transitive() -> None:
    linked = link_duplicates([told(1, SHEEP), told(2, SHEEP), told(3, SHEEP, document="b"), *OTHERS])
    assert [one.same_as for one in linked[:3]] == [("a-2", "b-3"), ("a-1", "b-3"), ("a-1", "a-2")]


@pytest.mark.parametrize("count", [0, 1])
def test_nothing_to_compare_is_no_fault(count: int) -> None:
    assert link_duplicates([told(1, SHEEP)][:count]) == tuple([told(1, SHEEP)][:count])


@settings(deadline=None, max_examples=15)
@given(data=st.data())
def test_links_are_mutual_whatever_is_left_out(data: st.DataObject, corpus: Corpus) -> None:
    some = data.draw(st.lists(st.sampled_from(corpus.initiatives), unique_by=lambda one: one.id, min_size=2))
    linked = {one.id: one.same_as for one in link_duplicates([replace(one, same_as=()) for one in some])}
    assert all(a in linked[b] and b not in linked[b] for a, others in linked.items() for b in others)
