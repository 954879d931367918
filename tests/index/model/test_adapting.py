"""The encoder learns how people tell what each initiative answers: with the tiny model, on the almanac's six."""

import json
import pkgutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus import ASKED as ASKED_FOLDER
from corpus import Asked, Wordings, load_asked, load_corpus, load_enrichment
from corpus.situations import Told
from corpus.text import fold
from index import Adaptation, BadIndex, BadModel, model, open_encoder, read_card
from index.model.adapting import Checkpoint, adapt, learned_share, train, trunk_states, upper_layers
from index.model.course import Course
from index.model.lessons import Lessons
from settings import Settings
from tests import atlas
from tests.almanac import Made, Steps, make, write_almanac
from tests.tiny_model import write_tiny_model

# What people tell, in words of which the sheets have none but small ones.
TOLD = (
    ("pas de bagnole pour aller au boulot", "mon patron est loin", "je rate le car le matin", "no wheels, far job"),
    ("plus de docteur chez nous", "ma mere est malade au hameau", "le cabinet a ferme", "no doctor out here"),
    ("seul dans ma caisse au bureau", "payer le plein seul", "parking plein au travail", "driving in alone"),
    ("je craque avec maman", "jamais une pause pour moi", "je gere papa jour et nuit", "looking after mum"),
    ("pas de piaule pour la fac", "loyer trop cher", "chambre vide chez mamie", "spare room at gran's"),
    ("internet me fait peur", "cliquer je sais pas", "mamie et son ecran", "scared of the web"),
)
# Questions of two facts about the first initiative, by words that the other's have not.
ASKED = (
    ("le car passe a quelle heure", "quel horaire pour le car", "when does the coach leave"),
    ("le trajet coute combien", "quel prix pour un ticket", "what is the fare"),
)
# A need that the first two initiatives help with, the one well, the other a little.
NEED = {"need": "aller bosser sans bagnole", "told": {"fr": ["pas de permis pour le boulot"], "en": ["no licence"]}}
# Another wording of the first fact, and what the sheet of the second initiative does not say.
OTHERWISE = {"fr": ["horaire du car du matin"], "en": ["coach times"]}
SILENT = {"fr": ["combien gagne le docteur", "salaire du docteur", "paie du docteur"], "en": ["pay of the doctor"]}
ELSEWHERE = {"fr": ["recette de crepes", "coupe du monde"], "en": ["how tall is the tower"]}
COURSE = Course(steps=60, texts=14, needs=2, elsewhere=2, warm_up=5, rate=3e-3, rows_rate=1e-2)


@pytest.fixture(scope="module")
def told(tmp_path_factory, tiny_model: Path) -> Made:
    """The almanac with what people tell, built; its encoder gives the states of its trunk."""
    home = tmp_path_factory.mktemp("told")
    documents = write_almanac(home / "documents")
    return make(documents, home / "var", str(tiny_model))


@pytest.fixture(scope="module")
def lessons(told: Made, gazetteer) -> Lessons:
    corpus = load_corpus(told.documents, gazetteer)
    editorial = told.documents.parent / "editorial"
    (editorial / "situations").mkdir(parents=True)
    (editorial / "vocabulary.json").write_text('{"publics": {}, "topics": {}}', encoding="utf-8")
    lines = [
        {"initiative": one.id, "situations": {"fr": texts}, "short": {}, "official": {}}
        for one, texts in zip(corpus.initiatives, TOLD, strict=True)
    ]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (editorial / "situations" / "almanac.jsonl").write_text(text, encoding="utf-8")
    (editorial / "needs").mkdir()
    helped_by = dict(zip([one.id for one in corpus.initiatives], (3, 1), strict=False))
    (editorial / "needs" / "work.jsonl").write_text(json.dumps(NEED | {"helped_by": helped_by}), encoding="utf-8")
    (editorial / "elsewhere.json").write_text(json.dumps(ELSEWHERE), encoding="utf-8")
    facts = tuple(
        replace(atlas.fact(), initiative=corpus.initiatives[0].id, questions=Wordings(asked[:2], asked[2:]))
        for asked in ASKED
    )
    asked = (
        Asked(initiative=corpus.initiatives[0].id, facts={ASKED[0][0]: Told(**OTHERWISE)}, unanswered=Told()),
        Asked(initiative=corpus.initiatives[1].id, facts={}, unanswered=Told(**SILENT)),
    )
    return Lessons.of(corpus, replace(load_enrichment(editorial, corpus), facts=facts), asked)


