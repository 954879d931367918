"""How much one address may give on a day: so that no visitor fills the store, and nobody is kept account of.

Of an address only a digest is counted, in memory, under a key that ends with the process.
"""

import secrets
from hashlib import blake2b
from ipaddress import IPv6Address, ip_address

from limits import RateLimitItemPerDay
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from corpus import Fault

HOUSEHOLD_BITS = 64  # of an address of IPv6: the rest of it everybody chooses for themselves, anew for every request


class TooMuchFeedback(Fault):
    """An address has given as much on one day as one may."""


class Quota:
    """Counts what addresses give. Threads may share it."""

    def __init__(self, per_day: int) -> None:
        self.limit = RateLimitItemPerDay(per_day)
        self._counter = FixedWindowRateLimiter(MemoryStorage())
        self._key = secrets.token_bytes(32)

    def take(self, kind: str, giver: str) -> None:
        """Count one more of a kind that an address gives. Raises TooMuchFeedback when that is one too many."""
        if not self._counter.hit(self.limit, kind, self._digest(giver)):
            what = f"From your address came {self.limit.amount} of these within a day, and no more are kept"
            raise TooMuchFeedback(what, "the service", "Come again tomorrow; or tell whoever runs it what you miss.")

    def _digest(self, giver: str) -> str:
        return blake2b(household(giver).encode(), key=self._key, digest_size=16).hexdigest()


def household(address: str) -> str:
    """What one visitor can hold of addresses. Example: "2001:db8::1:2:3:4" → "2001:db8::", "192.0.2.7" → the same."""
    try:
        number = ip_address(address)
    except ValueError:
        return address
    if not isinstance(number, IPv6Address):
        return address
    if number.ipv4_mapped is not None:
        return str(number.ipv4_mapped)
    host_bits = 128 - HOUSEHOLD_BITS
    return str(IPv6Address(int(number) >> host_bits << host_bits))
