"""A partner: an organisation the prose says the initiative works with. What is found is right; much is not found."""

import re
from collections.abc import Sequence

from corpus.markup import plain
from corpus.organisation import is_inner, is_organisation, split_names, without_article
from corpus.spelling import fold_all

WITH = re.compile(
    r"\ben (?:étroite? )?(?:partenariat|collaboration|lien|concertation|coopération)(?: étroite?)?"
    r" (?:avec|entre) (?P<names>[^.;:()\n]+)",
    re.I,
)
NAMED = re.compile(r"\bpartenaires\s*:\s*(?P<names>[^.;\n]+)|\bpartenaires \((?P<inside>[^)]+)\)", re.I)
# The sentence goes on: what follows is no longer a name.
AFTER = re.compile(
    r",? (?:et )?(?:pour|afin|qui|dont|dans|visant|permet|est|sont|a|ont|ainsi|depuis|sur|une?|\w+isée?s?)\b.*$"
    r"|,? et (?:en|\w+(?:ée?s?|e|ent|ra|ront)) .*$| \w+ \d.*$|,? ?\.\.\..*$",
    re.S,
)
LONGEST = 90  # characters


def partners_of(prose: str, carriers: Sequence[str]) -> tuple[str, ...]:
    """The bodies that "en partenariat avec", "en lien avec" or "partenaires :" name, each once, no carrier."""
    text = "\n".join(map(plain, prose.split("\n")))
    phrases = [match["names"] for match in WITH.finditer(text)]
    phrases += [match["names"] or match["inside"] for match in NAMED.finditer(text)]
    names = [name for phrase in phrases for name in _names(AFTER.sub("", phrase))]
    running = " / ".join(" ".join(fold_all(carrier)) for carrier in carriers)
    return tuple(name for name in dict.fromkeys(names) if " ".join(fold_all(name)) not in running)


def _names(phrase: str) -> list[str]:
    # After a single comma that no "et" follows, the sentence goes on.
    listed = phrase if " et " in phrase or phrase.count(",") > 1 else phrase.split(",")[0]
    names: list[str] = []
    for name in split_names(listed):
        if not is_organisation(name) or len(name) > LONGEST:
            break
        if not is_inner(name):
            names.append(without_article(name).strip(" .,…"))
    return names
