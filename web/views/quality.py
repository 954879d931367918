"""The page about quality: what is found, how often it is wrong, on whose questions; and the report behind it."""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial
from math import floor

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from corpus import Language
from web.dependencies import CurrentVisitor, RunningService
from web.quality import quality_of
from web.rendering import PAGE_HEADERS, page
from web.visitor import Visitor, date_in_words

# Where `recueil eval report --to` puts the report that the page leads to, under RECUEIL_VAR.
REPORT = "report.html"

# The report is a page of its own, whose style and pictures stand in it.
REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'"


def quality_page(request: Request, service: RunningService, visitor: CurrentVisitor) -> HTMLResponse:
    """Tell what was measured, of which sheets and when, and lead to the report. Raises BadQuality."""
    path, written = service.var / REPORT, None
    if path.is_file():
        day = datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
        written = date_in_words(day.isoformat(), visitor.texts)
    quality, generation = quality_of(service.var), service.generation
    return page(
        request,
        "quality.html",
        visitor,
        quality=quality,
        made=date_in_words(quality.made.isoformat(), visitor.texts),
        of_others=generation is not None and quality.corpus != generation.digest,
        hundredths=hundredths,
        figure=partial(figure, language=visitor.language),
        named=lambda key, names: _named(key, names, visitor),
        written=written,
    )


def quality_report(request: Request, service: RunningService, visitor: CurrentVisitor) -> Response:
    """Give the report; where there is none, the page that says how it is made."""
    path = service.var / REPORT
    if not path.is_file():
        return quality_page(request, service, visitor)
    headers = PAGE_HEADERS | {"Content-Security-Policy": REPORT_POLICY}
    return HTMLResponse(path.read_bytes(), headers=headers)


def hundredths(share: float) -> int:
    """How many of a hundred. Never all of them, or none, unless it is so. Example: .996 → 99"""
    return min(99, max(1, floor(share * 100 + 0.5))) if 0 < share < 1 else round(share) * 100


def figure(share: float, language: Language) -> str:
    """A figure in the reader's way. Example: .7472 → "0,747" in French"""
    written = f"{share:.3f}"
    return written.replace(".", ",") if language == "fr" else written


def _named(key: str, names: Iterable[str], visitor: Visitor) -> list[tuple[str, str]]:
    """Names of slices, and what the texts call them; another collection may have others, which stay as they are."""
    return [(name, visitor.texts.by_key.get(f"quality.{key}.{name}", name.replace("_", " "))) for name in names]
