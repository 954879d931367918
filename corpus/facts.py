"""Facts: what people may ask of an initiative, answered ahead in one sentence, with the words of the sheet that say so.

A fact is never a source: its quotes are. They are looked up in the lines they name whenever facts are read, and kept as
they are printed there; what its sentences say is held to the sheets by `faithfulness`. Facts lie in a folder of their
own beside the editorial records, one JSON Lines file for each document:

    corpus/editorial/facts/recueil-2018.jsonl
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from corpus.bilingual import Author, Bilingual
from corpus.errors import BadEnrichment
from corpus.jsonl import add_lines, initiative_of, numbered_lines, read_as
from corpus.model import Corpus, Initiative, Source
from corpus.text import fold_words

FACTS = "facts"  # the folder of facts, in that of an enrichment


class FactKind(StrEnum):
    """What a fact tells of an initiative."""

    WHO = "who"  # runs it
    PARTNERS = "partners"
    WHERE = "where"
    WHEN = "when"
    HOW_MUCH = "how_much"
    HOW_MANY = "how_many"
    WHAT = "what"
    HOW = "how"
    WHY = "why"
    FOR_WHOM = "for_whom"
    RESULTS = "results"
    STATUS = "status"
    ORIGIN = "origin"
    CONTACT_ROLE = "contact_role"  # the function or body to write to, never a person's name
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Wordings:
    """The ways in which one question is put, one or more in each language."""

    fr: tuple[str, ...]
    en: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a sheet that prove a fact."""

    initiative: str  # id of the sheet
    source: Source  # the lines in which they stand, no more
    text: str  # as printed there, line ends included


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One question about a real-world initiative, its answer, and what proves it."""

    initiative: str  # id of one initiative of its cluster; the fact holds for all of them
    author: Author
    date: str  # ISO 8601, when it was written or last mended
    kind: FactKind
    questions: Wordings
    answer: Bilingual  # one sentence that stands alone
    short: Bilingual  # the bare answer
    quotes: tuple[Quote, ...]  # one or more

    @property
    def name(self) -> tuple[str, str]:
        """What names it: its initiative, and the first French wording of its question."""
        return self.initiative, self.questions.fr[0]


_FACT = TypeAdapter(Fact)


def load_facts(folder: Path, corpus: Corpus) -> tuple[Fact, ...]:
    """Read the facts about a corpus, in its order; without the folder there are none.

    Raises BadEnrichment, with file and line, for what is no fact, for an initiative that is not known or stands in
    another document, for a quote that does not stand where it says, and for a question that another fact of the
    initiative answers.
    """
    facts: dict[str, list[Fact]] = {}
    asked: dict[tuple[str, str], str] = {}  # id of the first of a cluster, folded question → where
    for path, where, line in numbered_lines(folder):
        fact = read_fact(line, where)
        initiative = initiative_of(fact.initiative, path, corpus, where)
        cluster = [corpus.by_id[id] for id in sorted({initiative.id, *initiative.same_as})]
        fact = as_printed(fact, cluster, where)
        for question in {" ".join(fold_words(text)) for text in (*fact.questions.fr, *fact.questions.en)}:
            if (key := (cluster[0].id, question)) in asked:
                raise BadEnrichment(
                    f"'{question}' is asked of the initiative at {asked[key]} already",
                    where,
                    "Keep one fact for each question about an initiative.",
                )
            asked[key] = where
        facts.setdefault(fact.initiative, []).append(fact)
    return tuple(fact for one in corpus.initiatives for fact in facts.get(one.id, ()))


def write_facts(folder: Path, corpus: Corpus, facts: Sequence[Fact]) -> None:
    """Add facts about one initiative to the file of its document, after those that are there already."""
    folder.mkdir(parents=True, exist_ok=True)
    add_lines(folder, corpus, facts[0].initiative, [fact_as_json(fact) for fact in facts])


def read_fact(text: str, where: str) -> Fact:
    """A fact from its line of JSON, its quotes not looked up yet. Raises BadEnrichment, naming `where`, if it is none.

    A quote may break its lines otherwise than the sheet does.
    """
    fact = read_as(_FACT, text, where, "This is no fact")
    if fact_as_json(fact) != json.loads(text):
        raise BadEnrichment("This fact has keys that nobody reads", where, "Take them out of that line.")
    if blank := next(_blank(fact), None):
        raise BadEnrichment(f"This fact has nothing in {blank}", where, "Fill it, or take the fact out.")
    return fact


def fact_as_json(fact: Fact) -> dict[str, Any]:
    """A fact as JSON has it."""
    return dict(_FACT.dump_python(fact, mode="json"))


def as_printed(fact: Fact, cluster: Sequence[Initiative], where: str) -> Fact:
    """The fact with its quotes as the sheets of its cluster print them.

    Raises BadEnrichment for a quote of another sheet, or one that does not stand in the lines it names.
    """
    sheets = {one.id: one for one in cluster}
    return replace(fact, quotes=tuple(_found(quote, sheets.get(quote.initiative), where) for quote in fact.quotes))


def _found(quote: Quote, sheet: Initiative | None, where: str) -> Quote:
    if sheet is None:
        raise BadEnrichment(
            f"A quote is of '{quote.initiative}', which tells of another initiative",
            where,
            "Quote the sheets of the initiative that the fact is about.",
        )
    first, last, lines = quote.source.start_line, quote.source.end_line, sheet.source
    found = None
    if quote.source.document == lines.document and lines.start_line <= first <= last <= lines.end_line:
        printed = "\n".join(sheet.text.split("\n")[first - lines.start_line : last - lines.start_line + 1])
        found = find_quote(quote.text, printed)
    if found is None or found.count("\n") != last - first:
        raise BadEnrichment(
            f"'{quote.text[:60]}' does not stand in the lines {first} to {last} of '{quote.source.document}'",
            where,
            "Copy the words of the sheet, and name the lines of the first and the last of them.",
        )
    return replace(quote, text=found)


def find_quote(quote: str, text: str) -> str | None:
    r"""The first stretch of a text that is a quote but for white space, as the text has it; None where there is none.

    Example: "de la ville", "l'aide de\nla  ville" → "de\nla  ville"
    """
    found = re.search(r"\s+".join(map(re.escape, quote.split())), text)
    return found[0] if found and found[0] else None


def quote_in(text: str, cluster: Sequence[Initiative]) -> Quote | None:
    """The first place in the sheets of a cluster where a text stands but for white space; None where there is none."""
    for one in cluster:
        if found := find_quote(text, one.text):
            before = one.text[: one.text.index(found)].count("\n") + one.source.start_line
            return Quote(one.id, Source(one.source.document, before, before + found.count("\n")), found)
    return None


def _blank(fact: Fact) -> Iterator[str]:
    """What a fact must have and has not."""
    texts = {
        "questions.fr": fact.questions.fr,
        "questions.en": fact.questions.en,
        "answer.fr": (fact.answer.fr,),
        "answer.en": (fact.answer.en,),
        "short.fr": (fact.short.fr,),
        "short.en": (fact.short.en,),
        "quotes": tuple(quote.text for quote in fact.quotes),
    }
    yield from (name for name, parts in texts.items() if not parts or not all(part.strip() for part in parts))
