"""The report: every part on one page, every word escaped, nothing fetched, well formed."""

import json
from collections import Counter
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from eval import Measured, figures_of_answers
from eval.collection import Catalogue, Question, Sheet, SimilarGroup, Unit
from eval.errors import CannotMeasure
from eval.fronts import REAL_WORDS, measure_front, prove
from eval.gate import Provenance
from eval.grading import GradedText
from eval.report import Report, make_report, render, write_report
from eval.run import System
from tests.eval.test_evaluation import ASKED, reply
from tests.small_collection import HERE, catalogue_of, collection_of, run_of

MARKUP = "<script>alert('&amp;')</script> $x$"
EIGHT = [f"k{n}" for n in range(8)]
IDENTITY = Provenance(
    commit="abc123+",
    encoder="tiny",
    model="m1",
    corpus="c1",
    collection="d1",
    threads=2,
    machine="x86_64, 2 cores, Python 3.11.9",
)
MEASURED = Measured(
    on=date(2026, 11, 25),
    provenance=IDENTITY,
    settings={"threads": "2"},
    versions={"numpy": "2.4.6"},
    command="recueil eval report",
)
VOID = {"meta", "br", "path", "use", "link", "rect", "circle", "line", "img", "hr", "input"}


class Page(HTMLParser):
    """What a page is made of; raises for a tag that is closed where another is open."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str, str]] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags[tag] += 1
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag, self.getpos()

    def handle_data(self, data):
        self.texts.append(data)

    def values(self, name: str) -> list[str]:
        return [value for _, attribute, value in self.attributes if attribute == name]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


def report(folder: Path, answers: bool = True, title: str = MARKUP) -> Report:
    """Two systems on eight questions, of which the other one answers half, over two sheets with markup in all words."""
    sheets = {
        id_: Sheet(id=id_, title=title, document="d", theme=title, text=f"texte de {id_}", start_line=1, same_as=())
        for id_ in ("a", "b")
    }
    catalogue = Catalogue(sheets, {"d": "d.txt"})
    group = SimilarGroup("s1", "related", tuple(Unit(id_, None, None, HERE) for id_ in sheets), HERE)
    collection = collection_of({id_: {"a": 3, "b": 1} for id_ in EIGHT}, unanswerable=["n1"], similar=[group])
    asked = tuple(
        Question(id=one.id, text=title if one.id == "k7" else one.id, language="fr", type=title, where=HERE)
        for one in collection.questions
    )
    collection = replace(collection, questions=asked, folder=folder)
    full = System(
        name="full",
        rank=lambda text: ["a"] if text != title else [],
        catalogue=catalogue,
        similar=lambda one: ["a", "b"],
        answer=lambda text: reply(f"Solinum {title}", 0.9, "texte de a"),
    )
    other = System(name="words", rank=lambda text: ["b"] if text in EIGHT[:4] else ["a"], catalogue=catalogue)
    runs = [system.run(collection.all_questions) for system in (full, other)]
    (folder / "similar.jsonl").write_text("", encoding="utf-8")
    if answers:
        lines = [one | {"question": title, "supports": [{"support": "texte de a"}]} for one in ASKED[:2]]
        lines.append(ASKED[2] | {"question": title})  # type: ignore[arg-type]
        (folder / "qa.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return make_report(MEASURED, prove(full, collection), runs, {"txtai": f"not {title}"})


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Report:
    return report(tmp_path_factory.mktemp("collection"))


@pytest.fixture(scope="module")
def whole(made) -> str:
    return render(made)


@pytest.fixture(scope="module")
def page(whole) -> Page:
    return Page(whole)


def test_every_part_is_there_and_every_link_leads_to_one(page):
    parts = {"measured", "fronts", "systems", "slices", "deltas", "worst", "answers", "similar", "silence", "time"}
    ids = page.values("id")
    assert parts <= set(ids)
    assert len(ids) == len(set(ids))
    assert {link.removeprefix("#") for link in page.values("href")} <= set(ids)


def test_every_element_is_closed_where_it_was_opened(page):
    assert page.open == []
    assert page.tags["h1"] == 1


def test_nothing_is_fetched_and_nothing_is_run(whole, page):
    assert "http:" not in whole
    assert "https:" not in whole
    assert page.tags["script"] == page.tags["link"] == page.tags["img"] == 0
    assert page.values("src") == []
    assert not [name for _, name, _ in page.attributes if name.startswith("on")]
    assert "default-src 'none'; style-src 'unsafe-inline'" in page.values("content")


def test_markup_in_a_title_a_question_a_theme_and_an_answer_is_shown_as_it_stands(whole, page):
    assert "<script" not in whole
    assert page.text.count(MARKUP) > 8


def test_every_picture_has_a_text_and_takes_the_colours_of_the_page(whole, page):
    pictures = [value for tag, name, value in page.attributes if (tag, name) == ("svg", "role")]
    assert pictures == ["img"] * page.tags["svg"]
    labels = [value for tag, name, value in page.attributes if (tag, name) == ("svg", "aria-label")]
    assert len(labels) == page.tags["svg"] == 9  # five kinds of slices, one system, two of answers, time
    assert all(labels)
    drawn = whole.split("</style>")[1]
    assert "var(--accent)" in drawn
    assert "#0b6e99" not in drawn


def test_every_table_has_a_caption_and_every_heading_a_scope(page):
    assert page.tags["caption"] == page.tags["table"] > 5
    assert len([name for tag, name, _ in page.attributes if (tag, name) == ("th", "scope")]) == page.tags["th"]


def test_headings_leave_no_level_out(whole):
    levels = [int(piece[0]) for piece in whole.split("<h")[1:] if piece[0].isdigit()]
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_what_was_measured_and_how_to_repeat_it_are_told(page):
    for told in ("abc123", "with changes that are not committed", "m1", "c1", "d1", "threads: 2", "numpy 2.4.6"):
        assert told in page.text
    assert ".venv/bin/recueil eval report" in page.text
    assert "txtai is not among them" in page.text


def test_figures_are_told(page):
    assert "better on 4, equal on 3, worse on 1" in page.text
    assert "1 answered, though no sheet answers it" in page.text


def test_what_is_left_out_is_told_and_has_no_part(tmp_path):
    page = Page(render(report(tmp_path, answers=False)))
    assert "Left out: answers, because the collection has no qa.jsonl." in page.text
    assert "answers" not in page.values("id")


def test_answers_without_a_confidence_have_no_pictures_of_it(made):
    judged = [replace(one, answer=replace(one.answer, confidence=None)) for one in made.full.judged]
    full = replace(made.full, judged=tuple(judged), answers=figures_of_answers(judged))
    proof = replace(made.proof, collection=replace(made.proof.collection, report=full))
    page = Page(render(replace(made, proof=proof)))
    assert "Confidence: none, for it was fitted on other texts." in page.text
    assert "answered, confidence –" in page.text
    assert "Can its confidence be believed?" not in page.text
    assert page.tags["svg"] == 7  # without the two of answers


def test_what_readers_gave_stands_on_the_page_and_no_contact_does(made):
    read = GradedText(id="k1", language="fr", type="who", asked="Qui ?", shown="Solinum.", cited="x, d 1–1", grade=3)
    contact = replace(read, id="k2", type="contact", asked="À qui écrire ?", shown="a@b.fr", grade=None)
    page = Page(render(replace(made, graded=(read, contact))))
    assert "all 1 3.00 1.00" in page.text
    assert "1 are not graded yet" in page.text
    assert "Solinum. À qui écrire ? k2, contact, grade – A contact, not repeated here." in page.text
    assert "a@b.fr" not in page.text


def test_a_contact_that_went_wrong_is_not_repeated_on_the_page(made):
    judged = [replace(one, question=replace(one.question, type="contact")) for one in made.full.judged]
    proof = replace(made.proof, collection=replace(made.proof.collection, report=replace(made.full, judged=judged)))
    page = Page(render(replace(made, proof=proof)))
    assert "A contact, not repeated here." in page.text
    assert f"Solinum {MARKUP}" not in page.text


def test_the_same_figures_make_the_same_page(made, whole):
    assert render(made) == whole


def test_a_page_that_cannot_be_written_is_a_fault(made, tmp_path):
    with pytest.raises(CannotMeasure, match=r"The report cannot be written: .*Give a path that can be written"):
        write_report(made, tmp_path)


def test_real_people_come_first_on_the_page_and_none_of_their_questions_stands_there(made):
    real = replace(collection_of({"r1": {"a": 3}, "r2": {"b": 2}}), folder=made.proof.collection.asked.folder)
    run = run_of("full", catalogue_of(real), {"r1": ["a"], "r2": []})
    proof = replace(made.proof, real_words=measure_front(REAL_WORDS, real, run))
    page = Page(render(replace(made, proof=proof)))
    assert "text of r1" not in page.text
    first = page.text.index("nDCG@10 on real people’s words 0.500")
    assert first < page.text.index("nDCG@10 on the collection") < page.text.index("real people 2 0.500")


def test_a_page_without_real_people_says_why_they_are_missing(made):
    proof = replace(made.proof, absent={REAL_WORDS: "there is no folder x"})
    assert "Not measured: real people, because there is no folder x." in Page(render(replace(made, proof=proof))).text
