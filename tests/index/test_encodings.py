"""What was encoded once is kept: nothing is encoded twice, and a build that is killed goes on from there."""

import errno
import sqlite3
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index import BadIndex
from index.encodings import BATCH, Encodings, remove_encodings, remove_outdated_encodings
from tests.small_index import ListeningEncoder

WORDS = ("eau", "vélo", "école")
TEXTS = ["l'eau", "un vélo vert", "une école"]


@pytest.fixture
def encoder() -> ListeningEncoder:
    return ListeningEncoder(WORDS)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "made" / "encodings.sqlite"


def test_what_is_kept_is_what_the_encoder_gave_to_the_last_bit(path, encoder):
    given = encoder.passages(TEXTS)
    with Encodings.open(path, encoder) as encodings:
        kept = encodings.passages(TEXTS)
        vectors = np.concatenate(list(kept.vectors()))
        for one, other in zip(given, kept, strict=True):
            for name in ("vector", "states", "tokens", "spans"):
                np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
                assert getattr(one, name).dtype == getattr(other, name).dtype
        np.testing.assert_array_equal(vectors, np.stack([one.vector for one in given]))
        np.testing.assert_array_equal(list(kept.spans())[1], given[1].spans)


def test_only_texts_that_are_new_are_encoded_each_once(path, encoder):
    done = []
    with Encodings.open(path, encoder) as encodings:
        encodings.passages(TEXTS[:2])
    encoder.encoded.clear()
    with Encodings.open(path, encoder) as encodings:
        assert len(encodings.passages([*TEXTS, TEXTS[2]], done.append)) == 4
        assert encodings.effort.encoded == 1
    assert encoder.encoded == [TEXTS[2]]
    assert sum(done) == 4


def test_a_passage_a_question_and_a_mere_sentence_are_kept_apart(path, encoder):
    with Encodings.open(path, encoder) as encodings:
        encodings.passages(TEXTS[:1])
        encodings.questions(TEXTS[:1])
        (vectors,) = encodings.sentences(TEXTS[:1])
    assert encoder.encoded == TEXTS[:1] * 3
    assert vectors.shape == (1, 4)


def test_what_was_encoded_before_a_kill_is_there_afterwards(path, encoder):
    class Killed(BaseException):
        pass

    class DyingEncoder(ListeningEncoder):
        def passages(self, texts, done=lambda n: None):
            if len(self.encoded) >= 2:
                raise Killed
            return super().passages(texts, done)

    long = [f"{text} {'mot ' * (BATCH // 4)}" for text in TEXTS]
    with pytest.raises(Killed), Encodings.open(path, DyingEncoder(WORDS)) as encodings:
        encodings.passages(long)
    with Encodings.open(path, encoder) as encodings:
        encodings.passages(long)
    assert encoder.encoded == long[2:]


def test_what_is_not_asked_for_any_more_is_forgotten_and_its_room_given_back(path, encoder):
    with Encodings.open(path, encoder) as encodings:
        encodings.passages([*TEXTS, "mot " * 2000])
    before = path.stat().st_size
    with Encodings.open(path, encoder) as encodings:
        encodings.passages(TEXTS[:2])
        encodings.forget_others()
    assert path.stat().st_size < before / 2
    encoder.encoded.clear()
    with Encodings.open(path, encoder) as encodings:
        encodings.passages(TEXTS)
    assert encoder.encoded == TEXTS[2:]


def test_a_file_that_is_none_is_made_anew(path, encoder):
    path.parent.mkdir()
    path.write_bytes(b"no database at all" * 100)
    with Encodings.open(path, encoder) as encodings:
        encodings.passages(TEXTS)
    assert encoder.encoded == TEXTS


def test_a_file_that_is_damaged_inside_is_told_with_the_mend(path, encoder):
    with Encodings.open(path, encoder) as encodings:
        encodings.passages([f"{text} {n}" for text in TEXTS for n in range(200)])
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + b"\xff" * (len(whole) - 8192))
    told = pytest.raises(BadIndex, match=r"encoded texts cannot be read.*Remove that file")
    with told, Encodings.open(path, encoder) as encodings:
        list(encodings.passages([f"{text} {n}" for text in TEXTS for n in range(200)]))
    remove_encodings(path)
    assert list(path.parent.iterdir()) == []


def test_a_text_that_another_process_removed_is_told(path, encoder):
    with Encodings.open(path, encoder) as encodings:
        kept = encodings.passages(TEXTS)
        with sqlite3.connect(path) as other:
            other.execute("DELETE FROM encoded")
        other.close()
        with pytest.raises(BadIndex, match=r"is gone.*again"):
            list(kept)


def test_the_effort_is_told_in_passages_a_minute(path, encoder):
    with Encodings.open(path, encoder) as encodings:
        encodings.passages(TEXTS)
        effort = encodings.effort
    assert (effort.encoded, effort.known) == (3, 0)
    assert replace(effort, seconds=2.0).per_minute == 90


def test_stores_of_another_preparation_of_the_model_go_and_those_of_other_models_stay(tmp_path):
    names = ["tiny-0123456789abcdef", "tiny-fedcba9876543210", "tiny-two-0123456789abcdef", "other-0123456789abcdef"]
    for name in names:
        (tmp_path / f"{name}.sqlite").touch()
    remove_outdated_encodings(tmp_path / "tiny-fedcba9876543210.sqlite")
    assert sorted(path.stem for path in tmp_path.iterdir()) == sorted(names[1:])


def test_a_disk_that_takes_no_more_is_told_as_the_system_tells_it(path, encoder):
    with Encodings.open(path, encoder) as encodings:
        encodings._connection.execute("PRAGMA max_page_count = 5")
        with pytest.raises(OSError, match="No space left on device") as refused:
            encodings.passages([f"{text} {n}" for text in TEXTS for n in range(200)])
    assert (refused.value.errno, refused.value.filename) == (errno.ENOSPC, str(path))


def test_where_there_can_be_no_file_that_is_told_too(path, encoder):
    path.mkdir(parents=True)
    with pytest.raises(OSError, match="Permission denied"):
        Encodings.open(path, encoder)
