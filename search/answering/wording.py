"""Wording: the frames of answers, in the language of the question. Quotes stay in the language of the source."""

from collections.abc import Sequence

from corpus.initiative import Initiative
from search.answering.quoting import readable

LONGEST_TITLE, LONGEST_PLACE = 45, 30  # characters of them in an answer

_PHRASES = {
    "fr": {
        "closest": "Le plus proche : {said}",
        "also": "Aussi : {quotes}",
        "differs": "Une autre source dit : « {quote} » ({where}).",
        "nothing": "Pas de réponse dans ce recueil. Cherché dans {searched}, par les mots et par le sens.",
        "nearest": "Le plus proche : {titles}.",
        "initiatives": "{count} fiches de {documents} documents",
        "filtered": "{count} fiches retenues par les filtres",
        "colon": " : ",
        "semicolon": " ; ",
    },
    "en": {
        "closest": "Closest match: {said}",
        "also": "Also: {quotes}",
        "differs": "Another source says: « {quote} » ({where}).",
        "nothing": "No answer in this collection. Searched {searched}, by words and by meaning.",
        "nearest": "Nearest: {titles}.",
        "initiatives": "{count} sheets of {documents} documents",
        "filtered": "{count} sheets that pass the filters",
        "colon": ": ",
        "semicolon": "; ",
    },
}


def statement(language: str, lead: str, initiative: Initiative, quote: str) -> str:
    """The short answer, the initiative and its place, and the quote; no lead where the quote is all of it.

    Example: "86 personnes — Clause d'insertion (Pas-de-Calais) : « … a permis le retour à l'emploi de 86 personnes … »"
    """
    lead = readable(lead).strip(" ,;:.")
    named = where(initiative)
    head = f"{lead} — {named}" if lead and lead != quote.strip(" .…") else named
    return f"{head}{_PHRASES[language]['colon']}« {quote} »"


def also(language: str, quotes: Sequence[str]) -> str:
    """Other words of the initiative that the statement before named."""
    return _PHRASES[language]["also"].format(quotes=", ".join(f"« {quote} »" for quote in quotes))


def line(language: str, initiative: Initiative, quote: str) -> str:
    """One line of a list: where, what, and the words that say so."""
    return f"{where(initiative, place_first=True)}{_PHRASES[language]['colon']}« {quote} »"


def closest(language: str, said: str) -> str:
    """A statement worded as the closest match."""
    return _PHRASES[language]["closest"].format(said=said)


def differs(language: str, initiative: Initiative, quote: str) -> str:
    """Another source that says something else."""
    return _PHRASES[language]["differs"].format(quote=quote, where=where(initiative))


def nothing(language: str, initiatives: int, documents: int, filtered: bool, nearest: Sequence[Initiative]) -> str:
    """A refusal: what was searched, and what comes nearest."""
    phrases = _PHRASES[language]
    searched = phrases["filtered" if filtered else "initiatives"].format(count=initiatives, documents=documents)
    said = phrases["nothing"].format(searched=searched)
    titles = phrases["semicolon"].join(where(initiative) for initiative in nearest)
    return f"{said} {phrases['nearest'].format(titles=titles)}" if titles else said


def where(initiative: Initiative, place_first: bool = False) -> str:
    """An initiative by its title, shortened, and its place."""
    title = shortened(readable(initiative.title).rstrip(" ."), LONGEST_TITLE)
    place = ", ".join(departement.name for departement in initiative.departements[:3]) or initiative.territory
    if not place:
        return title
    place = shortened(place, LONGEST_PLACE)
    return f"{place} — {title}" if place_first else f"{title} ({place})"


def shortened(text: str, longest: int) -> str:
    """Cut a text between words, with an ellipsis, when it has more characters than `longest`.

    Example: shortened("Un toit pour toutes", 12) → "Un toit…"
    """
    if len(text) <= longest:
        return text
    return text[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,;:–-") + "…"
