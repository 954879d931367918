"""Replies: our values as JSON, for every door that speaks it. Made from our values here and nowhere else."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from pydantic import BaseModel, ConfigDict, Field

from corpus import Initiative, Kind, Language, OwnField
from index import Generation
from search import Catalogue, Citation, FacetValue, Hit, Query, RecordView, Results
from search.answer import Answer, MadeBy, Statement, Verdict
from web import examples


def example(value: examples.Example) -> ConfigDict:
    """Read our dataclasses by attribute, and show `value` as the example in OpenAPI."""
    return ConfigDict(from_attributes=True, validate_by_name=True, json_schema_extra={"examples": [value]})


class FaultReply(BaseModel):
    """What went wrong, where, and what to do about it."""

    model_config = example(examples.FAULT)
    what: str = Field(description="What went wrong.")
    where: str = Field(description="Where: a parameter, a part of the request, or the service.")
    mend: str = Field(description="What to do about it.")


# --- search ---


class DepartementReply(BaseModel):
    """A département by INSEE code and official name."""

    model_config = example(examples.DEPARTEMENT)
    code: str = Field(description='INSEE code. Example: "2A".')
    name: str = Field(description="Official name.")


class PlaceReply(BaseModel):
    """A place the question names."""

    model_config = example(examples.PLACE)
    name: str = Field(description="Official name.")
    kind: str = Field(description="commune, departement, region or another sort of place.")
    code: str = Field(description="INSEE code.")
    departements: list[DepartementReply] = Field(description="In which it lies, or which it holds.")


class AcronymReply(BaseModel):
    """An acronym of the question with its meaning in the corpus."""

    model_config = example(examples.ACRONYM)
    short: str = Field(description="As the question has it.")
    long: str = Field(description="What it stands for in the sheets.")


class ConceptReply(BaseModel):
    """Words of the question that the thesaurus knows under other names."""

    model_config = example(examples.CONCEPT)
    words: str = Field(description="As the question has them.")
    synonyms: list[str] = Field(description="Standard terms that are searched for too.")


class QueryReply(BaseModel):
    """What the analysis of the question recognised in it."""

    model_config = example(examples.QUERY)
    text: str = Field(description="The question as it was typed.")
    language: Language = Field(description="In which it is asked.")
    place: PlaceReply | None = Field(description="The first of the places.")
    places: list[PlaceReply] = Field(description="Every place that it names.")
    acronyms: list[AcronymReply] = Field(description="Those that the sheets spell out.")
    concepts: list[ConceptReply] = Field(description="What it means in other words, by the thesaurus.")

    @classmethod
    def of(cls, query: Query) -> "QueryReply":
        """Give a question as JSON shows it."""
        places = [PlaceReply.model_validate(place) for place in query.places]
        return cls(
            text=query.typed,
            language=query.language,
            place=places[0] if places else None,
            places=places,
            acronyms=[AcronymReply.model_validate(acronym) for acronym in query.acronyms],
            concepts=[ConceptReply(words=words, synonyms=list(also)) for words, also in query.synonyms()],
        )


class InitiativeCard(BaseModel):
    """An initiative as a list of hits shows it: enough to choose one."""

    model_config = example(examples.CARD)
    id: str = Field(description="What /initiatives/{id} takes.")
    title: str = Field(description="As the document prints it.")
    title_derived: bool = Field(description="The document prints no title; this one is taken from its text.")
    kind: Kind = Field(description="What sort of description the document gives.")
    departements: list[DepartementReply] = Field(description="Where it takes place.")
    carriers: list[str] = Field(description="Who runs it.")
    theme: str | None = Field(description="The section of the document; null where it has none.")
    start_year: int | None = Field(description="When it began; null where the sheet does not say.")
    document: str = Field(description="Id of the document that tells of it.")
    corrected: list[str] = Field(description="Fields that say something else than the document, which is wrong there.")

    @classmethod
    def of(cls, initiative: Initiative) -> "InitiativeCard":
        """Give the card of an initiative."""
        return cls(
            id=initiative.id,
            title=initiative.title,
            title_derived=initiative.title_derived,
            kind=initiative.kind,
            departements=[DepartementReply.model_validate(departement) for departement in initiative.departements],
            carriers=list(initiative.lead_organisations),
            theme=initiative.theme,
            start_year=initiative.start_year,
            document=initiative.source.document,
            corrected=[one.field for one in initiative.corrections],
        )


class LabelReply(BaseModel):
    """A public or a topic of the editorial vocabulary."""

    model_config = example(examples.LABEL)
    key: str = Field(description="What the filter takes.")
    label: str = Field(description="In the language of the reply.")


class EditorialReply(BaseModel):
    """What the project adds to a sheet, to choose by. It may mislead: it is no source and must not be quoted as one."""

    model_config = example(examples.EDITORIAL)
    language: Language = Field(description="Of title, summary and labels.")
    title: str = Field(description="What the project calls it.")
    summary: str = Field(description="In one or two sentences.")
    publics: list[LabelReply] = Field(description="Whom it is for.")
    topics: list[LabelReply] = Field(description="What it is about.")
    author: str = Field(description="language model or person.")
    date: str = Field(description="ISO 8601, when it was written.")

    @classmethod
    def of(cls, record: RecordView | None) -> "EditorialReply | None":
        """Give what the editorial record says of an initiative, if there is one."""
        return None if record is None else cls.model_validate(record)


class HighlightReply(BaseModel):
    """A word of the passage that answers a word of the question."""

    model_config = example(examples.HIGHLIGHT)
    start: int = Field(description="Character of the passage's text, from 0.")
    end: int = Field(description="Exclusive.")
    question_word: str = Field(description="That which it answers.")
    similarity: float = Field(description="Cosine of the two words in their contexts.")


class PassageReply(BaseModel):
    """The words of the source that speak for the hit, as printed."""

    model_config = example(examples.PASSAGE)
    text: str = Field(description="The lines, without what the conversion left as markup.")
    heading: str | None = Field(description="Under which it stands, as printed; null where there is none.")
    start_line: int = Field(description="Line of the document, from 1.")
    end_line: int = Field(description="Inclusive.")
    highlights: list[HighlightReply] = Field(description="Words that answer those of the question.")


class WhyReply(BaseModel):
    """The hit's rank by words alone and by sentence vectors alone, null when it was not found that way."""

    model_config = example(examples.WHY)
    lexical_rank: int | None = Field(description="From 1, in the BM25 ranking.")
    dense_rank: int | None = Field(description="From 1, by the cosine of sentence vectors.")
    by_editorial: bool = Field(description="The editorial record answers the question's words better than the passage.")


