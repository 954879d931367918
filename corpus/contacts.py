"""Contacts: who to write to, as a sheet's header prints it."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from corpus.model import Contact
from corpus.text.normalise import EMAIL, PHONE, edit_distance, fold_words, strip_markup

SOUND_EMAIL = re.compile(r"[A-Za-z0-9.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.(?:fr|com|org|net|eu|info|re|nc|pf)")
PRINTED_PHONE = re.compile(rf"(?:\bT[ée]l\.?\s*:?\s*)?({PHONE.pattern}(?: \(ou \d+\))?)", re.I)
WEBSITE = re.compile(r"\b(?:https?://|www\.)\S+")

# A domain is known as misspelt by its neighbour; short ones may be neighbours by right (meuse.fr and creuse.fr).
DOMAIN_SLIPS = 2  # letters
DOMAIN_LENGTH = 8  # characters before the last dot

TITLE = r"(?:Mme|Melle|Mlle|M\.|MM\.|Mr|Dr|Pr)"
# Between two people, whatever stands around.
PARTING = re.compile(rf"\s*(?://|;|&|\bou\b(?! \d)|(?<=\w)- (?={TITLE} ))\s*")
# Between two people only if one follows: "DAST / Adj DGAS" is one office.
SLASH_OR_AND = re.compile(r"\s*(?:/|\bet\b)\s*(?=[A-ZÀ-Ý])")
PERSON = re.compile(
    rf"(?:{TITLE} )?[A-ZÀ-Ý][\w'’.-]+(?: [A-Za-zÀ-ÿ][\w'’-]*)*? [A-ZÀ-Ý][\w'’-]+(?=\s*(?:,|[-–] |0\d|$)|\s+\S+@)"
)
OFFICES = frozenset(
    re.findall(
        r"\w+",
        """
    adj adjoint adjointe agent chef cheffe charge chargee conseiller conseillere coordonnateur coordonnatrice
    dga dgas drh directeur directrice direction dgs responsable service
    """,
    )
)
FIELD_BREAK = re.compile(r"\s*,\s*|\s+[-–]+\s*|\s*[-–]+\s+")


def domains_in(text: str) -> Counter[str]:
    """Count the domains of all e-mail addresses of a text, in lower case."""
    return Counter(_domain(address) for address in EMAIL.findall(text))


def read_contacts(text: str, domains: Mapping[str, int]) -> tuple[Contact, ...]:
    """Read the contact lines of one initiative, one printed line each.

    `domains` counts the domains of the whole document: an address whose domain differs by a letter or two from one
    that is printed more often is marked as damaged, and kept.

    Example: "Anne ROY, directrice - 01 02 03 04 05" -> Contact("Anne ROY", "directrice", None, "01 02 03 04 05")
    """
    people: list[Contact] = []
    for entry in _entries([strip_markup(line) for line in text.split("\n")]):
        people += _share(_pair([_person(part) for part in _parts(entry)], EMAIL.findall(entry)))
    return tuple(replace(one, email_damaged=_is_damaged(one.email, domains)) for one in people)


def _entries(lines: Sequence[str]) -> list[str]:
    """Join the lines that belong together: a phone to the name above it, a name to its other half below."""
    entries: list[str] = []
    for line in filter(None, lines):
        if entries and (not _words(line) or not ("," in entries[-1] or _details(entries[-1]))):
            entries[-1] = f"{entries[-1]} {line}"
        else:
            entries.append(re.sub(r"^[Ee]t (?=[A-ZÀ-Ý])", "", line))
    return entries


def _parts(entry: str) -> list[str]:
    """Cut an entry between people; phone and address stay with the person they follow."""
    parts: list[str] = []
    for part in filter(None, PARTING.split(entry)):
        start = 0
        for cut in SLASH_OR_AND.finditer(part):
            follows = PERSON.match(part, cut.end())
            if follows and not set(fold_words(follows[0])) & OFFICES:
                parts.append(part[start : cut.start()])
                start = cut.end()
        parts.append(part[start:])
    return parts


def _person(part: str) -> Contact:
    phone = PRINTED_PHONE.search(part)
    email = EMAIL.search(part)
    fields = [field for field in FIELD_BREAK.split(_words(part)) if field]
    role = ", ".join(fields[1:]) or None
    return Contact(
        name=fields[0] if fields else None,
        role=role,
        email=email[0] if email else None,
        phone=phone[1] if phone else None,
    )


def _pair(people: list[Contact], emails: list[str]) -> list[Contact]:
    """Give each of several people an address when they stand together after the names: as many, in the same order."""
    if len(people) == len(emails):
        return [replace(one, email=email) for one, email in zip(people, emails, strict=True)]
    return people


def _share(people: list[Contact]) -> list[Contact]:
    """The only phone of several people is everybody's."""
    phones = [one.phone for one in people if one.phone]
    return [replace(one, phone=phones[0]) for one in people] if len(phones) == 1 else people


def _words(text: str) -> str:
    """What is neither address, phone nor website."""
    for pattern in (EMAIL, PRINTED_PHONE, WEBSITE):
        text = pattern.sub(" ", text)
    return text.strip(" ,;:–-")


def _details(text: str) -> bool:
    return bool(EMAIL.search(text) or PRINTED_PHONE.search(text))


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()


def _is_damaged(email: str | None, domains: Mapping[str, int]) -> bool:
    if email is None:
        return False
    return not SOUND_EMAIL.fullmatch(email) or any(_is_slip(_domain(email), other, domains) for other in domains)


def _is_slip(domain: str, other: str, domains: Mapping[str, int]) -> bool:
    # Digits tell places apart (cg41.fr and cg71.fr): they are not slips.
    same_digits = re.findall(r"\d", domain) == re.findall(r"\d", other)
    return (
        domain != other
        and same_digits
        and domain.rfind(".") >= DOMAIN_LENGTH
        and domains[other] > domains.get(domain, 0)
        and edit_distance(domain, other, DOMAIN_SLIPS) <= DOMAIN_SLIPS
    )
