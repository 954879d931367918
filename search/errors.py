"""Faults of a question."""

from corpus import Fault


class BadQuestion(Fault):
    """A question cannot be searched for: blank, too long, or without a readable word."""


class UnknownFilter(Fault):
    """A filter names something that the index does not hold."""


class UnknownInitiative(Fault):
    """No initiative has this id."""


class BadComparison(Fault):
    """Initiatives that were chosen cannot be set side by side: too few, too many, or one twice."""
