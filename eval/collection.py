"""A collection: questions and relevance judgements, and what they name in a catalogue.

    collection = open_collection(folder)            # eval.formats reads the files
    qrels = Qrels.of(collection, catalogue)         # the judgements, by ids of the catalogue
    qrels.grade("q1", "recueil-2018-atelier-photo-33")

A collection names initiatives by id, or as *units*: by words that stand in one initiative alone, so that it outlives a
change of ids. A cluster, all tellings of one real-world initiative, counts once. Aliases are the names in files.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, AliasChoices, Field, StringConstraints

from corpus import Document, Initiative
from corpus.text import strip_markup
from eval.errors import BadCollection

# The type of a question that no initiative answers.
NO_ANSWER = "no_answer"

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
OptionalText = Annotated[Text | None, Field(default=None)]
# TREC and BEIR judge spam and pages of a pool below 0: judged, and not relevant.
Grade = Annotated[int, Field(strict=True, le=3), AfterValidator(lambda grade: max(grade, 0))]

# BCP 47: a collection of others may hold other languages than ours; "und" where a file does not say.
LanguageCode = Annotated[Text, Field(validation_alias="lang")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What somebody asks."""

    id: Annotated[Text, Field(validation_alias=AliasChoices("qid", "_id", "num"))]
    text: Annotated[Text, Field(validation_alias=AliasChoices("query", "question", "text", "title"))]
    language: LanguageCode
    type: Text  # a slice of the figures: "place", "paraphrase", … or NO_ANSWER
    where: str  # file:line


@dataclass(frozen=True, slots=True)
class Judgement:
    """How well a unit answers a question."""

    question: Annotated[Text, Field(validation_alias=AliasChoices("qid", "query-id"))]
    unit: Annotated[Text, Field(validation_alias=AliasChoices("uid", "docid", "corpus-id"))]
    grade: Annotated[Grade, Field(validation_alias=AliasChoices("grade", "score"))]
    where: str  # file:line


@dataclass(frozen=True, slots=True)
class Unit:
    """An initiative as the collection names it: by words that stand in it and in no other of its document, or by id."""

    id: Annotated[Text, Field(validation_alias=AliasChoices("uid", "gid"))]  # the initiative's, without a snippet
    document: OptionalText  # the name under which the text reached us, or that name up to its first "_"
    snippet: OptionalText
    where: str  # file:line

    def __post_init__(self) -> None:
        if (self.document is None) != (self.snippet is None):
            raise ValueError("'document' and 'snippet' are given both, or neither")


@dataclass(frozen=True, slots=True)
class SimilarGroup:
    """Initiatives with like aims."""

    id: Annotated[Text, Field(validation_alias="sid")]
    strength: Text  # "same", "very_similar" or "related"
    members: Annotated[tuple[Unit, ...], Field(min_length=2)]  # their ids are not those of Collection.units
    where: str  # file:line

    @property
    def names(self) -> tuple[str, ...]:
        """The names that its members have in a series. Example: "s1:g1"."""
        return tuple(f"{self.id}:{member.id}" for member in self.members)


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """What a folder says; every judgement speaks of a question and a unit that are here.

    Raises BadCollection, with file and line, for what stands twice, a judgement on an unknown question or unit, and a
    question that nothing answers.
    """

    folder: Path
    questions: tuple[Question, ...]
    judgements: tuple[Judgement, ...]
    units: tuple[Unit, ...]
    twins: tuple[frozenset[str], ...] = ()  # clusters, as ids of units. Empty: those that the catalogue links
    unanswerable: tuple[Question, ...] = ()
    similar: tuple[SimilarGroup, ...] = ()

    def __post_init__(self) -> None:
        each_once((f"question '{question.id}'", question.where) for question in self.all_questions)
        each_once((f"unit '{unit.id}'", unit.where) for unit in self.units)
        each_once((f"judgement of '{each.unit}' for '{each.question}'", each.where) for each in self.judgements)
        each_once((f"group '{group.id}'", group.where) for group in self.similar)
        asked, known = {question.id for question in self.questions}, {unit.id for unit in self.units}
        mend = "Add it to the others, or remove the line."
        for one in self.judgements:
            if one.question not in asked:
                raise BadCollection(f"A judgement speaks of the unknown question '{one.question}'", one.where, mend)
            if one.unit not in known:
                raise BadCollection(f"A judgement speaks of the unknown unit '{one.unit}'", one.where, mend)
        answered = {one.question for one in self.judgements if one.grade}
        for question in self.questions:
            if question.id not in answered:
                mend = "Judge a unit above 0 for it, or move the question to no_answer.jsonl."
                raise BadCollection(f"No judgement says what answers '{question.id}'", question.where, mend)

    @property
    def name(self) -> str:
        """The name of its folder."""
        return self.folder.resolve().name

    @property
    def all_questions(self) -> tuple[Question, ...]:
        """Those that initiatives answer, then those that none does."""
        return (*self.questions, *self.unanswerable)