class HitReply(BaseModel):
    """One initiative in a ranking."""

    model_config = example(examples.HIT)
    rank: int = Field(description="From 1.")
    score: float = Field(
        description="Higher is better, at most 1.1, mostly 0.2 to 0.8; comparable within one reply only."
    )
    initiative: InitiativeCard = Field(description="What was found.")
    also_in: list[str] = Field(description="Ids of the same initiative in other documents.")
    passage: PassageReply = Field(description="The words that speak for it.")
    why: WhyReply = Field(description="By what it was found.")
    editorial: EditorialReply | None = Field(description="What the project adds; null where there is nothing.")

    @classmethod
    def of(cls, hit: Hit) -> "HitReply":
        """Give a hit as JSON shows it."""
        return cls(
            rank=hit.rank,
            score=hit.score,
            initiative=InitiativeCard.of(hit.initiative),
            also_in=list(hit.also_in),
            passage=PassageReply(
                text=hit.passage.text,
                heading=hit.passage.heading,
                start_line=hit.passage.start_line,
                end_line=hit.passage.end_line,
                highlights=[HighlightReply.model_validate(highlight) for highlight in hit.highlights],
            ),
            why=WhyReply(lexical_rank=hit.lexical_rank, dense_rank=hit.dense_rank, by_editorial=hit.by_record),
            editorial=EditorialReply.of(hit.record),
        )


class FacetReply(BaseModel):
    """A value to narrow the search by, and how many initiatives on the subject there are then."""

    model_config = example(examples.FACET)
    value: str = Field(description="What the filter of the same name takes.")
    label: str = Field(description="What people read.")
    count: int = Field(description="Initiatives with it.")


def facets_told(facets: Mapping[str, Sequence[FacetValue]]) -> dict[str, list[FacetReply]]:
    """Give facets as JSON shows them."""
    return {name: [FacetReply.model_validate(value) for value in values] for name, values in facets.items()}


