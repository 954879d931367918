"""The Python door: a collection in this process, or a service elsewhere, with the same calls.

    from recueil import Recueil
    recueil = Recueil("var")   # or Recueil("https://recueil.exemple.fr"), or Recueil.from_records(rows)
    recueil.ask("qui fait de l'hébergement citoyen pour les femmes sans domicile ?").text

In a checkout the packages lie side by side, `search` beside `eval`. The wheel has them below this one
(`deploy/wheel.py`), so that nothing of such a common name lands beside other people's packages.

Every call gives the reply that HTTP gives, as a typed value. What cannot be done is a `Fault` with what, where, mend.
Importing this loads next to nothing: neither numpy nor a web framework, and no model before a collection is opened.
`client` has the calls, `calls` says what each is on both ways, `opened` and `remote` are the two ways, `records` makes
a collection of a list of dictionaries, `mcp` gives one to assistants.
"""

from typing import TYPE_CHECKING, Any

from recueil.client import AsyncRecueil, Conditions, Recueil
from recueil.version import version

if TYPE_CHECKING:
    from corpus import Fault
    from recueil.remote import BadService, RefusedByService

__all__ = ["AsyncRecueil", "BadService", "Conditions", "Fault", "Recueil", "RefusedByService", "version"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 — whatever has that name
    """The faults, loaded when somebody asks for them."""
    if name == "Fault":
        from corpus import Fault

        return Fault
    if name in ("BadService", "RefusedByService"):
        from recueil import remote

        return getattr(remote, name)
    raise AttributeError(f"module 'recueil' has no attribute '{name}'")
