"""The command line of enriching: editorial records for a corpus, by a language model."""

import shutil
import time
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from corpus import Corpus
    from search.enriching.enriching import Outcome
    from search.language_model.language_model import LanguageModel
    from settings import Settings

Price = Annotated[float | None, typer.Option(min=0, help="Price of a million tokens, in any currency.")]


def enrich(
    limit: Annotated[int | None, typer.Option(min=1, help="How many initiatives at most.")] = None,
    price_in: Price = None,
    price_out: Price = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before sending.")] = False,
) -> None:
    """Write the editorial records that are missing, with the language model of RECUEIL_LLM_URL.

    Each is held to its sheets and written at once, so that an interrupted run is taken up again.

    Example: recueil enrich --limit 20 --price-in 0.5 --price-out 1.5
    """
    from corpus import Gazetteer, read_corpus, read_layer
    from corpus.fidelity import Fidelity
    from corpus.lexicon_entry import read_lexicon
    from search.enriching.enriching import Writing, enriched, wanting
    from search.enriching.estimate import estimate
    from settings import read_settings

    settings = read_settings()
    model = _language_model(settings)
    gazetteer, folder = Gazetteer.open(), settings.editorial_folder()
    corpus = read_corpus(settings.documents, gazetteer)
    _prepare(folder)
    layer = read_layer(folder, corpus)
    missing = wanting(corpus, layer)[:limit]
    if not missing:
        typer.echo(f"Every initiative has its record in {folder}.")
        return
    fidelity = Fidelity.of(gazetteer, layer.vocabulary, read_lexicon())
    expected = estimate(missing, layer.vocabulary)
    typer.echo(
        f"{expected.initiatives} initiatives have no record. About {expected.tokens_in} tokens will be sent to"
        f" {settings.llm_url} and {expected.tokens_out} received, retries apart."
    )
    if price_in is not None and price_out is not None:
        typer.echo(f"That costs about {expected.cost(price_in, price_out):.2f}.")
    if not yes:
        typer.confirm("Send the texts of their sheets, without contacts?", abort=True)
    writing = Writing(model, fidelity, date.today().isoformat(), time.sleep)
    left_out = _write(folder, corpus, enriched(missing, writing), len(missing))
    typer.echo(f"{len(missing) - len(left_out)} records lie in {folder}. Run `recueil build` to search with them.")
    for outcome in left_out:
        typer.echo(f"Left out: {outcome.initiative.id}: {'; '.join(outcome.faults)}", err=True)


def _language_model(settings: "Settings") -> "LanguageModel":
    from settings import BadSetting

    model = settings.language_model()
    if model is None:
        raise BadSetting(
            "There is no language model to write records",
            "the environment",
            "Set RECUEIL_LLM_URL and RECUEIL_LLM_MODEL. Without records everything works, by the sheets alone.",
        )
    return model


def _prepare(folder: "Path") -> None:
    """Make the folder, with the vocabulary of the bundled records if it has none."""
    from corpus.editorial_layer import BUNDLED, VOCABULARY

    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / VOCABULARY).exists():
        shutil.copyfile(BUNDLED / VOCABULARY, folder / VOCABULARY)


def _write(folder: "Path", corpus: "Corpus", outcomes: "Iterator[Outcome]", total: int) -> "list[Outcome]":
    """Write each record as it comes; give what was left out."""
    from rich.console import Console

    from corpus.editorial_layer import write_record
    from terminal import Bars

    left_out = []
    with Bars(Console(stderr=True)) as bars:
        bars.step("Writing editorial records", total)
        for outcome in outcomes:
            if outcome.record is None:
                left_out.append(outcome)
            else:
                write_record(folder, corpus, outcome.record)
            bars.advance(1)
    return left_out
