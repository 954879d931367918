"""Organisations: how their names begin and end in a text, and which of them lead an initiative or work with it.

A sheet names its lead organisation (*porteur*) in a header field, or its prose tells who does what; a call names it on
a line of its own, in a team, or credits it in the prose. The rules prefer precision to recall.
"""

import re
from collections.abc import Sequence
from itertools import takewhile

from corpus.text import fold, fold_words, strip_markup

# --- The names of organisations -------------------------------------------------------------------------------------

_NOUNS = """
adil agence ars association bailleur bibliothèque cabinet caf caisse ccas centre chambre chu collectif collège comité
commune communauté conseil cpam direction département entreprise fondation fédération groupe groupement hôpital institut
lab labo laboratoire lycée mairie maison mdph métropole ministère mission msa organisme préfecture pôle rectorat région
réseau service société start-up syndicat tribunal union université ville école équipe
"""
_MORE_HEADS = """
adapei antenne carsat cidff clic cnsa conference crous ddcspp education ehpad espace etablissement etat gip ligue mdsi
mutualite observatoire office operateur sdis siao start territoire
"""
_PLURAL_HEADS = """
associations caisses centres colleges communes communautes conseils departements entreprises etablissements mairies
maisons operateurs services
"""
# What speaks of an organisation wherever it stands in a text, in the singular.
ORGANISATION_NOUNS = frozenset(_NOUNS.split())
# Parts of one administration: joined by a slash they are a path, not partners.
INNER = frozenset({"bureau", "dga", "direction", "pole", "secteur", "service", "sous"})
# The national employment agency is named as if it were a part of something.
AGENCY = ["pole", "emploi"]
# The words with which names begin, folded: those nouns but "bailleur", which names nobody; some that often speak of
# something else elsewhere ("l'espace"); and plurals that stand for a count of organisations ("5 communes"), unlike
# "territoires" and "pôles".
HEADS = (
    (frozenset(map(fold, ORGANISATION_NOUNS)) - {"bailleur"}) | INNER | {*_MORE_HEADS.split(), *_PLURAL_HEADS.split()}
)

ARTICLE = re.compile(r"^(?:(?:les?|la|des?|du|une?|aux?|à la) |l['’]|à l['’])\s*", re.I)
CAPITAL_ARTICLE = re.compile(r"^(?:L[ea]s? |L['’])")
ACRONYM = re.compile(r"[A-Z][A-Z0-9-]+\b")
JOINT = re.compile(r"\s*(?:/|,|\bet\b)\s*")


def is_organisation(name: str) -> bool:
    """Whether a name begins as that of an organisation does: a known head, a count of them or an acronym."""
    return _has_known_head(re.sub(r"^\d+ ", "", ARTICLE.sub("", name.strip())))


def is_inner(name: str) -> bool:
    """Whether a name is that of a part of an administration: "Direction de l'insertion"."""
    words = fold_words(without_article(name))
    return bool(words) and words[0] in INNER and words[:2] != AGENCY


def without_article(name: str) -> str:
    """Drop a leading article, unless its capital makes it part of the name: "l'association Retis", but "La Poste"."""
    bare = ARTICLE.sub("", name.strip())
    return name.strip() if CAPITAL_ARTICLE.match(name.strip()) and not _has_known_head(bare) else bare


def split_names(field: str) -> tuple[str, ...]:
    """Cut names joined by "/", "," or "et" where another one begins; one path through an administration stays whole.

    Example: "MDPH, CAF et Association Retis" -> "MDPH", "CAF", "Association Retis"
    """
    names: list[str] = []
    start = 0
    for joint in JOINT.finditer(field):
        left, right = field[start : joint.start()], field[joint.end() :]
        if _joins_two(left, right, slash="/" in joint[0]):
            names.append(left)
            start = joint.end()
    names.append(field[start:])
    return tuple(name.strip(" ,;–-") for name in names if name.strip(" ,;–-"))


