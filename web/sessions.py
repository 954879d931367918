"""Sessions of people who signed in on a page: short, in memory, and closed with their key.

    token = sessions.open(key)      # the value of the cookie; what is kept of it is its hash
    sessions.of(token)              # the `Session`, None when it is over

They end with the process. Nothing of them can be forged with what lies on the disk, and signing out ends one for good.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Lock

from web.keys import Key

COOKIE = "recueil_session"
LASTS_S = 3600
MOST = 1000  # at once; beyond it the oldest is closed


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who signed in."""

    key: Key
    ends: float  # on the clock of the sessions, in seconds
    form_token: str = field(default_factory=lambda: secrets.token_urlsafe(32))  # stands in each of our forms


class Sessions:
    """The sessions of a process. Threads may share them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._by_digest: dict[bytes, Session] = {}  # the oldest first
        self._lock = Lock()

    def open(self, key: Key) -> str:
        """Begin a session; gives what its cookie holds."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            while len(self._by_digest) >= MOST:
                self._by_digest.pop(next(iter(self._by_digest)))
            self._by_digest[_digest(token)] = Session(key, self._clock() + LASTS_S)
        return token

    def of(self, token: str) -> Session | None:
        """The session of a cookie, None when there is none or it is over. Whether its key still opens, others see."""
        with self._lock:
            session = self._by_digest.get(_digest(token))
            if session is not None and self._clock() >= session.ends:
                del self._by_digest[_digest(token)]
                return None
            return session

    def close(self, token: str) -> None:
        """End a session, if it is one."""
        with self._lock:
            self._by_digest.pop(_digest(token), None)


def _digest(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogatepass")).digest()
