"""Whole sentences: what is wrong with how a statement is shown, to somebody who would paste it into a note.

    flaws_of(answer.statements[0], answer.citations, sheets)      # → (Flaw.BEGINS, Flaw.CUT)

Looked at are the words alone, and the lines of the sheets that they are taken from; nothing of what made the answer. A
quote between « » is whole when it begins where a sentence or a line of its sheet begins, and ends where one ends. A
statement in words of its own, with no quote, begins with a capital or a figure and ends with a full stop or the like.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum

from corpus.text import strip_markup
from eval.collection import Sheet
from search import Citation
from search.answer import Statement

ELLIPSIS = re.compile(r"…|\.\.\.")
MARKS = re.compile(r"\s*\[\d+(?:\s*,\s*\d+)*\]")  # of citations: "[1]", "[2, 3]"
ENUMERATION = re.compile(r"(?:^|\s)\w$")  # what stands before the bracket of "a)", which opens nowhere
BULLET = re.compile(r"[-•–—✓·>#]|\d+[.)°]")
SIGN = re.compile(r"[%€$£°](?=[\W_]*$)")  # that belongs to the last number
SUPERSCRIPT = re.compile(r"\^\{([^}]*)\}")

# What stands before a sentence on its line, and behind one. A number after a colon is what a line counts, no sentence.
BEFORE = re.compile(r"[.!?…»][\s\"”»)]*$")
BEFORE_A_CAPITAL = re.compile(r"(?:[:–—]|\s-)\s*$")
BEHIND = re.compile(r"[\s\"”»)]*(?:[.!?…](?!\w)|,\s*(?:…|\.\.\.))")
NOTHING_MORE = re.compile(r"[\s\"”»).;,:]*$")

BRACKETS = {")": "(", "]": "[", "»": "«", "”": "“"}

# A quote stands by itself and gives most of what it cites, or several words of it. What is shorter, or part of another
# sentence, is a name in words of its own.
LEAST_SHARE, LEAST_WORDS = 0.5, 6
BEFORE_A_QUOTE = re.compile(r"(?:^|[.!?…:»\])*—–-])\s*$")
BEHIND_A_QUOTE = re.compile(r"\s*(?:$|[^\s\w,]|[^\W\da-zà-öø-ÿ])")


class Flaw(StrEnum):
    """What is wrong with how a statement is shown."""

    BEGINS = "begins within a sentence"
    ENDS = "ends within a sentence"
    CUT = "cut by an ellipsis"
    OPEN = "a bracket stays open"
    FOREIGN = "quotes what no cited sheet says"


def flaws_of(statement: Statement, citations: Sequence[Citation], sheets: Mapping[str, Sheet]) -> tuple[Flaw, ...]:
    """What is wrong with how a statement is shown, each once; nothing when it is whole.

    `citations` are those of the answer, `sheets` those of all initiatives by id.
    """
    own, quotes = parts_of(statement, citations, sheets)
    cited = " ".join(citations[number].quote for number in statement.citations)
    found = set(_of_own_words(own, bool(quotes), len(ELLIPSIS.findall(cited))))
    sources = [readable(sheets[name].text) for name in _named(statement, citations, sheets)]
    for quote in quotes:
        found.update(_of_quote(quote, sources))
    return tuple(flaw for flaw in Flaw if flaw in found)


def lead_of(statement: Statement, citations: Sequence[Citation], sheets: Mapping[str, Sheet]) -> str:
    """What a statement says in words of its own where it quotes, without the titles of what it cites; else nothing.

    Example: "86 — Le Louvre : « Il en sort 86 personnes. » [1]" → "86 —  : "
    """
    own, quotes = parts_of(statement, citations, sheets)
    for name in _named(statement, citations, sheets):
        own = own.replace(_plain(sheets[name].title), "")
    return own if quotes else ""


def parts_of(statement: Statement, citations: Sequence[Citation], sheets: Mapping[str, Sheet]) -> tuple[str, list[str]]:
    """The words of a statement that are its own, titles without signs, and its quotes."""
    titles = {strip_markup(sheets[name].title).rstrip(" .") for name in _named(statement, citations, sheets)}
    text = statement.text
    for title in sorted(titles - {""}, key=len, reverse=True):
        # A title may hold « » and an ellipsis of its own. One that is cut stays as it is.
        text = text.replace(title, _plain(title))
    return _parted(text, [citations[number] for number in statement.citations])


def _plain(title: str) -> str:
    return " ".join(_words(strip_markup(title)))


def _named(statement: Statement, citations: Sequence[Citation], sheets: Mapping[str, Sheet]) -> list[str]:
    """The ids of the initiatives that a statement cites, and of their other tellings."""
    cited = (citations[number] for number in statement.citations)
    return sorted({id_ for one in cited for id_ in (one.initiative, *one.also_in) if id_ in sheets})


def _parted(text: str, cited: Iterable[Citation]) -> tuple[str, list[str]]:
    """The words of a text outside of its quotes, and these, without the « » around them."""
    lengths = [len(_words(readable(one.quote))) for one in cited]
    own, quotes, last = [], list[str](), 0
    for start, end in _between_guillemets(text):
        inside = text[start + 1 : end].strip()
        count = len(_words(readable(inside)))
        alone = BEFORE_A_QUOTE.search(text[:start]) and BEHIND_A_QUOTE.match(text, end + 1)
        if alone and (count >= LEAST_WORDS or any(count >= LEAST_SHARE * length for length in lengths if length)):
            own.append(text[last:start])
            quotes.append(inside)
            last = end + 1
    return MARKS.sub("", "".join([*own, text[last:]])), quotes


def _between_guillemets(text: str) -> Iterator[tuple[int, int]]:
    """Where the outermost « » of a text open and close; at its end, where one never does."""
    depth, opened = 0, 0
    for place, sign in enumerate(text):
        if sign == "«":
            depth, opened = depth + 1, place if depth == 0 else opened
        elif sign == "»" and depth:
            depth -= 1
            if not depth:
                yield opened, place
    if depth:
        yield opened, len(text)


def _of_own_words(own: str, with_quote: bool, cited: int) -> Iterator[Flaw]:
    """`cited` ellipses stand in what is cited, and may be repeated."""
    shown = strip_markup(own.replace("**", "")).strip()
    if len(ELLIPSIS.findall(shown)) > cited:
        yield Flaw.CUT
    if not closed(shown):
        yield Flaw.OPEN
    if not with_quote:
        if not re.match(r"[\W_]*[^\W_a-zà-öø-ÿ]", shown):
            yield Flaw.BEGINS
        if not re.search(r"[.!?…][\s\"”»)]*$", shown):
            yield Flaw.ENDS


def _of_quote(quote: str, sources: Sequence[str]) -> list[Flaw]:
    """What is wrong with a quote where it is most whole: its words may stand in several places."""
    shown = readable(quote)
    places = [(source, *match.span()) for source in sources for match in _standing(shown, source)]
    if not places:
        return [Flaw.FOREIGN]
    return min((list(_of_place(shown, *place)) for place in places), key=len)


def _of_place(shown: str, source: str, start: int, end: int) -> Iterator[Flaw]:
    if not _begins(source, start):
        yield Flaw.BEGINS
    if not _ends(source, end):
        yield Flaw.ENDS
    behind = BEHIND.match(source, end)
    span = source[start : behind.end() + 2 if behind else end]
    if len(ELLIPSIS.findall(shown)) > len(ELLIPSIS.findall(span)):
        yield Flaw.CUT
    lines = source[source.rfind("\n", 0, start) + 1 : _line_end(source, end)]
    if not closed(shown) and closed(lines):  # what the sheet itself leaves open is not the answer's fault
        yield Flaw.OPEN


def _standing(shown: str, source: str) -> Iterator[re.Match[str]]:
    """Where the words of a quote stand in a source, whatever is between them, with the sign behind the last one."""
    words, sign = _words(shown), SIGN.search(shown)
    behind = rf"(?:\s*{re.escape(sign[0])})?" if sign else ""
    told = r"[\W_]+".join(map(re.escape, words))
    return re.finditer(rf"(?<!\w){told}(?!\w){behind}", source) if words else iter(())


def _begins(source: str, start: int) -> bool:
    """Whether a sentence or a line begins here, with a capital or a figure."""
    before = source[source.rfind("\n", 0, start) + 1 : start]
    if source[start].islower():
        return False
    if not re.search(r"\w", BULLET.sub("", before, count=1)) or BEFORE.search(before):
        return True
    return source[start].isupper() and BEFORE_A_CAPITAL.search(before) is not None


def _ends(source: str, end: int) -> bool:
    """Whether a sentence or a line ends here; a line goes on where the next one begins with a small letter."""
    if BEHIND.match(source, end):
        return True
    line_end = _line_end(source, end)
    rest = source[end:line_end]
    return NOTHING_MORE.match(rest) is not None and not source[line_end + 1 : line_end + 2].islower()


def _line_end(source: str, place: int) -> int:
    found = source.find("\n", place)
    return len(source) if found < 0 else found


def closed(text: str) -> bool:
    """Whether every bracket of a text is closed, and none closes that did not open."""
    opened: list[str] = []
    for place, sign in enumerate(text):
        if sign in BRACKETS.values():
            opened.append(sign)
        elif sign == ")" and not opened and ENUMERATION.search(text[:place]):
            continue
        elif sign in BRACKETS and (not opened or opened.pop() != BRACKETS[sign]):
            return False
    return not opened


def readable(text: str) -> str:
    """A text without the signs of its markup, each cell of a table on a line of its own.

    Example: "**Département du Doubs****2014**" → "Département du Doubs", "2014"
    """
    cells = re.sub(r"\*{4}|\||(?<=[a-zà-öø-ÿ)])\*\*(?=[A-ZÀ-Ý])", "\n", text)
    return SUPERSCRIPT.sub(r"\1", re.sub(r"(?m)^(\s*)\*(?=\s)", r"\1-", cells)).replace("*", "")


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)
