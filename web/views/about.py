"""What is said of the pages themselves: how accessible they are, who publishes them, what becomes of what people write.

The legal notice and the page on privacy are there where a setting names the publisher.
"""

from fastapi import Request
from fastapi.responses import HTMLResponse

from web.conformity import THEMES, Criterion, conformity
from web.dependencies import CurrentVisitor
from web.publication import NotPublished, Publication
from web.rendering import page
from web.visitor import Visitor, date_in_words


def accessibility_page(request: Request, visitor: CurrentVisitor) -> HTMLResponse:
    """Declare how far the pages keep the RGAA, what they do not, and every criterion."""
    found = conformity()
    return page(
        request,
        "accessibility.html",
        visitor,
        found=found,
        date=date_in_words(found.date, visitor.texts),
        broken=[_said(one, visitor) for one in found.of("NC")],
        unverified=[_said(one, visitor) for one in found.of("NV")],
        themes=[(number, [one for one in found.criteria if one.theme == number]) for number in range(1, THEMES + 1)],
        publication=_publication(request),
    )


def legal_page(request: Request, visitor: CurrentVisitor) -> HTMLResponse:
    """Say who publishes the pages and who hosts them. Raises NotPublished where nobody is named."""
    return page(request, "legal.html", visitor, publication=_named(request))


def privacy_page(request: Request, visitor: CurrentVisitor) -> HTMLResponse:
    """Say what becomes of what people write, as the settings have it. Raises NotPublished."""
    return page(request, "privacy.html", visitor, publication=_named(request))


def _said(criterion: Criterion, visitor: Visitor) -> tuple[str, str]:
    """The number of a criterion, and what is to be said of it in the visitor's language."""
    in_english = conformity().in_english[criterion.number]
    return criterion.number, in_english if visitor.language == "en" else criterion.note


def _publication(request: Request) -> Publication | None:
    """Who publishes the pages, None where nobody is named."""
    found: Publication | None = getattr(request.app.state, "publication", None)
    return found


def _named(request: Request) -> Publication:
    found = _publication(request)
    if found is None:
        mend = "Whoever runs the service names them: RECUEIL_PUBLISHER, RECUEIL_HOSTING, RECUEIL_CONTACT."
        raise NotPublished("Nobody is named who publishes these pages", "the settings", mend)
    return found
