"""What is asked: the kind of a question, and what sort of words would answer it."""

import re
from enum import StrEnum
from types import MappingProxyType

from index.words import fold


class Asked(StrEnum):
    """The kinds of questions, by what a good answer leads with."""

    CONTACT = "contact"  # whom to write to, and how
    LIST = "list"  # several initiatives
    HOW_MANY = "how_many"  # a number, a sum, a share, a duration
    WHEN = "when"  # a date, a year, a rhythm
    WHERE = "where"  # a place
    WHO = "who"  # an organisation, a person, a profession, a public
    HOW = "how"  # a means
    WHAT = "what"  # a name, a meaning, anything else
    TOPIC = "topic"  # no question, some words as typed into a search box


_FR_ORGANISATION = """
    associations? | organismes? | organisations? | structures? | etablissements? | services? | equipes? | entreprises?
    | societes? | partenaires? | acteurs? | institutions? | collectivites? | collectifs? | administrations? | directions?
    | ministeres? | agences? | fondations? | reseaux? | ecoles? | universites? | laboratoires? | cabinets? | bailleurs?
    | professionnels? | intervenants? | metiers? | publics? | personnes? | specialistes? | experts? | cooperatives?
    | federations? | syndicats? | hopital | hopitaux | centres? \\ hospitaliers? | elu[es]* | chercheu\\w+ | medecins?
    | travailleurs? | agents? | financeurs? | fonds | mutuelles? | prefectures? | mairies? | rectorats? | directeurs?
    | directrices? | responsables? | philosophes? | photographes? | artistes? | jeunes | enfants | familles | benevoles
"""
_EN_ORGANISATION = """
    associations? | charit(?:y|ies) | organi[sz]ations? | bod(?:y|ies) | services? | teams? | compan(?:y|ies) | firms?
    | partners? | institutions? | authorit(?:y|ies) | councils? | administrations? | agenc(?:y|ies) | foundations?
    | networks? | schools? | universit(?:y|ies) | laborator(?:y|ies) | labs? | landlords? | professionals? | publics?
    | people | experts? | cooperatives? | federations? | unions? | hospitals? | researchers? | doctors? | funders?
    | workers? | agents? | ministr(?:y|ies) | directors? | managers? | philosophers? | photographers? | artists?
    | families | children | volunteers? | staff | groups?
"""
_FR_PLACE = """
    villes? | communes? | departement | lieux? | endroits? | regions? | territoires? | secteurs? | quartiers? | cantons?
    | academies? | pays | sites? | villages? | zones? | locaux | agglomerations? | metropoles? | bassins?
"""
_EN_PLACE = """
    towns? | cit(?:y|ies) | departement | department | places? | regions? | territor(?:y|ies) | areas? | districts?
    | neighbourhoods? | countr(?:y|ies) | sites? | villages? | counties | county | premises | building | part \\ of
"""
_FR_AMOUNT = """
    nombre | montants? | sommes? | proportion | part | pourcentage | taux | surface | superficie | durees? | ages?
    | prix | couts? | budget | enveloppe | quantite | tarif | duree | effectif | indemnite | tranches? \\ d.ages?
    | aide \\ (?:financiere|mensuelle) | coup \\ de \\ pouce
"""
_EN_AMOUNT = """
    numbers? | amounts? | sums? | proportion | share | percentage | rate | surface | duration | ages? | price | cost
    | budget | quantity | fee | size
"""
_FR_DATE = "annees? | dates? | mois | jours? | periodes? | saisons? | moments? | frequence | rythme | echeance | siecle"
_EN_DATE = "years? | dates? | months? | days? | periods? | seasons? | frequency | deadline"

_FR_WHICH = r"(?:(?:l\s)?(?:a|de|dans|sur|pour|par|avec|en|depuis|d|vers|chez|aupres\sde)\s)?(?:le)?(?:quel|quelle|quels|quelles)"
_EN_WHICH = r"(?:(?:in|at|on|for|by|with|from|to|of|since|under)\s)?(?:which|what)"
_FR_ADJECTIVES = r"(?:(?:est|sont|etait|sera|grande?s?|petite?s?|premiere?s?|nouve\w+|autres?|jeunes?|le|la|les|l)\s)*"
_EN_ADJECTIVES = (
    r"(?:(?:is|are|was|will|be|the|big|small|first|new|other|young|local|public|private|european|american)\s)*"
)


def _which(french: str, english: str) -> str:
    """A pattern for "dans quelle ville", "in which town" and their like."""
    return rf"\b(?:{_FR_WHICH}\s{_FR_ADJECTIVES}(?:{french})|{_EN_WHICH}\s{_EN_ADJECTIVES}(?:{english}))\b"


