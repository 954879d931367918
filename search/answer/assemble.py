"""Assembling: from what was chosen to statements with their citations; or, with nothing sure enough, an abstention.

    assemble(context, chosen)            # the short answer, its initiative and place, whole sentences of its sheets
    abstain(context, searched)           # how many sheets were searched, and what comes nearest

The frames are in the language of the question, quotes stay in that of the source. What is quoted is whole.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus import Initiative, Language
from corpus.text import fold, holds_contact, strip_markup
from search import NO_FILTERS, Citation, RankedInitiative, cite, find_words
from search.answer.answer import Statement
from search.answer.answer_type import AnswerType, EntityType, expected_entities
from search.answer.candidates import AnswerContext
from search.answer.choice import Chosen, unit_words
from search.answer.leads import Lead, cluster_rows, contact_lines
from search.answer.sentence_ranker import SentenceCandidate
from search.answer.sentences import Span, readable

# A list is no longer than one can take in at a glance.
LIST_LENGTH = 5

NEAREST = 3  # initiatives that an abstention names

# A figure and what it counts; "50 000" is one figure.
FIGURE = re.compile(r"(?P<figure>\d+(?:[ .,]\d+)*)\s*(?P<thing>[%€]|[^\W\d]+)?")
YEAR = re.compile(r"(?:19|20)\d\d")

MOST_PLACES = 3
MOST_AGREEING = 2  # further sources of the same words that are cited
ALIKE = 0.6  # the share of the words of two sentences that both have, from which they say the same

_PHRASES = {
    "fr": {
        "closest": "Le plus proche : {said}",
        "differs": "Une autre source dit : « {quote} » ({where}).",
        "nothing": "Pas de réponse sûre dans ce recueil. Cherché dans {searched}, par les mots et par le sens.",
        "nearest": "Au plus proche : {titles}.",
        "initiatives": "{count} fiches de {documents} documents",
        "filtered": "{count} fiches retenues par les filtres",
        "no_contact": "Cette fiche n'imprime aucun contact",
        "reworded": "reformulé",
        "more": " et {count} autres",
        "colon": " : ",
        "semicolon": " ; ",
    },
    "en": {
        "closest": "Closest match: {said}",
        "differs": "Another source says: « {quote} » ({where}).",
        "nothing": "No sure answer in this collection. Searched {searched}, by words and by meaning.",
        "nearest": "Nearest: {titles}.",
        "initiatives": "{count} sheets of {documents} documents",
        "filtered": "{count} sheets that pass the filters",
        "no_contact": "This sheet prints no contact",
        "reworded": "reworded",
        "more": " and {count} more",
        "colon": ": ",
        "semicolon": "; ",
    },
}

# A statement without the numbers of its citations, and those.
Part = tuple[Statement, list[Citation]]


@dataclass(frozen=True, slots=True)
class Assembled:
    """The text of an answer and what it rests on."""

    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]


def assemble(context: AnswerContext, chosen: Chosen, *, doubtful: bool = False) -> Assembled:
    """Make an answer of what was chosen; what is doubtful is worded as the closest match."""
    make = _contacts if context.answer_type is AnswerType.CONTACT else _sentences
    return _numbered(context, list(make(context, chosen)), doubtful=doubtful)


def assemble_list(context: AnswerContext) -> Assembled:
    """List the first initiatives on the subject, each with its place, its title and a sentence of the project."""
    return _numbered(context, list(_lines(context)))


def _numbered(context: AnswerContext, parts: Sequence[Part], *, doubtful: bool = False) -> Assembled:
    citations: list[Citation] = []
    statements: list[Statement] = []
    for number, (said, cited) in enumerate(parts):
        text = said.text
        if doubtful and number == 0:
            text = _PHRASES[_language(context)]["closest"].format(said=text)
        positions = []
        for one in cited:
            if one not in citations:
                citations.append(one)
            positions.append(citations.index(one))
        statements.append(Statement(text, tuple(dict.fromkeys(positions)), said.lead, said.reworded))
    return Assembled(tuple(statements), tuple(citations))


def abstain(context: AnswerContext, searched: int) -> Assembled:
    """Say how many sheets of how many documents were searched, after filters or not, and what comes nearest.

    Where nothing is on the subject, nothing is near it either.
    """
    ranking, index = context.ranking, context.index
    phrases = _PHRASES[_language(context)]
    told = phrases["initiatives" if ranking.filters == NO_FILTERS else "filtered"]
    sheets = told.format(count=searched, documents=len(index.contents.documents))
    text = phrases["nothing"].format(searched=sheets)
    nearest = (index.owner(one.passage) for one in ranking.relevant[:NEAREST])
    titles = phrases["semicolon"].join(title_and_place(one, _language(context)) for one in nearest)
    if titles:
        text = f"{text} {phrases['nearest'].format(titles=titles)}"
    return Assembled((Statement(text, ()),), ())


def _sentences(context: AnswerContext, chosen: Chosen) -> Iterator[Part]:
    """The best sentence and one that completes it; another source that gives other figures."""
    language, best = _language(context), chosen.best
    quoted, citations = _quoted(context, best)
    lead = chosen.lead
    cited = [*citations, *_of_lead(context, lead), *chosen.proof]
    cited += [_citation(context, one) for one in _agreeing(context, best, chosen.ranked)]
    if chosen.second is not None:
        completing, others = _quoted(context, chosen.second)
        quoted = f"{quoted} {completing}"
        cited += [*others, *(_citation(context, one) for one in _agreeing(context, chosen.second, chosen.ranked))]
    text = statement_text(
        language,
        lead.text if lead else "",
        title_and_place(_initiative(context, best), language),
        quoted,
        chosen.reworded,
    )
    yield Statement(text, (), lead.text if lead and not chosen.reworded else "", chosen.reworded), cited
    other = _disagreeing(context, best, chosen.ranked)
    if other is not None:
        quoted, citations = _quoted(context, other)
        where = title_and_place(_initiative(context, other), language)
        inner = quoted.removeprefix("« ").removesuffix(" »")
        yield Statement(_PHRASES[language]["differs"].format(quote=inner, where=where), ()), citations


def _of_lead(context: AnswerContext, lead: Lead | None) -> list[Citation]:
    if lead is None:
        return []
    return [cite(context.index.contents.initiatives[row], start, end) for row, (start, end) in lead.spans]


def _contacts(context: AnswerContext, chosen: Chosen) -> Iterator[Part]:
    """What the sheets of the initiative print of whom to write to, or that they print nothing."""
    language = _language(context)
    rows = cluster_rows(context, chosen.best.row)
    first = context.index.contents.initiatives[rows[0]]
    where = title_and_place(first, language)
    for row in rows:
        initiative = context.index.contents.initiatives[row]
        cited, lines = [], []
        for contact in initiative.contacts:
            places = [contact.email, contact.phone, contact.name]
            spans = sorted(_line_of(initiative, word) for word in places if word and word in initiative.text)
            if line := contact_lines(contact):
                lines.append(line)
                cited += [cite(initiative, *span) for span in dict.fromkeys(spans)]
        if lines and cited:
            lead = _PHRASES[language]["semicolon"].join(lines)
            yield Statement(f"{lead} — {title_and_place(initiative, language)}.", (), lead), cited
            return
    phrase = _PHRASES[language]["no_contact"]
    yield Statement(f"{phrase} — {where}.", (), phrase), [cite(first, *_line_of(first, first.text.strip()[:1]))]


def _line_of(initiative: Initiative, word: str) -> Span:
    """The line in which a word first stands, without white space at its ends."""
    at = initiative.text.index(word)
    start, end = initiative.text.rfind("\n", 0, at) + 1, initiative.text.find("\n", at)
    line = initiative.text[start : end if end >= 0 else len(initiative.text)]
    return start + len(line) - len(line.lstrip()), start + len(line.rstrip())


def _lines(context: AnswerContext) -> Iterator[Part]:
    """One line for each initiative, as search ranks those on the subject."""
    language, seen = _language(context), set()
    for one in context.ranking.relevant:
        initiative = context.index.owner(one.passage)
        record = context.catalogue.record(initiative, language)
        span = _telling(context, one)
        if span is None or initiative.id in seen:
            continue
        seen.add(initiative.id)
        said = first_sentence(record.summary) if record else f"« {readable(initiative.text[slice(*span)])} »"
        title = record.title if record else initiative.title
        yield (
            Statement(list_line(language, place_of(initiative, language), title, said), (), "", said if record else ""),
            [cite(initiative, *span)],
        )
        if len(seen) == LIST_LENGTH:
            return


def first_sentence(summary: str) -> str:
    """The first whole sentence of a summary. Example: "Un bus roule. Il aide." → "Un bus roule.", the first."""
    end = re.search(r"(?<=[.!?])\s+(?=[A-ZÀ-Ý«])", summary)
    return summary[: end.start()] if end else summary


def _telling(context: AnswerContext, one: RankedInitiative) -> Span | None:
    """The sentence of the nearest passage with most of the question's words; none where all hold contact data."""
    index, row = context.index, int(context.index.owners[one.passage])
    sheet, reranked = context.table.sheet(row), context.ranking.reranked
    of_token = sheet.tokens.get(one.passage)
    text, weights = index.contents.initiatives[row].text, context.ranking.query.tokens.weights
    if of_token is None or not sheet.sentences:
        return None
    cosines = reranked.similarities.cosines(reranked.position(one.passage))
    best: tuple[float, Span] | None = None
    for number in sorted(set(of_token[of_token >= 0].tolist())):
        sentence = sheet.sentences[number]
        span = (sentence.start, sentence.end)
        if not holds_contact(text[slice(*span)]):
            score = float(cosines[:, of_token == number].max(axis=1, initial=0.0) @ weights)
            best = max(best or (-1.0, span), (score, span), key=lambda pair: pair[0])
    return best[1] if best else None


