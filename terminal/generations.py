"""The commands about generations of the index: which there are, taking up a newer one, going back to an older one.

A running service takes up what they publish within a second or two, without a stop.
"""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from index import Generation
    from settings import Settings


def generations() -> None:
    """List the generations of the index that are kept, the oldest first; the one in use has a star.

    Example: recueil generations
    """
    from index import current_name, kept_generations
    from settings import read_settings

    folder = read_settings().index_folder
    for one in kept_generations(folder):
        star = "*" if one.name == current_name(folder) else " "
        typer.echo(f"{star} {one.name}  built {one.built}  of {one.digest[:12]}")


def publish(
    name: Annotated[str | None, typer.Argument(help="One of `recueil generations`; the newest unless given.")] = None,
) -> None:
    """Search with the newest generation of the index, or with another one that is kept.

    Example: recueil publish
    """
    from settings import read_settings

    _say(_published(read_settings(), name))


def rollback() -> None:
    """Search with the generation before the one in use.

    Example: recueil rollback
    """
    from index import generation_before
    from settings import read_settings

    settings = read_settings()
    _say(_published(settings, generation_before(settings.index_folder)))


def _published(settings: "Settings", name: str | None) -> "Generation":
    from index import publish_generation, read_model

    return publish_generation(settings.index_folder, name, read_model(settings.model_folder).digest)


def _say(generation: "Generation") -> None:
    typer.echo(f"The index is now that of {generation.built}, generation {generation.name}.")
