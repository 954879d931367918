"""Leads: the short answer that stands before the quote: a name, a number with its unit, a place, a date; or none.

    lead_of(context, best, finding)   # Lead("86 personnes", …)

Fields of the sheet and the span reader's words in the quote are weighed by one logistic model; what is not of the sort
that is asked for is no lead, and neither is what is not probably right.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log

from corpus import Contact, Initiative, Language
from corpus.text import fold, holds_contact, plain_words, strip_markup
from search import find_words
from search.answer.answer_type import AnswerType, EntityType, entities_in
from search.answer.candidates import AnswerCandidate, AnswerContext, Origin, from_fields
from search.answer.confidence import LogisticModel
from search.answer.features import CANDIDATE_FEATURES, NAMED_FIELDS, RUNS, candidate_features
from search.answer.sentence_ranker import SentenceCandidate
from search.answer.sentences import Span

# A lead is shown from this probability on: a wrong one stands first and undoes the sentence behind it.
PROBABLE = 0.4
LEAST_ODDS = log(PROBABLE / (1 - PROBABLE))
SAYS_SO = 1.0  # log-odds of a sentence from which it says yes
LONGEST_LEAD = 90  # characters
MOST_NAMED = 3  # organisations

_AND = {"fr": (" avec ", " et "), "en": (" with ", " and ")}
_YES = {"fr": "Oui", "en": "Yes"}

DETERMINERS = re.compile(
    r"^(?:(?:d[eu]s?|les?|la|une?|aux?|par|avec|en|à|dans|pour|chez|sur|auprès d[eu]s?|leurs?|ses|son|cette?|ces)\s+"
    r"|[dl]['’]\s*)+",
    re.IGNORECASE,
)
NUMBER = re.compile(
    r"(?<![\w.,-])\d+(?:[ .,]\d+)*(?![\w-])|\d+\s?(?:%|€|m²|h\b|k)"
    r"|\b(?:une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quinze|vingt|trente|quarante|cinquante|soixante"
    r"|cent|mille|moitie|tiers|quart|dizaine|vingtaine|trentaine|centaine|millier)s?\b"
)
BARE_NUMBER = re.compile(r"\d+(?:[ .,]\d+)*")
UNIT = re.compile(r"\s*(?:%|€|[^\W\d]+)")
TIME_ASKED = re.compile(
    r"\b(?:temps|durees?|ages?|ans|mois|annees?|jours?|heures?|frequence|long|old|time|duration|years?|months?|days?|hours?|often|when|quand)\b"
)
TIME = re.compile(
    r"^\W*(?:\w+\s)?\d+\s*(?:ans?|mois|semaines?|jours?|annees?|heures?|minutes?)\b|^\W*(?:19|20)\d\d\W*$"
)
MONEY_ASKED = re.compile(
    r"\b(?:budget|coutent?|coute|prix|montants?|tarifs?|sommes?|euros?|cost|price|funding|money|euros|loyer|rent|fee|amount)\b"
)
MONEY = re.compile(r"€|\beuros?\b|\bk€|\bmillions?\b")
RESPONSIBLE = re.compile(
    r"\b(?:responsables?|directeurs?|directrices?|referente?s?|dirige|in charge|responsible|manager|head)\b"
)
NEGATION = re.compile(
    r"(?<!\w)(?:n['’ ]|ne )\w+(?: \w+)? (?:pas|plus|jamais|aucun)|\bnon\b|\baucune?\b|\bimpossible\b", re.IGNORECASE
)
ENGLISH_NEGATION = re.compile(r"\b(?:not|never|no longer)\b|n't\b|\b(?:ne|n['’]).{1,20}\bpas\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Lead:
    """A short answer."""

    text: str
    spans: tuple[tuple[int, Span], ...] = ()  # row of the sheet and characters of its text, of what is not in the quote
    of_field: bool = False  # a field of the sheet that holds what its name says: whatever the quote, it is as printed


def lead_of(context: AnswerContext, best: SentenceCandidate, finding: LogisticModel) -> Lead | None:
    """The short answer of the type that is asked for, None where none is sure enough."""
    kind, question = context.answer_type, fold(context.ranking.query.text)
    if kind is AnswerType.YES_NO:
        return _yes_or_no(context, best)
    if kind is AnswerType.ACRONYM:
        return _long_form(context, best)
    if kind is AnswerType.PARTNERS or (kind is AnswerType.WHO and RUNS.search(question)):
        named = _organisations(context, best, kind)
        if named:
            return named
    if kind not in (AnswerType.WHO, AnswerType.WHERE, AnswerType.WHEN, AnswerType.HOW_MANY, AnswerType.WHAT):
        return None
    candidates = [one for one in lead_candidates(context, best) if _is_clean(context, one, question)]
    odds = [finding.log_odds(CANDIDATE_FEATURES, candidate_features(context, one)) for one in candidates]
    if not odds or max(odds) < LEAST_ODDS:
        return None
    chosen = candidates[max(range(len(odds)), key=odds.__getitem__)]
    text = _worded(context, chosen)
    inside = any(chosen.row == best.row and s <= chosen.start < e for s, e in best.unit.pieces)
    spans = () if inside else ((chosen.row, (chosen.start, chosen.end)),)
    return Lead(text, spans, chosen.origin in NAMED_FIELDS) if text else None


def cluster_rows(context: AnswerContext, row: int) -> list[int]:
    """The rows of the sheets of one initiative, the given one first."""
    rank = context.ranks[row]
    return [row, *(other for other, its in context.ranks.items() if its == rank and other != row)]


def contact_lines(contact: Contact) -> str:
    """A contact as one line, what the sheet prints of it."""
    named = ", ".join(part for part in (contact.name, contact.role) if part)
    reached = ", ".join(part for part in (contact.email, contact.phone) if part)
    return " – ".join(part for part in (named, reached) if part)


def lead_candidates(context: AnswerContext, best: SentenceCandidate) -> Iterator[AnswerCandidate]:
    """Fields of the sheets of the initiative that answer such a question, and the reader's words in the sentence."""
    for row in cluster_rows(context, best.row):
        yield from from_fields(row, context.index.contents.initiatives[row], context.answer_type)
    if best.lead and best.span:
        start, end = best.lead
        yield AnswerCandidate(
            row=best.row,
            start=start,
            end=end,
            lead=strip_markup(context.index.contents.initiatives[best.row].text[start:end]),
            origin=Origin.SPAN,
            score=best.span.score,
        )


