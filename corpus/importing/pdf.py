"""PDF → title and text: lines joined to paragraphs, running heads and page numbers left out, lost letters told.

A PDF knows where letters stand, not what a title is: the largest type of the first page is taken for it.
"""

import re
from collections import Counter
from typing import Any

from corpus.errors import BadDocument
from corpus.importing.markup import tidied

# What a font that hides its letters leaves in the text: controls, and the sign for what has no character.
LOST = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffd\ufffe\uffff]")
# Inside a word: a tab is such a letter too.
LOST_IN_WORD = re.compile("(?<=[^\\W\\d_])[\x00-\x09\x0b\x0c\x0e-\x1f\ufffd\ufffe\uffff](?=[^\\W\\d_])")
PAGE_NUMBER = re.compile(r"(?:page\s*)?\d{1,4}(?:\s*(?:/|sur|of)\s*\d{1,4})?", re.I)
LARGER = 1.15  # times the usual size of letters: a title
LONGEST_TITLE = 200  # characters
RUNNING = 0.5  # of the pages: a line that stands first or last on so many is a running head
FEWEST_PAGES = 3  # to tell what runs


def pdf_text(octets: bytes, file: str) -> tuple[str, str, tuple[str, ...]]:
    """The title, the text and what was noticed of a PDF. Raises BadDocument for one that cannot be opened."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(octets)
    except pypdfium2.PdfiumError as error:
        raise BadDocument(f"The PDF cannot be opened: {error}", file, "Remove its password, or save it anew.") from None
    with document:
        pages = [page.get_textpage() for page in document]
        texts = [page.get_text_range().replace("\r\n", "\n").replace("\r", "\n") for page in pages]
        title = _largest_line(pages[0]) if pages else ""
    if not "".join(texts).strip():
        return "", "", (f"scan without text: its {len(texts)} pages hold pictures only",)
    lost = sum(len(LOST_IN_WORD.findall(text)) for text in texts)
    notes: tuple[str, ...] = ()
    if lost:
        notes = (f"{lost} letters are lost inside words, hidden by its font: searching by those words misses them",)
    lines = _without_running(
        [tidied(LOST.sub("\ufffd", LOST_IN_WORD.sub("\ufffd", text))).split("\n") for text in texts]
    )
    title = LOST_IN_WORD.sub("\ufffd", title)
    body = _paragraphs(lines)
    return title or _first_words(body), body, notes


def _without_running(pages: list[list[str]]) -> list[str]:
    """Every line of all pages but page numbers and what stands at the edge of most of them."""
    edges = Counter(re.sub(r"\d+", "#", line) for page in pages for line in {*page[:2], *page[-2:]})
    running = {line for line, count in edges.items() if len(pages) >= FEWEST_PAGES and count > RUNNING * len(pages)}
    kept = []
    for page in pages:
        last = len(page) - 1
        for at, line in enumerate(page):
            at_edge = at < 2 or at > last - 2
            if not (at_edge and (re.sub(r"\d+", "#", line) in running or PAGE_NUMBER.fullmatch(line))):
                kept.append(line)
    return kept


def _paragraphs(lines: list[str]) -> str:
    """Join the lines of a paragraph: those that are nearly full, or go on with a small letter."""
    widths = sorted(len(line) for line in lines if line)
    full = widths[int(0.7 * len(widths))] if widths else 0
    text = ""
    for line in lines:
        before = text.rsplit("\n", 1)[-1]
        goes_on = line[:1].islower() or (len(before) >= 0.85 * full and not before.endswith((".", ":", "!", "?")))
        starts = re.match(r"[●•▪–—-]\s|\d+(?:\.\d+)*[.)]?\s|[a-z][.)]\s", line)
        if text and before and line and goes_on and not starts:
            # A word cut at the line end: "collec-" + "tivité".
            text = text[:-1] + line if re.search(r"[^\W\d_]-$", text) and line[:1].islower() else f"{text} {line}"
        else:
            text += ("\n" if text else "") + line
    return tidied(text)


def _first_words(body: str) -> str:
    first = next((line for line in body.split("\n") if line.strip()), "")
    return first if len(first) <= LONGEST_TITLE else ""


def _largest_line(page: Any) -> str:  # noqa: ANN401 — pypdfium2 has no types
    """The lines of the largest type of a page, joined, if it is larger than the usual one; "" where none is."""
    import pypdfium2.raw as raw

    count = min(page.count_chars(), 4000)
    text = page.get_text_range(0, count)
    if len(text) != count:
        return ""
    sizes = [round(raw.FPDFText_GetFontSize(page, at) * 2) / 2 for at in range(count)]
    lines: list[tuple[float, str]] = []
    start = 0
    for line in re.split(r"(?<=\n)", text):
        letters = [sizes[start + at] for at, char in enumerate(line) if char.isalpha()]
        start += len(line)
        if letters and line.strip():
            lines.append((Counter(letters).most_common(1)[0][0], line.strip()))
    if not lines:
        return ""
    usual = Counter(size for size, line in lines for _ in line).most_common(1)[0][0]
    largest = max(size for size, line in lines if len(line) > 3) if any(len(line) > 3 for _, line in lines) else 0
    if largest < LARGER * usual:
        return ""
    first = next(at for at, (size, line) in enumerate(lines) if size == largest and len(line) > 3)
    joined = []
    for size, line in lines[first:]:
        if size < largest:
            break
        joined.append(line)
    title = " ".join(" ".join(joined).split())
    return title if len(title) <= LONGEST_TITLE else ""
