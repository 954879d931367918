"""The commands that make what searching and answering need: the index, editorial records, the reader of answers."""

import shutil
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus import Corpus
    from index import Manifest, Progress
    from search import Searcher
    from search.language_model import Estimate, FactsOutcome, LanguageModel, Outcome
    from settings import Settings
    from terminal.views import Bars

Price = Annotated[float | None, typer.Option(min=0, help="Price of a million tokens, in any currency.")]
AnswerFolder = Annotated[
    Path | None, typer.Option(help="Folder to write to, instead of the one for this encoder under RECUEIL_VAR.")
]


def build(
    publish: Annotated[
        bool, typer.Option(help="Search with the new index at once, or not before it is published.")
    ] = True,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say which sheets would be added, changed and removed.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Say it as JSON; with --dry-run.")] = False,
) -> None:
    """Make ready the model and the index; what is up to date stays, and a running service takes up what is new.

    Only what changed is encoded again, and what was encoded before an interruption is not.

    Example: RECUEIL_ENCODER=intfloat/multilingual-e5-base recueil build
    """
    from corpus import changes_between
    from index import current_name, read_contents
    from settings import read_settings
    from terminal.changes import show_changes, summary_of
    from terminal.views import Bars

    if as_json and not dry_run:
        raise typer.BadParameter("--json goes with --dry-run.")
    settings = read_settings()
    if dry_run:
        show_changes(settings, as_json)
        return
    name, before = current_name(settings.index_folder), read_contents(settings.index_folder)
    with Bars() as bars:
        manifest = make_index(settings, bars, publish)
    say_ready(manifest)
    is_new = current_name(settings.index_folder) != name
    after = read_contents(settings.index_folder) if is_new else None
    if before and after and (changes := changes_between(before.initiatives, after.initiatives)):
        typer.echo(summary_of(changes))


def make_index(settings: "Settings", progress: "Progress", publish: bool = True) -> "Manifest":
    """Make ready what the settings ask for. Raises what `build_index` does."""
    from index import build_index

    return build_index(
        settings.documents,
        editorial=settings.editorial_folder,
        adaptation=settings.adaptation_folder,
        var=settings.made,
        encoder=settings.encoder,
        threads=settings.threads,
        progress=progress,
        kept=settings.generations,
        published=publish,
        model=settings.model_folder,
    )


def say_ready(manifest: "Manifest") -> None:
    """Say what is ready to be searched."""
    records = f"with {manifest.records} editorial records" if manifest.records else "without editorial records"
    facts = f" and {manifest.facts} facts" if manifest.facts else ""
    typer.echo(
        f"{manifest.initiatives} initiatives of {manifest.documents} documents are ready to be searched"
        f" in {manifest.passages} passages, {records}{facts}."
    )


# --- editorial records and facts ---


def enrich(
    facts: Annotated[bool, typer.Option("--facts", help="Write facts instead of records.")] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="How many initiatives at most.")] = None,
    price_in: Price = None,
    price_out: Price = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before sending.")] = False,
) -> None:
    """Write the editorial records, or facts, that are missing, with the language model of RECUEIL_LLM_URL.

    Facts answer ahead what people may ask, with quotes. Each is held to its sheets and written at once, so that an
    interrupted run is taken up again.

    Example: recueil enrich --limit 20 --price-in 0.5 --price-out 1.5
    """
    from corpus import Faithfulness, load_corpus, load_enrichment, profile_of, thesaurus_of
    from corpus.places import Gazetteer
    from search.language_model import (
        FactWriter,
        RecordWriter,
        clusters_without_facts,
        clusters_without_record,
        estimate,
        estimate_facts,
        write_facts_of,
        write_records,
    )
    from settings import read_settings

    if (price_in is None) != (price_out is None):
        raise typer.BadParameter("Give both prices, of tokens sent and of tokens received.")
    settings = read_settings()
    model = _language_model(settings)
    profile, folder = profile_of(settings.documents), settings.editorial_folder
    gazetteer = Gazetteer.open(profile.places)
    corpus = load_corpus(settings.documents, gazetteer)
    _prepare_folder(folder)
    enrichment = load_enrichment(folder, corpus)
    without = clusters_without_facts if facts else clusters_without_record
    missing = without(corpus, enrichment)
    wanted = missing[:limit]
    if not wanted:
        typer.echo(f"Every initiative has its {'facts' if facts else 'record'} in {folder}.")
        return
    typer.echo(
        f"{len(missing)} initiatives have no {'facts' if facts else 'record'}, {len(wanted)} are asked for. ", nl=False
    )
    expected = estimate_facts(wanted) if facts else estimate(wanted, enrichment.vocabulary)
    _say_cost(expected, model, price_in, price_out)
    if not yes:
        typer.confirm("Send the texts of their sheets, without contacts?", abort=True)
    faithfulness = Faithfulness.of(gazetteer, enrichment.vocabulary, thesaurus_of(profile, settings.documents))
    kept: dict[str, Any] = {
        "model": model,
        "faithfulness": faithfulness,
        "date": date.today().isoformat(),
        "pause": time.sleep,
    }
    if facts:
        _write_facts(folder, corpus, write_facts_of(wanted, FactWriter(**kept)), len(wanted))
    else:
        _write_all(folder, corpus, write_records(wanted, RecordWriter(**kept)), len(wanted))
    typer.echo("Run `recueil build` to search with them.")


