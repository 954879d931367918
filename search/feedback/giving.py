"""Giving: from what somebody says of a search to an entry that can be kept, the same at every door."""

from search.answering.answer import Answer
from search.engine import Engine
from search.fault import BadQuestion, UnknownInitiative
from search.feedback.entry import GivenJudgement, Miss, MissKind
from search.feedback.fault import UnknownTeam
from search.filters import Filters
from search.hit import Results
from search.query import Query


def judged(
    engine: Engine,
    query: str,
    initiative: str,
    grade: int,
    comment: str | None = None,
    team: str | None = None,
    teams: tuple[str, ...] = (),
) -> GivenJudgement:
    """A judgement of one hit; `team` is what the hit said of its team, one of the two `teams` that play if any.

    Raises BadQuestion, UnknownInitiative, and UnknownTeam when the team does not play.
    """
    language = _understood(engine, query).language
    try:
        known = engine.initiative(initiative)
    except UnknownInitiative as unknown:
        raise UnknownInitiative(unknown.what, "initiative", unknown.mend) from None
    if team is None:
        return GivenJudgement(query, language, known.id, grade, comment)
    if team not in teams:
        raise UnknownTeam(f"No team '{team}' plays", "team", "Give the `team` of the hit as /search told it, or none.")
    (against,) = (other for other in teams if other != team)
    return GivenJudgement(query, language, known.id, grade, comment, team, against)


def reported(engine: Engine, query: str) -> Miss:
    """What somebody says is not there. Raises BadQuestion."""
    return _missed(_understood(engine, query), MissKind.REPORTED)


def missed_by_search(results: Results, filters: Filters) -> Miss | None:
    """The miss that a search is which found nothing. Where filters narrowed it they may be the cause: then none."""
    if results.hits or filters != Filters():
        return None
    return _missed(results.query, MissKind.NOTHING_FOUND)


def missed_by_answer(answer: Answer, filters: Filters) -> Miss | None:
    """The miss that a refused answer is. Where filters narrowed it they may be the cause: then none."""
    if not answer.abstained or filters != Filters():
        return None
    return Miss(answer.question, answer.language, MissKind.REFUSED)


def _understood(engine: Engine, query: str) -> Query:
    try:
        return engine.understand(query)
    except BadQuestion as bad:
        raise BadQuestion(bad.what, "query", bad.mend) from None


def _missed(query: Query, kind: MissKind) -> Miss:
    return Miss(query.text, query.language, kind)
