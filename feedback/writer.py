"""The one thread that writes feedback while a service runs, and the short line before it."""

import logging
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import BoundedSemaphore

from corpus import Fault
from feedback.database import BusyFeedback
from feedback.quota import Quota, TooMuchFeedback
from feedback.store import Entry, Kept, Miss, Store

MAX_WAITING = 32  # entries; when the disk is slower than that, misses are dropped rather than piled up
LONGEST_WAIT_S = 1.5  # for one entry, from when it is given: whoever gave it waits too
GRACE_S = 5.0  # that the end of a service waits for what is still to be written

log = logging.getLogger("recueil.feedback")


class Writer:
    """Writes entries to a store on a thread of its own, so that nobody who searches waits for the disk. To be closed.

    One address may give `per_day` judgements and reports within a day, and as many misses.
    At most MAX_WAITING entries wait to be written, and none for longer than LONGEST_WAIT_S: behind one that finds the
    file locked, those that were given at the same time are refused with it, and not one after the other.
    """

    def __init__(self, store: Store, per_day: int) -> None:
        self.store = store
        self._quota = Quota(per_day)
        self._thread = ThreadPoolExecutor(1, "feedback")
        self._room = BoundedSemaphore(MAX_WAITING)

    def write(self, entry: Entry, giver: str) -> Future[Kept[Entry]]:
        """Keep what an address gives; the future has what was kept, or the fault that `Store.add` raises.

        Raises BusyFeedback when too many entries wait already, and TooMuchFeedback.
        """
        self._quota.take("given", giver)
        return self._submit(entry)

    def write_later(self, miss: Miss, giver: str) -> None:
        """Keep a miss when there is time; raises nothing, and what goes wrong stands in the log."""
        try:
            self._quota.take("missed", giver)
            self._submit(miss).add_done_callback(_log_failure)
        except BusyFeedback as fault:
            log.warning("A miss was not kept: %s", fault)
        except TooMuchFeedback:
            pass  # a log with a line for each would be what is filled

    def _submit(self, entry: Entry) -> Future[Kept[Entry]]:
        if not self._room.acquire(blocking=False):
            raise self._busy()
        writing: Future[Kept[Entry]] = self._thread.submit(self._add, entry, time.monotonic() + LONGEST_WAIT_S)
        writing.add_done_callback(lambda _: self._room.release())
        return writing

    def close(self) -> None:
        """Write what waits, as long as that takes no more than GRACE_S seconds, and drop the rest."""
        wait([self._thread.submit(lambda: None)], GRACE_S)
        self._thread.shutdown(cancel_futures=True)

    def _add(self, entry: Entry, deadline: float) -> Kept[Entry]:
        left_s = deadline - time.monotonic()
        if left_s <= 0:
            raise self._busy()
        return self.store.add(entry, left_s)

    def _busy(self) -> BusyFeedback:
        return BusyFeedback("Too much feedback waits to be written", str(self.store.path), "Try again in a moment.")


def _log_failure(writing: "Future[Kept[Miss]]") -> None:
    if not writing.cancelled() and (error := writing.exception()):
        # The message of what is no fault may quote the question.
        log.warning("A miss was not kept: %s", error if isinstance(error, Fault) else type(error).__name__)
