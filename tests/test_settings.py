"""The settings: read once from the environment, refused when misspelt or out of range."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from settings import BadSetting, Settings, read_settings


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch):
    for name in Settings.model_fields:
        monkeypatch.delenv(f"RECUEIL_{name.upper()}", raising=False)


def test_without_any_variable_the_service_listens_on_port_8000_of_this_machine_alone():
    settings = read_settings()
    assert (settings.host, settings.port, settings.encoder) == ("127.0.0.1", 8000, "bundled")


def test_a_checkout_keeps_everything_that_is_made_in_its_own_folder_var():
    assert read_settings().var == Path(__file__).parents[1] / "var"


def test_each_setting_is_an_environment_variable(monkeypatch):
    monkeypatch.setenv("RECUEIL_PORT", "9001")
    monkeypatch.setenv("RECUEIL_VAR", "/srv/recueil")
    assert (read_settings().port, read_settings().var) == (9001, Path("/srv/recueil"))


def test_a_misspelt_variable_is_refused_and_the_settings_are_named(monkeypatch):
    monkeypatch.setenv("RECUEIL_PROT", "9001")
    with pytest.raises(BadSetting, match=r"no setting RECUEIL_PROT.*RECUEIL_HOST, RECUEIL_PORT"):
        read_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "0"), ("PORT", "70000"), ("PORT", "http"), ("THREADS", "0"), ("HOST", ""), ("ENCODER", "")],
)
def test_a_value_that_cannot_be_used_is_refused_with_its_name_and_value(monkeypatch, name, value):
    monkeypatch.setenv(f"RECUEIL_{name}", value)
    with pytest.raises(
        BadSetting, match=rf"setting RECUEIL_{name} cannot be used.*RECUEIL_{name}={value}.*Give another value"
    ):
        read_settings()


def test_settings_do_not_change_once_they_are_read():
    with pytest.raises(ValidationError, match="frozen"):
        read_settings().port = 9002


def test_every_setting_says_what_it_is_for():
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []
