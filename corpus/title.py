"""A title for an initiative whose document prints none, made of the text's own words."""

import re

# A short title is pleasant to read; a long one is better than one that stops in mid-phrase.
SHORT, LONG = 90, 120  # characters

INFINITIVE = r"(?:s['’])?(?:mieux\s)?\w+(?:er|ir|re)\b"
OF = r"d(?:e\s|['’])"

# How a sentence comes to its point: what follows one of these is what the initiative does.
LEAD_IN = re.compile(
    rf"""\b(?:
        (?:souhait|propos)\w+\ (?:à\ présent\ )?(?={INFINITIVE})
      | (?:veut|veulent|entend|entendent|doit|doivent)\ (?={INFINITIVE})
      | (?:vis|consist|cherch|travaill)(?:e|ent|era|eront)\ à\ (?:(?:la\ |l['’])(?!{INFINITIVE}))?
      | (?:a|ont)\ pour\ (?:ambition|objectif|but)(?:,\ [^.;]*?,)?\ {OF}
      | (?:objectif|enjeu|but|défi)(?:\ du\ \w+)?\ est\ {OF}(?:permettre\ {OF})?
      | (?:permettra|permettront|permet|permettent|permettre)\ {OF}
      | poursui\w+\ un\ \w+\ objectif\ ?:\ 
      | (?:a|ont)\ développé\ 
      | afin\ {OF}(?={INFINITIVE})
    )""",
    re.VERBOSE,
)
# "The programme So-and-so is a …": the name says more than any verb.
NAMED = re.compile(
    r"""^(?:["«] ?(?P<quoted>[^"»]+?) ?["»]|(?P<plain>(?:Le|La) \w+ [A-ZÉ]\w+))"""
    r" est (?P<what>une? .+?)(?: qui | pour |$)"
)
STARTS_WITH_INFINITIVE = re.compile(r"[A-ZÉ]\w+(?:er|ir|re)\b")
SECOND_OF = re.compile(rf"^(\w+(?:er|ir|re)) et (?:à |{OF})(?={INFINITIVE})")
# From the means to the end: what follows says more than what stands before.
PURPOSE = re.compile(
    rf" (?:visant à |permettant {OF}|afin {OF}|pour (?={INFINITIVE})|sur des enjeux liés à (?:la |l['’])?)"
)
# Where the point is made and the sentence goes on to something else.
STOP = re.compile(
    rf"""\s*[;:]\s
      | ,\ (?!(?:la|le|les|un|une|des|\w+\ et)\s|l['’])   # but not between the members of an enumeration
      | ,\ les\ (?={INFINITIVE})
      | \ (?:afin|notamment|en\ \w+ant)\b
      | \ et\ (?:à|de|leur|lui)\ (?={INFINITIVE})
    """,
    re.VERBOSE,
)
# Where a phrase that is still too long may be cut without breaking a group of words.
SEAM = re.compile(
    r"(?: et)?,? (?=(?:pour|par|dans|avec|lors|dès|sur|qui|que|au|auprès|face|à la fois|et leur|et à|\w+ant)\b)"
    r"|,(?= )| (?=\w+ée?s? (?:autour|par|sur|dans|à)\b)"
)


def derive_title(prose: str) -> str:
    """The point of a description as a title: its own words, without the lead-in, cut where a phrase ends.

    At most LONG characters, unless the text has no place to cut. `prose` is not empty.

    Example: "Le défi vise à réduire le bruit, notamment la nuit." -> "Réduire le bruit"
    """
    candidates = _from_means_to_ends(_point(prose))
    fitting = [title for limit in (SHORT, LONG) for title in candidates if len(title) <= limit]
    title = fitting[0] if fitting else _cut(candidates[-1])
    return title[0].upper() + title[1:]


def _point(prose: str) -> str:
    """What the first sentence that comes to a point says after its lead-in; else the whole first sentence."""
    sentences = _sentences(prose)
    for sentence in sentences:
        if named := NAMED.match(sentence):
            return f"{named['quoted'] or named['plain']} – {_until_stop(named['what'])}"
        if STARTS_WITH_INFINITIVE.match(sentence):
            return _until_stop(sentence)
        lead_in = LEAD_IN.search(sentence)
        # "de concevoir et de bâtir": the first "de" goes with the lead-in, and so the second must.
        if lead_in and (point := _until_stop(SECOND_OF.sub(r"\1 et ", sentence[lead_in.end() :]))):
            return point
    return _until_stop(sentences[0]) or sentences[0]


def _sentences(prose: str) -> list[str]:
    text = re.sub(r"\s+", " ", prose).strip()
    # "… pour : • faire ceci ; • faire cela": the first member of the list carries the sentence on.
    text = re.sub(r" ?: • ", " ", text).lstrip("• ")
    return re.split(r"(?<=[.!?]) (?=[A-ZÉÈÀÂÊÎÔ•])", text)


def _until_stop(phrase: str) -> str:
    stop = STOP.search(phrase, pos=1)
    return (phrase[: stop.start()] if stop else phrase).rstrip(" .,;:?")


def _from_means_to_ends(phrase: str) -> list[str]:
    """The phrase, what it serves, what that serves, and so on."""
    purpose = PURPOSE.search(phrase)
    return [phrase, *(_from_means_to_ends(phrase[purpose.end() :]) if purpose else [])]


def _cut(phrase: str) -> str:
    """The longest head of a phrase that fits and ends at a seam."""
    ends = [seam.start() for seam in SEAM.finditer(phrase) if seam.start() <= LONG]
    return phrase[: ends[-1]] if ends else phrase
