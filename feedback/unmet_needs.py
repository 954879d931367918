"""Unmet needs: questions that the catalogue did not meet, clustered by what they are about.

The sentence vectors of the questions are clustered (average linkage on cosine distances); a need is a cluster.

A question is printed when it was asked on two days at least, or when it is general: a few words, each of them used in
small letters by several sheets of the catalogue, or an acronym that it explains, or the name of a département or
region. Anybody may have typed those. What is particular in a question, such as a name, a village or a rare illness,
stands in no five sheets. All others are only counted: k-anonymity with k = 2, as far as days tell people apart.

The report is a page that needs no network and a table for spreadsheets.
"""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined
from numpy.typing import NDArray

from corpus import Initiative
from corpus.places import PlaceKind
from corpus.text import fold, plain_words, spreadsheet_cell
from feedback.store import Kept, Miss, MissKind, question_key
from index import unit_rows
from search import Searcher

# The mean cosine distance within which questions are about one need. On written sets of like questions this value parts
# all that differ and joins half of what is alike; 0.6 joins more, and joins childcare at night to street lamps at night
# (docs/decisions/0009-feedback.md).
MAX_DISTANCE = 0.55

# Distances are taken between all pairs: 4,000 questions take 128 MB and a few seconds. The least frequent are left out.
MAX_QUESTIONS = 4000

NEAREST = 3  # initiatives shown with a need

MIN_DAYS = 2
MAX_WORDS = 8  # of a general question; a longer one tells a story
MIN_SHEETS = 5  # that use a word: then it belongs to nobody

# A word with a capital: the name of somebody or something; or the first of a sentence, which stands elsewhere too.
WITH_CAPITAL = re.compile(r"[\w'’-]*[A-ZÀ-ÖØ-Þ][\w'’-]*")

LARGE_PLACES = frozenset({PlaceKind.DEPARTEMENT, PlaceKind.REGION, PlaceKind.FORMER_REGION})


