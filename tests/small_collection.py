"""A small collection and its catalogue, made of grades: figures that can be reckoned by hand."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from eval.collection import Catalogue, Collection, Judgement, Question, Sheet, SimilarGroup, named_units
from eval.evaluation import Evaluation, evaluate
from eval.run import Run, System

HERE = "x.jsonl:1"


def collection_of(
    grades: Mapping[str, Mapping[str, int]],
    twins: Sequence[set[str]] = (),
    unanswerable: Sequence[str] = (),
    similar: Sequence[SimilarGroup] = (),
    folder: Path = Path("small"),
) -> Collection:
    """Question id → initiative id → grade. The type of a question is the first letter of its id."""
    judgements = tuple(
        Judgement(question, initiative, grade, HERE)
        for question, of_question in grades.items()
        for initiative, grade in of_question.items()
    )
    return Collection(
        folder=folder,
        questions=tuple(_question(id_, "fr", id_[0]) for id_ in grades),
        judgements=judgements,
        units=named_units(judgements),
        twins=tuple(frozenset(group) for group in twins),
        unanswerable=tuple(_question(id_, "en", "no_answer") for id_ in unanswerable),
        similar=tuple(similar),
    )


def _question(id_: str, language: str, type_: str) -> Question:
    return Question(id=id_, text=f"text of {id_}", language=language, type=type_, where=HERE)


def catalogue_of(collection: Collection, *others: str) -> Catalogue:
    """A catalogue of the judged initiatives and others, all of one document, each with its id in capitals as title."""
    ids = [unit.id for unit in collection.units]
    ids += [member.id for group in collection.similar for member in group.members]
    return catalogue([*ids, *others])


def catalogue(
    ids: Iterable[str], document: str = "d", same_as: Mapping[str, tuple[str, ...]] | None = None
) -> Catalogue:
    sheet = partial(Sheet, document=document, theme=None, start_line=1)
    sheets = (
        sheet(id=one, title=one.upper(), text=f"texte de {one}", same_as=(same_as or {}).get(one, ())) for one in ids
    )
    return Catalogue({sheet.id: sheet for sheet in sheets}, {document: f"{document}.txt"})


def run_of(name: str, known: Catalogue, rankings: Mapping[str, Sequence[str]]) -> Run:
    return Run(name, known, {question: tuple(ranking) for question, ranking in rankings.items()}, {})


def evaluation_of(system: System, collection: Collection) -> Evaluation:
    """The figures of rankings, of a system asked every question."""
    return evaluate(system.run(collection.all_questions), collection, system).evaluation
