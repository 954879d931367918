r"""Redaction: take out of a text what may tell who somebody is.

    redact("je suis Mme Anne ROY, 06 12 34 56 78") → "je suis ,"

A net of patterns, with the holes that such nets have: a name without "Mme", "M." or the like passes, and so does what
only those who know the person recognise. So what it lets through is printed with care as well (`feedback.unmet_needs`).
"""

import re
import unicodedata

MAX_LENGTH = 1000  # characters that are kept of one text

EMAIL = r"[\w.+-]+\s?(?:@|\(at\)|\[at\]|\barobase\b)\s?[\w-]+(?:\s?(?:\.|\bpoint\b)\s?[\w-]+)+"
HANDLE = r"[\w.+-]*@[\w.-]*"  # and what is left of a damaged e-mail address
# Eight digits or more, however they are set off: telephone (+33 and 0033 too), social security, file, date of birth.
# Years are none.
LONG_NUMBER = (
    r"(?!(?:(?:19|20)\d\d\s?[-–/,\s]\s?)*(?:19|20)\d\d(?!\d|\s?[-–/.,\s]\s?\d))"
    r"(?<!\d)(?:\+|\(\+?)?\d(?:[\s./()\u2010-\u2015-]{0,3}\d){7,}"
)

CAPITALISED = r"(?!MM?\.|M\s|Mme|Mlle|Dr|Pr)[A-ZÀ-ÖØ-Þ][\w'’.-]+"
PARTICLE = r"(?:(?:de|du|des|la|le|van|von|der|den|ben|bin|el|al|da|dos|di|d['’])\s*)"
# A title that needs no capital after it ("mme dupont"); "madame la maire" and "madame ou monsieur" name nobody.
TITLED = (
    r"\b(?i:mmes?|melles?|mlles?|madame|mademoiselle|mesdames|monsieur|messieurs|mr|mrs)\b\.?\s+"
    r"(?!(?:la|le|les|ou|et|en|the|or|and|qui|est|a)\b|l['’])"
)
# One that is a common word too ("m. de haut", "docteur en médecine", "miss a bus").
TITLED_BEFORE_CAPITAL = r"\b(?:MM?\.|M(?=\s)|Ms\.?|Miss|[Dd]r\.?|[Pp]r\.?|[Dd]octeur|[Mm]aître|Me)\s*(?=[A-ZÀ-ÖØ-Þ])"
INTRODUCED = (
    r"\b(?i:je\sm['’]?\s?appelle|je\sme\snomme|mon\s(?:pré)?nom\sest|my\sname\sis|i\sam\scalled"
    r"|(?:prénom|nom|name)\s?:)\s?"
)
NAME = rf"{PARTICLE}{{0,2}}[^\W\d_][\w'’.-]*(?:\s+(?:(?:et|and|&)\s+)?{PARTICLE}{{0,2}}{CAPITALISED}){{0,3}}"

PERSONAL = re.compile(
    rf"""
    (?:https?://|www\.)\S+                                                    # links may lead to a person
    | {EMAIL}
    | {HANDLE}
    | (?<!\w)[A-Z]{{2}}\d\d(?:\s?[0-9A-Z]{{4}}){{3,7}}(?:\s?[0-9A-Z]{{1,3}})?(?!\w)         # bank account
    | (?<!\d)[12378][\s.-]?\d\d[\s.-]?\d\d[\s.-]?(?:\d[\dABab])(?:[\s.-]?\d{{3}}){{2}}(?:[\s.-]?\d\d)?(?!\d)  # NIR
    | {LONG_NUMBER}
    | (?<!\d)\d{{1,2}}\s?[./-]\s?\d{{1,2}}\s?[./-]\s?(?:\d{{4}}|\d\d)(?!\d)                  # a whole date
    | (?<!\d)\d{{1,4}}(?:\s?(?:bis|ter))?,?\s(?i:rue|avenue|av\.|boulevard|bd|bld|allées?|impasse|chemin|place
      |quai|route|cours|square|résidence)\s(?:[\w'’-]+\s?){{1,4}}              # street and number
    | {TITLED}{NAME}
    | {TITLED_BEFORE_CAPITAL}{NAME}
    | {INTRODUCED}{NAME}
    """,
    re.VERBOSE,
)


def redact(text: str) -> str:
    """The text without addresses, numbers and names that may tell who somebody is; what is left out leaves no trace.

    White space is folded, look-alike characters become plain ones, invisible ones go. Doing it twice changes nothing.
    """
    left, before = _readable(text), None
    # What stood apart may meet when something goes from between.
    while left != before:
        left, before = _readable(PERSONAL.sub(" ", left)), left
    return left


def _readable(text: str) -> str:
    """Characters that look alike must be alike, and no invisible one may hide a number from the patterns."""
    plain = unicodedata.normalize("NFKC", text)
    seen = "".join(c for c in plain if c.isspace() or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))
    return " ".join(unicodedata.normalize("NFKC", seen).split())[:MAX_LENGTH].rstrip()
