"""What a page says of a sheet to those who list or preview it: a description, and its data in schema.org's words."""

from corpus import Document, Initiative, SheetLanguage
from corpus.text import normalise_text
from search import RecordView, first_words
from web.exports import stated_licence

LONGEST = 200  # characters, that search engines and messages show

JsonLd = dict[str, object]


def description_of(initiative: Initiative, document: Document, record: RecordView | None) -> str:
    """The project's summary, else the beginning of what the sheet tells; without contact data."""
    told = (document.text(section.start_line, section.end_line) for section in initiative.sections)
    text = normalise_text(record.summary if record else "\n".join(told) or initiative.title).text
    start, end = first_words(text, 0, len(text), LONGEST)
    return text[start:end] + ("" if end == len(text) else " …")


def linked_data(
    initiative: Initiative, document: Document, description: str, permalink: str, language: SheetLanguage
) -> JsonLd:
    """A sheet as JSON-LD: a part of its document, and what it says of places, years and organisations.

    What the sheet does not say is left out; whoever runs the initiative did not write the sheet, and is named in it.
    """
    places: list[JsonLd] = [
        {"@type": "AdministrativeArea", "name": one.name, "identifier": one.code} for one in initiative.departements
    ]
    named: list[JsonLd] = [
        {"@type": "Organization", "name": name} for name in (*initiative.lead_organisations, *initiative.partners)
    ]
    part_of: JsonLd = {"@type": "CreativeWork", "name": document.title, "datePublished": document.date}
    if document.publisher:
        part_of["publisher"] = {"@type": "Organization", "name": document.publisher}
    told: JsonLd = {
        "@context": "https://schema.org",
        "@type": "CreativeWork",
        "@id": permalink,
        "url": permalink,
        "name": initiative.title,
        "alternateName": list(initiative.also_titled),
        "description": description,
        "inLanguage": language,
        "isPartOf": part_of,
        "about": initiative.theme,
        "spatialCoverage": places,
        "temporalCoverage": str(initiative.start_year) if initiative.start_year else None,
        "mentions": named,
        "license": stated_licence(document),
    }
    return {name: value for name, value in told.items() if value}
