"""Replies to feedback: what was kept of what somebody said, so that they see it."""

from dataclasses import asdict
from datetime import date

from pydantic import BaseModel, Field

from corpus import Language
from feedback import Judgement, Kept, Miss
from web import examples
from web.schemas import example


class JudgementReply(BaseModel):
    """A judgement as it is kept: without personal data."""

    model_config = example(examples.JUDGEMENT)
    query: str
    language: Language
    initiative: str
    grade: int
    comment: str | None
    kept_until: date = Field(description="The last day on which it is there.")

    @classmethod
    def of(cls, kept: Kept[Judgement], until: date) -> "JudgementReply":
        """Give a kept judgement as JSON shows it."""
        return cls(**asdict(kept.entry), kept_until=until)


class GapReply(BaseModel):
    """A report of something missing, as it is kept: without personal data."""

    model_config = example(examples.GAP)
    query: str
    language: Language
    kept_until: date = Field(description="The last day on which it is there.")

    @classmethod
    def of(cls, kept: Kept[Miss], until: date) -> "GapReply":
        """Give a kept report as JSON shows it."""
        return cls(query=kept.entry.query, language=kept.entry.language, kept_until=until)
