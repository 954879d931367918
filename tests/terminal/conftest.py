"""`recueil` in this process, over the almanac or over the shipped collection."""

from collections.abc import Callable

import pytest
from click.testing import Result
from typer.testing import CliRunner

from cli import app
from settings import Settings
from tests.almanac import Made
from tests.conftest import environment_of

Recueil = Callable[..., Result]


def running(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Recueil:
    for name, value in environment_of(settings).items():
        if name.startswith("RECUEIL_"):
            monkeypatch.setenv(name, value)
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def settings(almanac: Made) -> Settings:
    """The settings of the almanac."""
    return Settings(documents=almanac.documents, var=almanac.var, encoder=almanac.encoder, threads=1)


@pytest.fixture
def recueil(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Recueil:
    """Run a command over the almanac."""
    return running(settings, monkeypatch)


@pytest.fixture
def recueil_shipped(built: Settings, monkeypatch: pytest.MonkeyPatch) -> Recueil:
    """Run a command over the shipped collection, with the model that answers are made with."""
    return running(built, monkeypatch)
