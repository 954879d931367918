"""The command that adapts the encoder to a corpus."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer


def adapt(
    steps: Annotated[int, typer.Option(min=1, help="Steps of the training, of 54 texts each.")] = 1600,
    seed: Annotated[int, typer.Option(help="Of everything that chance decides.")] = 0,
    check: Annotated[
        bool,
        typer.Option("--check", help="Write nothing: train without a quarter of the initiatives, and test on them."),
    ] = False,
    into: Annotated[Path | None, typer.Option(help="Folder to write to, instead of the one of this corpus.")] = None,
) -> None:
    """Adapt the encoder to the corpus: its upper layers learn how people tell what each initiative answers.

    Learned from editorial records, situations, needs and questions: three quarters of an hour on two cores.
    Interrupted, it is taken up again.

    Example: recueil adapt
    """
    from corpus import ASKED, load_asked, load_corpus, load_enrichment
    from index import open_encoder
    from index.model import Course, Lessons, learned_share
    from index.model import adapt as adapt_encoder
    from settings import read_settings
    from terminal.views import Bars

    settings = read_settings()
    corpus = load_corpus(settings.documents)
    enrichment = load_enrichment(settings.editorial_folder, corpus)
    asked = load_asked(settings.editorial_folder / ASKED, corpus, enrichment.facts)
    lessons = Lessons.of(corpus, enrichment, asked)
    course = Course(steps=steps, seed=seed)
    model = settings.model_folder
    encoder = open_encoder(model, settings.threads)
    folder, work = into or settings.adaptation_folder, settings.var / "adapting"
    with Bars() as bars:
        if check:
            share = learned_share(lessons, encoder, model, work=work, course=course, progress=bars)
        else:
            fidelity = adapt_encoder(
                lessons, encoder, model, folder, work=work, course=course, date=date.today().isoformat(), progress=bars
            )
    if check:
        typer.echo(f"Right initiative first, of texts kept out of training: {share.known:.3f}.")
        typer.echo(
            f"Of texts about initiatives kept out of training: {share.unknown:.3f}, {share.unknown_before:.3f} before."
        )
        if share.needs is not None:
            typer.echo(f"Of texts of needs kept out of training: {share.needs:.3f}, {share.needs_before:.3f} before.")
        return
    about = int((lessons.labels >= 0).sum())
    typer.echo(f"Learned from {about} texts about {len(lessons.initiatives)} initiatives; it lies in {folder}.")
    typer.echo(f"Mean cosine of the layers in eight bits with those in full precision: {fidelity:.4f}.")
    typer.echo("Run `recueil build` to search with it.")
