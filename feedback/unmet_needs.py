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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined
from numpy.typing import NDArray

from corpus import Initiative
from corpus.places import Gazetteer, PlaceKind
from corpus.text import fold, plain_words, spreadsheet_cell
from feedback.entries import Kept, Miss, MissKind, question_key
from index import Analyser, unit_rows
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

HEADINGS = ("need", "times", "questions", "not shown", "months", "how it came out", "printed questions", "nearest")


@dataclass(frozen=True, slots=True)
class MissedQuestion:
    """One question that the catalogue did not meet, over its spellings and its days."""

    text: str  # in its most frequent spelling
    days: tuple[date, ...]  # on which it was asked, each once, ascending
    kinds: frozenset[MissKind]

    @property
    def times(self) -> int:
        """On how many days it was asked.

        A second time on one day says little: a page that searches and asks, a reload, the same person trying again.
        """
        return len(self.days)

    @property
    def by_month(self) -> Mapping[str, int]:
        """The times of each month, in order: "2026-03" → 2."""
        return Counter(f"{day:%Y-%m}" for day in self.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What several questions look for that the catalogue does not hold."""

    name: str | None  # the most central of the questions that may be printed; None when there is none
    questions: tuple[MissedQuestion, ...]  # those that may be printed, most frequent first
    withheld: int  # questions that are only counted
    times: int  # the questions' times together
    by_month: Mapping[str, int]  # in order: "2026-03" → times
    kinds: tuple[MissKind, ...]
    nearest: tuple[Initiative, ...]  # the NEAREST initiatives, none of which meets the need


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmetNeeds:
    """All unmet needs, the most frequent first."""

    needs: tuple[Need, ...]
    questions: int  # different ones
    withheld: int  # of them, those that are only counted
    left_out: int  # of the least frequent, those beyond MAX_QUESTIONS
    first: str | None  # "2026-03", the first month of all; None without any question
    last: str | None


def find_unmet_needs(searcher: Searcher, misses: Iterable[Kept[Miss]]) -> UnmetNeeds:
    """Cluster the questions of misses, and name each cluster by its centre."""
    questions = missed_questions(misses)
    compared = questions[:MAX_QUESTIONS]
    general = GeneralWords.of(searcher)
    printed = np.array([may_be_printed(one, general) for one in compared], bool)
    vectors = _vectors(searcher, compared)
    labels = _clusters(vectors)
    needs = [
        _need(searcher, [compared[row] for row in rows], vectors[rows], printed[rows])
        for rows in (np.flatnonzero(labels == label) for label in np.unique(labels))
    ]
    months = sorted(month for one in questions for month in one.by_month)
    return UnmetNeeds(
        needs=tuple(sorted(needs, key=lambda need: (-need.times, need.name is None, need.name or ""))),
        questions=len(questions),
        withheld=int((~printed).sum()),
        left_out=len(questions) - len(compared),
        first=months[0] if months else None,
        last=months[-1] if months else None,
    )


def missed_questions(misses: Iterable[Kept[Miss]]) -> tuple[MissedQuestion, ...]:
    """The questions of misses, the most frequent first, then by their text."""
    spellings: dict[str, list[Kept[Miss]]] = defaultdict(list)
    for kept in misses:
        spellings[question_key(kept.entry.query)].append(kept)
    return tuple(sorted(map(_missed_question, spellings.values()), key=lambda one: (-one.times, one.text)))


def _missed_question(kept: Sequence[Kept[Miss]]) -> MissedQuestion:
    ((text, _),) = Counter(one.entry.query for one in kept).most_common(1)
    return MissedQuestion(text, tuple(sorted({one.at for one in kept})), frozenset(one.entry.kind for one in kept))


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
    centre = questions[int(centrality.argmax())]
    name = questions[int(np.where(printed, centrality, -np.inf).argmax())].text if printed.any() else None
    by_month = sum((Counter(one.by_month) for one in questions), Counter[str]())
    nearest = searcher.rank(centre.text).nearest[:NEAREST]
    return Need(
        name=name,
        questions=tuple(one for one, may_be in zip(questions, printed, strict=True) if may_be),
        withheld=int((~printed).sum()),
        times=by_month.total(),
        by_month=dict(sorted(by_month.items())),
        kinds=tuple(kind for kind in MissKind if any(kind in one.kinds for one in questions)),
        nearest=tuple(searcher.index.owner(one.passage) for one in nearest),
    )


@dataclass(frozen=True, slots=True)
class GeneralWords:
    """The words that belong to nobody."""

    analyser: Analyser
    gazetteer: Gazetteer
    terms: frozenset[str]  # stems, and acronyms of the catalogue, folded

    @classmethod
    def of(cls, searcher: Searcher) -> "GeneralWords":
        """The general words of a catalogue."""
        analyser = searcher.index.lexical.analyser
        small = (WITH_CAPITAL.sub(" ", initiative.text) for initiative in searcher.catalogue.initiatives)
        sheets = Counter(term for text in small for term in set(analyser.terms(text)))
        acronyms = {fold(acronym.short) for acronym in searcher.index.contents.acronyms}
        terms = acronyms | {term for term, number in sheets.items() if number >= MIN_SHEETS}
        return cls(analyser, searcher.catalogue.gazetteer, frozenset(terms))

    def are_all_of(self, text: str) -> bool:
        """Whether a question is made of general words alone, and of few.

        Example: "logement des jeunes en Bretagne" yes, "logement à Paimpont" no, "logement de Kevin" no
        """
        if any(character.isalnum() and not ("a" <= character <= "z") for character in fold(text)):
            return False  # figures, and scripts whose words cannot be told apart here
        if len(plain_words(text)) > MAX_WORDS:
            return False
        return all(self._is_general(word) for word in plain_words(self._without_large_places(text)))

    def _is_general(self, word: str) -> bool:
        return word in self.analyser.french | self.analyser.english or self.analyser.term(word) in self.terms

    def _without_large_places(self, text: str) -> str:
        for place in reversed(self.gazetteer.places_in_query(text)):
            if place.kind in LARGE_PLACES:
                text = f"{text[: place.start]} {text[place.end :]}"
        return text


def may_be_printed(question: MissedQuestion, general: GeneralWords) -> bool:
    """Whether a question says nothing of who asked it."""
    return question.times >= MIN_DAYS or general.are_all_of(question.text)


def write_report(folder: Path, report: UnmetNeeds) -> tuple[Path, Path]:
    """Write the page and the table, gaps.html and gaps.csv, into a folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    page, table = folder / "gaps.html", folder / "gaps.csv"
    page.write_text(render(report), encoding="utf-8")
    with table.open("w", encoding="utf-8-sig", newline="") as file:  # the mark that spreadsheets look for
        csv.writer(file).writerows(_rows(report))
    return page, table


def render(report: UnmetNeeds) -> str:
    """The page, self-contained; what people typed is escaped."""
    environment = Environment(
        loader=PackageLoader("feedback"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    most = max((times for need in report.needs for times in need.by_month.values()), default=1)
    return environment.get_template("gaps.html").render(
        report=report, months=_months(report), most=most, days=MIN_DAYS, sheets=MIN_SHEETS, words=MAX_WORDS
    )


def _months(report: UnmetNeeds) -> list[str]:
    """All months from the first to the last, those without a question too."""
    if report.first is None or report.last is None:
        return []
    first, last = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (report.first, report.last))
    return [f"{number // 12}-{number % 12 + 1:02}" for number in range(first, last + 1)]


def _rows(report: UnmetNeeds) -> Iterator[tuple[str, ...]]:
    yield HEADINGS
    for need in report.needs:
        yield tuple(spreadsheet_cell(cell) for cell in _cells(need))


def _cells(need: Need) -> tuple[str, ...]:
    return (
        need.name or "",
        str(need.times),
        str(len(need.questions) + need.withheld),
        str(need.withheld),
        "; ".join(f"{month}: {times}" for month, times in need.by_month.items()),
        "; ".join(need.kinds),
        " | ".join(f"{one.text} ({one.times})" for one in need.questions),
        "; ".join(near.id for near in need.nearest),
    )
