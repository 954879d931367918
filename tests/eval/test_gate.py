"""The gate: an identical search passes, a broken one does not, and the baseline moves with a reason only."""

from dataclasses import replace
from pathlib import Path

import pytest

from eval.errors import BadBaseline, WorseThanBaseline
from eval.evaluation import gated_series
from eval.gate import Baseline, Held, Provenance, check_gate, moved, read_baseline, write_baseline
from eval.metrics import Slice
from eval.run import this_index
from tests.small_collection import collection_of, evaluation_of

HERE = Path("baseline.json")
IDENTITY = Provenance(
    commit="abc",
    encoder="tiny",
    model="m1",
    corpus="c1",
    collection="digest",
    threads=1,
    machine="x86_64, 2 cores, Python 3.11.9",
)
TWENTY = [f"q{n}" for n in range(20)]
HALF = Slice("type", "hard", tuple(TWENTY[:10]))


def series(**values: list[float]):
    return {name: dict(zip(TWENTY, of, strict=True)) for name, of in values.items()}


def held(paired, slices=(), **floored) -> Held:
    return Held(paired=paired, floored=floored, slices=tuple(slices))


def baseline(floors=None, **values: list[float]) -> Baseline:
    return replace(moved(None, held(series(**values)), IDENTITY, "first"), floors=floors or {})


def passes(before: Baseline, collection: str = "digest", slices=(HALF,), **after: list[float]) -> None:
    check_gate(before, HERE, collection, held(series(**after), slices))


def test_the_same_values_pass():
    passes(baseline(mrr=[0.5] * 20), mrr=[0.5] * 20)


def test_a_gain_passes():
    passes(baseline(mrr=[0.5] * 20), mrr=[0.9] * 20)


def test_a_loss_on_every_question_is_told_with_slice_figures_and_p():
    with pytest.raises(WorseThanBaseline) as caught:
        passes(baseline(mrr=[0.5] * 20), mrr=[0.25] * 20)
    assert caught.value.what.splitlines()[1:] == [
        "    mrr, all: 0.500 → 0.250 on 20 questions, p = 0.0002 (corrected)",
        "    mrr, type hard: 0.500 → 0.250 on 10 questions, p = 0.0020 (corrected)",
    ]
    assert caught.value.where == "baseline.json"


def test_a_loss_on_one_slice_does_not_hide_behind_a_gain_elsewhere():
    with pytest.raises(
        WorseThanBaseline, match=r"mrr, type hard: 0\.500 → 0\.250 .*Mend the search; if the loss is want"
    ):
        passes(baseline(mrr=[0.5] * 20), mrr=[0.25] * 10 + [0.75] * 10)


def test_what_may_be_chance_passes():
    passes(baseline(mrr=[0.5] * 20), mrr=[0.1] * 4 + [0.5] * 16)  # p = 2 / 2^4


def test_a_loss_that_nobody_could_notice_passes():
    passes(baseline(mrr=[0.5] * 20), mrr=[0.496] * 20)


def test_a_mean_below_a_floor_does_not_pass_even_by_chance():
    floors = {"mrr": {"all": 0.45, "type hard": 0.3}}
    with pytest.raises(
        WorseThanBaseline, match=r"mrr, all: 0\.420 on 20 questions is below the floor of 0\.45"
    ) as caught:
        passes(baseline(floors, mrr=[0.5] * 20), mrr=[0.1] * 4 + [0.5] * 16)
    assert "type hard" not in caught.value.what


def test_series_of_any_name_are_held_to():
    with pytest.raises(WorseThanBaseline, match=r"answers right, all: 1\.000 → 0\.000"):
        passes(baseline(**{"answers right": [1.0] * 20}), **{"answers right": [0.0] * 20})


def test_a_changed_collection_is_refused():
    with pytest.raises(BadBaseline, match=r"not the one that .* \(baseline\.json\)\. Move the baseline: `recueil eval"):
        passes(baseline(mrr=[0.5] * 20), collection="another", mrr=[0.5] * 20)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (["mrr"], ["mrr", "ndcg"], r"The baseline has no series 'ndcg'"),
        (["mrr", "ndcg"], ["mrr"], r"The evaluation has no series 'ndcg'"),
    ],
)
def test_a_series_on_one_side_only_is_refused(before: list[str], after: list[str], message: str):
    with pytest.raises(BadBaseline, match=message):
        passes(baseline(**{name: [0.5] * 20 for name in before}), **{name: [0.5] * 20 for name in after})


def test_other_members_of_a_series_are_refused():
    before = baseline(mrr=[0.5] * 20)
    with pytest.raises(BadBaseline, match=r"differ on 'q0' of 'mrr'"):
        check_gate(before, HERE, "digest", held({"mrr": dict.fromkeys(TWENTY[1:], 0.5)}))


@pytest.mark.parametrize("floors", [{"ndcg": {"all": 0.5}}, {"mrr": {"type easy": 0.5}}])
def test_a_floor_for_what_is_not_measured_is_refused(floors):
    with pytest.raises(BadBaseline, match=r"There is a floor for .* which is not measured .*Take the floor out"):
        passes(baseline(floors, mrr=[0.5] * 20), mrr=[0.5] * 20)


def test_a_baseline_is_read_as_it_was_written(tmp_path: Path):
    before = baseline({"mrr": {"all": 0.4}}, mrr=[1 / 3] * 20)
    write_baseline(tmp_path / "b.json", before)
    assert read_baseline(tmp_path / "b.json") == before


