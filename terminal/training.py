"""The commands that train what `ask` answers with: its span reader, and the confidence in its answers."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from search import Searcher
    from terminal.views import Bars

AnswerFolder = Annotated[
    Path | None, typer.Option(help="Folder to write to, instead of the one for this encoder under RECUEIL_VAR.")
]


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
    searcher, folder = open_searcher(settings), into or own_folder(settings.var, settings.encoder)
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
    folder = into or own_folder(settings.var, settings.encoder)
    with Bars() as bars:
        _calibrate(open_searcher(settings), folder, bars)
    typer.echo(f"The calibration lies in {folder}.")


def _calibrate(searcher: "Searcher", folder: Path, bars: "Bars") -> None:
    from eval.training import CONFIDENCE, read_training_questions
    from eval.training import fit_confidence as fit
    from search.answer import SpanReader

    questions = read_training_questions(CONFIDENCE)
    bars.step("Answering questions with known answers", len(questions))
    fit(searcher, SpanReader.open(folder, searcher.encoder.digest), questions, bars.advance).save(folder)
