"""Faults: what went wrong, where, and the mend, for the person at the keyboard.

    Fault
    ├─ BadDocument       a source text cannot be read, or its reader finds nothing in it
    ├─ MissingPackage    a library of an extra, such as one that reads other people's files, is not installed
    ├─ BadEnrichment     an editorial record, or the vocabulary of records, cannot be used
    ├─ BadThesaurus      a concept of a thesaurus cannot be used
    └─ (other packages add theirs: in `errors`, or beside the noun they speak of)

Everything that is not a Fault is a bug and keeps its traceback.
"""


class Fault(Exception):
    """Something a person can mend. `what`, `where` and `mend` are the three parts of its message."""

    def __init__(self, what: str, where: str, mend: str) -> None:
        super().__init__(f"{what} ({where}). {mend}")
        self.what, self.where, self.mend = what, where, mend


class BadDocument(Fault):
    """A source text, or the list of them, cannot be used; `where` names file and line."""


class MissingPackage(Fault):
    """A library that only some need is not installed; `where` names the file that cannot be read without it."""


class BadEnrichment(Fault):
    """A file of the enrichment cannot be used; `where` names file and line."""


class BadThesaurus(Fault):
    """A file of a thesaurus cannot be used; `where` names file and line."""
