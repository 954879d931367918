"""One reader for each layout of document; its name is what documents.toml asks for.

A new layout is a new file here, or an entry point of the group "recueil.readers" in a package of somebody's own:

    [project.entry-points."recueil.readers"]
    minutes = "town_hall.minutes:read"

Such a file has `read(document, gazetteer)`: the initiatives of the document, in its order, their ids still empty
(`corpus.load` gives them). It raises BadDocument, with file and line, for a stretch of its list that belongs to none.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules
from types import MappingProxyType

from corpus.model import Document, Initiative
from corpus.places import Gazetteer

Reader = Callable[[Document, Gazetteer], Iterable[Initiative]]

GROUP = "recueil.readers"

__all__ = ["Reader", "readers"]


@cache
def readers() -> Mapping[str, Reader]:
    """Every reader by its name, in alphabetical order: the modules of this folder that have a function `read`.

    Those that installed packages register come with them; a name of ours is ours.
    """
    modules = {module.name: import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)}
    registered = {point.name: point.load() for point in entry_points(group=GROUP)}
    own = {name: module.read for name, module in modules.items() if hasattr(module, "read")}
    return MappingProxyType(dict(sorted({**registered, **own}.items())))
