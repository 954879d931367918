"""Wire shapes: our values as JSON, for every door that speaks it. Made from our values here and nowhere else."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from corpus import Initiative, Kind
from search import FacetValue, Hit, Query, Results
from search.editorial import Editorial

GIRONDE = {"code": "33", "name": "Gironde"}
A_CARD: dict[str, Any] = {
    "id": "dossier-2020-comment-ameliorer-la-qualite-de-l-air-a-travers-une-33",
    "title": "Comment améliorer la qualité de l'air à travers une meilleure utilisation du chauffage à bois ?",
    "title_derived": False,
    "kind": "experiment",
    "departements": [GIRONDE],
    "carriers": ["Direction régionale de l'Environnement, de l'Aménagement et du Logement Nouvelle Aquitaine"],
    "theme": None,
    "start_year": 2020,
    "document": "dossier-2020",
}
A_PASSAGE: dict[str, Any] = {
    "text": "Le kit sera testé auprès de 250 foyers dans une zone du territoire métropolitain de Bordeaux.",
    "heading": "L'expérimentation",
    "start_line": 103,
    "end_line": 103,
    "highlights": [{"start": 82, "end": 91, "question_word": "Bordeaux", "similarity": 0.91}],
}
AN_EDITORIAL: dict[str, Any] = {
    "language": "en",
    "title": "Improving air quality by better use of wood heating, Bordeaux",
    "summary": "Around Bordeaux, 250 households try out a kit for cleaner wood burning.",
    "publics": [{"key": "habitants", "label": "Residents and citizens"}],
    "topics": [{"key": "environnement", "label": "Environment and climate"}],
    "author": "language model",
    "date": "2026-11-25",
}
A_HIT: dict[str, Any] = {
    "rank": 1,
    "score": 2.41,
    "initiative": A_CARD,
    "also_in": ["article-2019-projet-2-ameliorer-la-qualite-de-l-air-bordeaux-33"],
    "passage": A_PASSAGE,
    "why": {"word_rank": 2, "vector_rank": 1, "by_editorial": False},
    "editorial": AN_EDITORIAL,
    "team": None,
}


def example(value: dict[str, Any]) -> ConfigDict:
    """Read our dataclasses by attribute, and show `value` as the example in OpenAPI."""
    return ConfigDict(from_attributes=True, json_schema_extra={"examples": [value]})


class FaultReply(BaseModel):
    """What went wrong, where, and what to do about it."""

    model_config = example(
        {
            "what": "There is no initiative 'recueil-2018-x'",
            "where": "the path",
            "mend": "Take an id from /search or /initiatives.",
        }
    )
    what: str
    where: str
    mend: str


class DepartementReply(BaseModel):
    """A département by INSEE code and official name."""

    model_config = example(GIRONDE)
    code: str
    name: str


class PlaceReply(BaseModel):
    """A place the question names."""

    model_config = example({"name": "Bordeaux", "kind": "commune", "code": "33063", "departements": [GIRONDE]})
    name: str
    kind: str
    code: str
    departements: list[DepartementReply]


class AcronymReply(BaseModel):
    """An acronym of the question with its meaning in the corpus."""

    model_config = example({"short": "MDPH", "long": "Maison départementale des personnes handicapées"})
    short: str
    long: str


class NotionReply(BaseModel):
    """Words of the question that the lexicon knows under other names."""

    model_config = example({"words": "taule", "also": ["prison"]})
    words: str
    also: list[str] = Field(description="Standard terms that are searched for too.")


class QueryReply(BaseModel):
    """The question as it was understood."""

    model_config = example(
        {"text": "job in Bordeaux", "language": "en", "place": None, "places": [], "acronyms": [], "notions": []}
    )
    text: str
    language: str = Field(description="fr or en")
    place: PlaceReply | None = Field(description="The first of the places.")
    places: list[PlaceReply]
    acronyms: list[AcronymReply]
    notions: list[NotionReply] = Field(description="What was also understood, in other words.")

    @classmethod
    def of(cls, query: Query) -> "QueryReply":
        """Give a question as JSON shows it."""
        places = [PlaceReply.model_validate(place) for place in query.places]
        return cls(
            text=query.text,
            language=query.language,
            place=places[0] if places else None,
            places=places,
            acronyms=[AcronymReply.model_validate(acronym) for acronym in query.acronyms],
            notions=[NotionReply(words=words, also=list(also)) for words, also in query.understood_as()],
        )


class InitiativeCard(BaseModel):
    """An initiative as a list of hits shows it: enough to choose one."""

    model_config = example(A_CARD)
    id: str
    title: str
    title_derived: bool = Field(description="The document prints no title; this one is taken from its text.")
    kind: Kind
    departements: list[DepartementReply]
    carriers: list[str]
    theme: str | None
    start_year: int | None
    document: str

    @classmethod
    def of(cls, initiative: Initiative) -> "InitiativeCard":
        """Give the card of an initiative."""
        return cls(
            id=initiative.id,
            title=initiative.title,
            title_derived=initiative.title_derived,
            kind=initiative.kind,
            departements=[DepartementReply.model_validate(departement) for departement in initiative.departements],
            carriers=list(initiative.carriers),
            theme=initiative.theme,
            start_year=initiative.start_year,
            document=initiative.source.document,
        )


class LabelReply(BaseModel):
    """A public or a topic of the editorial vocabulary."""

    model_config = example({"key": "aidants", "label": "Family carers"})
    key: str = Field(description="What the filter takes.")
    label: str


class EditorialReply(BaseModel):
    """What the project adds to a sheet, to choose by. It may mislead: it is no source and must not be quoted as one."""

    model_config = example(AN_EDITORIAL)
    language: str = Field(description="fr or en: of title, summary and labels.")
    title: str
    summary: str
    publics: list[LabelReply]
    topics: list[LabelReply]
    author: str = Field(description="language model or person.")
    date: str

    @classmethod
    def of(cls, editorial: Editorial | None) -> "EditorialReply | None":
        """Give what the layer says of an initiative, if anything."""
        return None if editorial is None else cls.model_validate(editorial)


class HighlightReply(BaseModel):
    """A word of the passage that answers a word of the question."""

    model_config = example(A_PASSAGE["highlights"][0])
    start: int = Field(description="Character of the passage's text, from 0.")
    end: int = Field(description="Exclusive.")
    question_word: str
    similarity: float = Field(description="Cosine of the two words in their contexts.")


class PassageReply(BaseModel):
    """The words of the source that speak for the hit, as printed."""

    model_config = example(A_PASSAGE)
    text: str
    heading: str | None
    start_line: int = Field(description="Line of the document, from 1.")
    end_line: int = Field(description="Inclusive.")
    highlights: list[HighlightReply]


class WhyReply(BaseModel):
    """The hit's rank by words alone and by sentence vectors alone, null when it was not found that way."""

    model_config = example(A_HIT["why"])
    word_rank: int | None
    vector_rank: int | None
    by_editorial: bool = Field(description="The editorial record answers the question's words better than the passage.")


