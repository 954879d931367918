"""Mentions: the numbers, dates, people, organisations and places that some words name.

What a question asks for (`expected`) is compared with what a possible answer names (`mentions`). Rules about form only:
digits, capitals, little words; the vocabulary is that of French administration in general.
"""

import re
from enum import StrEnum
from types import MappingProxyType

from corpus.places import Gazetteer
from index.words import fold
from search.answering.asked import Asked


class Mention(StrEnum):
    """Sorts of things that words name."""

    NUMBER = "number"
    DATE = "date"
    PERSON = "person"  # by name, profession or public
    ORGANISATION = "organisation"
    PLACE = "place"


_EXPECTED = MappingProxyType(
    {
        Asked.HOW_MANY: frozenset({Mention.NUMBER}),
        Asked.WHEN: frozenset({Mention.DATE}),
        Asked.WHERE: frozenset({Mention.PLACE}),
        Asked.WHO: frozenset({Mention.PERSON, Mention.ORGANISATION}),
        Asked.CONTACT: frozenset({Mention.PERSON}),
    }
)

_NUMBER = re.compile(
    r"\d|\b(?:un|une|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quinze|vingt|trente|quarante|cinquante"
    r"|soixante|cent|cents|mille|million|millions|moitie|tiers|quart|dizaine|douzaine|quinzaine|vingtaine|trentaine"
    r"|quarantaine|cinquantaine|centaine|millier|double|triple|plusieurs)s?\b"
)
_DATE = re.compile(
    r"\b(?:19|20)\d\d\b|\b(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)\b"
    r"|\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|semestre|trimestre|mensuel\w*|annuel\w*|hebdomadaire\w*)\b"
    r"|\btou(?:s|tes)\sles\b|\bpar\s(?:an|mois|semaine|jour)\b|\bchaque\s(?:annee|mois|semaine|jour)\b|\bdepuis\b|\bde[sb]ut\b"
    r"|\b(?:ans|annees|mois|semaines|jours)\b"
)
_ORGANISATION = re.compile(
    r"\b(?:association|organisme|service|equipe|entreprise|societe|ministere|agence|fondation|reseau|ecole|universite"
    r"|laboratoire|labo?|cabinet|bailleur|conseil|departement|commune|communaute|metropole|region|prefecture|mairie|ville"
    r"|rectorat|hopital|centre|chu|caf|cpam|msa|ccas|ars|adil|mdph|direction|federation|comite|collectif|groupe|groupement"
    r"|syndicat|union|mission|maison|institut|pole|caisse|chambre|tribunal|start-up|college|lycee|bibliotheque)s?\b"
)
_ACRONYM = re.compile(r"\b[A-ZÀ-Ý][A-ZÀ-Ý&.'’-]+\b")
_PROFESSION = re.compile(
    r"\b\w{3,}(?:iste|istes|ologue|ologues|eur|eurs|euse|euses|trice|trices|ien|iens|ienne|iennes|iers?|ieres?|ants?|antes?"
    r"|medecins?|elus?|benevoles?|agents?|familles?|jeunes|enfants|personnes|parents|femmes|professionnels?|habitants?)\b"
    r"|\b(?:medecins?|elus?|benevoles?|agents?|familles?|jeunes|enfants|personnes|parents|femmes|habitants?|conseill\w+)\b"
)
_NAME = re.compile(r"\b[A-ZÀ-Ý][\w'’-]+(?:\s+[A-ZÀ-Ý][\w'’-]+)+")
_PLACE_CUE = re.compile(
    r"\b(?:secteur|territoire|ville|commune|departement|quartier|bassin|canton|agglomeration|academie|pays|locaux|centre"
    r"|site|region|maison|college|lycee|hopital|batiment|rue|place)s?\b"
)


def expected(asked: Asked) -> frozenset[Mention]:
    """What an answer should name, by the kind of the question; empty where it may be anything."""
    return _EXPECTED.get(asked, frozenset())


def mentions(text: str, gazetteer: Gazetteer) -> frozenset[Mention]:
    """What some words of a source name.

    Example: "86 personnes sur deux années" → NUMBER, DATE, PERSON
    """
    folded = fold(text)
    found = {
        Mention.NUMBER: _NUMBER.search(folded),
        Mention.DATE: _DATE.search(folded),
        Mention.PERSON: _NAME.search(text) or _PROFESSION.search(folded),
        Mention.ORGANISATION: _ORGANISATION.search(folded) or _ACRONYM.search(text) or _NAME.search(text),
        Mention.PLACE: _PLACE_CUE.search(folded) or gazetteer.places_in(text),
    }
    return frozenset(mention for mention, evidence in found.items() if evidence)
