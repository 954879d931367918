"""A carrier (porteur): the organisation that runs an initiative, from a header field or from what the prose says."""

import re
from itertools import takewhile

from corpus.markup import plain
from corpus.organisation import is_organisation, split_names, without_article

# "Expérimentation sur la commune", "Conseil départemental en appui sur l'ingénierie": the body, without its part in it.
PART_BEFORE = re.compile(r"^(?:Expérimentation|Portage|Pilotage) (?:sur|par) (?:l['’]|la |le |les )", re.I)
PART_AFTER = re.compile(r" en appui\b.*$", re.I)

# Where the name of a body ends in a sentence.
NAME = r"[^,.;:()\n]{2,120}?(?: \([A-Z]\w+\))?"
GOES_ON = r" (?:pour|afin|qui|dont|avec|visant|depuis|en \d|et \w+(?:ée?s?|is|its?))\b"
NAME_END = rf"(?=[,.;:)\n]|$|{GOES_ON})"
DEFINITE = r"(?:l['’]|la |le |les )"
# What says outright who carries; "juridiquement porté par" and the like speak of something else.
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


def carriers_of_field(field: str) -> tuple[str, ...]:
    """Read a header field, one printed line each: joined bodies are parted, a wrapped name is mended.

    Example: "Conseil départemental/Association Retis" -> "Conseil départemental", "Association Retis"
    """
    lines: list[str] = []
    for line in map(plain, field.split("\n")):
        if lines and not is_organisation(line):
            lines[-1] = f"{lines[-1]} {line}"
        else:
            lines.append(line)
    bare = [PART_AFTER.sub("", PART_BEFORE.sub("", line)) for line in lines]
    return tuple(name for line in bare for name in split_names(line))


def carriers_told(prose: str, heading: str) -> tuple[str, ...]:
    """Find in the prose who runs the initiative; without a word on it, the place under whose heading it stands.

    What says outright who carries, pilots or is entrusted comes before what says who did something.
    """
    text = "\n".join(map(plain, prose.split("\n")))
    for find in (_entrusted, _agreed, _doers):
        names = find(text)
        if names:
            return tuple(dict.fromkeys(_named(name, heading) for name in names))
    return (heading,)


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
    """The bodies of "la CAF, France Alzheimer et l'association Retis pour …", up to the first that is none."""
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
    """The bodies that stand before a verb: "selon les élus la Métropole et la CAF" -> "la Métropole et la CAF"."""
    subject = ""
    for begin in reversed(list(SUBJECT.finditer(words))):
        joined = not subject or words.removesuffix(subject).endswith(" et ")
        if is_organisation(words[begin.start() :]) and joined:
            subject = words[begin.start() :]
    return subject


def _fullest(name: str, text: str) -> str:
    """The name with the body it belongs to, where the text prints it: "service de PMI" + "du Conseil départemental"."""
    owner = r" (?:du|de la|de l['’]) ?(?:Conseil départemental|Département|Métropole|Région)\b"
    longer = re.search(re.escape(without_article(name)) + owner, text, re.I)
    return longer[0] if longer else name


def _named(name: str, heading: str) -> str:
    bare = without_article(plain(name))
    return heading if ITSELF.match(bare) else bare