def test_moving_keeps_the_floors_and_writes_why_with_the_means_before_and_after():
    first = baseline({"mrr": {"all": 0.4}}, mrr=[0.5] * 20)
    second = moved(first, held(series(mrr=[0.75] * 20)), replace(IDENTITY, commit="def"), "a better model")
    assert second.floors == {"mrr": {"all": 0.4}}
    assert [(move.why, move.commit, move.before, move.after) for move in second.history] == [
        ("first", "abc", {}, {"mrr": 0.5}),
        ("a better model", "def", {"mrr": 0.5}, {"mrr": 0.75}),
    ]
    assert second.series["mrr"]["q0"] == 0.75


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (None, r"There is no baseline \(.*b\.json\)\. Make one with `recueil eval baseline"),
        ("{", r"The baseline is damaged: the file: .*\(.*b\.json\)\. Mend it by hand"),
        ('{"identity": {}}', r"The baseline is damaged: identity\.commit: "),
    ],
)
def test_a_baseline_that_cannot_be_used_is_refused(tmp_path: Path, written: str | None, message: str):
    if written:
        (tmp_path / "b.json").write_text(written, encoding="utf-8")
    with pytest.raises(BadBaseline, match=message):
        read_baseline(tmp_path / "b.json")


QUESTIONS = {
    "vélo des apprentis": "velo",
    "un bus amène le médecin": "bus",
    "covoiturage des agents": "covoiturage",
    "former les aidants": "aidants",
    "loger des étudiants": "etudiants",
    "tablette des retraités": "tablette",
    "covoiturage de la préfecture": "covoiturage",
    "personnes âgées qui vivent seules": "etudiants",
}


@pytest.fixture(scope="module")
def searched(almanac):
    """The search over the almanac, and questions to it with one answer each."""
    system = this_index(almanac.searcher())
    texts = {sheet.id: sheet.text for sheet in system.catalogue.sheets.values()}
    words = {"velo": "vélo", "etudiants": "étudiants"}
    answers = {
        text: next(id_ for id_, told in texts.items() if words.get(word, word) in told)
        for text, word in QUESTIONS.items()
    }
    collection = collection_of({text: {answer: 3} for text, answer in answers.items()})
    collection = replace(collection, questions=tuple(replace(one, text=one.id) for one in collection.questions))
    return system, collection


def gate_of(system, collection):
    evaluation = evaluation_of(system, collection)
    return held(gated_series(evaluation), evaluation.slices)


def test_the_search_passes_its_own_baseline(searched):
    before = gate_of(*searched)
    check_gate(moved(None, before, IDENTITY, "first"), HERE, "digest", gate_of(*searched))
    assert before.slices


def test_a_reversed_ranking_does_not_pass(searched):
    system, collection = searched
    before = gate_of(system, collection)
    broken = replace(system, rank=lambda text: list(reversed(list(system.rank(text)))))
    with pytest.raises(WorseThanBaseline, match=r"success_1, all: 1\.000 → 0\.000 on 8 .*, p = 0\.00\d+ \(corr"):
        check_gate(moved(None, before, IDENTITY, "first"), HERE, "digest", gate_of(broken, collection))


def test_a_search_that_is_broken_everywhere_is_told_in_six_lines():
    slices = tuple(Slice("type", f"t{n}", tuple(TWENTY[:10])) for n in range(8))
    with pytest.raises(WorseThanBaseline) as caught:
        passes(baseline(mrr=[0.5] * 20), slices=slices, mrr=[0.1] * 10 + [0.3] * 10)
    assert [line.split(":")[0] for line in caught.value.what.splitlines()[1:]] == [
        "    mrr, type t0",
        "    mrr, type t1",
        "    mrr, type t2",
        "    mrr, type t3",
        "    mrr, type t4",
        "    and 4 more",
    ]


FLOORS = {
    "real_words.mrr": {"all": 0.5, "type hard": 0.4},
    "variants.mrr": {"worst variant": 0.4},
}
VARIANTS = (Slice("variant", "capitals", ("capitals:q1",)), Slice("variant", "no accents", ("no accents:q1",)))


def test_a_front_that_is_not_measured_is_not_held_to_its_floors():
    """Its folder lies outside of the project, and may be missing."""
    passes(baseline(FLOORS, mrr=[0.5] * 20), mrr=[0.5] * 20)


def test_other_fronts_are_held_to_floors_and_nothing_of_them_is_written_into_the_baseline():
    before = baseline(FLOORS, mrr=[0.5] * 20)
    real = {"real_words.mrr": {"real_words:r1": 0.3}}
    after = held(series(mrr=[0.5] * 20), (HALF, Slice("type", "hard", ("real_words:r1",))), **real)
    with pytest.raises(
        WorseThanBaseline, match=r"real_words\.mrr, all: 0\.300 on 1 questions is below the floor of 0\.5"
    ):
        check_gate(before, HERE, "digest", after)
    kept = moved(before, after, IDENTITY, "real people's words join")
    assert set(kept.series) == {"mrr"}
    assert kept.history[-1].after == {"mrr": 0.5, "real_words.mrr": 0.3}


def test_the_worst_spelling_is_held_to_a_floor_and_is_named():
    spelt = {"variants.mrr": {"capitals:q1": 0.9, "no accents:q1": 0.3}}
    with pytest.raises(WorseThanBaseline, match=r"variants\.mrr, variant no accents: 0\.300 on 1 .* floor of 0\.4"):
        check_gate(baseline(FLOORS, mrr=[0.5] * 20), HERE, "digest", held(series(mrr=[0.5] * 20), VARIANTS, **spelt))


def test_a_floor_for_an_unknown_slice_of_a_front_that_is_measured_is_refused():
    real = {"real_words.mrr": {"real_words:r1": 0.9}}
    with pytest.raises(BadBaseline, match=r"floor for 'type hard' of 'real_words\.mrr', which is not measured"):
        check_gate(baseline(FLOORS, mrr=[0.5] * 20), HERE, "digest", held(series(mrr=[0.5] * 20), **real))