class HitReply(BaseModel):
    """One initiative in a ranking."""

    model_config = example(A_HIT)
    rank: int = Field(description="From 1.")
    score: float = Field(description="Higher is better; comparable within one reply, or one team of it, only.")
    initiative: InitiativeCard
    also_in: list[str] = Field(description="Ids of the same initiative in other documents.")
    passage: PassageReply
    why: WhyReply
    editorial: EditorialReply | None
    team: str | None = Field(
        description="The system that put it there, where two play against each other; to go with a judgement."
    )

    @classmethod
    def of(cls, hit: Hit) -> "HitReply":
        """Give a hit as JSON shows it."""
        passage = PassageReply(
            text=hit.passage.text,
            heading=hit.passage.heading,
            start_line=hit.passage.start_line,
            end_line=hit.passage.end_line,
            highlights=[HighlightReply.model_validate(highlight) for highlight in hit.highlights],
        )
        return cls(
            rank=hit.rank,
            score=hit.score,
            initiative=InitiativeCard.of(hit.initiative),
            also_in=list(hit.also_in),
            passage=passage,
            why=WhyReply.model_validate(hit),
            editorial=EditorialReply.of(hit.editorial),
            team=hit.team,
        )


class FacetReply(BaseModel):
    """A value to narrow the search by, and how many of the initiatives found have it."""

    model_config = example({"value": "33", "label": "Gironde", "count": 3})
    value: str = Field(description="What the filter of the same name takes.")
    label: str
    count: int