def _language_model(settings: "Settings") -> "LanguageModel":
    """The language model that writes. Raises BadSetting where none is set."""
    from settings import BadSetting

    model = settings.language_model()
    if model is None:
        raise BadSetting(
            "There is no language model to write records",
            "the environment",
            "Set RECUEIL_LLM_URL and RECUEIL_LLM_MODEL. Without records everything works, by the sheets alone.",
        )
    return model


def _prepare_folder(folder: Path) -> None:
    """Make the folder, with the vocabulary of the bundled records if it has none."""
    from corpus import EDITORIAL_FOLDER, VOCABULARY

    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / VOCABULARY).exists():
        shutil.copyfile(EDITORIAL_FOLDER / VOCABULARY, folder / VOCABULARY)


def _say_cost(expected: "Estimate", model: "LanguageModel", price_in: float | None, price_out: float | None) -> None:
    from urllib.parse import urlsplit

    from search.language_model import CHARACTERS_A_TOKEN

    typer.echo(
        f"At {CHARACTERS_A_TOKEN} characters a token, about {expected.tokens_in} tokens will be sent to"
        f" {urlsplit(model.url).hostname} and {expected.tokens_out} received, retries apart."
    )
    if price_in is not None and price_out is not None:
        typer.echo(f"That costs about {expected.cost(price_in, price_out):.2f}.")


def _write_all(folder: Path, corpus: "Corpus", arriving: "Iterator[Outcome]", total: int) -> None:
    """Write each record as it comes; tell at the end, whatever ended the run, what was written and what left out."""
    from corpus import write_record
    from terminal.views import Bars

    written, left_out = 0, []
    try:
        with Bars() as bars:
            bars.step("Writing editorial records", total)
            for outcome in arriving:
                if outcome.record is None:
                    left_out.append(outcome)
                else:
                    write_record(folder, corpus, outcome.record)
                    written += 1
                bars.advance(1)
    finally:
        typer.echo(f"{written} records were written into {folder}.")
        for outcome in left_out:
            typer.echo(f"Left out: {outcome.initiative.id}: {'; '.join(outcome.faults)}", err=True)


def _write_facts(folder: Path, corpus: "Corpus", arriving: "Iterator[FactsOutcome]", total: int) -> None:
    """Write the facts of each initiative as they come; tell at the end, whatever ended the run, what became of them."""
    from corpus import FACTS, write_facts
    from terminal.views import Bars

    written, outcomes = 0, []
    try:
        with Bars() as bars:
            bars.step("Writing facts", total)
            for outcome in arriving:
                outcomes.append(outcome)
                if outcome.facts:
                    write_facts(folder / FACTS, corpus, outcome.facts)
                written += len(outcome.facts)
                bars.advance(1)
    finally:
        told = sum(bool(outcome.facts) for outcome in outcomes)
        typer.echo(f"{written} facts about {told} initiatives were written into {folder / FACTS}.")
        for outcome in outcomes:
            for fault in outcome.faults:
                typer.echo(f"Left out: {outcome.initiative.id}: {fault}", err=True)


# --- the span reader and the confidence of `ask` ---


def train_reader(
    paragraphs: Annotated[Path, typer.Argument(help="Questions on paragraphs in SQuAD's format: PIAF 1.1.")],
    seed: Annotated[int, typer.Option(help="Of everything that chance decides.")] = 1,
    into: AnswerFolder = None,
) -> None:
    """Train the span reader of `ask` for the encoder in use, and calibrate it; an hour or so on two cores.

    Example: recueil train-reader piaf-v1.1.json
    """
    from eval.training import make_reader
    from index import open_encoder
    from search.answer import own_folder
    from settings import read_settings
    from terminal.search import open_searcher
    from terminal.views import Bars

    settings = read_settings()
    searcher, folder = open_searcher(settings), into or own_folder(settings.made, settings.encoder)
    with Bars() as bars:
        exact = open_encoder(settings.model_folder, settings.threads, exact=True)
        make_reader(searcher, exact, paragraphs, folder, seed, bars)
        _calibrate(searcher, folder, bars)
    typer.echo(f"The span reader and its calibration lie in {folder}.")


def calibrate(into: AnswerFolder = None) -> None:
    """Fit the confidence of `ask` again: after a change of the encoder's reader, of the search or of the questions.

    Example: recueil calibrate
    """
    from search.answer import own_folder
    from settings import read_settings
    from terminal.search import open_searcher
    from terminal.views import Bars

    settings = read_settings()
    folder = into or own_folder(settings.made, settings.encoder)
    with Bars() as bars:
        _calibrate(open_searcher(settings), folder, bars)
    typer.echo(f"The calibration lies in {folder}.")


def _calibrate(searcher: "Searcher", folder: Path, bars: "Bars") -> None:
    from eval.training import fit_answers, fit_needs, looked_at, texts_of_needs, training_set
    from search.answer import SpanReader

    ranked, judged = training_set(searcher)
    told, asked = texts_of_needs(searcher, judged)
    bars.step("Telling needs from questions", len(told) + len(asked))
    fit_needs(searcher, told, asked, bars.advance).save(folder)
    bars.step("Answering questions with known answers", looked_at(searcher, ranked, judged))
    reader = SpanReader.open(folder, searcher.encoder.digest)
    fit_answers(searcher, reader, ranked, judged, bars.advance).save(folder)
