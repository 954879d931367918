"""A corpus: all documents and all initiatives found in them."""

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, field
from hashlib import sha256
from types import MappingProxyType

from corpus.document import Document
from corpus.initiative import Initiative


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents in the order of their ids, their initiatives in the order of the texts, linked to each other."""

    documents: tuple[Document, ...]
    initiatives: tuple[Initiative, ...]
    digest: str  # sha256 of the documents and what is said of them, the same in whatever order they were listed
    by_id: Mapping[str, Initiative] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_id = {initiative.id: initiative for initiative in self.initiatives}
        object.__setattr__(self, "by_id", MappingProxyType(by_id))


def digest_of(documents: Iterable[Document]) -> str:
    """Give the sha256, in hexadecimal, of documents taken in the order of their ids."""
    listed = [astuple(document) for document in sorted(documents, key=lambda document: document.id)]
    return sha256(repr(listed).encode()).hexdigest()
