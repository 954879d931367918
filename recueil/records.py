"""A collection of a list of dictionaries: written down as a file, understood as any folder is, and indexed."""

import json
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from corpus import Enrichment, load_corpus, load_thesaurus, write_whole
from corpus.importing import MAPPING, propose
from corpus.places import Gazetteer
from index import (
    BadModel,
    PreparedModel,
    Silence,
    index_folder,
    model_folder,
    open_encoder,
    read_model,
    update_index,
)
from recueil.opened import Opened
from search.answer import answering_folder
from settings import Settings, read_settings

SHEETS, RECORDS = "fiches", "fiches.json"  # the folder of what is read, and the file in it


def open_records(rows: Iterable[Mapping[str, object]], folder: Path | None, threads: int | None) -> Opened:
    """Index records and open the index; in a folder that goes with the process, unless one is given.

    A mapping that its owner has changed in the folder stays. Raises BadDocument for records of which no sheet can be
    made, and BadModel or Unwritable.
    """
    settings = read_settings()
    threads = threads or settings.threads
    if folder is not None:
        return _opened(rows, folder, settings, threads)
    passing = Path(tempfile.mkdtemp(prefix="recueil-"))
    try:
        opened = _opened(rows, passing, settings, threads)
    except BaseException:
        shutil.rmtree(passing, ignore_errors=True)
        raise
    # Its matrices are read from there until the last search.
    weakref.finalize(opened, shutil.rmtree, passing, ignore_errors=True)
    return opened


def _opened(rows: Iterable[Mapping[str, object]], folder: Path, settings: Settings, threads: int) -> Opened:
    gazetteer = Gazetteer.open()
    sheets = folder / SHEETS
    sheets.mkdir(parents=True, exist_ok=True)
    told = json.dumps([dict(row) for row in rows], ensure_ascii=False, default=str)
    write_whole(sheets / RECORDS, told)
    if not (sheets / MAPPING).exists():
        write_whole(sheets / MAPPING, propose(sheets, gazetteer).text)
    corpus = load_corpus(sheets, gazetteer)
    models = model_folder(settings.var, settings.encoder)
    update_index(
        index_folder(folder),
        corpus,
        enrichment=Enrichment(),
        thesaurus=load_thesaurus(),
        adaptation=None,
        model_digest=_ready(settings.encoder, models, [one.text for one in corpus.initiatives]).digest,
        exact=lambda: open_encoder(models, threads, exact=True),
        progress=Silence(),
    )
    return Opened.of(index_folder(folder), models, answering_folder(settings.var, settings.encoder), threads)


def _ready(encoder: str, folder: Path, texts: list[str]) -> PreparedModel:
    """The prepared model, which all collections share; prepared first where it is not, which takes a minute."""
    with suppress(BadModel):
        return read_model(folder)
    from index.model import prepare_model

    return prepare_model(encoder, folder, texts[:32])
