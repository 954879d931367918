"""Faults of answering."""

from corpus import Fault


class BadReader(Fault):
    """The span reader is missing, damaged, or of another encoder."""


class BadCalibration(Fault):
    """What turns evidence into a confidence is missing, damaged, or of another encoder."""


class BadTrainingQuestion(Fault):
    """A file to train on cannot be read."""
