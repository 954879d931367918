"""What a model gets back: short, typed, and with the document and the lines of everything that may be quoted."""

from pydantic import BaseModel, Field

from web import AskReply, ComparisonReply, DocumentsReply, FacetsReply, HitReply, InitiativeSheet, SearchReply

LONGEST_PASSAGE = 1_200  # characters of a passage; the rest is in the sheet
MOST_LINES = 400  # of a sheet, in one reply
MOST_VALUES = 30  # of one facet
EDITORIAL = "Written by this project to choose by, not by the source: do not quote it."


class Lines(BaseModel):
    """Where some words stand: lines of a document, from 1, the last included."""

    document: str
    start_line: int
    end_line: int


class Found(BaseModel):
    """An initiative that was found, with the words of its sheet that speak for it."""

    id: str = Field(description="For read_initiative, similar_initiatives and compare_initiatives.")
    title: str
    places: list[str] = Field(description="Départements in which it takes place.")
    lead_organisations: list[str]
    start_year: int | None
    summary: str | None = Field(description=EDITORIAL)
    passage: str = Field(description="Exact words of the source; … where they are cut.")
    source: Lines
    also_in: list[str] = Field(description="Ids of the same initiative in other documents.")

    @classmethod
    def of(cls, hit: HitReply) -> "Found":
        """Shorten a hit."""
        card, passage = hit.initiative, hit.passage
        return cls(
            id=card.id,
            title=card.title,
            places=[one.name for one in card.departements],
            lead_organisations=card.carriers,
            start_year=card.start_year,
            summary=hit.editorial.summary or None if hit.editorial else None,
            passage=_cut(passage.text),
            source=Lines(document=card.document, start_line=passage.start_line, end_line=passage.end_line),
            also_in=hit.also_in,
        )


class SearchFound(BaseModel):
    """What a search found, best first. A real-world initiative appears once."""

    places: list[str] = Field(description="Places that were recognised in the question, which come first.")
    total: int = Field(description="Initiatives on the subject; those listed beyond this number are further from it.")
    initiatives: list[Found]
    hint: str | None = Field(description="What to try when nothing relevant was found.")

    @classmethod
    def of(cls, reply: SearchReply) -> "SearchFound":
        """Shorten what a search gives."""
        return cls(
            places=[place.name for place in reply.query.places],
            total=reply.total,
            initiatives=[Found.of(hit) for hit in reply.hits],
            hint=reply.hint,
        )


class SimilarFound(BaseModel):
    """Initiatives of a like aim and public, nearest first."""

    initiatives: list[Found]


class Near(BaseModel):
    """An initiative to read on in."""

    id: str = Field(description="For read_initiative.")
    title: str
    places: list[str]


class Cited(BaseModel):
    """The words of a source that an answer rests on."""

    number: int = Field(description="As [1] in the text.")
    initiative: str = Field(description="Id.")
    quote: str = Field(description="Character for character as the source has it.")
    source: Lines


class AnswerGiven(BaseModel):
    """An answer made of the exact words of the sheets, or the statement that there is none."""

    answered: bool = Field(description="False: no sheet holds a sure answer. Say so, rather than answer from memory.")
    sure: bool = Field(description="False: worded as the closest match, and to be passed on as such.")
    confidence: float | None = Field(description="0 to 1, null where it is not known, as for a list.")
    text: str = Field(description="With the numbers of what each statement rests on, as [1].")
    citations: list[Cited]
    nearest: list[Near] = Field(description="Initiatives nearest to the question; where there is no answer, not near.")

    @classmethod
    def of(cls, reply: AskReply, nearest: int) -> "AnswerGiven":
        """Shorten an answer."""
        statements = (
            one.text + "".join(f" [{position + 1}]" for position in one.citations) for one in reply.statements
        )
        return cls(
            answered=not reply.abstained,
            sure=reply.verdict.value == "answered",
            confidence=reply.confidence,
            text="\n".join(statements),
            citations=[
                Cited(
                    number=number,
                    initiative=one.initiative,
                    quote=one.quote,
                    source=Lines(**one.source.model_dump()),
                )
                for number, one in enumerate(reply.citations, start=1)
            ],
            nearest=[
                Near(id=one.id, title=one.title, places=[place.name for place in one.departements])
                for one in (hit.initiative for hit in reply.hits[:nearest])
            ],
        )


class SheetLine(BaseModel):
    """A line of a sheet."""

    number: int = Field(description="In the document, from 1: what to cite.")
    text: str


