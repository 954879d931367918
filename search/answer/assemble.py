"""Assembling: from ranked candidates to statements with their citations; or from nothing sure enough, an abstention.

    assemble(context, ranked, verdict)   # the short answer, its initiative and place, the quote
    abstain(context, searched)           # how many sheets were searched, and what comes nearest

The frames are in the language of the question, quotes stay in that of the source.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus import Initiative, Language
from corpus.text import fold, holds_contact, strip_markup
from search import (
    NO_FILTERS,
    Citation,
    best_sentence,
    cite,
    first_words,
    passage_start,
    quoted_text,
    sentence_around,
)
from search.answer.answer import Statement, Verdict
from search.answer.answer_type import AnswerType, EntityType, expected_entities
from search.answer.candidates import AnswerCandidate, AnswerContext
from search.answer.confidence import RankedCandidates

# A best candidate at least this probable stands alone; one other follows a less probable one, several a doubtful one.
# On the questions that fit the confidence this shows the answer nearly as often as a second whole sentence for all, in
# three quarters of the characters (docs/decisions/0007-answers.md).
CERTAIN, DOUBTFUL = 0.6, 0.3
MOST_OTHERS = 3

# A list shows initiatives that score nearly as well as the first, and no more than one can take in at a glance.
LIST_LENGTH = 5
NEARLY = 0.12  # behind the search score of the first
LONGEST_LISTED = 140  # characters of a quote

NEAREST = 3  # initiatives that an abstention names

# A figure and what it counts; "50 000" is one figure.
FIGURE = re.compile(r"(?P<figure>\d+(?:[ .,]\d+)*)\s*(?P<thing>[%€]|[^\W\d]+)?")
YEAR = re.compile(r"(?:19|20)\d\d")
LONGEST_UNIT = 20  # characters after a figure in which it is said what it counts

LONGEST_TITLE, LONGEST_PLACE = 45, 30  # characters of them in an answer

_PHRASES = {
    "fr": {
        "closest": "Le plus proche : {said}",
        "also": "Aussi : {quotes}",
        "differs": "Une autre source dit : « {quote} » ({where}).",
        "nothing": "Pas de réponse dans ce recueil. Cherché dans {searched}, par les mots et par le sens.",
        "nearest": "Le plus proche : {titles}.",
        "initiatives": "{count} fiches de {documents} documents",
        "filtered": "{count} fiches retenues par les filtres",
        "colon": " : ",
        "semicolon": " ; ",
    },
    "en": {
        "closest": "Closest match: {said}",
        "also": "Also: {quotes}",
        "differs": "Another source says: « {quote} » ({where}).",
        "nothing": "No answer in this collection. Searched {searched}, by words and by meaning.",
        "nearest": "Nearest: {titles}.",
        "initiatives": "{count} sheets of {documents} documents",
        "filtered": "{count} sheets that pass the filters",
        "colon": ": ",
        "semicolon": "; ",
    },
}


@dataclass(frozen=True, slots=True)
class Assembled:
    """The text of an answer and what it rests on."""

    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]


def assemble(context: AnswerContext, ranked: RankedCandidates, verdict: Verdict) -> Assembled:
    """Make an answer of what was found, one candidate at least."""
    parts = list(_lines(context) if context.answer_type.is_list else _sentences(context, ranked))
    citations: list[Citation] = []
    statements: list[Statement] = []
    for number, (text, cited) in enumerate(parts):
        as_closest = verdict is Verdict.CLOSEST and number == 0
        said = _PHRASES[_language(context)]["closest"].format(said=text) if as_closest else text
        statements.append(Statement(said, tuple(range(len(citations), len(citations) + len(cited)))))
        citations += cited
    return Assembled(tuple(statements), tuple(citations))


def abstain(context: AnswerContext, searched: int) -> Assembled:
    """Say how many sheets of how many documents were searched, after filters or not, and what comes nearest."""
    ranking, index = context.ranking, context.index
    phrases = _PHRASES[ranking.query.language]
    told = phrases["initiatives" if ranking.filters == NO_FILTERS else "filtered"]
    sheets = told.format(count=searched, documents=len(index.contents.documents))
    text = phrases["nothing"].format(searched=sheets)
    nearest = (index.owner(one.passage) for one in ranking.nearest[:NEAREST])
    titles = phrases["semicolon"].join(map(title_and_place, nearest))
    if titles:
        text = f"{text} {phrases['nearest'].format(titles=titles)}"
    return Assembled((Statement(text, ()),), ())


def _sentences(context: AnswerContext, ranked: RankedCandidates) -> Iterator[tuple[str, list[Citation]]]:
    """The best candidate; another source that gives other figures; else the next candidates, where there is room."""
    phrases = _PHRASES[_language(context)]
    best = ranked.candidates[0]
    quoted, citation = _quoted(context, best)
    text = statement_text(_language(context), best.lead, context.initiative(best), quoted)
    yield text, [citation, *_agreeing(context, best, ranked.candidates)]
    other = _disagreeing(context, best, ranked.candidates)
    if other is not None:
        quoted, cited = _quoted(context, other)
        yield phrases["differs"].format(quote=quoted, where=title_and_place(context.initiative(other))), [cited]
        return
    others = list(_others(context, best, citation, ranked))
    if others:
        quotes = ", ".join(f"« {quoted_text(_text(context, one), one.start, one.end)} »" for one in others)
        cites = [cite(context.initiative(one), one.start, one.end) for one in others]
        yield phrases["also"].format(quotes=quotes), cites


def _others(
    context: AnswerContext, best: AnswerCandidate, cited: Citation, ranked: RankedCandidates
) -> Iterator[AnswerCandidate]:
    """The next candidates of the same initiative that say more than the quote: the less sure the best, the more."""
    most = 0 if ranked.certainty >= CERTAIN else 1 if ranked.certainty >= DOUBTFUL else MOST_OTHERS
    cluster, said = (cited.initiative, *cited.also_in), " ".join(cited.quote.split()).lower()
    for one in ranked.candidates[1:]:
        if not most:
            return
        in_cluster = context.initiative(one).id in cluster
        if in_cluster and one.lead.lower() not in said and _may_be_shown(context, one):
            yield one
            said, most = f"{said} {one.lead.lower()}", most - 1


def _may_be_shown(context: AnswerContext, candidate: AnswerCandidate) -> bool:
    if context.answer_type is AnswerType.CONTACT:
        return True
    return not holds_contact(_text(context, candidate)[candidate.start : candidate.end])


def _lines(context: AnswerContext) -> Iterator[tuple[str, list[Citation]]]:
    """One line for each initiative, as search ranks them, with the sentence that says most of what was asked."""
    ranking, index = context.ranking, context.index
    for one in ranking.nearest[:LIST_LENGTH]:
        if one.score < ranking.nearest[0].score - NEARLY:
            return
        sentence = best_sentence(index, ranking.query.tokens, one.passage)
        if sentence is None:  # nothing but contact data, which a list is never asked for
            continue
        initiative = index.owner(one.passage)
        offset = passage_start(initiative, index.contents.passages[one.passage])
        start, end = first_words(initiative.text, offset + sentence[0], offset + sentence[1], LONGEST_LISTED)
        quoted = quoted_text(initiative.text, start, end)
        yield list_line(_language(context), initiative, quoted), [cite(initiative, start, end)]


def _quoted(context: AnswerContext, candidate: AnswerCandidate) -> tuple[str, Citation]:
    """The sentence around a candidate; its words alone where the sentence would show contact data nobody asked for."""
    initiative = context.initiative(candidate)
    start, end = sentence_around(initiative.text, candidate.start, candidate.end)
    if context.answer_type is not AnswerType.CONTACT and holds_contact(initiative.text[start:end]):
        start, end = candidate.start, candidate.end
    return quoted_text(initiative.text, start, end), cite(initiative, start, end)


def _agreeing(context: AnswerContext, best: AnswerCandidate, candidates: Sequence[AnswerCandidate]) -> list[Citation]:
    """Where sheets of the same initiative in other documents say the same, two at most."""
    return [
        _quoted(context, one)[1]
        for one in _in_other_documents(context, best, candidates)
        if one.lead.lower() == best.lead.lower() and one.origin is best.origin
    ][:2]


def _disagreeing(
    context: AnswerContext, best: AnswerCandidate, candidates: Sequence[AnswerCandidate]
) -> AnswerCandidate | None:
    """What a sheet of the same initiative in another document answers, with other figures of the same thing."""
    if expected_entities(context.answer_type) not in ({EntityType.NUMBER}, {EntityType.DATE}):
        return None
    figures = _figures(context, best)
    for one in _in_other_documents(context, best, candidates):
        others = _figures(context, one)
        counted = {thing for _, thing in figures} & {thing for _, thing in others}
        if one.score > 0 and counted and not figures & others:
            return one
    return None


def _figures(context: AnswerContext, candidate: AnswerCandidate) -> set[tuple[str, str]]:
    """The figures of a candidate, each with what it counts: the sign or the beginning of the word after it.

    Example: "250 foyers" → {("250", "foye")}, "en 2020" → {("2020", "year")}
    """
    text = _text(context, candidate)
    found = FIGURE.finditer(text, candidate.start, min(len(text), candidate.end + LONGEST_UNIT))
    return {
        (match["figure"], "year" if YEAR.fullmatch(match["figure"]) else fold(match["thing"] or "")[:4])
        for match in found
        if match.start() < candidate.end
    }


def _in_other_documents(
    context: AnswerContext, best: AnswerCandidate, candidates: Sequence[AnswerCandidate]
) -> Iterator[AnswerCandidate]:
    """The candidates in other sheets of the same initiative."""
    others = context.initiative(best).same_as
    return (one for one in candidates if context.initiative(one).id in others)


def _text(context: AnswerContext, candidate: AnswerCandidate) -> str:
    return context.initiative(candidate).text


def _language(context: AnswerContext) -> Language:
    return context.ranking.query.language


def statement_text(language: Language, lead: str, initiative: Initiative, quote: str) -> str:
    """The short answer, the initiative and its place, and the quote; no lead where the quote is all of it.

    Example: "86 personnes — Clause d'insertion (Pas-de-Calais) : « … a permis le retour à l'emploi de 86 personnes … »"
    """
    lead = strip_markup(lead).strip(" ,;:.")
    named = title_and_place(initiative)
    head = f"{lead} — {named}" if lead and lead != quote.strip(" .…") else named
    return f"{head}{_PHRASES[language]['colon']}« {quote} »"


def list_line(language: Language, initiative: Initiative, quote: str) -> str:
    """One line of a list: where, what, and the words that say so."""
    return f"{title_and_place(initiative, place_first=True)}{_PHRASES[language]['colon']}« {quote} »"


def title_and_place(initiative: Initiative, *, place_first: bool = False) -> str:
    """An initiative by its title, shortened, and its place. Example: "Le bus (Ain)", or "Ain — Le bus"."""
    title = shortened(strip_markup(initiative.title).rstrip(" ."), LONGEST_TITLE)
    place = ", ".join(departement.name for departement in initiative.departements[:3]) or initiative.territory
    if not place:
        return title
    place = shortened(place, LONGEST_PLACE)
    return f"{place} — {title}" if place_first else f"{title} ({place})"


def shortened(text: str, longest: int) -> str:
    """Cut a text between words, with an ellipsis, when it has more characters than `longest`.

    Example: shortened("Un toit pour toutes", 12) → "Un toit…"
    """
    if len(text) <= longest:
        return text
    return text[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,;:–-") + "…"