# Looked for in a folded question without punctuation; the first kind that is found is the one asked.
_PATTERNS = MappingProxyType(
    {
        Asked.CONTACT: r"""
            \b(?: (?:qui|comment|ou)\s(?:puis\sje\s|peut\son\s)?(?:contacter|joindre|ecrire|appeler)
            | (?:coordonnees|adresses?\s(?:mail|e\s?mail|electronique)|courriels?|numeros?\sde\stelephone|telephones?\sde)
            | who\s(?:can|should|do|to)\s(?:i\s|we\s)?(?:contact|call|write|reach|ask)\w*
            | how\s(?:can|do|to)\s(?:i\s|we\s)?(?:contact|reach|call)
            | (?<!point\sde\s)(?<!points\sde\s)contacts?\s(?:de|du|pour|for|of|details|person|address|at)
            | (?:personne|interlocuteur|interlocutrice)s?\s(?:a\s)?(?:contacter|contact) | e\s?mail\saddress(?:es)?
            | (?:phone|telephone)\snumbers?\s(?:of|for) )""",
        Asked.LIST: r"""
            \b(?: quels\sdepartements | which\s(?:departments|departements|councils|counties|regions|cities|towns|areas)
            | dans\squels\sdepartements | quelles?\s(?:regions|villes|communes)\b(?=.*\b(?:font|ont|aident|proposent))
            | (?:des|d|les|quelques)\s?exemples?\b | exemples?\s(?:de|d)\b | examples?\sof | any\sexamples?
            | (?:quelles|quels)\s(?:sont\s(?:les\s)?)?(?:initiatives|actions|projets|demarches|experiences|experimentations|fiches|dispositifs)
            | (?:which|what)\s(?:(?:are\s)?(?:the\s)?)?(?:initiatives|projects|actions|schemes|programmes|programs|experiments)
            | ou\strouver\sdes | qui\s(?:fait|font)\squoi | who\sdoes\swhat | list\sof | liste\sdes )""",
        Asked.HOW_MANY: rf"""
            \b(?: (?<!tous\sles\s)combien | how\s(?:many|much|long|old|big|large|far|wide) | at\swhat\sage | a\squel\sage )\b
            | {_which(_FR_AMOUNT, _EN_AMOUNT)}""",
        Asked.WHEN: rf"""
            \b(?: quand | tous\sles\scombien | when | how\soften | since\swhen | depuis\squand | what\syear )\b
            | {_which(_FR_DATE, _EN_DATE)}""",
        Asked.WHERE: rf"""
            (?: ^ou\b | \bou\s(?:se|est|sont|a|ont|la|le|les|l|en|trouve\w*|un|une|peut)\b | \bd\sou\b | \bwhere\b )
            | {_which(_FR_PLACE, _EN_PLACE)}""",
        Asked.WHO: rf"""
            ^(?:(?:a|par|avec|pour|de|chez|aupres\sde|grace\sa|outre\s\w+(?:\s\w+){{0,4}})\s)?qui\b(?!\s(?:veut\sdire)) | \b(?:a|par|avec|pour|de|chez)\squi\b
            | \bwho\b | \bwhom\b | \bwhose\b | {_which(_FR_ORGANISATION, _EN_ORGANISATION)}""",
        Asked.HOW: r"""
            \b(?: comment\b(?!\s(?:s\s)?(?:appelle|se\snomme|nomme)) | how\b | de\squelle\s(?:maniere|facon)
            | par\squels?\smoyens? | grace\sa\squoi | pourquoi | why | by\swhat\smeans | in\swhat\sway | par\squelle\smethode )""",
        Asked.WHAT: r"""
            \b(?: quel | quelle | quels | quelles | que | qu | quoi | what | which | lequel | laquelle
            | comment\s(?:s\s)?(?:appelle|se\snomme|nomme) | name\sthe | signifie | mean | stand\sfor )\b""",
    }
)
_COMPILED = {kind: re.compile(pattern, re.VERBOSE) for kind, pattern in _PATTERNS.items()}


def what_is_asked(question: str) -> Asked:
    """Give the kind of a question in French or English; a question of no kind is a topic.

    Example: "Combien de foyers testent le kit ?" → HOW_MANY, "mobilité des jeunes" → TOPIC
    """
    words = " ".join(re.findall(r"\w+", fold(question.replace("’", "'"))))
    return next((kind for kind, pattern in _COMPILED.items() if pattern.search(words)), Asked.TOPIC)
