"""Replies to whoever runs the service."""

from pydantic import BaseModel, Field

from index import Generation
from web.administration import Administration
from web.building import Build
from web.examples import Example
from web.schemas import FaultReply, example

BUILD: Example = {
    "state": "running",
    "began": "2026-11-29T14:02:33Z",
    "step": "Encoding the passages",
    "percent": 37,
    "ended": None,
    "made": None,
    "fault": None,
}
GENERATION: Example = {
    "name": "20261129t140233123456",
    "digest": "5f1c9a0b77d2e8135f1c9a0b77d2e8135f1c9a0b77d2e8135f1c9a0b77d2e813",
    "built": "2026-11-29T14:02:33Z",
    "current": True,
}


class BuildReply(BaseModel):
    """A build: running, or how it ended."""

    model_config = example(BUILD)

    state: str = Field(description="`running`, `made` (a new generation), `up to date` (nothing to do) or `failed`.")
    began: str = Field(description="UTC.")
    step: str = Field(description="What is being done, or was last.")
    percent: int = Field(ge=0, le=100, description="How much of the step is done.")
    ended: str | None = Field(description="UTC; null while it runs.")
    made: str | None = Field(description="The generation that was made, or taken up again; null where none was.")
    fault: FaultReply | None = Field(description="Why it failed.")

    @classmethod
    def of(cls, build: Build) -> "BuildReply":
        """Make the reply."""
        fault = build.fault
        return cls(
            state=state_of(build),
            began=build.began,
            step=build.step,
            percent=build.percent,
            ended=build.ended,
            made=build.after if state_of(build) == "made" else None,
            fault=None if fault is None else FaultReply(what=fault.what, where=fault.where, mend=fault.mend),
        )


class RebuildReply(BaseModel):
    """A build that has begun, and where to see how far it is."""

    model_config = example({"build": BUILD, "follow": "/admin/status"})

    build: BuildReply = Field(description="What has begun.")
    follow: str = Field(description="The path of the route that says how far it is.")


class GenerationReply(BaseModel):
    """A generation of the index that is kept."""

    model_config = example(GENERATION)

    name: str = Field(description="Of its folder.")
    digest: str = Field(description="Of what was read to make it.")
    built: str = Field(description="UTC.")
    current: bool = Field(description="Whether it is the one that is searched.")

    @classmethod
    def of(cls, generation: Generation, current: str | None) -> "GenerationReply":
        """Make the reply, with the name of the current one."""
        return cls(
            name=generation.name,
            digest=generation.digest,
            built=generation.built,
            current=generation.name == current,
        )


class StatusReply(BaseModel):
    """The last build, and the generations that are kept."""

    model_config = example({"build": BUILD, "generations": [GENERATION]})

    build: BuildReply | None = Field(description="The build that runs, or the last one; null where there was none.")
    generations: list[GenerationReply] = Field(description="The newest first.")

    @classmethod
    def of(cls, administration: Administration) -> "StatusReply":
        """Make the reply."""
        build, current = administration.last_build, administration.current()
        return cls(
            build=None if build is None else BuildReply.of(build),
            generations=[GenerationReply.of(one, current) for one in administration.generations()],
        )


def state_of(build: Build) -> str:
    """How a build is going, or came out, in a word or two."""
    if build.runs:
        return "running"
    if build.failed:
        return "failed"
    return "up to date" if build.after == build.before else "made"
