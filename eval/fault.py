"""Faults of measuring."""

from corpus.fault import Fault


class BadCollection(Fault):
    """A collection cannot be used; `where` names file and line."""


class CannotMeasure(Fault):
    """What is to be measured does not start, stops too early, or is not installed."""