def _quoted(context: AnswerContext, candidate: SentenceCandidate) -> tuple[str, list[Citation]]:
    """The pieces of a unit, each between marks of its own."""
    initiative = _initiative(context, candidate)
    pieces = [f"« {readable(initiative.text[start:end])} »" for start, end in candidate.unit.pieces]
    return " ".join(pieces), [cite(initiative, start, end) for start, end in candidate.unit.pieces]


def _citation(context: AnswerContext, candidate: SentenceCandidate) -> Citation:
    return _quoted(context, candidate)[1][-1]


def _agreeing(
    context: AnswerContext, best: SentenceCandidate, ranked: Sequence[SentenceCandidate]
) -> list[SentenceCandidate]:
    """Sentences of the other sheets of the same initiative that say the same in nearly the same words, two at most."""
    words = unit_words(context, best)
    found: dict[int, SentenceCandidate] = {}
    for one in _in_other_sheets(context, best, ranked):
        if alike(words, unit_words(context, one)) >= ALIKE and len(one.unit.pieces) == 1:
            found.setdefault(one.row, one)
    return list(found.values())[:MOST_AGREEING]


def _disagreeing(
    context: AnswerContext, best: SentenceCandidate, ranked: Sequence[SentenceCandidate]
) -> SentenceCandidate | None:
    """What a sheet of the same initiative in another document answers, with other figures of the same thing."""
    if expected_entities(context.answer_type) not in ({EntityType.NUMBER}, {EntityType.DATE}):
        return None
    figures = _figures(context, best)
    for one in _in_other_sheets(context, best, ranked[:4]):
        others = _figures(context, one)
        counted = {thing for _, thing in figures} & {thing for _, thing in others} - {""}
        if one.score > 0 and counted and not figures & others:
            return one
    return None