@dataclass(frozen=True, slots=True)
class MissedQuestion:
    """One question that the catalogue did not meet, over its spellings and its days."""

    text: str  # in its most frequent spelling
    # On which it was asked, each once, ascending. A second time on one day says little: a page that searches and asks,
    # a reload, the same person trying again.
    days: tuple[date, ...]
    kinds: frozenset[MissKind]

    @property
    def times(self) -> int:
        """On how many days it was asked."""
        return len(self.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What several questions look for that the catalogue does not hold."""

    name: str | None  # the most central of the questions that may be printed; None when there is none
    questions: tuple[MissedQuestion, ...]  # those that may be printed, most frequent first
    withheld: int  # questions that are only counted
    by_month: Mapping[str, int]  # the questions' times together, in order: "2026-03" → 2
    kinds: tuple[MissKind, ...]
    nearest: tuple[Initiative, ...]  # the NEAREST initiatives, none of which meets the need

    @property
    def times(self) -> int:
        """The questions' times together."""
        return sum(self.by_month.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmetNeeds:
    """All unmet needs, the most frequent first."""

    needs: tuple[Need, ...]
    questions: int  # different ones
    withheld: int  # of them, those that are only counted
    left_out: int  # of the least frequent, those beyond MAX_QUESTIONS
    months: tuple[str, ...]  # from the first to the last of all, those without a question too: "2026-03"


def find_unmet_needs(searcher: Searcher, misses: Iterable[Kept[Miss]]) -> UnmetNeeds:
    """Cluster the questions of misses, and name each cluster by its centre."""
    questions = missed_questions(misses)
    compared = questions[:MAX_QUESTIONS]
    general = GeneralWords(searcher)
    printed = np.array([may_be_printed(one, general) for one in compared], bool)
    vectors = _vectors(searcher, compared)
    labels = _clusters(vectors)
    needs = [
        _need(searcher, [compared[row] for row in rows], vectors[rows], printed[rows])
        for rows in (np.flatnonzero(labels == label) for label in np.unique(labels))
    ]
    months = np.array([day for one in questions for day in one.days], "datetime64[M]")
    return UnmetNeeds(
        needs=tuple(sorted(needs, key=lambda need: (-need.times, need.name is None, need.name or ""))),
        questions=len(questions),
        withheld=int((~printed).sum()),
        left_out=len(questions) - len(compared),
        months=tuple(map(str, np.arange(months.min(), months.max() + 1))) if questions else (),
    )


def missed_questions(misses: Iterable[Kept[Miss]]) -> tuple[MissedQuestion, ...]:
    """The questions of misses, the most frequent first, then by their text."""
    spellings: dict[str, list[Kept[Miss]]] = defaultdict(list)
    for miss in misses:
        spellings[question_key(miss.entry.query)].append(miss)
    questions = [
        MissedQuestion(
            Counter(one.entry.query for one in kept).most_common(1)[0][0],
            tuple(sorted({one.at for one in kept})),
            frozenset(one.entry.kind for one in kept),
        )
        for kept in spellings.values()
    ]
    return tuple(sorted(questions, key=lambda one: (-one.times, one.text)))


def _vectors(searcher: Searcher, questions: Sequence[MissedQuestion]) -> NDArray[np.float32]:
    """Sentence vectors of questions, float32 [n, d] of unit length, centred as those of every question."""
    encoded = searcher.encoder.questions([one.text for one in questions])
    if not encoded:
        return np.zeros((0, 1), np.float32)
    return unit_rows(np.stack([one.vector for one in encoded]) - searcher.index.centre.vector_mean)


def _clusters(vectors: NDArray[np.float32]) -> NDArray[np.int64]:
    """The number of each row's cluster, int64 [n]."""
    from sklearn.cluster import AgglomerativeClustering

    if len(vectors) < 2:  # which is less than there is to cluster
        return np.zeros(len(vectors), np.int64)
    clustering = AgglomerativeClustering(
        n_clusters=None, metric="cosine", linkage="average", distance_threshold=MAX_DISTANCE
    )
    return np.asarray(clustering.fit_predict(vectors), np.int64)


def _need(
    searcher: Searcher, questions: Sequence[MissedQuestion], vectors: NDArray[np.float32], printed: NDArray[np.bool_]
) -> Need:
    centrality = vectors @ vectors.mean(axis=0)
    nearest = searcher.rank(questions[int(centrality.argmax())].text).nearest[:NEAREST]
    return Need(
        name=questions[int(np.where(printed, centrality, -np.inf).argmax())].text if printed.any() else None,
        questions=tuple(one for one, may_be in zip(questions, printed, strict=True) if may_be),
        withheld=int((~printed).sum()),
        by_month=dict(sorted(Counter(f"{day:%Y-%m}" for one in questions for day in one.days).items())),
        kinds=tuple(kind for kind in MissKind if any(kind in one.kinds for one in questions)),
        nearest=tuple(searcher.index.owner(one.passage) for one in nearest),
    )


class GeneralWords:
    """The words of a catalogue that belong to nobody: those of several sheets, and its acronyms."""

    def __init__(self, searcher: Searcher) -> None:
        self.analyser, self.gazetteer = searcher.index.lexical.analyser, searcher.catalogue.gazetteer
        small = (WITH_CAPITAL.sub(" ", initiative.text) for initiative in searcher.catalogue.initiatives)
        sheets = Counter(term for text in small for term in set(self.analyser.terms(text)))
        self.terms = {fold(acronym.short) for acronym in searcher.index.contents.acronyms}
        self.terms |= {term for term, number in sheets.items() if number >= MIN_SHEETS}

    def are_all_of(self, text: str) -> bool:
        """Whether a question is made of general words alone, and of few; those of large places count as such.

        Example: "logement des jeunes en Bretagne" yes, "logement à Paimpont" no, "logement de Kevin" no
        """
        if any(character.isalnum() and not ("a" <= character <= "z") for character in fold(text)):
            return False  # figures, and scripts whose words cannot be told apart here
        if len(plain_words(text)) > MAX_WORDS:
            return False
        for place in reversed(self.gazetteer.places_in_query(text)):
            if place.kind in LARGE_PLACES:
                text = f"{text[: place.start]} {text[place.end :]}"
        stop_words = self.analyser.french | self.analyser.english
        return all(word in stop_words or self.analyser.term(word) in self.terms for word in plain_words(text))


def may_be_printed(question: MissedQuestion, general: GeneralWords) -> bool:
    """Whether a question says nothing of who asked it."""
    return question.times >= MIN_DAYS or general.are_all_of(question.text)


# Of the table: heading → what it says of a need.
COLUMNS: dict[str, Callable[[Need], str]] = {
    "need": lambda need: need.name or "",
    "times": lambda need: str(need.times),
    "questions": lambda need: str(len(need.questions) + need.withheld),
    "not shown": lambda need: str(need.withheld),
    "months": lambda need: "; ".join(f"{month}: {times}" for month, times in need.by_month.items()),
    "how it came out": lambda need: "; ".join(need.kinds),
    "printed questions": lambda need: " | ".join(f"{one.text} ({one.times})" for one in need.questions),
    "nearest": lambda need: "; ".join(near.id for near in need.nearest),
}


def write_report(folder: Path, report: UnmetNeeds) -> tuple[Path, Path]:
    """Write the page and the table, gaps.html and gaps.csv, into a folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    page, table = folder / "gaps.html", folder / "gaps.csv"
    page.write_text(render(report), encoding="utf-8")
    with table.open("w", encoding="utf-8-sig", newline="") as file:  # the mark that spreadsheets look for
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows([spreadsheet_cell(cell(need)) for cell in COLUMNS.values()] for need in report.needs)
    return page, table


def render(report: UnmetNeeds) -> str:
    """The page, self-contained; what people typed is escaped."""
    environment = Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    most = max((times for need in report.needs for times in need.by_month.values()), default=1)
    return environment.get_template("gaps.html").render(
        report=report, most=most, days=MIN_DAYS, sheets=MIN_SHEETS, words=MAX_WORDS
    )
