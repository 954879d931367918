"""Numbers of départements in a question, written out as their names: "emploi (13)" asks what the name asks.

    Gazetteer.open().with_names("emploi dans le 33")        -> "emploi en Gironde"

A number is a département only where something says so, and never a date, an amount, an age or an address.
"""

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from corpus.places.cues import COUNTED, NUMBERED, OFFICES
from corpus.places.names import FOLDER
from corpus.text import fold, fold_words

CODE = r"(?:0[1-9]|[1-9]\d|2[ab]|69m|97[12346])(?!\w)"
AND = r"\s*(?:,|/|&|\bet\b|\bou\b|\band\b|\bor\b)\s*(?:(?:dans\s+)?le\s+|du\s+)?"
CODES = rf"(?P<codes>{CODE}(?:{AND}{CODE})*)"
# "33 000", "15/03", "49.3", "50 %": the number goes on, or counts something.
ENDS = r"(?!\s*[%€$°])(?!\s*[.,:/-]\s*\d)(?!\s+\d)"
DEPARTEMENT = r"(?:d[ée]partements?|departments?|d[ée]pts?\.?|dpts?\.?)(?:\s+(?:du|num[ée]ro))?\s*(?:n\s*[°o]\.?)?\s*"
OFFICE = "|".join(sorted({*OFFICES, "cg"} - {"departement", "dept", "dpt", "department"}))
FLAGS = re.IGNORECASE
BRACKETED = re.compile(rf"\(\s*(?:{DEPARTEMENT})?{CODES}\s*\)", FLAGS)
INSIDE = re.compile(
    rf"(?<!\w)(?:(?:dans|sur|in)\s+(?:le|the)\s+(?:{DEPARTEMENT})?|(?:(?:en|in|du|le|au|the)\s+)?{DEPARTEMENT}){CODES}{ENDS}",
    FLAGS,
)
# "en 93" is a year, "en 2B" and "en 974" are not.
IN_CORSICA_OR_OVERSEAS = re.compile(rf"(?<!\w)en\s+(?=2[ab]|97){CODES}{ENDS}", FLAGS)
OF_OFFICE = re.compile(rf"(?<!\w)(?P<office>{OFFICE})\s*(?:du\s+|de\s+|des\s+)?{CODES}{ENDS}", FLAGS)
OF, ALONE = (re.compile(rf"(?<!\w){word}\s+{CODES}{ENDS}", FLAGS) for word in ("du", "le"))
# "le 12" and "du 15" are days of a month; above, nothing but a département or an address.
DAYS = {f"{day:02}" for day in range(1, 32)}
# fmt: off
AFTER_NUMBER = COUNTED | {
    "rue", "avenue", "av", "boulevard", "bd", "place", "allee", "impasse", "chemin", "quai", "route", "cours", "bis",
    "ter", "e", "eme", "er", "ere", "km", "m2", "kg", "logements", "places", "enfants", "jeunes", "familles", "heure",
    "minute", "euro", "fois",
}
ENGLISH = frozenset({"the", "of", "for", "who", "how", "what", "with", "and", "to", "near", "in"})
# fmt: on
LONG_FORMS = {"cd": "conseil départemental", "cg": "conseil départemental"}


class Spoken(NamedTuple):
    """A département as a sentence names it."""

    inside: str  # "dans l'Ain", "en Gironde", "à Paris"
    of: str  # "de l'Ain"
    alone: str  # "l'Ain"
    office: str  # "de l'Ain", after the name of an office


@dataclass(frozen=True)
class SpokenNames:
    """How each département is named in a sentence, by its code."""

    spoken: dict[str, Spoken]
    bare: dict[str, str]  # official names

    @classmethod
    def read(cls, bare: dict[str, str], believed: Callable[[str], bool], folder: Path = FOLDER) -> "SpokenNames":
        """Read the table of a gazetteer folder; `believed` tells whether a text names a place.

        "du Nord" alone may be a direction: such names are written "du département du Nord".
        """
        with (folder / "departements_spoken.csv").open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        spoken = {}
        for row in rows:
            of, alone = row["of"], row["alone"]
            spoken[row["code"]] = Spoken(
                inside=row["inside"],
                of=of if believed(f"aide {of}") else f"du département {of}",
                alone=alone if believed(f"aide {alone}") else f"le département {of}",
                office=of,
            )
        return cls(spoken, bare)

    def written_out(self, question: str, already_named: Callable[[str, str], bool]) -> str:
        """The question with its numbers of départements written out; one without any is given back as it is.

        `already_named(head, code)` tells whether a head of the question ends with a place of that département:
        "Rungis (94)" is Rungis.
        """
        english = bool(ENGLISH & set(fold_words(question)))

        def inside(match: re.Match[str]) -> str:
            return self._joined(match, lambda code: f"in {self.bare[code]}" if english else self.spoken[code].inside)

        def bracketed(match: re.Match[str]) -> str:
            head = match.string[: match.start()]
            if (fold_words(head) or [""])[-1] in NUMBERED:
                return match[0]
            codes = _codes(match)
            if len(codes) == 1 and already_named(head.rstrip(), codes[0]):
                return ""
            return inside(match)

        def of_office(match: re.Match[str]) -> str:
            office = LONG_FORMS.get(fold(match["office"]), match["office"])
            named = self._joined(match, lambda code: self.spoken[code].office)
            return named if named == match[0] else f"{office} {named}"

        def beyond_days(form: Callable[[Spoken], str]) -> Callable[[re.Match[str]], str]:
            def replaced(match: re.Match[str]) -> str:
                if set(_codes(match)) & DAYS:
                    return match[0]
                return self._joined(match, lambda code: form(self.spoken[code]))

            return replaced

        text = BRACKETED.sub(bracketed, question)
        text = OF_OFFICE.sub(of_office, text)
        text = INSIDE.sub(inside, text)
        text = IN_CORSICA_OR_OVERSEAS.sub(inside, text)
        text = OF.sub(beyond_days(lambda one: one.of), text)
        text = ALONE.sub(beyond_days(lambda one: one.alone), text)
        return question if text == question else " ".join(text.split())

    def _joined(self, match: re.Match[str], form: Callable[[str], str]) -> str:
        """The names for the codes of a match, or its own words where they are no départements."""
        codes = _codes(match)
        after = fold_words(match.string[match.end() : match.end() + 30])
        inside_brackets = match[0].endswith(")")
        if not all(code in self.spoken for code in codes) or (
            not inside_brackets and after[:1] and after[0] in AFTER_NUMBER
        ):
            return match[0]
        return (" and " if form(codes[0]).startswith("in ") else " et ").join(form(code) for code in codes)


def _codes(match: re.Match[str]) -> list[str]:
    return [code.upper() for code in re.findall(CODE, match["codes"], FLAGS)]
