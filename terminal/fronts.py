"""What is measured beside a collection: real people's words, a foreign corpus, other spellings, further judgements."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from terminal.search import AsJson

if TYPE_CHECKING:
    from eval import Collection, Foreign, Proof, Run
    from index import Encoder
    from search import Searcher
    from settings import Settings

ROOT = Path(__file__).parents[1]
DEVELOPMENT = ROOT / "eval" / "collections" / "development"

# What the page about quality tells unless somebody measured sheets of their own.
SUMMARY = ROOT / "web" / "quality.json"

# What the project judged of questions that are not its own.
JUDGEMENTS = ROOT / "eval" / "judgements"

# Questions and sheets that are not the project's lie beside a checkout, if anywhere.
BESIDE = ROOT.parent / "shared"
REAL_WORDS_BESIDE, FOREIGN_BESIDE = BESIDE / "real_words", BESIDE / "foreign" / "cnil"

CollectionFolder = Annotated[Path, typer.Option("--collection", help="Folder of questions and judgements.")]
RealWords = Annotated[
    Path | None, typer.Option("--real-words", help="Folder of real people's questions; ../shared/real_words if there.")
]
ForeignFolder = Annotated[
    Path | None, typer.Option("--foreign", help="Folder of a foreign corpus; ../shared/foreign/cnil if there.")
]
JudgementFiles = Annotated[
    list[Path] | None, typer.Option("--judgements", help="A file of further judgements, as qrels.jsonl; repeatable.")
]


@dataclass(frozen=True, slots=True)
class Beside:
    """What is measured beside the collection."""

    real_words: Path | None
    foreign: Path | None
    judgements: tuple[Path, ...]
    variants: bool


def measured(folder: Path, url: str | None, run: Path | None, beside_it: Beside) -> "Proof":
    """Measure what is asked for: a run file, a running service, or our own search."""
    from eval import COLLECTION, Proof, measure_front, open_collection, open_service, prove, this_index
    from settings import read_settings
    from terminal.search import open_searcher

    if (beside_it.foreign and (url or run)) or (beside_it.real_words and run):
        raise typer.BadParameter("A run file holds no other front, and a service has no foreign corpus.")
    settings, collection, absent = read_settings(), open_collection(folder), dict[str, str]()
    beside = folder == DEVELOPMENT and run is None  # another collection may be of another corpus
    real_words = _real_words(beside_it.real_words, beside, absent)
    collection, real_words = _judged(collection, real_words, beside_it.judgements)
    if run is not None:
        (read,) = read_runs(settings, collection, [run])
        return Proof(collection=measure_front(COLLECTION, collection, read))
    if url is not None:
        with open_service(url, settings.documents) as service:
            return prove(service, collection, real_words=real_words, variants=beside_it.variants, absent=absent)
    searcher = open_searcher(settings)
    return prove(
        this_index(searcher, answers=settings.answer_folder),
        collection,
        real_words=real_words,
        foreign=_foreign(settings, searcher, beside_it.foreign, beside, absent),
        variants=beside_it.variants,
        absent=absent,
    )


def _folder(given: Path | None, beside: Path, wanted: bool, name: str, absent: dict[str, str]) -> Path | None:
    """The folder of a front: the one given, or else the one beside the checkout where it is `wanted` and there."""
    if given is None and wanted and not beside.is_dir():
        absent[name] = f"there is no folder ../{beside.relative_to(ROOT.parent)} beside the project"
    return given or (beside if wanted and beside.is_dir() else None)


def _real_words(given: Path | None, wanted: bool, absent: dict[str, str]) -> "Collection | None":
    from eval import REAL_WORDS, open_collection, with_kept_judgements

    folder = _folder(given, REAL_WORDS_BESIDE, wanted, REAL_WORDS, absent)
    return with_kept_judgements(open_collection(folder), JUDGEMENTS) if folder else None


def real_words_beside(given: Path | None, collection: Path) -> "Collection | None":
    """Real people's words, given or beside the checkout; None where there are none, or another corpus is asked."""
    return _real_words(given, collection == DEVELOPMENT, {})


def _judged(
    collection: "Collection", real_words: "Collection | None", files: Sequence[Path]
) -> tuple["Collection", "Collection | None"]:
    """Both with further judgements, each line given to the one that asks its question."""
    from eval import with_judgements

    if real_words is None:
        (collection,) = with_judgements([collection], files)
    else:
        collection, real_words = with_judgements([collection, real_words], files)
    return collection, real_words