@pytest.fixture(scope="module")
def adapted(told: Made, lessons: Lessons, tmp_path_factory) -> Adaptation:
    folder = told.documents.parent / "adaptation"
    encoder = open_encoder(told.model, threads=1)
    work = tmp_path_factory.mktemp("work")
    steps = Steps()
    fidelity = adapt(lessons, encoder, told.model, folder, work=work, course=COURSE, date="2026-11-29", progress=steps)
    assert fidelity > 0.99
    assert steps.parts == {
        "Encoding what people tell": len(lessons.texts),
        "Training the upper layers": COURSE.steps,
        "Encoding what people ask": len(lessons.questions),
    }
    assert list(work.iterdir()) == []
    opened = Adaptation.open(folder)
    assert opened is not None
    return opened


def likeliest(adaptation: Adaptation, made: Made, text: str) -> str:
    (question,) = open_encoder(made.model, threads=1).questions([text])
    return adaptation.initiatives[int(adaptation.read(question).log_probabilities.argmax())]


def test_lessons_are_texts_with_the_initiative_they_are_about(lessons: Lessons, told: Made, gazetteer):
    initiatives = load_corpus(told.documents, gazetteer).initiatives
    assert lessons.initiatives == tuple(one.id for one in initiatives)
    assert lessons.texts[:10] == (*ASKED[0], *ASKED[1], *TOLD[0])
    assert lessons.labels[:30].tolist() == [0] * 6 + [row for row in range(6) for _ in range(4)]
    assert lessons.asked[:30].tolist() == [0, 0, 0, 1, 1, 1] + [-1] * 24
    assert lessons.texts[33:] == (*ELSEWHERE["fr"], *ELSEWHERE["en"])
    assert lessons.labels[33:].tolist() == lessons.asked[33:].tolist() == [-1, -1, -1]


def test_what_tells_a_need_is_shared_by_who_helps_by_the_gain_of_their_grades(lessons: Lessons):
    assert lessons.texts[30:33] == (NEED["need"], *NEED["told"]["fr"], *NEED["told"]["en"])
    assert lessons.labels[30:33].tolist() == [6, 6, 6]
    assert lessons.targets[:6].tolist() == np.eye(6).tolist()
    assert lessons.targets[6].tolist() == [0.875, 0.125, 0, 0, 0, 0]  # 7 and 1 of 8


def test_what_was_told_is_recognised(adapted: Adaptation, told: Made, lessons: Lessons):
    found = [likeliest(adapted, told, text) for text in lessons.texts[:30]]
    right = [lessons.initiatives[label] for label in lessons.labels[:30]]
    assert np.mean([one == two for one, two in zip(found, right, strict=True)]) > 0.9


def test_the_fact_that_is_asked_for_is_the_likeliest(adapted: Adaptation, told: Made, lessons: Lessons):
    questions = open_encoder(told.model, threads=1).questions(list(lessons.texts[:6]))
    rows = np.arange(2)
    assert [int(adapted.fact_logits(adapted.read(one), rows).argmax()) for one in questions] == [0, 0, 0, 1, 1, 1]


def test_questions_are_all_wordings_of_facts_and_what_sheets_do_not_say(lessons: Lessons):
    assert lessons.questions == (*ASKED[0], *ASKED[1], *OTHERWISE["fr"], *OTHERWISE["en"], *SILENT["fr"], *SILENT["en"])
    assert lessons.answers.tolist() == [0, 0, 0, 1, 1, 1, 0, 0] + [2 + 1] * 4  # two facts, then the second initiative


