"""A catalogue: what a system can find, as far as judging its rankings needs it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from corpus.document import Document
from corpus.initiative import Initiative


@dataclass(frozen=True, slots=True)
class Sheet:
    """One initiative of a catalogue."""

    id: str
    title: str
    document: str  # id
    theme: str | None
    text: str
    start_line: int  # of the text in its document, from 1
    same_as: tuple[str, ...]  # ids of its tellings in other documents


@dataclass(frozen=True)
class Catalogue:
    """All initiatives that may be found, and the names by which collections know their documents."""

    sheets: Mapping[str, Sheet]  # by id, in the order of the corpus
    original_names: Mapping[str, str]  # id of a document → the name under which its text reached us

    @classmethod
    def of(cls, initiatives: Iterable[Initiative], documents: Iterable[Document]) -> "Catalogue":
        """The catalogue of a corpus or an index."""
        return cls(
            {one.id: _sheet(one) for one in initiatives},
            {document.id: document.original_name for document in documents},
        )

    def title(self, id: str) -> str:
        """The title of an initiative; the id itself for one that is not in the catalogue."""
        return self.sheets[id].title if id in self.sheets else id


def _sheet(one: Initiative) -> Sheet:
    return Sheet(one.id, one.title, one.source.document, one.theme, one.text, one.source.start_line, tuple(one.same_as))
