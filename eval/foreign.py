"""A foreign corpus: sheets of somebody else with questions and judgements, on which no weight was chosen.

    foreign = open_foreign(folder, cache=var / "foreign", encoder=encoder, exact=lambda: open_encoder(…, exact=True))
    run = this_index(foreign.searcher).run(foreign.collection.questions)

    sheets.jsonl    {"id", "title", "text", "theme"}
    queries.jsonl   {"id", "text"}
    qrels.tsv       qid <TAB> 0 <TAB> id of a sheet <TAB> grade, 0 to 3

The sheets are indexed like any that are brought, without editorial records and thesaurus, and searched with the same
searcher and the numbers that hold for sheets nobody has judged. The index is
kept below `cache` under what it was made from, so that only the first run encodes the sheets.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from corpus import Corpus, Document, Enrichment, Initiative, Kind, Section, Source, read_profile
from corpus.places import Gazetteer
from eval.collection import Collection, OptionalText, Text
from eval.formats import open_collection, read_as
from index import Encoder, Index, Progress, Silence, index_folder, update_index
from search import Searcher

SHEETS = "sheets.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignSheet:
    """One line of sheets.jsonl."""

    id: Text
    title: Text
    text: str
    theme: OptionalText
    where: str  # file:line


@dataclass(frozen=True, slots=True)
class Foreign:
    """A foreign corpus, ready to be searched, and what is asked of it."""

    collection: Collection
    searcher: Searcher


def open_foreign(
    folder: Path, cache: Path, encoder: Encoder, exact: Callable[[], Encoder], progress: Progress | None = None
) -> Foreign:
    """Read a foreign corpus, and open the index of it or make it, with the encoder that `exact` opens for building.

    `encoder` encodes the questions and has the same digest. Raises BadCollection for a malformed file.
    """
    corpus = read_foreign_sheets(folder)
    kept = index_folder(cache / folder.resolve().name)
    update_index(
        kept,
        corpus,
        enrichment=Enrichment(),
        thesaurus=(),
        adaptation=None,
        model_digest=encoder.digest,
        exact=exact,
        progress=progress or Silence(),
    )
    index = Index.open(kept, encoder.digest)
    return Foreign(open_collection(folder), Searcher.of(index, encoder, Gazetteer.open(corpus.profile.places)))


def read_foreign_sheets(folder: Path) -> Corpus:
    """The sheets as the initiatives of one document, whose lines are all their texts. Raises BadCollection."""
    lines: list[str] = []
    initiatives = []
    for sheet in read_as(ForeignSheet, folder / SHEETS):
        # A sheet that says nothing is found by its title.
        text = (sheet.text if sheet.text.strip() else sheet.title).splitlines()
        initiatives.append(_initiative(sheet, folder.resolve().name, len(lines) + 1, text))
        lines += text
    document = Document(
        id=folder.resolve().name,
        title=folder.resolve().name,
        publisher="not stated",
        date="not stated",
        licence="not stated",
        reader="",
        file=SHEETS,
        original_name=SHEETS,
        lines=tuple(lines),
    )
    return Corpus((document,), tuple(initiatives), read_profile(folder))


def _initiative(sheet: ForeignSheet, document: str, first: int, text: list[str]) -> Initiative:
    """A sheet as an initiative of one section, which begins in line `first` of the document."""
    last = first + len(text) - 1
    return Initiative(
        id=sheet.id,
        kind=Kind.SHEET,
        title=sheet.title,
        title_derived=False,
        source=Source(document, first, last),
        text="\n".join(text),
        sections=(Section(None, first, last),),
        theme=sheet.theme,
    )
