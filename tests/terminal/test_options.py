"""Options that several commands share: one for each filter, checked before anything is opened."""

import pytest
import typer
from typer.testing import CliRunner

from terminal.options import FILTERS, with_filters
from web import FilterParameters


@pytest.fixture
def taken():
    """What the command below was called with, most recent last."""
    return []


@pytest.fixture
def find(taken):
    """Run a command that takes filters between its other options."""
    app = typer.Typer()

    @app.command()
    @with_filters
    def find(text: str, k: int = 10, *, conditions: "FilterParameters", as_json: bool = False) -> None:
        """Find."""
        taken.append((text, k, conditions, as_json))

    return lambda *words: CliRunner().invoke(app, words)


def test_there_is_an_option_for_each_filter():
    assert list(FILTERS) == list(FilterParameters.model_fields)


def test_every_filter_is_taken_as_it_was_given(find, taken):
    words = ["--departement", "Ain", "--region", "53", "--theme", "Transports", "--kind", "note", "--document", "atlas"]
    words += ["--public", "aidants", "--topic", "logement", "--year-from", "2015", "--year-to", "2018"]
    assert find("bus", "--k", "3", *words, "--as-json").exit_code == 0
    conditions = FilterParameters(
        departement="Ain",
        region="53",
        theme="Transports",
        kind="note",
        document="atlas",
        public="aidants",
        topic="logement",
        year_from=2015,
        year_to=2018,
    )
    assert taken == [("bus", 3, conditions, True)]


def test_without_filters_there_are_no_conditions(find, taken):
    assert find("bus").exit_code == 0
    assert taken == [("bus", 10, FilterParameters(), False)]


def test_the_help_shows_the_filters_where_the_command_takes_them(find):
    shown = find("--help").output
    places = [shown.index(option) for option in ("--k ", "--departement", "--year-from", "--year-to", "--as-json")]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--kind", "poem"), "--kind"),
        (("--year-from", "0"), "--year-from"),
        (("--theme", "x" * 301), "--theme"),
    ],
)
def test_a_value_that_no_filter_can_have_is_a_wrong_call_that_names_the_option(find, taken, words, told):
    ended = find("bus", *words)
    assert (ended.exit_code, told in ended.stderr, taken) == (2, True, [])