def _figures(context: AnswerContext, candidate: SentenceCandidate) -> set[tuple[str, str]]:
    """The figures of a unit, each with what it counts: the sign or the beginning of the word after it.

    Example: "250 foyers" → {("250", "foye")}, "en 2020" → {("2020", "year")}
    """
    text = " ".join(_initiative(context, candidate).text[start:end] for start, end in candidate.unit.pieces)
    return {
        (match["figure"], "year" if YEAR.fullmatch(match["figure"]) else fold(match["thing"] or "")[:4])
        for match in FIGURE.finditer(text)
    }


def _in_other_sheets(
    context: AnswerContext, best: SentenceCandidate, ranked: Sequence[SentenceCandidate]
) -> Iterator[SentenceCandidate]:
    rank = context.ranks[best.row]
    return (one for one in ranked if one.row != best.row and context.ranks[one.row] == rank)


def alike(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of the words of two texts that both have (Jaccard), 0 to 1."""
    return len(one & other) / max(len(one | other), 1)


def _initiative(context: AnswerContext, candidate: SentenceCandidate) -> Initiative:
    return context.index.contents.initiatives[candidate.row]


def _language(context: AnswerContext) -> Language:
    return context.ranking.query.language


def statement_text(language: Language, lead: str, named: str, quotes: str, reworded: str = "") -> str:
    """The short answer or the sentence of the project, the initiative and its place, and the quotes.

    Example: "86 personnes — Clause d'insertion (Pas-de-Calais) : « L'action a permis le retour à l'emploi … »"
    """
    head = f"{reworded} ({_PHRASES[language]['reworded']})" if reworded else lead
    return f"{f'{head} — ' if head else ''}{named}{_PHRASES[language]['colon']}{quotes}"


def list_line(language: Language, place: str, title: str, said: str) -> str:
    """One line of a list: where, what, and what it is about."""
    title = strip_markup(title).rstrip(" .")
    return f"{f'{place} — ' if place else ''}{title}{_PHRASES[language]['colon']}{said}"


def title_and_place(initiative: Initiative, language: Language) -> str:
    """An initiative by its title and its place, both whole. Example: "Le bus (Ain)"."""
    title, place = strip_markup(initiative.title).rstrip(" ."), place_of(initiative, language)
    return f"{title} ({place})" if place and not find_words(place, title) else title


def place_of(initiative: Initiative, language: Language) -> str:
    """Where an initiative takes place: its first départements and how many more, else its territory."""
    names = [departement.name for departement in initiative.departements]
    if not names:
        return strip_markup(initiative.territory or "")
    more = len(names) - MOST_PLACES
    return ", ".join(names[:MOST_PLACES]) + (_PHRASES[language]["more"].format(count=more) if more > 0 else "")
