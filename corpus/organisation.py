"""An organisation: how its name begins in a text, and where it ends."""

import re

from corpus.spelling import fold_all

# The words with which the name of a public or private body begins, folded.
HEADS = frozenset(
    re.findall(
        r"\w+",
        """
    adapei adil agence antenne association associations caf caisse caisses carsat ccas centre centres chu
    cidff clic cnsa collectif college colleges comite commune communes communaute communautes conference
    conseil conseils cpam crous ddcspp departement departements education ehpad entreprise entreprises espace
    etablissement etablissements etat federation fondation gip groupement hopital institut ligue mairie
    mairies maison maisons mdph mdsi metropole mission msa mutualite observatoire office operateur operateurs
    pole prefecture region reseau sdis service services siao societe start syndicat territoire union
    universite ville
    """,
    )
)
# Parts of one administration: joined by a slash they are a path, not partners.
INNER = frozenset({"bureau", "dga", "direction", "pole", "secteur", "service", "sous"})

# The national employment agency is named as if it were a part of something.
AGENCY = ["pole", "emploi"]

ARTICLE = re.compile(r"^(?:(?:les?|la|des?|du|une?|aux?|à la) |l['’]|à l['’])\s*", re.I)
CAPITAL_ARTICLE = re.compile(r"^(?:L[ea]s? |L['’])")
ACRONYM = re.compile(r"[A-Z][A-Z0-9-]+\b")
JOINT = re.compile(r"\s*(?:/|,|\bet\b)\s*")


def without_article(name: str) -> str:
    """Drop a leading article, unless its capital makes it part of the name: "l'association Retis", but "La Poste"."""
    bare = ARTICLE.sub("", name.strip())
    return name.strip() if CAPITAL_ARTICLE.match(name.strip()) and not _has_known_head(bare) else bare


def is_organisation(name: str) -> bool:
    """Whether a name begins as the name of a body does: a known head, a count of bodies or an acronym."""
    return _has_known_head(re.sub(r"^\d+ ", "", ARTICLE.sub("", name.strip())))


def is_inner(name: str) -> bool:
    """Whether a name is that of a part of an administration: "Direction de l'insertion"."""
    words = fold_all(without_article(name))
    return bool(words) and words[0] in INNER and words[:2] != AGENCY


def _has_known_head(name: str) -> bool:
    first = (fold_all(name) or [""])[0]
    return first in HEADS or first in INNER or ACRONYM.match(name) is not None


def split_names(field: str) -> tuple[str, ...]:
    """Cut names joined by "/", "," or "et" where another body begins; one path through an administration stays whole.

    Example: "MDPH, CAF et Association Retis" -> "MDPH", "CAF", "Association Retis"
    """
    names: list[str] = []
    start = 0
    for joint in JOINT.finditer(field):
        left, right = field[start : joint.start()], field[joint.end() :]
        if _parts(left, right, slash="/" in joint[0]):
            names.append(left)
            start = joint.end()
    names.append(field[start:])
    return tuple(name.strip(" ,;–-") for name in names if name.strip(" ,;–-"))


def _parts(left: str, right: str, *, slash: bool) -> bool:
    inside = left.count("(") > left.count(")")
    if inside or not _stands_alone(left):
        return False
    if slash:
        return not is_inner(left) and not is_inner(right)
    return is_organisation(right) and not re.match(r"des? |du ", right)


def _stands_alone(name: str) -> bool:
    """Two words, an article or an acronym: "Institut" in "Institut et Haute école" is no whole name."""
    bare = without_article(name)
    return bare != name.strip() or len(bare.split()) > 1 or bare.isupper()
