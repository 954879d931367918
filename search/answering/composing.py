"""Composing: from weighed findings to statements with their citations."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.initiative import Initiative
from index.words import fold
from search.answering import wording
from search.answering.answer import Citation, Statement, Verdict
from search.answering.asked import Asked
from search.answering.evidence import Asking
from search.answering.finding import Finding, offset_of
from search.answering.gathering import Found
from search.answering.mentions import Mention, expected
from search.answering.quoting import cite, holds_contact, opening, sentence_around, shown
from search.answering.telling import telling_sentence
from search.hit import Results

# A best finding at least this probable stands alone; one other follows a less probable one, several a doubtful one. On
# the questions that fit the confidence this shows the answer nearly as often as a second whole sentence for all, in
# three quarters of the characters (docs/decisions/0007-answers.md).
CERTAIN, DOUBTFUL = 0.6, 0.3
MOST_OTHERS = 3

# A list shows initiatives that score nearly as well as the first, and no more than one can take in at a glance.
LIST_LENGTH = 5
NEARLY = 0.12
LONGEST_LISTED = 140  # characters of a quote

NEAREST = 3  # initiatives that a refusal names

# A figure and what it counts; "50 000" is one figure.
FIGURE = re.compile(r"(?P<figure>\d+(?:[ .,]\d+)*)\s*(?P<thing>[%€]|[^\W\d]+)?")
YEAR = re.compile(r"(?:19|20)\d\d")
LONGEST_UNIT = 20  # characters after a figure in which it is said what it counts


@dataclass(frozen=True, slots=True)
class Composed:
    """The text of an answer and what it rests on."""

    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]


def compose(asking: Asking, found: Found, verdict: Verdict) -> Composed:
    """Make an answer of what was found, one finding at least."""
    parts = list(_lines(asking) if asking.asked.several else _sentences(asking, found))
    citations: list[Citation] = []
    statements: list[Statement] = []
    language = asking.trail.results.query.language
    for number, (text, cited) in enumerate(parts):
        said = wording.closest(language, text) if verdict is Verdict.CLOSEST and number == 0 else text
        statements.append(Statement(said, tuple(range(len(citations), len(citations) + len(cited)))))
        citations += cited
    return Composed(tuple(statements), tuple(citations))


def refuse(results: Results, searched: int, documents: int, filtered: bool) -> Composed:
    """Say what was searched, and what comes nearest."""
    nearest = [hit.initiative for hit in results.hits[:NEAREST]]
    text = wording.nothing(results.query.language, searched, documents, filtered, nearest)
    return Composed((Statement(text, ()),), ())


def _sentences(asking: Asking, found: Found) -> Iterator[tuple[str, list[Citation]]]:
    """The best finding; another source that gives other figures; else the next finding, where there is room."""
    language = asking.trail.results.query.language
    best = found.findings[0]
    text, citation = _statement(asking, best)
    yield text, [citation, *_agreeing(asking, best, found.findings)]
    other = _disagreeing(asking, best, found.findings)
    if other is not None:
        quoted, cited = _quoted(asking, other)
        yield wording.differs(language, _initiative(asking, other), quoted), [cited]
        return
    others = list(_others(asking, best, citation, found))
    if others:
        quotes = [shown(_text(asking, one), one.start, one.end) for one in others]
        yield wording.also(language, quotes), [cite(_initiative(asking, one), one.start, one.end) for one in others]


def _others(asking: Asking, best: Finding, cited: Citation, found: Found) -> Iterator[Finding]:
    """The next findings in the same initiative that say more than the quote shown: the less sure the best, the more."""
    most = 0 if found.certainty >= CERTAIN else 1 if found.certainty >= DOUBTFUL else MOST_OTHERS
    told, said = (cited.initiative, *cited.also_in), " ".join(cited.quote.split()).lower()
    for one in found.findings[1:]:
        if not most:
            return
        if _initiative(asking, one).id in told and one.lead.lower() not in said and _may_be_shown(asking, one):
            yield one
            said, most = f"{said} {one.lead.lower()}", most - 1


def _may_be_shown(asking: Asking, finding: Finding) -> bool:
    return asking.asked is Asked.CONTACT or not holds_contact(_text(asking, finding)[finding.start : finding.end])


def _lines(asking: Asking) -> Iterator[tuple[str, list[Citation]]]:
    """One line for each initiative, as search ranks them, with the sentence that says most of what was asked."""
    trail, index = asking.trail, asking.index
    for one in trail.ranked[:LIST_LENGTH]:
        if one.score < trail.ranked[0].score - NEARLY:
            return
        told = telling_sentence(index, trail.question, one.passage)
        if told is None:  # nothing but contact data, which a list is never asked for
            continue
        initiative = index.owner(one.passage)
        offset = offset_of(index.contents.passages[one.passage], initiative)
        start, end = opening(initiative.text, offset + told[0], offset + told[1], LONGEST_LISTED)
        quoted = shown(initiative.text, start, end)
        yield wording.line(trail.results.query.language, initiative, quoted), [cite(initiative, start, end)]


def _statement(asking: Asking, finding: Finding) -> tuple[str, Citation]:
    quoted, citation = _quoted(asking, finding)
    language = asking.trail.results.query.language
    return wording.statement(language, finding.lead, _initiative(asking, finding), quoted), citation


def _quoted(asking: Asking, finding: Finding) -> tuple[str, Citation]:
    """The sentence around a finding; the finding alone where the sentence would show contact data nobody asked for."""
    initiative = _initiative(asking, finding)
    start, end = sentence_around(initiative.text, finding.start, finding.end)
    if asking.asked is not Asked.CONTACT and holds_contact(initiative.text[start:end]):
        start, end = finding.start, finding.end
    return shown(initiative.text, start, end), cite(initiative, start, end)


def _agreeing(asking: Asking, best: Finding, findings: Sequence[Finding]) -> list[Citation]:
    """Where another telling of the same initiative says the same."""
    return [
        _quoted(asking, one)[1]
        for one in _of_twins(asking, best, findings)
        if one.lead.lower() == best.lead.lower() and one.origin is best.origin
    ][:2]


def _disagreeing(asking: Asking, best: Finding, findings: Sequence[Finding]) -> Finding | None:
    """Another telling of the same initiative that answers in the same way with other figures of the same thing."""
    if expected(asking.asked) not in ({Mention.NUMBER}, {Mention.DATE}):
        return None
    told = _figures(asking, best)
    for one in _of_twins(asking, best, findings):
        other = _figures(asking, one)
        counted = {thing for _, thing in told} & {thing for _, thing in other}
        if one.score > 0 and counted and not told & other:
            return one
    return None


def _figures(asking: Asking, finding: Finding) -> set[tuple[str, str]]:
    """The figures of a finding, each with what it counts: the sign or the beginning of the word after it.

    Example: "250 foyers" → {("250", "foye")}, "en 2020" → {("2020", "year")}
    """
    text = _initiative(asking, finding).text
    found = FIGURE.finditer(text, finding.start, min(len(text), finding.end + LONGEST_UNIT))
    return {
        (match["figure"], "year" if YEAR.fullmatch(match["figure"]) else fold(match["thing"] or "")[:4])
        for match in found
        if match.start() < finding.end
    }


def _of_twins(asking: Asking, best: Finding, findings: Sequence[Finding]) -> Iterator[Finding]:
    twins = _initiative(asking, best).same_as
    return (one for one in findings if _initiative(asking, one).id in twins)


def _initiative(asking: Asking, finding: Finding) -> Initiative:
    return asking.index.contents.initiatives[finding.row]


def _text(asking: Asking, finding: Finding) -> str:
    return _initiative(asking, finding).text
