"""Wire shapes of feedback: what was kept of what somebody said, so that they see it."""

from datetime import date

from pydantic import BaseModel, Field

from search.feedback.entry import GivenJudgement, Kept, Miss
from wire import A_CARD, example


class JudgementReply(BaseModel):
    """A judgement as it is kept: without personal data."""

    model_config = example(
        {
            "query": "chauffage au bois à Bordeaux",
            "language": "fr",
            "initiative": A_CARD["id"],
            "grade": 3,
            "comment": "Exactement ce que je cherchais.",
            "team": None,
            "kept_until": "2027-03-14",
        }
    )
    query: str
    language: str = Field(description="fr or en")
    initiative: str
    grade: int
    comment: str | None
    team: str | None
    kept_until: date = Field(description="The last day on which it is there.")

    @classmethod
    def of(cls, kept: Kept[GivenJudgement], until: date) -> "JudgementReply":
        """Give a kept judgement as JSON shows it."""
        given = kept.entry
        return cls(
            query=given.query,
            language=given.language,
            initiative=given.initiative,
            grade=given.grade,
            comment=given.comment,
            team=given.system,
            kept_until=until,
        )


class GapReply(BaseModel):
    """A report of something missing, as it is kept: without personal data."""

    model_config = example({"query": "garde d'enfants la nuit", "language": "fr", "kept_until": "2027-03-14"})
    query: str
    language: str = Field(description="fr or en")
    kept_until: date = Field(description="The last day on which it is there.")

    @classmethod
    def of(cls, kept: Kept[Miss], until: date) -> "GapReply":
        """Give a kept report as JSON shows it."""
        return cls(query=kept.entry.query, language=kept.entry.language, kept_until=until)
