"""The fields of a sheet in the visitor's language, what was mended in them, and its contacts."""

from collections.abc import Iterator
from dataclasses import dataclass

from corpus import Contact, Initiative
from web.visitor import Say, date_in_words


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a sheet: its name and its values, in the visitor's language."""

    name: str  # key of the texts
    values: tuple[str, ...]


def fields_of(initiative: Initiative, say: Say) -> tuple[Field, ...]:
    """The fields of a sheet that are filled, in the order in which a page shows them."""
    start = initiative.start_text or (str(initiative.start_year) if initiative.start_year else None)
    every = (
        Field("kind", (say(f"kind.{initiative.kind}"),)),
        Field("departements", tuple(f"{one.name} ({one.code})" for one in initiative.departements)),
        Field("territory", _one(initiative.territory)),
        Field("carriers", initiative.lead_organisations),
        Field("partners", initiative.partners),
        Field("start", _one(start)),
        Field("status", _one(initiative.status)),
        Field("theme", _one(initiative.theme)),
        Field("chapter", _one(initiative.chapter)),
        Field("also_titled", initiative.also_titled),
        Field("cited_departements", tuple(f"{one.name} ({one.code})" for one in initiative.cited_departements)),
    )
    return tuple(field for field in every if field.values)


def _one(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


# The fields that a page shows under another name.
SHOWN_AS = {"lead_organisations": "carriers", "start_year": "start", "start_text": "start"}


def corrections_of(initiative: Initiative, say: Say) -> Iterator[str]:
    """What was mended in the fields of a sheet, in words: the field, what the document says, why, and since when."""
    for one in initiative.corrections:
        field = say(f"sheet.corrections.field.{SHOWN_AS.get(one.field, one.field)}")
        how = "said" if one.said else "silent"
        yield say(
            f"sheet.corrections.{how}", field=field, said=one.said, why=one.why, since=date_in_words(one.since, say)
        )


def contact_in_words(contact: Contact) -> str:
    """A contact on one line. Example: "Mme A, chargée de mission, 01 02 03 04 05, a@b.fr"."""
    return ", ".join(filter(None, (contact.name, contact.role, contact.phone, contact.email)))
