"""Faults of feedback."""

from corpus.fault import Fault


class FeedbackOff(Fault):
    """Feedback is given to a service that keeps none."""


class BadFeedback(Fault):
    """The file that feedback is kept in cannot be read or written."""


class BusyFeedback(Fault):
    """The file that feedback is kept in is being written to by others; a second try may do."""


class UnknownTeam(Fault):
    """A judgement names a team that does not play."""