def each_once(named: Iterable[tuple[str, str]]) -> None:
    """Raise BadCollection for a name that stands twice; each comes with the file:line where it stands."""
    first: dict[str, str] = {}
    for name, where in named:
        if name in first:
            raise BadCollection(f"The {name} stands twice", where, f"Remove this line or {first[name]}.")
        first[name] = where


def named_units(judgements: Sequence[Judgement]) -> tuple[Unit, ...]:
    """The units that judgements name by the ids of initiatives, each once, where its first judgement stands."""
    first: dict[str, str] = {}
    for one in judgements:
        first.setdefault(one.unit, one.where)
    return tuple(Unit(id_, None, None, where) for id_, where in first.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One initiative of a catalogue."""

    id: str
    title: str
    document: str  # id
    theme: str | None
    text: str
    start_line: int  # of the text in its document, from 1
    same_as: tuple[str, ...]  # ids of its tellings in other documents


@dataclass(frozen=True)
class Catalogue:
    """All initiatives that a system may find, and the names by which collections know their documents."""

    sheets: Mapping[str, Sheet]  # by id, in the order of the corpus
    original_names: Mapping[str, str]  # id of a document → the name under which its text reached us

    @classmethod
    def of(cls, initiatives: Iterable[Initiative], documents: Iterable[Document]) -> "Catalogue":
        """The catalogue of a corpus or an index."""
        sheets = {
            one.id: Sheet(
                id=one.id,
                title=one.title,
                document=one.source.document,
                theme=one.theme,
                text=one.text,
                start_line=one.source.start_line,
                same_as=tuple(one.same_as),
            )
            for one in initiatives
        }
        return cls(sheets, {each.id: each.original_name for each in documents})

    def title(self, id: str) -> str:
        """The title of an initiative; the id itself for one that is not in the catalogue."""
        return self.sheets[id].title if id in self.sheets else id


def map_units(units: Iterable[Unit], catalogue: Catalogue) -> dict[str, str]:
    """Find the initiative of each unit: the one whose text holds the snippet, markup and white space aside.

    A unit without a snippet is the initiative that has its id. Gives unit id → initiative id. Raises BadCollection when
    a snippet stands in no initiative of its document, or in several, and when no initiative has the id.
    """
    texts: dict[str, dict[str, str]] = {}  # under both spellings of a document
    for sheet in catalogue.sheets.values():
        name = catalogue.original_names.get(sheet.document, sheet.document)
        for spelling in (name, name.split("_")[0]):
            texts.setdefault(spelling, {})[sheet.id] = strip_markup(sheet.text)
    found = {}
    for unit in units:
        if unit.snippet is None:
            holders = [unit.id] if unit.id in catalogue.sheets else []
            what = f"No initiative has the id '{unit.id}'"
            mend = "Give an id as /initiatives lists them, or words that stand in it (units.jsonl)."
        else:
            snippet = strip_markup(unit.snippet)
            holders = [id_ for id_, text in texts.get(unit.document or "", {}).items() if snippet in text]
            number = f"{len(holders)} initiatives" if holders else "no initiative"
            what = f"The snippet of '{unit.id}' stands in {number} of the document '{unit.document}'"
            mend = "Choose words that one initiative of this document holds, and no other."
        if len(holders) != 1:
            raise BadCollection(what, unit.where, mend)
        (found[unit.id],) = holders
    return found


@dataclass(frozen=True, slots=True)
class Qrels:
    """The judgements of a collection by ids of a catalogue, the members of a cluster folded into one.

    A cluster has the least id of its members, and the highest of their grades.
    """

    grades: Mapping[str, Mapping[str, int]]  # question id → cluster → grade, in the order of the file
    clusters: Mapping[str, str]  # id of an initiative that is told several times → its cluster

    @classmethod
    def of(cls, collection: Collection, catalogue: Catalogue) -> "Qrels":
        """Find the units of a collection in a catalogue. Raises BadCollection as `map_units` does."""
        initiatives = map_units(collection.units, catalogue)
        alike: list[list[str]] = (
            [[initiatives[unit] for unit in group] for group in collection.twins]
            if collection.twins
            else [[sheet.id, *sheet.same_as] for sheet in catalogue.sheets.values() if sheet.same_as]
        )
        clusters = {one: min(members) for members in alike for one in members}
        grades: dict[str, dict[str, int]] = {}
        for judgement in collection.judgements:
            initiative = initiatives[judgement.unit]
            cluster, of_question = clusters.get(initiative, initiative), grades.setdefault(judgement.question, {})
            of_question[cluster] = max(judgement.grade, of_question.get(cluster, 0))
        return cls(grades, clusters)

    def cluster(self, initiative: str) -> str:
        """The id that stands for an initiative and its other tellings."""
        return self.clusters.get(initiative, initiative)

    def grade(self, question: str, initiative: str) -> int | None:
        """How well an initiative answers a question; None when nobody judged it."""
        return self.grades.get(question, {}).get(self.cluster(initiative))

    def best(self, question: str) -> str:
        """The cluster that answers a question best; of several, the first of the file."""
        of_question = self.grades[question]
        return max(of_question, key=lambda initiative: of_question[initiative])
