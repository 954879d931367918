"""The command that fits the weights of a profile to judgements of its own corpus."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer


def tune(
    collection: Annotated[Path, typer.Option("--collection", help="Folder of questions and judgements.")],
    write: Annotated[bool, typer.Option("--write", help="Write them into the profile.toml of the documents.")] = False,
) -> None:
    """Fit the weights of the ranking to a collection, or to what people judged (`recueil eval judgements`).

    Each fifth of the questions is measured with what was chosen on the others; nothing is written that they lose by.

    Example: recueil tune --collection my_questions --write
    """
    from corpus import PROFILE, with_weights, write_whole
    from eval import open_collection
    from eval import tune as fitted_to
    from settings import read_settings
    from terminal.search import open_searcher

    settings = read_settings()
    searcher = open_searcher(settings)
    tuned = fitted_to(searcher, open_collection(collection), date.today().isoformat())
    for name, fitted in tuned.weights.items():
        folds = ", ".join(f"{weights[name]:g}" for weights in tuned.by_fold)
        in_use = getattr(searcher.weights, name).value
        typer.echo(f"{name} = {fitted.value:g} (of the folds {folds}); in use: {in_use:g}")
    typer.echo(f"nDCG@10 as it is: {tuned.before:.3f}, held out with what was chosen: {tuned.held_out:.3f}")
    if not tuned.is_better:
        typer.echo("Questions that had no part in choosing lose by it, or gain nothing: the weights in use stay.")
    elif write:
        path = settings.documents / PROFILE
        said = path.read_text(encoding="utf-8") if path.exists() else ""
        write_whole(path, with_weights(said, tuned.weights))
        typer.echo(f"Written into {path}. Run `recueil build` to search with them.")
    else:
        typer.echo("With --write they are written into the profile.")