def test_what_a_sheet_does_not_say_is_told_from_what_another_says(adapted: Adaptation, told: Made):
    encoder = open_encoder(told.model, threads=1)
    silent, answered = (adapted.read(one) for one in encoder.questions([SILENT["fr"][0], ASKED[0][0]]))
    assert adapted.silence_logit(silent, 1) > adapted.silence_logit(answered, 1)
    assert adapted.silence_logit(silent, 1) > adapted.fact_logits(silent, np.arange(2)).max()
    assert np.isnan(adapted.silence_logit(silent, 0))  # nothing was written that the first leaves open
    assert np.isnan(adapted.silence_logit(silent, -1))  # an initiative that it does not know


def test_other_questions_leave_the_layers_as_they_are(lessons: Lessons):
    fewer = replace(lessons, questions=lessons.questions[:6], answers=lessons.answers[:6])
    assert fewer.digest_of_texts == lessons.digest_of_texts
    assert fewer.digest != lessons.digest


def test_every_name_of_the_package_is_what_it_says_however_it_is_asked_for():
    imported = [getattr(model, name) for name in ("LearnedShare", "adapt", "learned_share", "Lessons", "Course")]
    assert [one.__name__ for one in imported] == ["LearnedShare", "adapt", "learned_share", "Lessons", "Course"]
    assert not set(model.__all__) & {module.name for module in pkgutil.iter_modules(model.__path__)}


def test_facts_are_known_by_initiative_and_first_wording(adapted: Adaptation, lessons: Lessons):
    asked = [Wordings(one[:2], one[2:]) for one in ASKED]
    first, second = (replace(atlas.fact(), initiative=lessons.initiatives[0], questions=one) for one in asked)
    other = replace(first, initiative=lessons.initiatives[1])
    assert adapted.rows_of_facts([second, other, first]).tolist() == [1, -1, 0]


def test_probabilities_sum_to_one_and_are_surer_of_what_was_told(adapted: Adaptation, told: Made):
    encoder = open_encoder(told.model, threads=1)
    known, other = (adapted.read(one) for one in encoder.questions([TOLD[0][0], ELSEWHERE["fr"][0]]))
    assert np.exp(known.log_probabilities).sum() == pytest.approx(1, abs=1e-3)
    assert known.log_probabilities.max() > other.log_probabilities.max()
    assert known.energy > other.energy


def test_the_search_finds_by_what_was_told(adapted: Adaptation, told: Made, lessons: Lessons):
    made = make(told.documents, told.var, told.encoder)
    searcher = made.searcher()
    assert searcher.index.adaptation is not None
    assert searcher.index.adaptation.card == adapted.card
    hits = searcher.search("je craque avec maman", k=1).hits
    assert [hit.initiative.id for hit in hits] == [lessons.initiatives[3]]


def test_an_interrupted_training_ends_as_one_that_was_not(told: Made, lessons: Lessons, tmp_path):
    class Interrupted(Steps):
        def advance(self, parts: int) -> None:
            super().advance(parts)
            if self.parts.get("Training the upper layers") == 55:
                raise KeyboardInterrupt

    states = trunk_states(lessons.texts, open_encoder(told.model, threads=1), COURSE, Steps())
    whole = train(lessons, states, upper_layers(told.model), COURSE, tmp_path / "whole", Steps())
    with pytest.raises(KeyboardInterrupt):
        train(lessons, states, upper_layers(told.model), COURSE, tmp_path / "broken", Interrupted())
    taken_up = train(lessons, states, upper_layers(told.model), COURSE, tmp_path / "broken", steps := Steps())
    assert steps.parts["Training the upper layers"] == COURSE.steps
    for name, weights in whole.state_dict().items():
        assert np.allclose(weights.numpy(), taken_up.state_dict()[name].numpy(), atol=1e-6), name


