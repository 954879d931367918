"""What became of the sheets is told by their ids, field by field."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from corpus import Contact, Departement, FieldChange, Source, changes_between
from tests.small_index import sheet

BUS = sheet("bus", "Un bus.", "Il passe.", title="Le bus", departements=(Departement("01", "Ain"),))
CAR = sheet("car", "Un car.", title="Le car")
BIKE = sheet("bike", "Un vélo.", title="Le vélo")


def test_sheets_are_added_changed_and_removed_by_their_ids():
    changes = changes_between([BUS, CAR], [BIKE, replace(BUS, theme="Routes")])
    assert changes.added == (BIKE,)
    assert changes.removed == (CAR,)
    assert [(one.initiative.id, one.fields) for one in changes.changed] == [
        ("bus", (FieldChange("theme", "", "Routes"),))
    ]
    assert changes.unchanged == 0


def test_a_sheet_that_only_moved_in_its_document_has_not_changed():
    lower = replace(
        BUS,
        source=Source("atlas", 41, 42),
        sections=tuple(
            replace(one, start_line=one.start_line + 40, end_line=one.end_line + 40) for one in BUS.sections
        ),
    )
    changes = changes_between([BUS], [lower])
    assert not changes
    assert changes.unchanged == 1


def test_what_is_read_of_the_same_lines_is_told_too():
    (changed,) = changes_between([BUS], [replace(BUS, sections=BUS.sections[:1])]).changed
    assert changed.fields == (FieldChange("sections", "1-1\n2-2", "1-1"),)


def test_values_are_told_as_people_read_them():
    after = replace(BUS, departements=(*BUS.departements, Departement("33", "Gironde")), title_derived=True)
    (changed,) = changes_between([BUS], [after]).changed
    assert changed.fields == (
        FieldChange("title_derived", "no", "yes"),
        FieldChange("departements", "Ain", "Ain, Gironde"),
    )


def test_a_changed_text_is_told_line_by_line():
    (changed,) = changes_between([BUS], [replace(BUS, text="Un bus.\nIl repasse.\nEt attend.")]).changed
    assert changed.fields[0].lines() == (["Il passe."], ["Il repasse.", "Et attend."])


def test_contacts_are_not_repeated():
    contact = Contact(name="Ada", role=None, email="ada@exemple.fr", phone=None)
    (changed,) = changes_between([BUS], [replace(BUS, contacts=(contact,))]).changed
    assert changed.fields == (FieldChange("contacts", "", ""),)


THEMES = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from([None, "Routes", "Écoles"]))


@given(THEMES, THEMES)
def test_every_sheet_is_told_once(before, after):
    old, new = ([sheet(id, "Un bus.", theme=theme) for id, theme in one.items()] for one in (before, after))
    changes = changes_between(old, new)
    told = {one.id for one in changes.added} | {one.initiative.id for one in changes.changed}
    assert len(told) + changes.unchanged == len(new)
    assert {one.id for one in changes.removed} == before.keys() - after.keys()
    assert {one.initiative.id for one in changes.changed} == {
        id for id in before.keys() & after.keys() if before[id] != after[id]
    }
