"""Who asks: anybody, or whoever has a key, and what they may do.

    @router.post("/admin/rebuild", dependencies=[Depends(needs(Scope.ADMIN))])

A program sends its key with every request (`Authorization: Bearer recueil_…`). Whoever signs in on a page has a session
instead (web/sessions.py), which reads and never writes for a program's route: those look at no form's token.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from corpus import Fault
from web.keys import Key, Scope
from web.safety import READING
from web.sessions import Session

# It stands in /docs and in the schema of the routes; that a key is looked at, and when, is said in web/access.py.
KEY_SCHEME = HTTPBearer(
    scheme_name="key", description="A key of `recueil keys add`, sent as `Authorization: Bearer …`.", auto_error=False
)
MAKE_ONE = "Send a key of `recueil keys add` as `Authorization: Bearer …`."


class NoKey(Fault):
    """What is asked for takes a key, and none came, or one that opens nothing."""


class NotAllowed(Fault):
    """A key does not open what is asked for."""


class TooManyRequests(Fault):
    """More came with one key, or from one address, than may within a minute."""

    def __init__(self, what: str, where: str, mend: str, retry_after_s: int) -> None:
        super().__init__(what, where, mend)
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks."""

    key: Key | None = None  # None: anybody
    session: Session | None = None  # where they signed in with the key rather than sent it

    def may(self, scope: Scope) -> bool:
        """Whether they have a key for it."""
        return self.key is not None and self.key.may(scope)

    def checked_key(self) -> Key:
        """Their key. Raises NoKey without one."""
        if self.key is None:
            raise NoKey("This takes a key", "the header Authorization", MAKE_ONE)
        return self.key

    def check(self, scope: Scope) -> None:
        """Raise NoKey without a key, and NotAllowed with one for something else."""
        key = self.checked_key()
        if not key.may(scope):
            able = ", ".join(key.scopes)
            raise NotAllowed(
                f"This takes a key for '{scope}', and yours is for {able}",
                "the header Authorization" if self.session is None else "the session",
                f"Use another key, or have one made: `recueil keys add NAME --scope {scope}`.",
            )


ANYBODY = Caller()


def caller_of(request: Request) -> Caller:
    """Who asks; anybody, where nobody looked."""
    caller: Caller = getattr(request.state, "caller", ANYBODY)
    return caller


def needs(scope: Scope) -> Callable[..., Awaitable[None]]:
    """A dependency that lets in whoever has a key for a scope. Raises NoKey and NotAllowed."""

    async def check(request: Request, _: Annotated[HTTPAuthorizationCredentials | None, Security(KEY_SCHEME)]) -> None:
        caller = caller_of(request)
        if caller.session is not None and request.method not in READING:
            raise NoKey("A session changes nothing here", "the header Authorization", MAKE_ONE)
        caller.check(scope)

    return check
