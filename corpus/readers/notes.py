"""A note: a short paragraph or two under the name of a département, opened by a title or by its first words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.readers.layout import Block
from corpus.text import fold_words, sentences_of

# Longest words before a separator that can be a title; beyond, it is a sentence with a dash in it.
LONGEST_TITLE = 160  # characters
# A title alone on its line is short, or it would be a sentence.
LONGEST_LINE = 80  # characters

LEAD_IN = re.compile(r"^(?P<title>[^\n]{3,160}?)\s*(?:\s[–-]\s?(?=[A-ZÀ-Ý«])|\s?:(?:\s+(?=\S)|$))")
# "La Bourse d'insertion (BDI) est un …": a name, its acronym, what it is.
DEFINITION = re.compile(r"^(?P<title>(?:L[ea]s? |L['’])[A-ZÀ-Ý][^.,;:\n]{2,100}? \([A-Z]\w+\)) est une? ")
# The parts of one description, which look like titles.
RUBRICS = frozenset(
    re.findall(
        r"\w+",
        """
    avantages beneficiaires bilan caractere contexte cout description donnees enjeux finalite finalites
    financement impact impacts methode missions modalites moyens objectif objectifs partenaires perspectives
    principes public publics resultats strategie
    """,
    )
)
# Words that carry on from what was said before.
CONTINUING = frozenset(
    re.findall(
        r"\w+",
        """
    a afin ainsi au aux avec c ce ces cet cette chaque comme compte concernant dans de depuis des deux elle
    elles en enfin entre face faisant grace il ils l lors notamment nos notre par parallelement permettant
    pour sa selon ses si son sous suite sur tel telle tout toute toutes trois
    """,
    )
)
VERBS = frozenset(
    re.findall(
        r"\w+",
        """
    a ont est sont sera seront avait etait doit doivent peut peuvent permet permettent vise visent fait font
    va vont propose proposent comprend concerne met mettent repond reste consiste
    """,
    )
)
# A paragraph that brings a new thing says so at once: "Un service …", "Création d'un guide …".
FIRST_WORDS = 6
NEW_THING = frozenset({"un", "une"})

# Where the first words of a note stop being a name for it.
NAME_END = re.compile(r",| \((?=[^)]*[,;.])| (?:pour permettre|dont|est une?|qui)\b|[.;:]")
# "Mise en place, au sein de la ville, d'une équipe": the commas enclose an aside and end nothing.
ASIDE = re.compile(r", (?:au|à|dans|en)\b[^,]{2,60},(?= d)")
SMALL_ITEM = re.compile(r"- [a-zà-ÿ]")
CAPITAL_ITEM = re.compile(r"- [A-ZÀ-Ý]")
FORECAST = re.compile(
    r"(?:^|[.!?] )((?:Ouverture|Lancement|Démarrage|Mise en œuvre|Mise en place) prévue?s? [^.]{4,40})"
)


@dataclass(frozen=True, slots=True)
class NoteTitle:
    """A note's title; `derived` when the document prints none and these are the text's first words."""

    words: str
    derived: bool


def split_notes(blocks: Sequence[Block]) -> list[list[Block]]:
    """Part the notes of one département. The first block opens one; the next ones must show that they do.

    A list in small letters that stands before all notes goes on from another page: it is dropped.
    """
    notes: list[list[Block]] = []
    for at, block in enumerate(blocks):
        if not notes and all(SMALL_ITEM.match(line) for line in block.lines):
            continue
        if not notes or _opens(block, blocks[at + 1] if at + 1 < len(blocks) else None):
            notes.append([block])
        else:
            notes[-1].append(block)
    return notes


def note_title(block: Block) -> NoteTitle:
    """Give the title printed before a dash or a colon, or alone on a line; else the first words that make a name."""
    text = block.text
    first = text.split("\n")[0]
    lead_in = _lead_in(text)
    if lead_in:
        return NoteTitle(lead_in, derived=False)
    if _is_bare_title(first):
        return NoteTitle(first, derived=False)
    definition = DEFINITION.match(first)
    end = NAME_END.search(ASIDE.sub(lambda aside: "_" * len(aside[0]), first))
    return NoteTitle(definition["title"] if definition else first[: end.start()] if end else first, derived=True)


def planned_status(prose: str) -> str | None:
    """The status of what is still to come: "Ouverture prévue printemps 2019"."""
    found = FORECAST.search(prose)
    return found[1].strip() if found else None


def without_debris(blocks: Sequence[Block]) -> list[Block]:
    """Drop list items that a page break carried here from another list.

    A list keeps to capitals or to small letters. Items at its very end that break with all the others are not its own.
    """
    last = blocks[-1]
    own = len(last.lines)
    while own and SMALL_ITEM.match(last.lines[own - 1]):
        own -= 1
    foreign = 0 < own < len(last.lines) and all(CAPITAL_ITEM.match(line) for line in last.lines[:own])
    return [*blocks[:-1], Block(last.start, last.lines[:own])] if foreign else list(blocks)


def _opens(block: Block, following: Block | None) -> bool:
    if block.is_list or not re.match(r"[A-ZÀ-Ý«]", block.text):
        return False
    first = block.text.split("\n")[0]
    lead_in = _lead_in(first)
    if lead_in:
        alone = first.rstrip(": ") == lead_in
        return not alone and _is_name(lead_in)
    if following and following.is_list and _is_bare_title(first):
        return _is_name(first)
    return DEFINITION.match(first) is not None or _brings_new_thing(first)


def _lead_in(text: str) -> str | None:
    found = LEAD_IN.match(text)
    if not found or re.search(r"[.;!?] ", found["title"]):
        return None
    return found["title"].strip()


def _is_name(words: str) -> bool:
    folded = fold_words(words)
    return not (set(folded[:1]) & (CONTINUING - {"l"} | RUBRICS) or _has_verb(words))


def _is_bare_title(line: str) -> bool:
    return len(line) <= LONGEST_LINE and not re.search(r"[.:;,!?…]$", line)


def _brings_new_thing(line: str) -> bool:
    sentence = sentences_of(line)[0]
    words = fold_words(sentence)[:FIRST_WORDS]
    return bool(NEW_THING & set(words)) and words[0] not in CONTINUING - NEW_THING and not _has_verb(sentence)


def _has_verb(words: str) -> bool:
    # Folding would take "à" for the verb "a".
    return bool(VERBS & set(fold_words(re.sub(r"\bà\b", "", words))))