def _has_known_head(name: str) -> bool:
    first = (fold_words(name) or [""])[0]
    return first in HEADS or ACRONYM.match(name) is not None


def _joins_two(left: str, right: str, *, slash: bool) -> bool:
    inside_brackets = left.count("(") > left.count(")")
    if inside_brackets or not _stands_alone(left):
        return False
    if slash:
        return not is_inner(left) and not is_inner(right)
    return is_organisation(right) and not re.match(r"des? |du ", right)


def _stands_alone(name: str) -> bool:
    """Two words, an article or an acronym: "Institut" in "Institut et Haute école" is no whole name."""
    bare = without_article(name)
    return bare != name.strip() or len(bare.split()) > 1 or bare.isupper()


# --- Who leads: a sheet's header field ------------------------------------------------------------------------------

# What a field says beside the name: "Expérimentation sur la commune", "Conseil départemental en appui sur …".
ROLE_BEFORE = re.compile(r"^(?:Expérimentation|Portage|Pilotage) (?:sur|par) (?:l['’]|la |le |les )", re.I)
ROLE_AFTER = re.compile(r" en appui\b.*$", re.I)


def lead_organisations_of_field(field: str) -> tuple[str, ...]:
    """Read a header field, one printed line each: joined names are parted, a wrapped name is mended.

    Example: "Conseil départemental/Association Retis" -> "Conseil départemental", "Association Retis"
    """
    lines: list[str] = []
    for line in map(strip_markup, field.split("\n")):
        if lines and not is_organisation(line):
            lines[-1] = f"{lines[-1]} {line}"
        else:
            lines.append(line)
    bare = [ROLE_AFTER.sub("", ROLE_BEFORE.sub("", line)) for line in lines]
    return tuple(name for line in bare for name in split_names(line))


# --- Who leads, and with whom: a sheet's prose ----------------------------------------------------------------------

# Where a name ends in a sentence.
NAME = r"[^,.;:()\n]{2,120}?(?: \([A-Z]\w+\))?"
GOES_ON = r" (?:pour|afin|qui|dont|avec|visant|depuis|en \d|et \w+(?:ée?s?|is|its?))\b"
NAME_END = rf"(?=[,.;:)\n]|$|{GOES_ON})"
DEFINITE = r"(?:l['’]|la |le |les )"
# What says outright who leads; "juridiquement porté par" and the like speak of something else.
PLACED_BY = re.compile(
    r"(?<!ment )\b(?:(?:co-?)?(?:port|pilot)(?:ée?s?|age)|coordonnée?s?|co-?construite?s?) par "
    r"(?P<names>[^.;:\n]+)",
    re.I,
)
ENTRUSTED_TO = re.compile(
    rf"\b(?:est|sont|sera|été) (?:confiée?s?|dédiée?s?) (?:à |aux? )(?P<name>{NAME}){NAME_END}", re.I
)
AGREED_BETWEEN = re.compile(
    rf"\b(?:convention|partenariat)\b[^.;:,]{{0,40}}? entre (?P<one>{NAME}) et (?P<other>{NAME})"
    rf"(?:(?= (?:visant|pour|qui|afin|dont)\b)|[,.;:\n]|$)",
    re.I,
)
DOES = (
    r"(?:propos(?:e|ent)|mène(?:nt)?|met(?:tent)? en place|pilotent?|portent?|soit en charge|est en charge|est chargée?"
    r"|(?:a|ont) (?:décidé de )?(?:mis en place|mettre en place|créé|initié|lancé|ouvert|constitué|organisé|développé)"
    r"|(?:a|avait) procédé)\b"
)
DOER = re.compile(
    rf"(?:^|(?<=[ (\"«'’]))(?P<name>{DEFINITE}[^,.;:\n]{{2,120}}?)(?P<inner>, Direction [^,.;]{{3,60}})? {DOES}",
    re.I,
)
DONE_BY = re.compile(
    rf"\b(?:mise?s? en (?:place|œuvre)|organisée?s?|gérée?s?|développée?s?|poursuivie?s?|animée?s?) par "
    rf"(?P<name>{DEFINITE}{NAME}){NAME_END}",
    re.I,
)
# An article that opens a name of its own: not that of "le centre de la ville".
SUBJECT = re.compile(r"(?<!de )(?<!d')(?<!à )(?<!\w)" + DEFINITE, re.I)
# The département speaks of itself without its name.
ITSELF = re.compile(r"^(?:département|departement|métropole|territoire|collectivité)$", re.I)