class Sheet(BaseModel):
    """The whole sheet of an initiative, or some lines of it."""

    id: str
    title: str
    kind: str
    source: Lines
    theme: str | None
    places: list[str]
    territory: str | None
    lead_organisations: list[str]
    partners: list[str]
    start: str | None
    status: str | None
    same_as: list[str] = Field(description="Ids of other sheets of the same initiative.")
    summary: str | None = Field(description=EDITORIAL)
    lines: list[SheetLine] = Field(description="Exactly as the document has them; blank ones are left out.")
    more_from_line: int | None = Field(description="Where to read on; null when this is all.")

    @classmethod
    def of(cls, sheet: InitiativeSheet, from_line: int | None, to_line: int | None) -> "Sheet":
        """Take these lines of a sheet, at most so many."""
        numbered = enumerate(sheet.text.split("\n"), start=sheet.source.start_line)
        wanted = range(from_line or 1, (to_line or sheet.source.end_line) + 1)
        lines = [SheetLine(number=number, text=text) for number, text in numbered if text.strip() and number in wanted]
        rest = lines[MOST_LINES:]
        return cls(
            id=sheet.id,
            title=sheet.title,
            kind=sheet.kind.value,
            source=Lines(**sheet.source.model_dump()),
            theme=sheet.theme,
            places=[one.name for one in sheet.departements],
            territory=sheet.territory,
            lead_organisations=sheet.carriers,
            partners=sheet.partners,
            start=sheet.start_text or (str(sheet.start_year) if sheet.start_year else None),
            status=sheet.status,
            same_as=sheet.same_as,
            summary=sheet.editorial.summary or None if sheet.editorial else None,
            lines=lines[:MOST_LINES],
            more_from_line=rest[0].number if rest else None,
        )


class Said(BaseModel):
    """What one sheet says of one aspect."""

    initiative: str = Field(description="Id.")
    words: list[str] = Field(description="Empty where the sheet says nothing: do not guess.")
    hoped: bool = Field(description="It is hoped for, or to be measured, not found.")
    sources: list[Lines]


class AspectCompared(BaseModel):
    """One aspect across the initiatives."""

    aspect: str
    said: list[Said]


class Compared(BaseModel):
    """Initiatives side by side, in the words of their sheets."""

    titles: dict[str, str] = Field(description="By id.")
    aspects: list[AspectCompared]

    @classmethod
    def of(cls, reply: ComparisonReply) -> "Compared":
        """Turn columns into rows, which a model reads one after the other."""
        rows: dict[str, list[Said]] = {}
        for one in reply.items:
            for cell in one.cells:
                cited = [said.citation.source for said in cell.said if said.citation is not None]
                said = Said(
                    initiative=one.initiative.id,
                    words=[said.text for said in cell.said],
                    hoped=cell.hoped,
                    sources=[Lines(**source.model_dump()) for source in cited],
                )
                rows.setdefault(cell.aspect.value, []).append(said)
        return cls(
            titles={one.initiative.id: one.initiative.title for one in reply.items},
            aspects=[AspectCompared(aspect=aspect, said=said) for aspect, said in rows.items()],
        )


class FilterValue(BaseModel):
    """A value that a filter takes."""

    value: str
    label: str
    count: int


class FiltersListed(BaseModel):
    """The values of each filter, the most frequent first."""

    total: int
    filters: dict[str, list[FilterValue]]

    @classmethod
    def of(cls, reply: FacetsReply, only: str | None) -> "FiltersListed":
        """Keep the most frequent values of each filter, or of one of them."""
        return cls(
            total=reply.total,
            filters={
                name: [FilterValue(**one.model_dump()) for one in values[:MOST_VALUES]]
                for name, values in reply.facets.items()
                if only in (None, name)
            },
        )


class DocumentListed(BaseModel):
    """A document of the collection."""

    id: str = Field(description="What the filter `document` takes.")
    title: str
    publisher: str
    date: str
    licence: str
    initiatives: int


class DocumentsListed(BaseModel):
    """What is searched."""

    documents: list[DocumentListed]

    @classmethod
    def of(cls, reply: DocumentsReply) -> "DocumentsListed":
        """Give the documents."""
        return cls(documents=[DocumentListed(**one.model_dump()) for one in reply.items])


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_PASSAGE else text[:LONGEST_PASSAGE].rsplit(" ", 1)[0] + " …"
