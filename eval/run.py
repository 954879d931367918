"""Runs: what a system found for each question. A system is this index, a running service, or whoever wrote a run file.

system = this_index(searcher)
run = system.run(collection.all_questions)
run.rankings["q1"]                                # ids of initiatives, best first

with open_service("http://127.0.0.1:8000", documents) as system: ...
run = read_run(path, read_catalogue(var), ids)    # eval.formats
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import httpx
from pydantic import TypeAdapter, ValidationError

from corpus import Fault, load_documents
from eval.collection import Catalogue, Question, Sheet
from eval.errors import CannotMeasure
from eval.metrics import DEPTH, Ranking
from index import CONTENTS, Contents, index_folder, model_folder, read_manifest
from search import Searcher
from search.answer import Answer, Answerer, BadCalibration, BadRanker, BadReader

# A question → ids of initiatives, best first, at most `metrics.DEPTH`; empty when nothing relevant was found.
Rank = Callable[[str], Ranking]

# An initiative's id → the ids of what is shown as similar to it, among the first ten.
Similar = Callable[[str], Iterable[str]]

# A question → its answer, or the refusal of one.
Ask = Callable[[str], Answer]

SIMILAR_SHOWN = 10  # similar initiatives that are looked at: what every door shows when it is not told how many

TIMEOUT_S = 30.0
PAGE = 100  # sheets in one reply, the most a service gives
PROBE = "Qui propose un bus pour les démarches ?"  # asked to see whether a service can answer at all
START = "Start it with `recueil serve`, or give its address, such as http://127.0.0.1:8000."

ANSWER, SHEET = TypeAdapter(Answer), TypeAdapter(Sheet)


@dataclass(frozen=True, slots=True)
class Run:
    """What one system gave for each question it was asked."""

    system: str
    catalogue: Catalogue
    rankings: Mapping[str, tuple[str, ...]]  # question id → initiative ids, best first
    took_ms: Mapping[str, float]  # question id → time of the whole call; empty for a run read from a file


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """What can be evaluated."""

    name: str
    rank: Rank
    catalogue: Catalogue  # of what it can find
    similar: Similar | None = None  # None for one that only ranks
    answer: Ask | None = None  # None for one that gives no answers
    contents: Contents | None = None  # whose fields are judged: what the readers made of the documents
    unable: Mapping[str, str] = field(default_factory=dict)  # one of evaluation.PARTS → why it cannot be measured

    def run(self, questions: Iterable[Question]) -> Run:
        """Put each question to the system."""
        rankings: dict[str, tuple[str, ...]] = {}
        took_ms: dict[str, float] = {}
        for question in questions:
            began = perf_counter()
            rankings[question.id] = tuple(self.rank(question.text))
            took_ms[question.id] = (perf_counter() - began) * 1000
        return Run(self.name, self.catalogue, rankings, took_ms)


# --- This index


def this_index(searcher: Searcher, name: str = "recueil", answers: Path | None = None) -> System:
    """The search as it is served, with its similar initiatives.

    It answers with the span reader and the calibration of the folder `answers`; without one, or when they cannot be
    opened, it does not.
    """
    answer, unable = None, {}
    try:
        answer = answer_of(Answerer.open(searcher, answers)) if answers else None
    except (BadReader, BadRanker, BadCalibration) as absent:
        unable = {"answers": _because(absent)}
    return System(
        name=name,
        rank=rank_of(searcher),
        catalogue=catalogue_of(searcher),
        similar=partial(_similar, searcher),
        answer=answer,
        contents=searcher.index.contents,
        unable=unable,
    )


def rank_of(searcher: Searcher) -> Rank:
    """The ranking of a searcher's search."""
    return partial(shown, searcher)


def shown(searcher: Searcher, text: str) -> Ranking:
    """The whole list that people are shown for a question, in its order, at most DEPTH ids: what is judged."""
    return [hit.initiative.id for hit in searcher.search(text, k=DEPTH).hits]


def answer_of(answerer: Answerer) -> Ask:
    """The answers of an answerer, each from a ranking of its own."""
    return lambda text: answerer.answer(answerer.searcher.rank(text))


def catalogue_of(searcher: Searcher) -> Catalogue:
    """What a searcher can find."""
    return Catalogue.of(searcher.index.contents.initiatives, searcher.index.contents.documents)


def _similar(searcher: Searcher, initiative: str) -> set[str]:
    """The similar initiatives and their other tellings; and those of the initiative itself, shown beside it."""
    hits = searcher.similar(initiative, k=SIMILAR_SHOWN)
    found = {id_ for hit in hits for id_ in (hit.initiative.id, *hit.also_in)}
    return found | set(searcher.catalogue.initiative(initiative).same_as)


