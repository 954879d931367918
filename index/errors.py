"""Faults of models and indexes, which a person can mend.

Fault
├─ BadModel    an embedding model cannot be loaded, or its prepared folder is not whole
├─ BadIndex    an index is missing, incomplete, altered, or does not fit the corpus or the model
└─ Unwritable  what is made cannot be written: the disk is full, read-only or limited
"""

from corpus import Fault


class BadModel(Fault):
    """An embedding model cannot be used."""


class BadIndex(Fault):
    """An index is missing, incomplete, altered, or does not fit the corpus or the model."""


class Unwritable(Fault):
    """What is made cannot be written where it belongs."""
