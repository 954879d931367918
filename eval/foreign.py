"""A foreign corpus: sheets of somebody else with questions and judgements, on which no weight was chosen.

    foreign = open_foreign(folder, cache=var / "foreign", encoder=encoder, exact=lambda: open_encoder(…, exact=True))
    run = this_index(foreign.searcher).run(foreign.collection.questions)

    sheets.jsonl    {"id", "title", "text", "theme"}
    queries.jsonl   {"id", "text"}
    qrels.tsv       qid <TAB> 0 <TAB> id of a sheet <TAB> grade, 0 to 3

The sheets are indexed like any others, without editorial records, and searched with the same searcher. The index is
kept below `cache` under what it was made from, so that only the first run encodes the sheets.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from corpus import Corpus, Document, Enrichment, Initiative, Kind, Section, Source, load_thesaurus
from corpus.places import Gazetteer
from eval.collection import Collection, OptionalText, Question, Text, named_units
from eval.formats import QUERIES, read_as, read_qrels
from index import Encoder, Index, Progress, Silence, index_folder, update_index
from search import Searcher

SHEETS, QRELS_TSV = "sheets.jsonl", "qrels.tsv"

# What the files do not tell of a question.
UNTOLD = {"lang": "und", "type": "topic"}


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
    corpus, thesaurus = read_foreign_sheets(folder), load_thesaurus()
    kept = index_folder(cache / folder.resolve().name)
    update_index(
        kept,
        corpus,
        enrichment=Enrichment(),
        thesaurus=thesaurus,
        adaptation=None,
        model_digest=encoder.digest,
        exact=exact,
        progress=progress or Silence(),
    )
    index = Index.open(kept, encoder.digest)
    return Foreign(read_foreign_collection(folder), Searcher.of(index, encoder, Gazetteer.open()))


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
    return Corpus((document,), tuple(initiatives))


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


@dataclass(frozen=True, slots=True)
class ForeignQuestion:
    """One line of queries.jsonl."""

    id: Text
    text: Text
    where: str  # file:line


def read_foreign_collection(folder: Path) -> Collection:
    """The questions and judgements. Raises BadCollection as `Collection` does."""
    judgements = read_qrels(folder / QRELS_TSV)
    questions = (
        Question(id=one.id, text=one.text, language=UNTOLD["lang"], type=UNTOLD["type"], where=one.where)
        for one in read_as(ForeignQuestion, folder / QUERIES)
    )
    return Collection(folder=folder, questions=tuple(questions), judgements=judgements, units=named_units(judgements))
