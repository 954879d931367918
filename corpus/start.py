"""A start: the year in which an initiative begins, as a header prints it or as the prose tells it."""

import re
from dataclasses import dataclass

from corpus.markup import plain

YEAR = r"(?:19|20)\d\d\b"
MONTH = r"(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)"
SEASON = r"(?:printemps|été|automne|hiver)"
MOMENT = rf"(?:(?:fin|début|mi|courant)[ -])?(?:(?:le )?(?:\d{{1,2}}(?:er)? )?{MONTH} |{SEASON} )?{YEAR}"
SINCE = r"(?:depuis|à partir d[eu]|à compter d[eu]|dès)"
WHEN = re.compile(
    rf"\b(?:(?:en|{SINCE}|au|à l'|le|prévue?s?|d'ici)[ ]?|(?={MONTH} |{SEASON} |fin |début |mi-|courant )){MOMENT}",
    re.I,
)

# A header field that opens with a date, or comes to one by way of "depuis", "en" or "prévue".
DATED = re.compile(rf"^{MOMENT}|{WHEN.pattern}", re.I)
UNKNOWN = "nc"

# What begins something, said of it in the same sentence as the date.
BEGINNING = re.compile(
    r"\b(?:créé|ouvert|initié|lancé|introdui|adopté|voté|procédé|débuté|démarr|engagé|instauré|inauguré|menée?\b|doté"
    r"|mise?s? en (?:place|œuvre)|mettre en (?:place|œuvre)|élaboration|création|lancement|ouverture|déploiement)",
    re.I,
)
SINCE_NAMED = re.compile(rf"\b{SINCE.replace('depuis|', '')} {MOMENT}", re.I)
# Years that date something else: a law, what the initiative continues, the years a plan covers, a count.
BESIDE = re.compile(
    rf"\b(?:loi|ordonnance|décret|circulaire|arrêté)\b[^,;.]*?{YEAR}"
    rf"|\bdans la continuité [^;.]*|\b{YEAR} ?[/–-] ?{YEAR}|\b(?:bilan|données) [^;.]*",
    re.I,
)
SENTENCE_END = re.compile(r"(?<=[.!?;]) |\n")


@dataclass(frozen=True, slots=True)
class Start:
    """The first year and the words that give it; `year` is None where the document says it is not known."""

    year: int | None
    text: str


def printed_start(field: str) -> Start | None:
    """Read a header field: "Octobre 2016 à mai 2017" -> 2016; None when the field is no date."""
    text = plain(field)
    if text.lower() == UNKNOWN:
        return Start(None, text)
    return Start(_first_year(text), text) if DATED.search(text) else None


def told_start(prose: str) -> Start | None:
    """Find the sentence that says when the initiative begins or is to begin.

    Example: "Le service, lancé en mai 2014, compte 3 agents." -> 2014, "en mai 2014"
    """
    for sentence in SENTENCE_END.split(prose):
        words = BESIDE.sub(" ", plain(sentence))
        if SINCE_NAMED.search(words) or BEGINNING.search(words):
            when = WHEN.search(words)
            if when:
                return Start(_first_year(when[0]), when[0])
    return None


def _first_year(text: str) -> int | None:
    year = re.search(YEAR, text)
    return int(year[0]) if year else None
