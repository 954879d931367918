"""The writer: keeps feedback on a thread of its own, so that nobody who searches waits for the disk."""

import logging
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import BoundedSemaphore

from corpus.fault import Fault
from search.feedback.entry import Entry, Kept, Miss
from search.feedback.fault import BusyFeedback
from search.feedback.store import Store

# Entries that may wait for the disk; when it is slower than that, misses are lost rather than piled up.
MOST_WAITING = 32

# Seconds that the end of the service waits for what is still to be written.
GRACE_S = 5.0

log = logging.getLogger("recueil.feedback")


class Writer:
    """Writes one entry after the other. To be closed."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._thread = ThreadPoolExecutor(1, "feedback")
        self._room = BoundedSemaphore(MOST_WAITING)

    def write(self, entry: Entry) -> Future[Kept[Entry]]:
        """Keep an entry; the future has what was kept, or the fault that `Store.add` raises.

        Raises BusyFeedback when too many entries wait already.
        """
        if not self._room.acquire(blocking=False):
            raise BusyFeedback("Too much feedback waits to be written", str(self.store.path), "Try again in a moment.")
        writing = self._thread.submit(self.store.add, entry)
        writing.add_done_callback(lambda _: self._room.release())
        return writing

    def write_later(self, miss: Miss) -> None:
        """Keep a miss when there is time; raises nothing, and what goes wrong stands in the log."""
        try:
            self.write(miss).add_done_callback(_log_fault)
        except BusyFeedback as fault:
            log.warning("A miss was not kept: %s", fault)

    def close(self) -> None:
        """Write what waits, as long as that takes no more than a few seconds."""
        wait([self._thread.submit(lambda: None)], GRACE_S)
        self._thread.shutdown(cancel_futures=True)


def _log_fault(writing: Future[Kept[Miss]]) -> None:
    if writing.cancelled():
        return
    error = writing.exception()
    if isinstance(error, Fault):
        log.warning("A miss was not kept: %s", error)
    elif error is not None:
        log.error("A miss was not kept: %s", type(error).__name__)  # its message may quote the question