def _is_clean(context: AnswerContext, one: AnswerCandidate, question: str) -> bool:
    """Whether words are of the sort that is asked for, short, and no more than the question says itself."""
    lead, kind = one.lead, context.answer_type
    words = plain_words(lead)
    if not words or len(lead) > LONGEST_LEAD or "\n" in lead or holds_contact(lead):
        return False
    if all(word in context.question_words for word in words):
        return False
    if one.origin is Origin.CONTACT and not RESPONSIBLE.search(question):
        return False
    folded, entities = fold(lead), entities_in(lead, context.gazetteer)
    if kind is AnswerType.HOW_MANY:
        return _is_amount(folded, question)
    if kind is AnswerType.WHEN:
        return one.origin is Origin.START or EntityType.DATE in entities
    if kind is AnswerType.WHERE:
        return one.origin is Origin.PLACE or EntityType.PLACE in entities
    if kind is AnswerType.WHO:
        return one.origin is not Origin.SPAN or bool({EntityType.PERSON, EntityType.ORGANISATION} & entities)
    return len(words) <= 8


def _is_amount(folded: str, question: str) -> bool:
    """A number with what was counted: no date, age or duration unless asked for, nor a digit inside a name."""
    if not NUMBER.search(folded):
        return False
    if TIME.search(folded) and not TIME_ASKED.search(question):
        return False
    return bool(MONEY.search(folded)) or not MONEY_ASKED.search(question) or "%" in folded


