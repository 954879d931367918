"""A schedule: when the experiments of a call begin, by what each says or by what is said of all."""

import re

from corpus.start import Start

BEGINS = re.compile(
    r"\b(?:à compter|à partir|au cours|dès|courant|début)\b[^.;]{0,30}?\b(?P<year>(?:19|20)\d\d)\b", re.IGNORECASE
)
ALL_BEGIN = re.compile(r"\bexpériment\w+\b[^.;]{0,30}?\b(?P<year>(?:19|20)\d\d)\b", re.IGNORECASE)


def experiment_start(prose: str, preface: str) -> Start | None:
    """The start that an experiment's prose gives, else the one that the preface gives for all experiments.

    Example: "Elle durera 15 mois à compter de janvier 2020." -> 2020, "à compter de janvier 2020"
    """
    said = BEGINS.search(prose) or ALL_BEGIN.search(preface)
    return Start(int(said["year"]), said[0]) if said else None
