"""Faults of feedback.

Fault
├─ FeedbackOff     the service keeps no feedback
├─ BadFeedback     the file cannot be read or written
└─ BusyFeedback    the file is locked, or too much waits to be written: try again
"""

from corpus import Fault


class FeedbackOff(Fault):
    """Feedback is given to a service that keeps none."""


class BadFeedback(Fault):
    """The file that feedback is kept in cannot be read or written."""


class BusyFeedback(Fault):
    """The file that feedback is kept in is being written to by others; a second try may do."""