def test_a_checkpoint_of_another_training_is_not_taken_up(told: Made, lessons: Lessons, tmp_path):
    states = trunk_states(lessons.texts, open_encoder(told.model, threads=1), COURSE, Steps())
    train(lessons, states, upper_layers(told.model), COURSE, tmp_path, Steps())
    other = Course(steps=5, seed=1)
    train(lessons, states, upper_layers(told.model), other, tmp_path, steps := Steps())
    assert steps.parts["Training the upper layers"] == 5
    assert Checkpoint(tmp_path, "").path.is_file()


def test_what_is_learned_is_measured_on_texts_and_initiatives_kept_out(told: Made, lessons: Lessons, tmp_path):
    encoder = open_encoder(told.model, threads=1)
    share = learned_share(lessons, encoder, told.model, work=tmp_path, course=COURSE, progress=Steps())
    assert all(0 <= figure <= 1 for figure in (share.known, share.unknown, share.unknown_before))
    assert share.needs is None  # the only one helps with an initiative that is kept out


def test_a_file_that_was_altered_is_refused(adapted: Adaptation, tmp_path):
    adapted.save(tmp_path / "copy")
    (tmp_path / "copy" / "rows.npz").write_bytes(b"other")
    with pytest.raises(BadIndex, match="missing or altered"):
        Adaptation.open(tmp_path / "copy")
    (tmp_path / "copy" / "adaptation.json").write_text("{}", encoding="utf-8")
    with pytest.raises(BadIndex, match="description of the adaptation"):
        read_card(tmp_path / "copy")


def test_an_adaptation_of_another_model_is_left_out_with_a_note(adapted: Adaptation, told: Made, tmp_path):
    documents = write_almanac(tmp_path / "documents")
    adapted.save(tmp_path / "adaptation")
    other = write_tiny_model(tmp_path / "fourier", network="fnet")
    made = make(documents, tmp_path / "var", str(other))
    assert made.searcher().index.adaptation is None
    assert any("made for another model" in note for note in made.steps.notes)


def test_a_model_whose_export_gives_no_states_is_refused(lessons: Lessons, tmp_path: Path):
    fourier = write_tiny_model(tmp_path / "fourier", network="fnet")
    made = make(write_almanac(tmp_path / "documents"), tmp_path / "var", str(fourier))
    with pytest.raises(BadModel, match="gives no states to adapt from"):
        trunk_states(lessons.texts[:1], open_encoder(made.model, threads=1), COURSE, Steps())


# --- the shipped adaptation ---


def test_the_shipped_adaptation_was_made_of_the_shipped_texts_for_the_bundled_model(searcher):
    corpus = load_corpus(Settings().documents, searcher.analyser.gazetteer)
    enrichment = load_enrichment(Settings().editorial_folder, corpus)
    asked = load_asked(Settings().editorial_folder / ASKED_FOLDER, corpus, enrichment.facts)
    lessons = Lessons.of(corpus, enrichment, asked)
    shipped = read_card(Settings().adaptation_folder)
    assert shipped is not None
    assert (shipped.lessons, shipped.texts) == (lessons.digest, len({*lessons.texts, *lessons.questions}))
    assert shipped.model == searcher.encoder.digest
    assert searcher.index.adaptation.card == shipped


@pytest.mark.parametrize(
    ("told", "about"),
    [
        ("je ne peux jamais le laisser seul, je n'ai pas eu un jour à moi depuis deux ans", "aidants"),
        ("j'ai peur d'ouvrir les factures de chauffage", "énergétique"),
        ("elle dort dehors avec sa fille et le 115 ne répond pas", "femmes"),
    ],
)
def test_a_situation_finds_the_scheme_that_the_sheets_name(searcher, told: str, about: str):
    hits = searcher.search(told, k=5).hits
    assert any(about in fold(hit.initiative.text) or about in hit.initiative.text.lower() for hit in hits)
