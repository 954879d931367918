"""One reader for each layout of document. A new layout is a new file here; its name is what documents.toml asks for.

Such a file has `read(document, gazetteer)`: the initiatives of the document, in its order, their ids still empty
(`corpus.load` gives them). It raises BadDocument, with file and line, for a stretch of its list that belongs to none.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from corpus.model import Document, Initiative
from corpus.places import Gazetteer

Reader = Callable[[Document, Gazetteer], Iterable[Initiative]]

__all__ = ["Reader", "readers"]


@cache
def readers() -> Mapping[str, Reader]:
    """Every reader by its name, in alphabetical order: the modules of this folder that have a function `read`."""
    modules = {module.name: import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)}
    return MappingProxyType({name: module.read for name, module in modules.items() if hasattr(module, "read")})