def _foreign(
    settings: "Settings", searcher: "Searcher", given: Path | None, wanted: bool, absent: dict[str, str]
) -> "Foreign | None":
    """The foreign corpus, searched with our encoder; its index is kept with everything else that is made."""
    from eval import FOREIGN, open_foreign
    from index import open_encoder

    folder = _folder(given, FOREIGN_BESIDE, wanted, FOREIGN, absent)
    if folder is None:
        return None

    def exact() -> "Encoder":
        say(f"Indexing the foreign corpus in {folder}, once")
        return open_encoder(settings.model_folder, settings.threads, exact=True)

    return open_foreign(folder, settings.var / "foreign", searcher.encoder, exact)


def read_runs(settings: "Settings", collection: "Collection", files: Sequence[Path]) -> Iterator["Run"]:
    """Runs that somebody wrote to TREC files, over our initiatives. Raises BadCollection or CannotMeasure."""
    from eval import read_catalogue, read_run

    for file in files:
        yield read_run(file, read_catalogue(settings.made), [question.id for question in collection.questions])


def say(what: str) -> None:
    """Tell on standard error what is being done; standard output is for figures."""
    typer.echo(f"{what} …", err=True)


def summary(
    to: Annotated[
        Path, typer.Option(help="File to write; quality.json in RECUEIL_VAR goes before what ships.")
    ] = SUMMARY,
    collection: CollectionFolder = DEVELOPMENT,
    real_words: RealWords = None,
    foreign: ForeignFolder = None,
    judgements: JudgementFiles = None,
) -> None:
    """Write the figures that the page about quality tells people: at a release, or of sheets of your own.

    Example: recueil eval summary --collection my_questions --to var/quality.json
    """
    from eval import summary_of, write_summary
    from index import read_manifest
    from recueil import version
    from settings import read_settings

    proof = measured(collection, None, None, Beside(real_words, foreign, tuple(judgements or ()), variants=True))
    manifest = read_manifest(read_settings().index_folder)
    corpus = manifest.corpus if manifest else None
    write_summary(summary_of(proof, made=date.today(), version=version(), corpus=corpus), to)
    typer.echo(f"The figures lie in {to}.", err=True)


def unjudged(
    collection: CollectionFolder = DEVELOPMENT,
    judgements: JudgementFiles = None,
    as_json: AsJson = False,
) -> None:
    """List the hits among the first ten that nobody judged: they count as 0 until somebody does.

    Example: recueil eval unjudged --collection my_questions --json
    """
    from eval import open_collection, this_index, unjudged_hits, with_judgements, with_kept_judgements
    from settings import read_settings
    from terminal.search import open_searcher

    (opened,) = with_judgements([with_kept_judgements(open_collection(collection), JUDGEMENTS)], judgements or [])
    run = this_index(open_searcher(read_settings())).run(opened.questions)
    hits = unjudged_hits(run, opened)
    for hit in hits:
        told = f"{hit.qid}\t{hit.rank}\t{hit.uid}\t{hit.title}\t{hit.question}"
        typer.echo(json.dumps(asdict(hit), ensure_ascii=False) if as_json else told)
    say(f"{len(hits)} of the first ten hits of {len(opened.questions)} questions are unjudged")


def weights(collection: CollectionFolder = DEVELOPMENT, real_words: RealWords = None) -> None:
    """Choose by cross-validation what the adaptation weighs, over the collection and real people's words.

    Example: recueil eval weights
    """
    from eval import COLLECTION, REAL_WORDS, choose_adaptation_weight, open_collection
    from settings import read_settings
    from terminal.search import open_searcher

    fronts = {COLLECTION: open_collection(collection)}
    if (asked := _real_words(real_words, collection == DEVELOPMENT, {})) is not None:
        fronts[REAL_WORDS] = asked
    searcher = open_searcher(read_settings())
    chosen = choose_adaptation_weight(searcher, fronts)
    in_use = searcher.weights.adapted_weight.value
    (best,) = chosen.weights.values()
    of_folds = ", ".join(f"{weight:.2f}" for fold in chosen.by_fold for weight in fold.values())
    typer.echo(f"Best on all questions: {best:.2f} (of the folds {of_folds}); in use: {in_use:.2f}.")
    for front, figure in chosen.held_out.items():
        typer.echo(f"nDCG@10 held out, {front}: {figure:.3f}")