WORKING_WITH = re.compile(
    r"\ben (?:étroite? )?(?:partenariat|collaboration|lien|concertation|coopération)(?: étroite?)?"
    r" (?:avec|entre) (?P<names>[^.;:()\n]+)",
    re.I,
)
NAMED_PARTNERS = re.compile(r"\bpartenaires\s*:\s*(?P<names>[^.;\n]+)|\bpartenaires \((?P<inside>[^)]+)\)", re.I)
# The sentence goes on: what follows is no longer a name.
AFTER_PARTNERS = re.compile(
    r",? (?:et )?(?:pour|afin|qui|dont|dans|visant|permet|est|sont|a|ont|ainsi|depuis|sur|une?|\w+isée?s?)\b.*$"
    r"|,? et (?:en|\w+(?:ée?s?|e|ent|ra|ront)) .*$| \w+ \d.*$|,? ?\.\.\..*$",
    re.S,
)
LONGEST_PARTNER = 90  # characters


def lead_organisations_told(prose: str, heading: str) -> tuple[str, ...]:
    """Find in the prose who runs the initiative; without a word on it, the place under whose heading it stands.

    What says outright who carries, pilots or is entrusted comes before what says who did something.
    """
    text = "\n".join(map(strip_markup, prose.split("\n")))
    for find in (_entrusted, _agreed, _doers):
        names = find(text)
        if names:
            return tuple(dict.fromkeys(_named(name, heading) for name in names))
    return (heading,)


def partners_told(prose: str, leading: Sequence[str]) -> tuple[str, ...]:
    """Those that "en partenariat avec", "en lien avec" or "partenaires :" name, each once, none that leads."""
    text = "\n".join(map(strip_markup, prose.split("\n")))
    phrases = [match["names"] for match in WORKING_WITH.finditer(text)]
    phrases += [match["names"] or match["inside"] for match in NAMED_PARTNERS.finditer(text)]
    names = [name for phrase in phrases for name in _partners_in(AFTER_PARTNERS.sub("", phrase))]
    running = " / ".join(" ".join(fold_words(name)) for name in leading)
    return tuple(name for name in dict.fromkeys(names) if " ".join(fold_words(name)) not in running)


def _entrusted(text: str) -> list[str]:
    found: list[tuple[int, list[str]]] = []
    for match in ENTRUSTED_TO.finditer(text):
        if is_organisation(match["name"]):
            found.append((match.start(), [match["name"]]))
    for match in PLACED_BY.finditer(text):
        names = _listed(match["names"])
        if names:
            found.append((match.start(), names))
    return min(found)[1] if found else []


def _listed(words: str) -> list[str]:
    """The names of "la CAF, France Alzheimer et l'association Retis pour …", up to the first that is none."""
    listed = re.split(GOES_ON, words)[0]
    return list(takewhile(re.compile(rf"{DEFINITE}|[A-ZÉ]").match, re.split(r", | et ", listed)))


def _agreed(text: str) -> list[str]:
    match = AGREED_BETWEEN.search(text)
    return [match["one"], match["other"]] if match else []