class SearchReply(BaseModel):
    """What a search found. Hits, total and facets come from one candidate set."""

    model_config = example(
        {
            "query": {
                "text": "jobs",
                "language": "en",
                "place": None,
                "places": [],
                "acronyms": [],
                "notions": [{"words": "jobs", "also": ["emploi"]}],
            },
            "total": 1,
            "hits": [A_HIT],
            "facets": {"departement": [{"value": "33", "label": "Gironde", "count": 1}]},
            "hint": None,
            "took_ms": 7.2,
        }
    )
    query: QueryReply
    total: int
    hits: list[HitReply]
    facets: dict[str, list[FacetReply]]
    hint: str | None = Field(description="What to try when nothing relevant was found.")
    took_ms: float

    @classmethod
    def of(cls, results: Results) -> "SearchReply":
        """Give the results of a search as JSON shows them."""
        return cls(
            query=QueryReply.of(results.query),
            total=results.total,
            hits=[HitReply.of(hit) for hit in results.hits],
            facets={name: _facet(values) for name, values in results.facets.items()},
            hint=results.hint,
            took_ms=round(results.took_ms, 2),
        )


def _facet(values: tuple[FacetValue, ...]) -> list[FacetReply]:
    return [FacetReply.model_validate(value) for value in values]


class SimilarReply(BaseModel):
    """Initiatives with a similar aim and public, nearest first."""

    model_config = example({"hits": [A_HIT]})
    hits: list[HitReply]

    @classmethod
    def of(cls, hits: tuple[Hit, ...]) -> "SimilarReply":
        """Give similar initiatives as JSON shows them."""
        return cls(hits=[HitReply.of(hit) for hit in hits])


class SourceReply(BaseModel):
    """Where a sheet stands: lines are 1-based and inclusive."""

    model_config = example({"document": "dossier-2020", "start_line": 91, "end_line": 116})
    document: str
    start_line: int
    end_line: int


class ContactReply(BaseModel):
    """Who to write to, as printed."""

    model_config = example(
        {
            "name": None,
            "role": "Direction de la solidarité",
            "email": "solidarite@ departement.example",
            "phone": "05 00 00 00 00",
            "email_damaged": True,
        }
    )
    name: str | None
    role: str | None
    email: str | None
    phone: str | None
    email_damaged: bool = Field(description="The printed address cannot be right; it is not guessed at.")


class InitiativeSheet(BaseModel):
    """The whole sheet: everything one document says of one initiative."""

    model_config = example(
        {
            **{key: value for key, value in A_CARD.items() if key != "document"},
            "also_titled": ["Le bois de chauffe"],
            "source": {"document": "dossier-2020", "start_line": 91, "end_line": 116},
            "text": "2 – Comment améliorer la qualité de l'air …",
            "chapter": "Les 5 expérimentations lauréates",
            "cited_departements": [],
            "territory": "Une ou deux communes du territoire métropolitain de Bordeaux",
            "partners": ["Conseil régional Nouvelle Aquitaine"],
            "start_text": "expérimentées en 2020",
            "status": None,
            "contacts": [],
            "same_as": ["article-2019-projet-2-ameliorer-la-qualite-de-l-air-bordeaux-33"],
            "editorial": AN_EDITORIAL,
        }
    )
    id: str
    kind: Kind
    title: str
    title_derived: bool
    also_titled: list[str] = Field(description="Other titles the document gives it.")
    source: SourceReply
    text: str = Field(description="Exactly the source lines.")
    chapter: str | None
    theme: str | None
    departements: list[DepartementReply] = Field(description="Where the initiative takes place.")
    cited_departements: list[DepartementReply] = Field(description="Merely named, as doing the same for instance.")
    territory: str | None = Field(description="The place in the document's own words.")
    carriers: list[str]
    partners: list[str]
    start_year: int | None
    start_text: str | None = Field(description="The start as printed.")
    status: str | None
    contacts: list[ContactReply]
    same_as: list[str] = Field(description="Ids of the same initiative in other documents.")
    editorial: EditorialReply | None = None

    @classmethod
    def of(cls, initiative: Initiative, editorial: Editorial | None) -> "InitiativeSheet":
        """Give the whole sheet, and what the project adds to it, as JSON shows them."""
        return cls.model_validate(initiative).model_copy(update={"editorial": EditorialReply.of(editorial)})


class PageReply(BaseModel):
    """Some of the initiatives, in the order of the corpus."""

    items: list[InitiativeSheet]
    next: str | None = Field(description="The cursor of the next page, null on the last one.")


class HealthReply(BaseModel):
    """The process is alive."""

    model_config = example({"status": "alive"})
    status: str


class ReadyReply(BaseModel):
    """Index and model are loaded."""

    model_config = example({"status": "ready", "documents": 5, "initiatives": 239, "encoder": "bundled"})
    status: str
    documents: int
    initiatives: int
    encoder: str
