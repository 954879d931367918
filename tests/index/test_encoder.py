"""The encoder gives each text a vector and, for each of its tokens, a state and the characters it stands for."""

import shutil
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import (
    ModelEncoder,
    Prompts,
    model_folder,
    open_encoder,
    unit_rows,
)
from index.encoder import CONTEXT_TOKENS, EIGHT_BITS, onnx_session
from tests.conftest import ROOT

TEXTS = [
    "Qui héberge des femmes ?",
    "L'aide à l’EHPAD d'Œuvre-sur-Mer",
    "un bus 🚌 et 15\u00a0000 €",
    "bus",
    "Le bus itinérant du Département va au-devant des habitants.",
    "mobility projects for rural youth",
    "  deux  blancs  ",
    "R.S.A. / MDPH (63)",
    "1ʳᵉ année… ﬁn",
    "Un car.",
]


@pytest.fixture(scope="module")
def bundled(built) -> ModelEncoder:
    return open_encoder(model_folder(built.var, "bundled"), threads=1)


@pytest.fixture(params=["bundled", "tiny"])
def encoder(request, almanac) -> ModelEncoder:
    if request.param == "bundled":
        return request.getfixturevalue("bundled")
    return open_encoder(almanac.model, threads=1)


def test_a_vector_has_length_one_and_there_is_one_state_a_token(encoder):
    for one in encoder.questions(TEXTS):
        assert np.linalg.norm(one.vector) == pytest.approx(1, abs=1e-5)
        assert len(one.states) == len(one.tokens) == len(one.spans) > 0


def test_spans_point_at_the_characters_of_the_text(bundled):
    (one,) = bundled.questions(["L'Œuvre 🚌 à 15\u00a0000 € héberge"])
    pieces = ["L'Œuvre 🚌 à 15\u00a0000 € héberge"[start:end].strip() for start, end in one.spans]
    assert pieces == ["L", "'", "Œ", "u", "vre", "", "🚌", "à", "15", "000", "€", "hé", "berg", "e"]


def test_spans_lie_in_the_text_in_order_and_cover_every_letter(encoder):
    for text, one in zip(TEXTS, encoder.passages(TEXTS), strict=True):
        assert (one.spans[:, 0] <= one.spans[:, 1]).all()
        assert (np.diff(one.spans[:, 0]) >= 0).all()
        assert one.spans.max() <= len(text)
        covered = {position for start, end in one.spans for position in range(start, end)}
        assert {n for n, character in enumerate(text) if character.isalnum()} <= covered


def test_several_texts_at_once_come_out_in_their_order_as_one_after_the_other(almanac):
    done = []
    one_by_one = open_encoder(almanac.model, threads=1, exact=True)
    at_once = open_encoder(almanac.model, threads=1, exact=True, workers=3)
    for one, other in zip(one_by_one.passages(TEXTS), at_once.passages(TEXTS, done.append), strict=True):
        np.testing.assert_array_equal(one.states, other.states)
        np.testing.assert_array_equal(one.vector, other.vector)
    for one, other in zip(one_by_one.questions(TEXTS), at_once.questions(TEXTS), strict=True):
        np.testing.assert_array_equal(one.states, other.states)
    assert done == [1] * len(TEXTS)


def test_the_states_of_a_text_are_the_same_alone_and_among_others_in_any_order(encoder):
    together = encoder.passages(TEXTS)
    backwards = encoder.passages(TEXTS[::-1])[::-1]
    for text, one, other in zip(TEXTS, together, backwards, strict=True):
        (alone,) = encoder.passages([text])
        for again in (one, other):
            assert again.tokens.tolist() == alone.tokens.tolist()
            np.testing.assert_allclose(again.states, alone.states, atol=1e-6)
            np.testing.assert_allclose(again.vector, alone.vector, atol=1e-6)


def test_no_prompt_and_no_special_token_has_a_state(bundled):
    names = [[bundled.tokenizer.id_to_token(token) for token in one.tokens] for one in bundled.passages(["un bus"])]
    assert names == [["▁un", "▁bus"]]


def test_questions_and_passages_use_their_prompts(bundled):
    bare = replace(bundled, prompts=Prompts("", ""))
    for own, spelt in [
        (bundled.questions(["un bus"]), bare.questions(["query: un bus"])),
        (bundled.passages(["un bus"]), bare.questions(["passage: un bus"])),
    ]:
        np.testing.assert_allclose(own[0].vector, spelt[0].vector, atol=1e-6)
        np.testing.assert_allclose(own[0].states, spelt[0].states[-2:], atol=1e-6)


def test_threads_that_wait_do_not_spin(built):
    session = onnx_session(model_folder(built.var, "bundled") / EIGHT_BITS, threads=2)
    assert session.get_session_options().get_session_config_entry("session.intra_op.allow_spinning") == "0"


def test_progress_counts_every_text_once(encoder):
    done = []
    encoder.passages(TEXTS, done.append)
    assert done == [1] * 10


def test_no_texts_have_no_encodings(encoder):
    assert encoder.questions([]) == []


def test_a_text_that_is_too_long_is_read_from_its_start(encoder):
    (one,) = encoder.passages([" ".join(["bus"] * 2000)])
    specials_and_prompt = len(encoder.tokenizer.encode(encoder.prompts.passage + "bus").ids) - 1
    assert len(one.tokens) == encoder.max_tokens - specials_and_prompt
    assert one.spans[0].tolist() == [0, 3]


def test_a_passage_fits_that_leaves_room_for_its_context(bundled):
    assert bundled.max_tokens - CONTEXT_TOKENS == 400
    assert [bundled.fits(" ".join(["bus"] * times)) for times in (1, 400, 401, 2000)] == [True, True, False, False]


def test_a_model_that_reads_little_gives_half_of_it_to_the_passage(almanac):
    tiny = open_encoder(almanac.model, threads=1)
    assert tiny.max_tokens == 64
    assert [tiny.fits(" ".join(["bus"] * times)) for times in (1, 32, 33, 2000)] == [True, True, False, False]


@settings(max_examples=50)
@given(text=st.text(max_size=60))
def test_any_text_can_be_encoded(bundled, text):
    (one,) = bundled.questions([text])
    assert np.isfinite(one.vector).all()
    assert len(one.states) == len(one.spans)
    assert not len(one.spans) or 0 <= one.spans.min() <= one.spans.max() <= len(text)


def test_rows_are_scaled_to_length_one_and_a_row_of_zeros_stays():
    assert unit_rows(np.array([[3, 4], [0, 0]], np.float32)).tolist() == [
        [pytest.approx(0.6), pytest.approx(0.8)],
        [0, 0],
    ]


CUT_SHORT = """
import sys
from pathlib import Path
from index import open_encoder
folder = Path(sys.argv[1])
encoder = open_encoder(folder, threads=1, private=True)
for path in folder.rglob("*"):
    if path.is_file():
        path.write_bytes(b"")
print(len(encoder.questions(["un bus pour les apprentis"])[0].tokens) > 0)
print(sorted(path.name for path in folder.parent.iterdir()))
"""


def test_a_private_copy_of_a_model_outlives_its_files(almanac, tmp_path):
    """In a process of its own, which a mapping of the files themselves would end (SIGBUS)."""
    folder = tmp_path / "tiny"
    shutil.copytree(almanac.model.resolve(), folder)
    command = [sys.executable, "-c", CUT_SHORT, str(folder)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout.splitlines()) == (0, ["True", "['tiny']"]), ended.stderr
