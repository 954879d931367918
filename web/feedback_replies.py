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
    query: str = Field(description="The question, without personal data.")
    language: Language = Field(description="Of the question.")
    initiative: str = Field(description="Id of the initiative judged.")
    grade: int = Field(description="0 (off the subject) to 3 (exactly that).")
    comment: str | None = Field(description="Without personal data; null where none was given.")
    kept_until: date = Field(description="The last day on which it is there.")

    @classmethod
    def of(cls, kept: Kept[Judgement], until: date) -> "JudgementReply":
        """Give a kept judgement as JSON shows it."""
        return cls(**asdict(kept.entry), kept_until=until)


class GapReply(BaseModel):
    """A report of something missing, as it is kept: without personal data."""

    model_config = example(examples.GAP)
    query: str = Field(description="What was looked for, without personal data.")
    language: Language = Field(description="Of the question.")
    kept_until: date = Field(description="The last day on which it is there.")

    @classmethod
    def of(cls, kept: Kept[Miss], until: date) -> "GapReply":
        """Give a kept report as JSON shows it."""
        return cls(query=kept.entry.query, language=kept.entry.language, kept_until=until)
