"""Spellings of one question, each a rule of its own, and what they do to what is found."""

import pytest

from eval.collection import Qrels
from eval.variants import VARIANTS, measure_variants, overlap
from tests.small_collection import catalogue_of, collection_of

COLLECTION = collection_of({"k1": {"a": 3}, "k2": {"b": 3}})
QRELS = Qrels.of(COLLECTION, catalogue_of(COLLECTION, "c"))
WRITTEN = {"k1": ("a", "c"), "k2": ("b",)}


@pytest.mark.parametrize(
    ("variant", "text", "spelt"),
    [
        ("capitals", "l'été à Lyon", "L'ÉTÉ À LYON"),
        ("lower case", "Le RSA", "le rsa"),
        ("title case", "l'aide à la mobilité", "L'aide À La Mobilité"),
        ("without accents", "l'été des sœurs", "l'ete des soeurs"),
        ("without accents and apostrophes", "l’isolement à l'école", "lisolement a lecole"),
        ("without accents, a space for apostrophes", "l'école", "l ecole"),
        ("curly apostrophe", "l'école", "l’école"),
        ("acute for apostrophe", "l’école", "l´école"),
        ("grave for apostrophe", "l'école", "l`école"),
        ("decomposed", "é", "e\u0301"),
        ("soft hyphens", "la médiation", "la méd\u00adiation"),
        ("zero-width spaces", "la médiation", "la méd\u200biation"),
        ("no-break spaces", "la médiation", "la\u00a0médiation"),
        ("with a closing ?", "la médiation.", "la médiation ?"),
        ("without closing mark", "la médiation ?!", "la médiation"),
        ("in « »", "la médiation", "«\u00a0la médiation\u00a0»"),
        ("with an emoji", "la médiation", "la médiation 🙏"),
        ("dotted acronyms", "sortir du RSA", "sortir du R.S.A."),
        ("inclusive writing", "les aidants et les logements", "les aidant·e·s et les logements"),
    ],
)
def test_a_spelling_is_a_rule_of_its_own(variant: str, text: str, spelt: str):
    assert VARIANTS[variant](text) == spelt


def test_there_are_more_than_a_dozen_spellings_and_the_same_ones_each_time():
    text = "Où trouver l’aide aux aidants du RSA ?"
    assert len(VARIANTS) > 12
    assert [spell(text) for spell in VARIANTS.values()] == [spell(text) for spell in VARIANTS.values()]


def test_each_spelling_has_its_loss_its_emptied_lists_and_what_the_lists_have_in_common():
    asked: list[str] = []

    def rank(text: str) -> list[str]:
        asked.append(text)
        return [] if text.isupper() else ["a"]

    report = measure_variants(
        rank, COLLECTION, QRELS, WRITTEN, {"capitals": str.upper, "same": str, "reversed": lambda text: text[::-1]}
    )
    capitals, same, backwards = report.variants
    assert (report.questions, report.as_written) == (2, 1)
    assert (capitals.ndcg_10, capitals.emptied, capitals.overlap, capitals.changed) == (0, 2, 0, 2)
    assert (same.ndcg_10, same.emptied, same.overlap, same.changed) == (1, 0, 1, 0)
    assert (backwards.ndcg_10, backwards.emptied, backwards.overlap) == (0.5, 0, 0.25)
    assert report.worst is capitals
    # A question that a spelling leaves as it is need not be asked again.
    assert len(asked) == 4
    assert report.series["not_emptied"]["capitals:k1"] == 0
    assert [one.label for one in report.slices] == ["variant capitals", "variant same", "variant reversed"]


def test_a_list_that_was_empty_before_is_not_emptied_by_a_spelling():
    report = measure_variants(lambda text: [], COLLECTION, QRELS, {"k1": (), "k2": ("b",)}, {"capitals": str.upper})
    assert (report.variants[0].emptied, report.variants[0].overlap) == (1, 0.5)


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        ([], [], 1),
        (["a"], [], 0),
        (["a", "b"], ["b", "a"], 1),
        (["a"], ["a", "b", "c", "d"], 1 / 4),
        ([f"x{n}" for n in range(20)], [f"x{n}" for n in range(10)], 1),
    ],
)
def test_what_two_lists_have_in_common_is_a_share_of_the_longer_one_among_the_first_ten(one, other, share):
    assert overlap(QRELS, one, other) == share


def test_two_tellings_of_one_initiative_are_the_same_hit():
    collection = collection_of({"k1": {"a": 3, "b": 3}}, twins=[{"a", "b"}])
    assert overlap(Qrels.of(collection, catalogue_of(collection)), ["a"], ["b"]) == 1
