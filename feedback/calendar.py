"""The day that expiry goes by: no single reading of a clock, however wrong, deletes an entry.

A clock that jumps ahead would delete a year of entries at the next write, and nobody could bring them back. So a day
counts for deleting only when it is proven: a reading of a week or more after it has come, and none between them lay
before it. Whether an entry is *read* goes by the clock itself, for what is only hidden comes back when the clock does.
"""

from dataclasses import dataclass
from datetime import date, timedelta

# How long a clock has to go on from a day until that day is proven. An entry is overwritten two weeks at most after it
# has expired, if the store is written to meanwhile.
PROOF = timedelta(days=7)

BEGINNING = date(1970, 1, 1)  # of a calendar on which nothing is proven yet


@dataclass(frozen=True, slots=True)
class Calendar:
    """What the readings of a clock have come to. Days are of UTC."""

    proven: date  # entries that had expired on this day may be deleted
    watched: date  # the earliest reading since the clock last went back; proven when it has gone on for a week

    @classmethod
    def at(cls, day: date) -> "Calendar":
        """One that begins on a day."""
        return cls(day, day)

    def after(self, reading: date) -> "Calendar":
        """The calendar after one more reading; the proven day never goes back.

        Example, from a clock that jumps 400 days ahead once: the day before, the day after and a week later are as if
        nothing had happened, for a reading before the watched one drops that.
        """
        if reading < self.watched:
            return Calendar(self.proven, reading)
        if reading - self.watched < PROOF:
            return self
        return Calendar(max(self.proven, self.watched), reading)
