"""Opening: from a folder, an address or a file to a system or a run that can be evaluated."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

from corpus.document import load_documents
from corpus.fault import Fault
from eval.catalogue import Catalogue
from eval.fault import CannotMeasure
from eval.proof import PARTS, Means
from eval.remote import TIMEOUT_S, over_http
from eval.stages import catalogue_of
from eval.system import Run, System
from eval.trec import read_run
from index.build import index_folder, model_folder
from index.index import CONTENTS
from index.manifest import read_manifest
from search import Engine
from search.answering.asker import Asker
from search.answering.fault import BadCalibration, BadReader

# Asked to see whether a service can answer at all.
PROBE = "Qui propose un bus pour les démarches ?"


def open_engine(var: Path, threads: int) -> Engine:
    """The index under a folder for everything that is made, with the model it was made with.

    Raises BadIndex or BadModel when they are missing, damaged or do not fit each other.
    """
    encoder = read_manifest(index_folder(var)).encoder
    return Engine.open(index_folder(var), model_folder(var, encoder), threads)


def var_of_encoder(var: Path, encoder: str) -> Path:
    """Where the index made with another model is looked for, beside that which is served. Raises CannotMeasure."""
    beside = var / "encoders" / model_folder(var, encoder).name
    if not index_folder(beside).exists():
        raise CannotMeasure(
            f"There is no index made with '{encoder}'",
            str(index_folder(beside)),
            f"Build it: RECUEIL_ENCODER='{encoder}' RECUEIL_VAR='{beside}' recueil build",
        )
    return beside


@contextmanager
def opened_service(url: str, documents: Path) -> Iterator[System]:
    """A running service as a system. `documents` is the folder whose documents.toml names its texts.

    Raises CannotMeasure when nothing answers at the address, and the Fault that the service tells.
    """
    try:
        client = httpx.Client(base_url=url, timeout=TIMEOUT_S)
    except httpx.InvalidURL as error:
        raise _bad_address(url, f"{error}") from None
    with client:
        if client.base_url.scheme not in ("http", "https"):
            raise _bad_address(url, "it does not begin with http:// or https://")
        yield over_http(client, {document.id: document.original_name for document in load_documents(documents)})


def _bad_address(url: str, why: str) -> CannotMeasure:
    return CannotMeasure(f"The address cannot be used: {why}", url, "Give one such as http://127.0.0.1:8000.")


def means_of_engine(engine: Engine, folder: Path) -> Means:
    """Everything, with the span reader and the calibration of a folder; without answers when they cannot be opened."""
    catalogue, contents = catalogue_of(engine), engine.index.contents
    try:
        return Means(catalogue, Asker.open(engine, folder).ask, contents, {})
    except (BadReader, BadCalibration) as absent:
        return Means(catalogue, None, contents, {"answers": _because(absent)})


def means_of_service(service: System) -> Means:
    """What a service gives: no more than sheets and, when it has what it needs for them, answers."""
    unable = {"parsing": "it is measured on an index, not on a service"}
    try:
        if service.answer is not None:
            service.answer(PROBE)
    except Fault as absent:
        return Means(service.catalogue, None, None, unable | {"answers": _because(absent)})
    return Means(service.catalogue, service.answer, None, unable)


def means_of_run(run: Run) -> Means:
    """A run holds rankings."""
    return Means(run.catalogue, None, None, dict.fromkeys(PARTS, "a run holds rankings only"))


def _because(absent: Fault) -> str:
    """Example: "there is no calibration (recueil calibrate)"."""
    return f"{absent.what[0].lower()}{absent.what[1:]} ({absent.where}; {absent.mend.rstrip('.')})"


def read_catalogue(var: Path) -> Catalogue:
    """The catalogue of the index under a folder, without opening a model. Raises BadIndex."""
    read_manifest(index_folder(var))
    contents = CONTENTS.validate_json((index_folder(var) / "corpus.json").read_bytes())
    return Catalogue.of(contents.initiatives, contents.documents)


def open_run(path: Path, catalogue: Catalogue, questions: Iterable[str]) -> Run:
    """A run that somebody else made, over the initiatives of a catalogue.

    Raises BadCollection for a malformed line; CannotMeasure when it has no ranking for any of the questions (ids), or
    names none of the initiatives.
    """
    tag, rankings = read_run(path)
    _check_known(path, rankings, catalogue, set(questions))
    return Run(tag, catalogue, rankings, {})


def _check_known(
    path: Path, rankings: Mapping[str, tuple[str, ...]], catalogue: Catalogue, questions: set[str]
) -> None:
    mend = "`recueil eval export --format trec DIR` writes the topics with their ids, and a run to take as an example."
    if questions.isdisjoint(rankings):
        raise CannotMeasure("The run answers no question of the collection", str(path), mend)
    if not any(docid in catalogue.sheets for ranking in rankings.values() for docid in ranking):
        raise CannotMeasure("The run names no initiative of the index", str(path), mend)