def _worded(context: AnswerContext, one: AnswerCandidate) -> str:
    """A lead as it stands before a quote: without its article, a number with its unit, a capital first."""
    text, lead = context.index.contents.initiatives[one.row].text, one.lead
    if context.answer_type is AnswerType.HOW_MANY and BARE_NUMBER.fullmatch(lead.strip()):
        unit = UNIT.match(text, one.end)
        lead = strip_markup(lead + unit[0]) if unit else lead
    lead = DETERMINERS.sub("", lead).strip(' ,;:.–-"')
    for opening, closing in (("(", ")"), ("«", "»"), ("[", "]")):
        if lead.count(opening) != lead.count(closing):
            lead = lead.split(opening)[0].strip(" ,;:.–-") if opening in lead else lead.replace(closing, "").strip()
    return lead[:1].upper() + lead[1:]


def _organisations(context: AnswerContext, best: SentenceCandidate, kind: AnswerType) -> Lead | None:
    """Who runs it, with whom; of the first sheet of the initiative that says so."""
    language = context.ranking.query.language
    for row in cluster_rows(context, best.row):
        initiative = context.index.contents.initiatives[row]
        carriers, partners = initiative.lead_organisations, initiative.partners
        if kind is AnswerType.PARTNERS:
            carriers, partners = partners or carriers[1:], ()
        named = [name for name in carriers[:MOST_NAMED] if not holds_contact(name)]
        if not named:
            continue
        told = _joined([_clean_name(name) for name in named], language)
        beside = [_clean_name(name, first=False) for name in partners[:MOST_NAMED] if not holds_contact(name)]
        if beside and len(partners) <= MOST_NAMED:
            told = f"{told},{_AND[language][0]}{_joined(beside, language)}"
        spans = _places_of(initiative, [*named, *(partners[:MOST_NAMED] if beside else ())])
        return Lead(told, tuple((row, span) for span in spans[:1]), of_field=True)
    return None


def _clean_name(name: str, *, first: bool = True) -> str:
    bare = re.sub(r"^(?:les?|la|l['’])\s*", "", strip_markup(name), flags=re.IGNORECASE).strip(" ,;:.")
    return bare[:1].upper() + bare[1:] if first else bare


def _joined(names: Sequence[str], language: Language) -> str:
    return _AND[language][1].join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _places_of(initiative: Initiative, names: Sequence[str]) -> list[Span]:
    """Where the names stand in a sheet, as one stretch when they stand together."""
    spans = sorted(filter(None, (find_words(name, initiative.text) for name in names)))
    if len(spans) > 1 and spans[-1][1] - spans[0][0] < 300:
        return [(spans[0][0], max(end for _, end in spans))]
    return spans


def _yes_or_no(context: AnswerContext, best: SentenceCandidate) -> Lead | None:
    """Yes where the sentence says what is asked and neither denies; else nothing: what is denied is not told apart."""
    text = context.index.contents.initiatives[best.row].text
    quote = " ".join(text[start:end] for start, end in best.unit.pieces)
    denied, asked = bool(NEGATION.search(quote)), bool(ENGLISH_NEGATION.search(context.ranking.query.text))
    if denied or asked or best.score < SAYS_SO:
        return None
    return Lead(_YES[context.ranking.query.language])


def _long_form(context: AnswerContext, best: SentenceCandidate) -> Lead | None:
    """What letters stand for, as the corpus explains them, and where: in the sheets of the initiative, else near it."""
    acronyms = context.ranking.query.acronyms
    if not acronyms:
        return None
    told, near = acronyms[0], cluster_rows(context, best.row)
    rows = [*near, *(row for row in context.ranks if row not in near)]
    texts = context.index.contents.initiatives
    places = ((row, place) for row in rows if (place := find_words(told.long, texts[row].text)))
    return Lead(f"{told.short} : {told.long}", tuple(itertools.islice(places, 1)))