def _because(absent: Fault) -> str:
    """Example: "there is no calibration (recueil calibrate)"."""
    return f"{absent.what[0].lower()}{absent.what[1:]} ({absent.where}; {absent.mend.rstrip('.')})"


def open_searcher(var: Path, threads: int) -> Searcher:
    """The index under a folder for everything that is made, with the model it was made with.

    Raises BadIndex or BadModel when they are missing, damaged or do not fit each other.
    """
    encoder = read_manifest(index_folder(var)).encoder
    return Searcher.open(index_folder(var), model_folder(var, encoder), threads)


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


def read_contents(index: Path) -> Contents:
    """What an index folder holds, without opening a model. Raises BadIndex."""
    read_manifest(index)
    return CONTENTS.validate_json((index / "corpus.json").read_bytes())


def read_catalogue(var: Path) -> Catalogue:
    """The catalogue of the index under a folder. Raises BadIndex."""
    contents = read_contents(index_folder(var))
    return Catalogue.of(contents.initiatives, contents.documents)


# --- A running service


@contextmanager
def open_service(url: str, documents: Path) -> Iterator[System]:
    """A running service as a system. `documents` is the folder whose documents.toml names its texts.

    Raises CannotMeasure when nothing answers at the address, and the Fault that the service tells.
    """
    try:
        client = httpx.Client(base_url=url, timeout=TIMEOUT_S)
    except httpx.InvalidURL as error:
        raise CannotMeasure(f"The service does not answer: {error}", url, START) from None
    with client:
        yield Service(client).system({document.id: document.original_name for document in load_documents(documents)})


@dataclass(frozen=True)
class Service:
    """A recueil service at an address.

    Every method raises the Fault that the service tells, and CannotMeasure when it tells nothing of use.
    """

    client: httpx.Client  # whose base_url is the address of the service

    def system(self, original_names: Mapping[str, str]) -> System:
        """The service as a system; without answers when it gives none.

        `original_names` gives each document's id the name by which collections know it, which a service does not tell.
        """
        catalogue = Catalogue({sheet.id: sheet for sheet in self.sheets()}, original_names)
        unable = {"parsing": "it is measured on an index, not on a service"}
        try:
            self.answer(PROBE)
        except Fault as absent:
            unable["answers"] = _because(absent)
        return System(
            name=str(self.client.base_url),
            rank=self.rank,
            catalogue=catalogue,
            similar=self.similar,
            answer=None if "answers" in unable else self.answer,
            unable=unable,
        )

    def rank(self, text: str) -> Ranking:
        """Ask /search."""
        return [hit["initiative"]["id"] for hit in self._get("/search", q=text, k=DEPTH)["hits"]]

    def similar(self, initiative: str) -> set[str]:
        """Ask for similar initiatives; their other tellings, and those of the initiative itself, come along."""
        hits = self._get(f"/initiatives/{initiative}/similar")["hits"]
        same = self._get(f"/initiatives/{initiative}")["same_as"]
        return {id_ for hit in hits for id_ in (hit["initiative"]["id"], *hit["also_in"])} | set(same)

    def answer(self, text: str) -> Answer:
        """Ask /ask."""
        try:
            return ANSWER.validate_python(self._get("/ask", q=text))
        except ValidationError as error:
            what = f"The service gives no answer that can be judged: {error.errors()[0]['msg']}"
            where = f"{self.client.base_url.join('/ask')}"
            raise CannotMeasure(what, where, "Measure a service of this version.") from None

    def sheets(self) -> list[Sheet]:
        """Read all initiatives, page by page."""
        page = self._get("/initiatives", limit=PAGE)
        sheets = page["items"]
        while page["next"] is not None:
            page = self._get("/initiatives", limit=PAGE, cursor=page["next"])
            sheets += page["items"]
        return [SHEET.validate_python(one["source"] | one) for one in sheets]

    def _get(self, path: str, **parameters: str | int) -> dict[str, Any]:
        where = f"{self.client.base_url.join(path)}"
        try:
            reply = self.client.get(path, params=parameters)
            told = reply.json()
        except httpx.HTTPError as error:
            raise CannotMeasure(f"The service does not answer: {error or type(error).__name__}", where, START) from None
        except ValueError:
            told = None
        if not isinstance(told, dict):
            what = f"What answers is no recueil service (status {reply.status_code}, no JSON object)"
            raise CannotMeasure(what, where, START)
        if reply.is_error and {"what", "where", "mend"} <= told.keys():
            raise Fault(f"{told['what']}", f"{told['where']} of {where}", f"{told['mend']}")
        if reply.is_error:
            what = f"The service answers with status {reply.status_code}"
            raise CannotMeasure(what, where, "See what the service itself reports.")
        return told