def _doers(text: str) -> list[str]:
    # A list tells the parts of an initiative, not the whole.
    prose = re.sub(r"^\s*- .*$", "", text, flags=re.M)
    found: list[tuple[int, list[str]]] = []
    for match in DOER.finditer(prose):
        subject = _subject(match["name"])
        if subject:
            names = list(split_names(subject))
            names[-1] += match["inner"] or ""
            found.append((match.start(), names))
            break
    for match in DONE_BY.finditer(prose):
        if is_organisation(match["name"]):
            found.append((match.start(), [match["name"]]))
            break
    return [_fullest(name, text) for name in min(found)[1]] if found else []


def _subject(words: str) -> str:
    """The names that stand before a verb: "selon les élus la Métropole et la CAF" -> "la Métropole et la CAF"."""
    subject = ""
    for begin in reversed(list(SUBJECT.finditer(words))):
        joined = not subject or words.removesuffix(subject).endswith(" et ")
        if is_organisation(words[begin.start() :]) and joined:
            subject = words[begin.start() :]
    return subject


def _fullest(name: str, text: str) -> str:
    """The name with that of its owner, where the text prints it: "service de PMI" + "du Conseil départemental"."""
    owner = r" (?:du|de la|de l['’]) ?(?:Conseil départemental|Département|Métropole|Région)\b"
    longer = re.search(re.escape(without_article(name)) + owner, text, re.I)
    return longer[0] if longer else name


def _named(name: str, heading: str) -> str:
    bare = without_article(strip_markup(name))
    return heading if ITSELF.match(bare) else bare


def _partners_in(phrase: str) -> list[str]:
    # After a single comma that no "et" follows, the sentence goes on.
    listed = phrase if " et " in phrase or phrase.count(",") > 1 else phrase.split(",")[0]
    names: list[str] = []
    for name in split_names(listed):
        if not is_organisation(name) or len(name) > LONGEST_PARTNER:
            break
        if not is_inner(name):
            names.append(without_article(name).strip(" .,…"))
    return names


# --- Who leads, and with whom: the projects of a call ---------------------------------------------------------------

DEFINITE_ARTICLE = r"(?:[Ll]e |[Ll]a |[Ll]es |[Ll]['’])"
# A comma or an "et" before one of these parts two names, while "de l'Emploi, du Travail et des Solidarités" stays one.
# Their capital matters: "SMICVAL, syndicat mixte de …" is one name with its explanation.
MORE_HEADS = ("Académie", "CH[RU]*", "Collectivité", "DDT", "DREAL", "Ecole")
CAPITAL_HEAD = rf"(?:{'|'.join([*MORE_HEADS, *sorted(noun.capitalize() for noun in ORGANISATION_NOUNS)])})"
BETWEEN = re.compile(rf" / |(?:,| et) (?={DEFINITE_ARTICLE}?{CAPITAL_HEAD}\b)|, (?={DEFINITE_ARTICLE}[A-ZÉ])")
TOGETHER_WITH = re.compile(
    r",? \(?(?:en (?:partenariat|collaboration|lien|association) avec|avec (?:le soutien|l['’]appui) d(?:e |['’])"
    rf"|accompagnée?s? (?:par|d(?:e |['’]))|avec (?={DEFINITE_ARTICLE}))"
)
# What ends a name inside a sentence.
AFTER_NAME = (
    r"(?=[,.;:()]| (?:sera|seront|doit|doivent|est|sont|a|ont|pour|afin|et en|dans|qui|que|permet\w*|vise\w*|sur)\b|$)"
)
CARRIED_BY = re.compile(
    rf"\b(?:développée?s?|portée?s?|pilotée?s?|menée?s?|conduite?s?|initiée?s?) par {DEFINITE_ARTICLE}?"
    rf"(?P<name>(?:équipe |association )?[A-ZÉ].*?){AFTER_NAME}"
)
INITIATOR = re.compile(r"(?P<name>[A-ZÉ][\w'’-]+), initia(?:trice|teur)\b")
MEANS_TO = re.compile(
    r"(?:^|[,.?!:] |\bet )(?P<name>[A-ZÉ][\w-]+(?: [\w-]+){0,3}?)"
    r" (?:compte|souhaite|veut|entend)(?:nt)?(?: bien)? \w+re?\b"
)
PARTNERS_LISTED = re.compile(r"\bpartenaires?\b[^.,()]{0,40}\((?P<names>[^()]+)\)")
PARTNERS_NAMED = re.compile(
    r"\b(?:en (?:partenariat|collaboration|complémentarité) avec|l['’]appui d(?:e |['’])|le soutien d(?:e |['’])"
    rf"|(?:associe(?:ra)?|s['’]appuie(?:ra)? sur) (?={DEFINITE_ARTICLE})|avec (?=les partenaires \w+ d|la ville d))"
    rf"(?P<names>.*?){AFTER_NAME}"
)
# A name in small letters is a partner only when it begins as those of bodies do, not "agents" or "habitants".
CREDITED_PARTNER = re.compile(
    rf"[«A-ZÉ]|(?:{'|'.join(sorted(ORGANISATION_NOUNS | {'club', 'partenaire', 'plateforme'}))})s?\b"
)
PERSON = re.compile(
    rf"(?:{DEFINITE_ARTICLE}|une? )(?:direct\w+|chef\w*|responsable) (?:d(?:e |['’]){DEFINITE_ARTICLE}?|du )"
)


