"""Every knob of the service. Only the doors import this; everything below takes explicit arguments."""

import os
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from corpus import Fault

HERE = Path(__file__).resolve().parent
PREFIX = "RECUEIL_"
# What is made stays inside a checkout. An installed package must not write beside its own code.
VAR = HERE / "var" if (HERE / "pyproject.toml").is_file() else Path.home() / ".local" / "share" / "recueil"


class BadSetting(Fault):
    """An environment variable is misspelt or has a value that cannot be used."""


class Settings(BaseSettings):
    """Read from the environment: RECUEIL_<NAME> in capitals."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    documents: Path = Field(HERE / "corpus" / "documents", description="Folder of source texts and documents.toml.")
    var: Path = Field(VAR, description="Folder for everything that is made: models and indexes.")
    encoder: str = Field("bundled", min_length=1, description="'bundled', or a sentence-transformers name or folder.")
    threads: int = Field(os.cpu_count() or 1, ge=1, description="Threads of one encoding.")
    host: str = Field("127.0.0.1", min_length=1, description="Address to listen on.")
    port: int = Field(8000, ge=1, le=65535, description="Port to listen on.")


def read_settings() -> Settings:
    """Read the settings from the environment.

    Raises BadSetting for a value that cannot be used and for a variable RECUEIL_… that is no setting.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    # On the command line and in containers a misspelt variable would otherwise go unnoticed for ever.
    if stray := sorted(name for name in os.environ if name.upper().startswith(PREFIX) and name.upper() not in known):
        raise BadSetting(
            f"There is no setting {stray[0]}", "the environment", f"The settings are {', '.join(sorted(known))}."
        )
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = PREFIX + str(first["loc"][0]).upper()
        raise BadSetting(
            f"The setting {name} cannot be used: {first['msg']}",
            f"{name}={first['input']}",
            f"Give another value or leave it out; {Settings.model_fields[str(first['loc'][0])].description}",
        ) from None
