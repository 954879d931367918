"""What people look for in vain, for everybody to read: made once a day, for it takes a second or two."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from threading import Lock

from feedback import Need
from search import Searcher
from web.administration import Administration

# Needs are shown that came up on so many days, over all questions that are about them. Whoever runs the service may
# read more: a question of one day in general words too.
MIN_DAYS = 3


class NeedsOfTheDay:
    """Lies in `app.state.needs_of_the_day` by the name of its corpus, if they are for everybody. Threads may share it.

    Nobody can watch on it what is being asked: what comes in is seen on the next day.
    """

    def __init__(
        self, administration: Administration, today: Callable[[], date] = lambda: datetime.now(UTC).date()
    ) -> None:
        self.administration, self.today = administration, today
        self._day: date | None = None
        self._searcher: Searcher | None = None
        self._needs: tuple[Need, ...] = ()
        self._lock = Lock()

    def shown(self, searcher: Searcher) -> tuple[Need, ...]:
        """The needs that have a name and came up on MIN_DAYS, most frequent first. Raises BadFeedback, BusyFeedback."""
        with self._lock:
            day = self.today()
            if self._day != day or self._searcher is not searcher:
                found = self.administration.unmet_needs(searcher).needs
                self._needs = tuple(need for need in found if need.name is not None and need.times >= MIN_DAYS)
                self._day, self._searcher = day, searcher
            return self._needs
