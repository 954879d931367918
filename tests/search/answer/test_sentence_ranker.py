"""The sentence ranker weighs features by trees that are read from a file, and says so when it cannot."""

import json
from pathlib import Path

import numpy as np
import pytest

from search import Searcher
from search.answer import BUNDLED, FEATURES, RANKER, AnswerContext, BadRanker, SentenceRanker, SentenceTable
from search.answer.sentence_ranker import NO_SPAN, SentenceFeatures, score_sentences


def stump(feature: str, threshold: float) -> SentenceRanker:
    """One tree with one question: 2 where a feature is greater, else -1."""
    return SentenceRanker(
        model="d1",
        data="by hand",
        roots=np.array([0], np.int32),
        feature=np.array([FEATURES.index(feature), 0, 0], np.int32),
        threshold=np.array([threshold, 0, 0], np.float32),
        left=np.array([1, 1, 2], np.int32),
        right=np.array([2, 1, 2], np.int32),
        value=np.array([0, -1, 2], np.float32),
        base=0.5,
        depth=1,
    )


def rows(*closeness: float) -> np.ndarray:
    features = np.zeros((len(closeness), len(FEATURES)), np.float32)
    features[:, FEATURES.index("closeness")] = closeness
    return features


def test_the_log_odds_are_the_base_and_the_leaves():
    assert stump("closeness", 0.4).log_odds(rows(0.3, 0.4, 0.5)).tolist() == [-0.5, -0.5, 2.5]


def test_of_no_sentence_there_are_no_log_odds():
    assert stump("closeness", 0.4).log_odds(rows()).tolist() == []


def test_what_was_saved_is_read_again(tmp_path: Path):
    stump("closeness", 0.4).save(tmp_path)
    read = SentenceRanker.open(tmp_path, "d1")
    assert read.log_odds(rows(0.3, 0.5)).tolist() == [-0.5, 2.5]
    assert (read.model, read.data) == ("d1", "by hand")


def test_a_missing_ranker_says_how_to_make_one(tmp_path: Path):
    with pytest.raises(BadRanker, match=r"There is no sentence ranker .*Run `recueil calibrate`"):
        SentenceRanker.open(tmp_path, "d1")


def test_a_ranker_of_another_encoder_is_refused(tmp_path: Path):
    stump("closeness", 0.4).save(tmp_path)
    with pytest.raises(BadRanker, match=r"fitted for another encoder .*Run `recueil calibrate`"):
        SentenceRanker.open(tmp_path, "d2")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"{}"])
def test_a_file_that_is_no_ranker_is_refused(tmp_path: Path, content: bytes):
    (tmp_path / RANKER).write_bytes(content)
    with pytest.raises(BadRanker, match=r"damaged.*Run `recueil calibrate`"):
        SentenceRanker.open(tmp_path, "d1")


def test_a_ranker_of_other_features_is_refused(tmp_path: Path):
    stump("closeness", 0.4).save(tmp_path)
    fields = json.loads((tmp_path / RANKER).read_text()) | {"features": ["colour"]}
    (tmp_path / RANKER).write_text(json.dumps(fields))
    with pytest.raises(BadRanker, match=r"other features than this program computes"):
        SentenceRanker.open(tmp_path, "d1")


@pytest.fixture(scope="module")
def table(searcher: Searcher) -> SentenceTable:
    return SentenceTable(searcher.index, searcher.catalogue.gazetteer)


def test_every_sentence_of_the_nearest_sheets_is_scored_and_the_nearest_words_score_best(
    searcher: Searcher, table: SentenceTable
):
    ranking = searcher.rank("Combien de foyers testent le kit chauffage au bois ?")
    context = AnswerContext.of(searcher, ranking, table)
    scored = score_sentences(context, [], {})
    assert {context.ranks[one.row] for one in scored.candidates} <= {1, 2, 3, 4, 5}
    told = [SentenceFeatures(*row) for row in scored.features.tolist()]
    best = max(range(len(told)), key=lambda at: told[at].closeness)
    assert (told[best].rank, told[best].behind_best, told[best].reader) == (1, 0, NO_SPAN)
    text = searcher.index.contents.initiatives[scored.candidates[best].row].text
    start, end = scored.candidates[best].unit.pieces[-1]
    assert "foyers" in text[start:end]


def test_the_shipped_ranker_fits_the_bundled_encoder(searcher: Searcher):
    assert SentenceRanker.open(BUNDLED, searcher.encoder.digest).data
