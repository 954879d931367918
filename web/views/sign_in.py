"""Signing in with a key, and out again: the one cookie that there is, for those whom no program helps to send a key."""

import re
from hmac import compare_digest
from urllib.parse import parse_qs

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from web.address import origin, site_prefix
from web.caller import NoKey, caller_of
from web.dependencies import CurrentVisitor, SignIn
from web.rendering import private_page
from web.sessions import COOKIE, LASTS_S

PATH = "/sign-in"
# A path of ours, with its query; browsers take two slashes, or one and a backslash, for the name of another host.
OURS = re.compile(r"/(?![/\\])[!-\[\]-~]*")
FORM_TOKEN = "token"
SEE_OTHER = 303


async def sign_in_page(request: Request, visitor: CurrentVisitor) -> HTMLResponse:
    """Give the form; to whoever is signed in, what with and how to end it."""
    return private_page(request, "sign_in.html", visitor, to=_back(request), session=caller_of(request).session)


async def sign_in(request: Request, door: SignIn, visitor: CurrentVisitor) -> Response:
    """Begin a session with the key of the form, and lead back to where somebody came from. Raises BadKeys."""
    to = _back(request)
    key = door.keys.of((await form_of(request)).get("key", "").strip())
    if key is None:
        return private_page(request, "sign_in.html", visitor, 401, to=to, session=None, refused=True)
    reply = RedirectResponse(visitor.link_to(to), SEE_OTHER)
    reply.set_cookie(
        COOKIE,
        door.sessions.open(key),
        max_age=LASTS_S,
        path=site_prefix(request) or "/",
        secure=origin(request).startswith("https:"),
        httponly=True,  # out of the reach of scripts
        samesite="strict",  # and of other sites
    )
    return reply


async def sign_out(request: Request, door: SignIn, visitor: CurrentVisitor) -> Response:
    """End the session, here and in the browser. Raises NoKey for a form that is not of this session."""
    await signed_form(request)
    door.sessions.close(request.cookies.get(COOKIE, ""))
    reply = RedirectResponse(visitor.link(PATH), SEE_OTHER)
    reply.delete_cookie(COOKIE, path=site_prefix(request) or "/", httponly=True, samesite="strict")
    return reply


async def signed_form(request: Request) -> dict[str, str]:
    """The fields of a form that a page of this session sent. Raises NoKey for any other.

    What another site has a browser send is refused before (`refuse_cross_site`), and has no cookie; this holds too
    where a browser says neither where a form comes from nor keeps cookies to itself.
    """
    session, form = caller_of(request).session, await form_of(request)
    if session is None or not compare_digest(session.form_token.encode(), form.get(FORM_TOKEN, "").encode()):
        raise NoKey("This form is not of your session", "the form", "Sign in, and send it again.")
    return form


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form, the first value of each."""
    sent = parse_qs((await request.body()).decode("utf-8", "replace"))
    return {name: values[0] for name, values in sent.items()}


def _back(request: Request) -> str:
    """Where to go from here: what the address says, if that is a path of ours."""
    to = request.query_params.get("to", "/")
    return to if OURS.fullmatch(to) else "/"