class SearchReply(BaseModel):
    """What a search found. A facet's count is the `total` once that facet is set to the value alone."""

    model_config = example(examples.SEARCH)
    query: QueryReply = Field(description="What was understood of the question.")
    total: int = Field(description="Initiatives on the subject: the hits of rank 1 to `total`.")
    further: int = Field(description="Initiatives further from the subject: the hits after those.")
    hits: list[HitReply] = Field(description="The best first.")
    facets: dict[str, list[FacetReply]] = Field(description="By the names of filters.")
    hint: str | None = Field(description="What to try when nothing relevant was found.")
    took_ms: float = Field(description="Milliseconds that the search took.")

    @classmethod
    def of(cls, results: Results) -> "SearchReply":
        """Give the results of a search as JSON shows them."""
        return cls(
            query=QueryReply.of(results.query),
            total=results.total,
            further=results.further,
            hits=[HitReply.of(hit) for hit in results.hits],
            facets=facets_told(results.facets),
            hint=results.hint,
            took_ms=round(results.took_ms, 2),
        )


class SimilarReply(BaseModel):
    """Initiatives with a similar aim and public, nearest first."""

    model_config = example(examples.SIMILAR)
    hits: list[HitReply] = Field(description="The nearest first.")

    @classmethod
    def of(cls, hits: Sequence[Hit]) -> "SimilarReply":
        """Give similar initiatives as JSON shows them."""
        return cls(hits=[HitReply.of(hit) for hit in hits])


# --- sheets ---


class SourceReply(BaseModel):
    """Where a sheet stands: lines are 1-based and inclusive."""

    model_config = example(examples.SOURCE)
    document: str = Field(description="Id of the document.")
    start_line: int = Field(description="From 1.")
    end_line: int = Field(description="Inclusive.")


class ContactReply(BaseModel):
    """Who to write to, as printed."""

    model_config = example(examples.CONTACT)
    name: str | None = Field(description="Of a person; null where none is printed.")
    role: str | None = Field(description="Office or department.")
    email: str | None = Field(description="As printed, damaged or not.")
    phone: str | None = Field(description="As printed.")
    email_damaged: bool = Field(description="The printed address cannot be right; it is not guessed at.")


class CorrectionReply(BaseModel):
    """A field that says something else than the document, which is wrong there; its text and quotes stay as printed."""

    model_config = example(examples.CORRECTION)
    field: str = Field(description="Name of the field.")
    said: str = Field(description="What the document says; blank where it says nothing, and for contacts.")
    why: str = Field(description="Why the document is wrong.")
    since: str = Field(description="ISO 8601, the day of the correction.")


class InitiativeSheet(BaseModel):
    """The whole sheet: everything one document says of one initiative."""

    model_config = example(examples.SHEET)
    id: str = Field(description="Stable: made of the document, the title and the place.")
    kind: Kind = Field(description="What sort of description the document gives.")
    title: str = Field(description="As the document prints it.")
    title_derived: bool = Field(description="The document prints no title; this one is taken from its text.")
    also_titled: list[str] = Field(description="Other titles the document gives it.")
    source: SourceReply = Field(description="Where it stands.")
    text: str = Field(description="Exactly the source lines.")
    chapter: str | None = Field(description="Of the document; null where it has none.")
    theme: str | None = Field(description="The section of the document; null where it has none.")
    departements: list[DepartementReply] = Field(description="Where the initiative takes place.")
    cited_departements: list[DepartementReply] = Field(description="Merely named, as doing the same for instance.")
    fields: list[OwnField] = Field([], description="Columns of a brought corpus, to filter by.")
    territory: str | None = Field(description="The place in the document's own words.")
    carriers: list[str] = Field(validation_alias="lead_organisations", description="Who runs it.")
    partners: list[str] = Field(description="Who takes part, as printed.")
    start_year: int | None = Field(description="When it began; null where the sheet does not say.")
    start_text: str | None = Field(description="The start as printed.")
    status: str | None = Field(description="How far it is, as printed; null where the sheet does not say.")
    contacts: list[ContactReply] = Field(description="Whom to write to, as printed.")
    same_as: list[str] = Field(description="Ids of the same initiative in other documents.")
    corrections: list[CorrectionReply] = Field(description="Fields that are mended.")
    editorial: EditorialReply | None = Field(None, description="What the project adds; null where there is nothing.")

    @classmethod
    def of(cls, initiative: Initiative, record: RecordView | None) -> "InitiativeSheet":
        """Give the whole sheet, and what the project adds to it, as JSON shows them."""
        return cls.model_validate(initiative).model_copy(update={"editorial": EditorialReply.of(record)})


