"""What a key is: its name, what it may do, until when and how often. The key itself is nowhere in it."""

import secrets
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Annotated

from pydantic import Field

from corpus import Fault

# By it whoever finds a key knows what it opens, and so do the programs that look for keys in published files.
PREFIX = "recueil_"
RANDOM_BYTES = 32

MOST_DAYS = 3650
MOST_PER_MINUTE = 1_000_000
NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"


class BadKeys(Fault):
    """The keys cannot be read or written, or one cannot be made as it was asked for."""


class UnknownKey(Fault):
    """There is no key of this name."""


class Scope(StrEnum):
    """What a key may do."""

    READ = "read"  # search, ask and read, where that is keyed
    STATISTICS = "statistics"  # figures, and how far a build is
    FEEDBACK = "feedback"  # all that people said
    ADMIN = "admin"  # all of these, build anew, go back, revoke keys


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key, without the key."""

    name: Annotated[str, Field(pattern=f"^{NAME}$")]
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]  # SHA-256, in hexadecimal
    scopes: Annotated[tuple[Scope, ...], Field(min_length=1)]
    made: date
    expires: date  # the last day on which it opens anything, UTC
    per_minute: Annotated[int, Field(ge=1, le=MOST_PER_MINUTE)]  # requests

    def may(self, scope: Scope) -> bool:
        """Whether it may do what a scope stands for."""
        return scope in self.scopes or Scope.ADMIN in self.scopes

    def has_expired(self, today: date) -> bool:
        """Whether its last day is over."""
        return today > self.expires


def new_secret() -> str:
    """A key that nobody has seen. Example: "recueil_3q2-…", 51 characters."""
    return PREFIX + secrets.token_urlsafe(RANDOM_BYTES)


def digest_of(secret: str) -> str:
    """What is kept of a key."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
