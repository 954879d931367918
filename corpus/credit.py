"""A credit: who carries a project of a call and with whom, as its line, its team or its prose says."""

import re

ARTICLE = r"(?:[Ll]e |[Ll]a |[Ll]es |[Ll]['’])"
# Nouns that begin the name of a body: a comma or an "et" before one of them parts two names, while
# "de l'Emploi, du Travail et des Solidarités" stays one. Their capital matters: "SMICVAL, syndicat mixte de …"
# is one name with its explanation.
HEAD = (
    r"(?:Académie|Agence|Association|Caisse|Centre|CH[RU]*|Chambre|Collecti(?:f|vité)|Communauté|Commune|Conseil"
    r"|DDT|DREAL|Département|Direction|[ÉE]cole|Fédération|Fondation|Institut|Lab|Laboratoire|Mairie|Métropole"
    r"|Ministère|Préfecture|Région|Service|Syndicat|Université|Ville)"
)
BETWEEN = re.compile(rf" / |(?:,| et) (?={ARTICLE}?{HEAD}\b)|, (?={ARTICLE}[A-ZÉ])")
WITH = re.compile(
    r",? \(?(?:en (?:partenariat|collaboration|lien|association) avec|avec (?:le soutien|l['’]appui) d(?:e |['’])"
    rf"|accompagnée?s? (?:par|d(?:e |['’]))|avec (?={ARTICLE}))"
)
# What ends the name of a body inside a sentence.
AFTER_NAME = (
    r"(?=[,.;:()]| (?:sera|seront|doit|doivent|est|sont|a|ont|pour|afin|et en|dans|qui|que|permet\w*|vise\w*|sur)\b|$)"
)
CARRIED_BY = re.compile(
    rf"\b(?:développée?s?|portée?s?|pilotée?s?|menée?s?|conduite?s?|initiée?s?) par {ARTICLE}?"
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
    rf"|(?:associe(?:ra)?|s['’]appuie(?:ra)? sur) (?={ARTICLE})|avec (?=les partenaires \w+ d|la ville d))"
    rf"(?P<names>.*?){AFTER_NAME}"
)
# A name in small letters is a partner only when it begins as those of bodies do, not "agents" or "habitants".
BODY = re.compile(
    r"[«A-ZÉ]|(?:agence|association|chambre|comité|commune|communauté|conseil|club|direction|laboratoire|mairie"
    r"|métropole|mission|partenaire|plateforme|préfecture|région|réseau|service|ville)s?\b"
)
PERSON = re.compile(rf"(?:{ARTICLE}|une? )(?:direct\w+|chef\w*|responsable) (?:d(?:e |['’]){ARTICLE}?|du )")


def carriers_and_partners(line: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Part the bodies of a carrier line into carriers and those they work with.

    Example: "Préfecture du Tarn avec le laboratoire LabO" -> (("Préfecture du Tarn",), ("laboratoire LabO",))
    """
    line = re.sub(r"\s+", " ", line).strip()
    head, *others = WITH.split(line)
    if others and line[len(head) :].lstrip(", ").startswith("("):
        others[-1] = others[-1].removesuffix(")")
    return _names(head), tuple(name for other in others for name in _names(other))


def member_body(member: str) -> str:
    """The body for which a member of a team stands.

    Example: "La directrice de l'Agence de l'eau" -> "Agence de l'eau"
    """
    person = PERSON.match(member)
    return member[person.end() :] if person else _bare(member)


def carriers_named_in(prose: str) -> tuple[str, ...]:
    """The bodies of which a text says that they run, have made or mean to do the thing."""
    found = [m for pattern in (CARRIED_BY, INITIATOR, MEANS_TO) for m in pattern.finditer(prose)]
    return tuple(dict.fromkeys(m["name"] for m in sorted(found, key=lambda m: m.start("name"))))


def partners_named_in(prose: str) -> tuple[str, ...]:
    """The bodies with which a text says the thing is done."""
    prose = re.sub(r"\s+", " ", prose)
    listed = [name.strip() for m in PARTNERS_LISTED.finditer(prose) for name in m["names"].split(",")]
    named = [
        name
        for m in PARTNERS_NAMED.finditer(prose)
        for part in re.split(rf" et (?:de |du |d['’])?(?={ARTICLE}|une? )", m["names"])
        for name in _names(part)
        if BODY.match(name)
    ]
    return tuple(dict.fromkeys([*listed, *named]))


def _names(text: str) -> tuple[str, ...]:
    """The names of a list, without articles; what stands in parentheses stays with its name."""
    names, start = [], 0
    for between in BETWEEN.finditer(text):
        if text.count("(", 0, between.start()) == text.count(")", 0, between.start()):
            names.append(text[start : between.start()])
            start = between.end()
    bare = (_bare(name.strip(" .;,")) for name in [*names, text[start:]])
    return tuple(dict.fromkeys(name for name in bare if name))


def _bare(name: str) -> str:
    return re.sub(rf"^(?:{ARTICLE}|[Dd]es |une? )", "", name)
