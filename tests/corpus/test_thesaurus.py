"""The shipped thesaurus is whole, and a file that is none is refused."""

import json

import pytest

from corpus.errors import BadThesaurus
from corpus.thesaurus import load_thesaurus


def test_the_shipped_thesaurus_holds_each_concept_once_with_its_standard_term():
    concepts = load_thesaurus()
    assert 400 <= len(concepts) <= 600
    official = [term for concept in concepts for term in concept.official]
    assert len(official) == len(set(official))
    assert all(concept.lay or concept.en for concept in concepts)
    assert all(form == form.strip() != "" for concept in concepts for form in concept.forms)


@pytest.mark.parametrize(
    "acronym", ["RSA", "MNA", "PMI", "EHPAD", "SAAD", "CPEF", "MDPH", "ASE", "SDIS", "CCAS", "AESH"]
)
def test_the_acronyms_of_social_action_are_there(acronym: str):
    assert acronym in {concept.acronym for concept in load_thesaurus()}


CONCEPT = {"id": "x", "official": ["y"], "lay": [], "en": [], "acronym": None, "field": "z"}


@pytest.mark.parametrize(
    "lines",
    [["{"], [json.dumps(CONCEPT | {"more": 1})], [json.dumps(CONCEPT | {"official": []})], [json.dumps(CONCEPT)] * 2],
)
def test_a_line_that_is_no_concept_is_refused_with_its_number(tmp_path, lines):
    path = tmp_path / "concepts.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(BadThesaurus, match=rf"concepts\.jsonl:{len(lines)}\)\. Mend that line"):
        load_thesaurus(path)


def test_a_thesaurus_may_have_a_byte_order_mark_and_line_separators_inside_its_lines(tmp_path):
    path = tmp_path / "concepts.jsonl"
    path.write_text(json.dumps(CONCEPT | {"lay": ["a\u2028b"]}, ensure_ascii=False) + "\n", encoding="utf-8-sig")
    (concept,) = load_thesaurus(path)
    assert concept.lay == ("a\u2028b",)
