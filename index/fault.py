"""Faults of models and indexes."""

from corpus.fault import Fault


class BadModel(Fault):
    """An embedding model cannot be used."""


class BadIndex(Fault):
    """An index is missing, incomplete, altered, or does not fit the corpus or the model."""
