"""The one name under which all of this is installed: `recueil`, the command, `python -m recueil`, and the version.

    from recueil import version
    version()                        # "0.2.0"

In a checkout the packages lie side by side, `search` beside `eval`. The wheel has them below this one
(`deploy/wheel.py`), so that nothing of such a common name lands beside other people's packages.
"""

from recueil.version import version

__all__ = ["version"]