def leads_and_partners_of_line(line: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Part the names of a line such as "Porteur du projet : …" into those who lead and those they work with.

    Example: "Préfecture du Tarn avec le laboratoire LabO" -> (("Préfecture du Tarn",), ("laboratoire LabO",))
    """
    line = re.sub(r"\s+", " ", line).strip()
    head, *others = TOGETHER_WITH.split(line)
    if others and line[len(head) :].lstrip(", ").startswith("("):
        others[-1] = others[-1].removesuffix(")")
    return _names_in(head), tuple(name for other in others for name in _names_in(other))


def organisation_of_member(member: str) -> str:
    """The organisation for which a member of a team stands.

    Example: "La directrice de l'Agence de l'eau" -> "Agence de l'eau"
    """
    person = PERSON.match(member)
    return member[person.end() :] if person else _bare(member)


def lead_organisations_credited(prose: str) -> tuple[str, ...]:
    """Those of which a text says that they run, have made or mean to do the thing."""
    found = [m for pattern in (CARRIED_BY, INITIATOR, MEANS_TO) for m in pattern.finditer(prose)]
    return tuple(dict.fromkeys(m["name"] for m in sorted(found, key=lambda m: m.start("name"))))


def partners_credited(prose: str) -> tuple[str, ...]:
    """Those with whom a text says the thing is done."""
    prose = re.sub(r"\s+", " ", prose)
    listed = [name.strip() for m in PARTNERS_LISTED.finditer(prose) for name in m["names"].split(",")]
    named = [
        name
        for m in PARTNERS_NAMED.finditer(prose)
        for part in re.split(rf" et (?:de |du |d['’])?(?={DEFINITE_ARTICLE}|une? )", m["names"])
        for name in _names_in(part)
        if CREDITED_PARTNER.match(name)
    ]
    return tuple(dict.fromkeys([*listed, *named]))


def _names_in(text: str) -> tuple[str, ...]:
    """The names of a list, without articles; what stands in parentheses stays with its name."""
    names, start = [], 0
    for between in BETWEEN.finditer(text):
        if text.count("(", 0, between.start()) == text.count(")", 0, between.start()):
            names.append(text[start : between.start()])
            start = between.end()
    bare = (_bare(name.strip(" .;,")) for name in [*names, text[start:]])
    return tuple(dict.fromkeys(name for name in bare if name))


def _bare(name: str) -> str:
    return re.sub(rf"^(?:{DEFINITE_ARTICLE}|[Dd]es |une? )", "", name)