class PageReply(BaseModel):
    """Some of the initiatives, in the order of the corpus."""

    model_config = example(examples.PAGE)
    items: list[InitiativeSheet] = Field(description="Whole sheets.")
    next: str | None = Field(description="The cursor of the next page, null on the last one.")

    @classmethod
    def of(
        cls, catalogue: Catalogue, page: Sequence[Initiative], following: str | None, language: Language
    ) -> "PageReply":
        """Give the sheets of a page to a reader, with the cursor of the following one."""
        return cls(items=[InitiativeSheet.of(one, catalogue.record(one, language)) for one in page], next=following)


# --- answers ---

NEAREST = 10  # initiatives beside an answer


class CitationReply(BaseModel):
    """The words of a source that a statement rests on."""

    model_config = example(examples.CITATION)
    initiative: str = Field(description="Id.")
    also_in: list[str] = Field(description="Ids of the same initiative in other documents.")
    quote: str = Field(description="Character for character in the lines of `source`.")
    source: SourceReply = Field(description="The lines of the quote.")
    corrected: list[str] = Field(description="Fields of the initiative that are mended; the quote is as printed.")


class StatementReply(BaseModel):
    """One sentence or line of an answer."""

    model_config = example(examples.STATEMENT)
    text: str = Field(description="What is said.")
    citations: list[int] = Field(description="What it rests on: positions in the answer's citations, from 0.")
    lead: str = Field(description="The short answer that the text begins with, in the source's words; may be blank.")
    reworded: str = Field(description="A sentence of this project in the text that says what is quoted; or blank.")


class StatementEvent(BaseModel):
    """One statement of a streamed answer, with what it rests on."""

    model_config = example(examples.STATEMENT_EVENT)
    text: str = Field(description="What is said.")
    citations: list[CitationReply] = Field(description="What it rests on.")
    lead: str = Field(description="The short answer that the text begins with; may be blank.")
    reworded: str = Field(description="A sentence of this project in the text; may be blank.")

    @classmethod
    def of(cls, statement: Statement, citations: Sequence[Citation]) -> "StatementEvent":
        """Give a statement and its citations as JSON shows them."""
        return cls.model_validate(asdict(statement) | {"citations": citations}, from_attributes=True)


class AskReply(BaseModel):
    """The answer to a question, or an abstention that says so."""

    model_config = example(examples.ANSWER)
    question: str = Field(description="As it was read.")
    language: Language = Field(description="Of the question and of everything but the quotes.")
    abstained: bool = Field(description="No sheet holds an answer that is sure enough.")
    verdict: Verdict = Field(description="closest: worded as the closest match, not as the answer.")
    confidence: float | None = Field(
        description="0 to 1: the probability that the first statement answers the question; null for a list, and when "
        "it was fitted on other texts than these."
    )
    is_list: bool = Field(
        description="One statement for each initiative on the subject, none more an answer than others."
    )
    text: str = Field(description="The statements, each on a line of its own.")
    statements: list[StatementReply] = Field(description="For an abstention one, that says what was searched.")
    citations: list[CitationReply] = Field(description="What the statements rest on.")
    hits: list[HitReply] = Field(description="The initiatives nearest to the question.")
    path: MadeBy = Field(
        description="What made the text: words of the sources, or a language model checked against them."
    )
    fallback: str | None = Field(description="Why a language model that was asked did not make the text.")
    removed: int = Field(description="Sentences of a language model that the sources did not support.")
    took_ms: float = Field(description="Milliseconds that the answer took.")

    @classmethod
    def of(cls, answer: Answer, hits: Sequence[Hit]) -> "AskReply":
        """Give an answer, and the initiatives nearest to its question, as JSON shows them."""
        told = {name: getattr(answer, name) for name in cls.model_fields if name != "hits"}
        return cls.model_validate(told | {"hits": [HitReply.of(hit) for hit in hits]}, from_attributes=True)


# --- the service ---


class HealthReply(BaseModel):
    """The process is alive."""

    model_config = example(examples.HEALTH)
    status: str = Field(description="'alive'.")


class ReadyReply(BaseModel):
    """Index and model are loaded."""

    model_config = example(examples.READY)
    status: str = Field(description="'ready'.")
    documents: int = Field(description="How many are searched.")
    initiatives: int = Field(description="How many are searched.")
    encoder: str = Field(description="'bundled', or the name of another.")
    answers: bool = Field(description="Whether questions are answered; where not, /ask says why.")
    generation: Generation | None = Field(description="Which making of the index; of one in memory None.")
    build: str | None = Field(description="What is being made beside it, and how far it is; or that this failed.")
