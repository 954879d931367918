"""Contacts at hand: as printed, and as addresses that a telephone or a program for mail takes up."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from corpus import Contact

# One number as people print it; what holds words or two numbers is shown and not dialled.
NUMBER = re.compile(r"\+?[\d\s./()-]+")
DIGITS = 6, 15  # of a number that can be dialled (ITU-T E.164)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactView:
    """One contact; its addresses are None where they would lead nowhere."""

    name: str | None
    role: str | None
    phone: str | None
    phone_address: str | None
    email: str | None
    email_address: str | None
    is_damaged: bool  # its e-mail

    @classmethod
    def of(cls, contact: Contact) -> "ContactView":
        """The view of a contact."""
        return cls(
            name=contact.name,
            role=contact.role,
            phone=contact.phone,
            phone_address=phone_address(contact.phone),
            email=contact.email,
            email_address=None if contact.email_damaged else email_address(contact.email),
            is_damaged=contact.email_damaged,
        )


def contact_views(contacts: Iterable[Contact]) -> tuple[ContactView, ...]:
    """The views of contacts, in order."""
    return tuple(map(ContactView.of, contacts))


def phone_address(printed: str | None) -> str | None:
    """Where a printed number is dialled, None for what is not one number. Example: "01 23 45 67 89" → "tel:0123456789".

    As it is dialled in its own country: which country that is, a sheet does not say, and overseas it is not +33.
    """
    if printed is None or not NUMBER.fullmatch(printed.strip()):
        return None
    digits = re.sub(r"\D", "", printed.replace("(0)", ""))
    plus = "+" if printed.strip().startswith("+") else ""
    return f"tel:{plus}{digits}" if DIGITS[0] <= len(digits) <= DIGITS[1] else None


def email_address(printed: str | None) -> str | None:
    """Where one writes to a printed address. Example: "a@b.fr" → "mailto:a@b.fr"."""
    return f"mailto:{quote(printed.strip(), safe='@')}" if printed and printed.count("@") == 1 else None
