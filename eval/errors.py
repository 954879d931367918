"""Faults of measuring."""

from corpus import Fault


class BadCollection(Fault):
    """A collection cannot be used; `where` names file and line."""


class CannotMeasure(Fault):
    """What is to be measured does not start, stops too early, or is not installed."""


class BadBaseline(Fault):
    """A baseline cannot be used, or does not fit what is compared with it."""


class WorseThanBaseline(Fault):
    """The gate is closed: figures are significantly worse than the baseline's, or below a floor."""
