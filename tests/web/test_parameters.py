"""Parameters: places by code or name, pages by cursor, and nothing that is not understood."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from search import Filters, UnknownFilter
from tests.small_index import sheet
from web.parameters import (
    LONGEST_VALUE,
    AskParameters,
    BadCursor,
    FilterParameters,
    PageParameters,
    SearchParameters,
    cursor,
)


@pytest.mark.parametrize("asked", ["33", "Gironde", "gironde", "département de la Gironde"])
def test_a_departement_is_asked_for_by_code_or_name(gazetteer, asked):
    assert FilterParameters(departement=[asked]).filters(gazetteer) == Filters(departement=("33",))


@pytest.mark.parametrize("asked", ["53", "Bretagne", "bretagne"])
def test_a_region_is_asked_for_by_code_or_name(gazetteer, asked):
    assert FilterParameters(region=[asked]).filters(gazetteer) == Filters(region=("53",))


def test_a_code_of_a_region_of_today_is_never_taken_for_a_former_one(gazetteer):
    assert FilterParameters(region=["75"]).filters(gazetteer) == Filters(region=("75",))  # Nouvelle-Aquitaine


@pytest.mark.parametrize("asked", ["", " ", "Bordeaux", "99", "'; DROP TABLE initiatives; --", "🚌"])
def test_what_is_no_departement_is_refused_with_an_example(gazetteer, asked):
    with pytest.raises(UnknownFilter, match=r"no département.*such as 33 or Gironde"):
        FilterParameters(departement=[asked]).filters(gazetteer)


@pytest.mark.parametrize("asked", ["", "Gironde", "00", "Transylvania"])
def test_what_is_no_region_is_refused_with_an_example(gazetteer, asked):
    with pytest.raises(UnknownFilter, match=r"no region.*such as Bretagne or 53"):
        FilterParameters(region=[asked]).filters(gazetteer)


def test_a_region_of_the_past_is_refused_with_that_of_today(gazetteer):
    with pytest.raises(UnknownFilter, match=r"Aquitaine ended in 2015.*Ask for Nouvelle-Aquitaine"):
        FilterParameters(region=["Aquitaine"]).filters(gazetteer)


def test_a_condition_with_several_values_is_met_by_either_each_once(gazetteer):
    asked = FilterParameters(departement=["33", "Landes", "Gironde"], theme=["Santé", "Logement"])
    assert asked.filters(gazetteer) == Filters(departement=("33", "40"), theme=("Santé", "Logement"))


def test_the_other_filters_go_through_as_they_are(gazetteer):
    asked = FilterParameters(theme=["Santé"], kind=["note"], document=["atlas"], year_from=2015, year_to=2015)
    assert asked.filters(gazetteer) == Filters(
        theme=("Santé",), kind=("note",), document=("atlas",), year_from=2015, year_to=2015
    )


@pytest.mark.parametrize("wrong", [{"k": 0}, {"k": 101}, {"kind": ["poem"]}, {"year_from": 0}, {"departmnt": "33"}])
def test_values_out_of_range_and_misspelt_names_are_refused(wrong):
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        SearchParameters(q="bus", **wrong)


def test_some_of_what_is_understood_may_be_ignored_and_nothing_is_unless_asked():
    assert AskParameters(q="bus").ignore == []
    assert AskParameters(q="bus à Lyon", ignore=["Lyon", "bus"]).ignore == ["Lyon", "bus"]
    with pytest.raises(ValidationError, match=f"at most {LONGEST_VALUE} characters"):
        AskParameters(q="bus", ignore=["x" * (LONGEST_VALUE + 1)])


def named(*ids):
    return [SimpleNamespace(id=id) for id in ids]


def test_a_page_ends_with_the_cursor_of_the_next_one():
    first, following = PageParameters(limit=2).page_of(named("a", "b", "c"))
    assert ([one.id for one in first], following) == (["a", "b"], cursor("b"))
    second, last = PageParameters(limit=2, cursor=following).page_of(named("a", "b", "c"))
    assert ([one.id for one in second], last) == (["c"], None)


def test_a_cursor_stays_good_when_the_list_grows():
    page, _ = PageParameters(limit=1, cursor=cursor("b")).page_of(named("a", "a2", "b", "c"))
    assert [one.id for one in page] == ["c"]


def test_an_empty_list_is_one_empty_page():
    assert PageParameters().page_of([]) == ([], None)


@given(st.text(max_size=40))
def test_a_cursor_from_elsewhere_is_refused(stray):
    with pytest.raises(BadCursor, match="start without it"):
        PageParameters(cursor=stray).page_of(named("a", "b"))


@given(st.sets(st.text(min_size=1, alphabet=st.characters(codec="utf-8"), max_size=9), max_size=12), st.integers(1, 5))
def test_pages_give_every_initiative_once_and_in_order(ids, limit):
    everything = named(*sorted(ids))
    seen, following = [], None
    for _ in range(len(everything) + 1):
        page, following = PageParameters(limit=limit, cursor=following).page_of(everything)
        seen += [one.id for one in page]
        if following is None:
            break
    assert seen == sorted(ids)


def test_ten_thousand_initiatives_are_paged_through_without_gaps_and_none_comes_twice():
    one = sheet("0")
    initiatives = [replace(one, id=str(number)) for number in range(10_000)]
    seen, after = [], None
    while True:
        page, after = PageParameters(limit=100, cursor=after).page_of(initiatives)
        seen += page
        if after is None:
            break
    assert seen == initiatives
