"""The README is what a newcomer needs in five minutes, and cannot lie: its figures, commands and links are real."""

import re

import pytest

from tests.census import ROOT
from web.quality import SHIPPED, Quality

README = (ROOT / "README.md").read_text(encoding="utf-8")
FIGURES = (ROOT / "docs" / "figures.md").read_text(encoding="utf-8")
QUALITY = Quality.model_validate_json(SHIPPED.read_bytes())
MOST_LINES = 100
FOR_SIX_READERS = ("reader", "owner", "operating", "http", "research", "CONTRIBUTING")


def test_it_is_short_and_leads_each_of_six_readers_on():
    assert len(README.splitlines()) <= MOST_LINES
    assert [page for page in FOR_SIX_READERS if f"{page}.md)" not in README] == []


def test_its_figures_are_those_of_the_page_of_figures_and_begin_with_real_people():
    table = re.search(r"^\| \| questions.*?\n\n", README, re.MULTILINE | re.DOTALL)[0]
    assert table in FIGURES
    assert table.splitlines()[2].startswith("| **real people's words**")


def told(share: float, digits: int = 2) -> str:
    """A share as tables have it. Example: .8431 → .84"""
    return f"{share:.{digits}f}".replace("0.", ".")


def row(name: str) -> str:
    """What a table tells of a front, from the number of questions on."""
    front = QUALITY.fronts[name]
    low, high = front.intervals["ndcg_10"]
    best = {"real_words": f"**{told(front.ndcg_10)}**", "collection": told(front.ndcg_10, 3)}
    empty = front.empty
    cells = [
        str(front.questions),
        f"{best.get(name, told(front.ndcg_10))} [{told(low)}, {told(high)}]",
        *map(told, (front.mrr_10, front.success_1, front.success_3, front.recall_50)),
        f"{empty.unanswerable_empty} of {empty.unanswerable}" if empty.unanswerable else "–",
        f"{empty.answerable_empty} of {empty.answerable}",
    ]
    return " | ".join(cells)


@pytest.mark.parametrize("name", ["real_words", "collection", "foreign"])
def test_its_figures_are_those_that_were_measured_last(name):
    """After a change of figures: `recueil eval summary`, then what is written here."""
    assert f"| {row(name)} |" in README


def test_the_figures_of_slices_are_those_that_were_measured_last():
    collection, people = QUALITY.fronts["collection"], QUALITY.fronts["real_words"].by_type
    kinds = ("known_item", "topic_fr", "paraphrase", "crosslingual_en", "acronym", "place", "noisy", "long")
    cells = [told(collection.ndcg_10, 3), *(told(collection.by_type[kind].ndcg_10) for kind in kinds)]
    assert f"| {' | '.join(cells)} |" in FIGURES
    headings, others, elected = (
        told(people[kind].ndcg_10) for kind in ("title_without_accents", "other_people", "elected")
    )
    assert f"nDCG@10 {headings}, other people {others}, elected members {elected};" in " ".join(FIGURES.split())


def test_what_is_said_of_other_spellings_is_what_was_measured_last():
    spellings, flat = QUALITY.spellings, " ".join(FIGURES.split())
    assert f"of {spellings.spellings} spellings" in flat
    assert f"the worst has {told(spellings.worst, 3)}, none empties a list" in flat
    assert spellings.emptied == 0


def test_the_figures_of_answers_are_those_that_were_measured_last():
    answers = QUALITY.answers
    languages = [told(answers.by_language[one].right) for one in ("en", "fr")]
    cells = [
        told(answers.all.right),
        " / ".join(languages),
        *map(told, (answers.all.withheld, answers.near_misses.refused, answers.other_subjects.refused)),
        f"{answers.sure.answers}, {told(answers.sure.right)}",
        told(answers.all.whole),
        told(answers.quotes_exact),
    ]
    assert f"| {' | '.join(cells)} |" in FIGURES


def test_what_it_shows_of_answers_is_what_is_said_today(answerer):
    shown = re.findall(r'^\$ recueil ask "([^"\n]+)"\n(.+?)(?:…|\[1\])', README, re.MULTILINE | re.DOTALL)
    assert len(shown) == 3
    for question, beginning in shown:
        said = answerer.answer(answerer.searcher.rank(question)).text
        assert " ".join(said.split()).startswith(" ".join(beginning.split())), question


def test_its_numbers_are_those_of_the_sheets_that_it_comes_with(corpus):
    assert f"{len(corpus.initiatives)} initiatives from five public documents" in " ".join(README.split())
    assert len(corpus.documents) == 5


def test_its_commands_are_targets_of_the_makefile():
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    told = set(re.findall(r"(?:^|`)make (\w+)", README, re.MULTILINE))
    assert {"serve", "test", "docs"} <= told <= targets
