"""Contacts are read as printed: one for each person, nothing mended, nothing guessed."""

from collections.abc import Mapping

import pytest

from corpus.fields import domains_in, read_contacts
from corpus.model import Contact

KNOWN = {"pasdecalais.fr": 9, "cg41.fr": 1, "cg71.fr": 4, "meuse.fr": 2, "creuse.fr": 5, "indre.fr": 6}


def read(text: str, domains: Mapping[str, int] = KNOWN) -> list[tuple[str | None, str | None, str | None, str | None]]:
    return [(one.name, one.role, one.email, one.phone) for one in read_contacts(text, domains)]


@pytest.mark.parametrize(
    "line",
    [
        "Anne ROY, directrice - 01 02 03 04 05 - a.roy@nord.fr",
        "Anne ROY , directrice – a.roy@nord.fr – 01 02 03 04 05",
        "Anne ROY, directrice, a.roy@nord.fr, 01 02 03 04 05",
        "Anne ROY, directrice TEL : 01 02 03 04 05 a.roy@nord.fr",
        "Anne ROY, directrice 01 02 03 04 05 a.roy@nord.fr www.nord.fr",
        "Anne ROY, directrice, 01 02 03 04 05,\na.roy@nord.fr",
        "Anne ROY, directrice - a.roy@nord.fr -\n01 02 03 04 05",
    ],
)
def test_a_person_is_read_whatever_the_order_and_the_separators(line: str) -> None:
    assert read(line) == [("Anne ROY", "directrice", "a.roy@nord.fr", "01 02 03 04 05")]


@pytest.mark.parametrize("separator", [" // ", " ; ", " & ", " ou ", " et ", "\n", "\nEt "])
def test_two_people_are_told_apart_and_keep_what_follows_their_name(separator: str) -> None:
    line = f"Anne ROY, a.roy@nord.fr{separator}M. Luc Petit, chef de projet, l.petit@nord.fr"
    assert read(line) == [
        ("Anne ROY", None, "a.roy@nord.fr", None),
        ("M. Luc Petit", "chef de projet", "l.petit@nord.fr", None),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Anne ROY / Luc PETIT - 01 02 03 04 05",
        "Anne ROY ou Luc PETIT, 01 02 03 04 05",
        "Anne ROY/Luc PETIT 01 02 03 04 05",
    ],
)
def test_the_only_phone_of_two_people_is_that_of_both(line: str) -> None:
    assert read(line) == [("Anne ROY", None, None, "01 02 03 04 05"), ("Luc PETIT", None, None, "01 02 03 04 05")]


def test_people_named_by_title_alone_are_told_apart() -> None:
    assert [name for name, *_ in read("Mme Roy- Mme Petit 01 02 03 04 05")] == ["Mme Roy", "Mme Petit"]


def test_names_scattered_over_lines_meet_their_addresses_in_order() -> None:
    assert read("Anne\n\nRoy/Luc\n\nPetit\n\nroy.anne@nord.fr,\n\npetit.luc@nord.fr") == [
        ("Anne Roy", None, "roy.anne@nord.fr", None),
        ("Luc Petit", None, "petit.luc@nord.fr", None),
    ]


def test_an_office_after_a_slash_is_a_role_and_no_person() -> None:
    assert read("Anne ROY, DAST / Adj DGAS, a.roy@nord.fr") == [("Anne ROY", "DAST / Adj DGAS", "a.roy@nord.fr", None)]


def test_a_second_extension_stays_with_the_phone() -> None:
    assert read("Anne Roy, cheffe - 02 97 69 52 91 (ou 92)") == [("Anne Roy", "cheffe", None, "02 97 69 52 91 (ou 92)")]


def test_a_name_alone_is_a_contact() -> None:
    assert read_contacts("Anne Roy-Petit", KNOWN) == (
        Contact(name="Anne Roy-Petit", role=None, email=None, phone=None),
    )


@pytest.mark.parametrize(
    "address",
    [
        "jean- marc.roy@seine-maritime.fr",  # a space inside
        "anne.roy@mdph90",  # no end
        "anne.roy@cg41.frr",  # no such end
        "anne.ré@pasdecalais.fr",  # an accent
        "anne.roy@pasdecals.fr",  # two letters short of a domain printed more often
    ],
)
def test_a_damaged_address_is_kept_as_printed_and_marked(address: str) -> None:
    (contact,) = read_contacts(f"Anne Roy, {address}", KNOWN)
    assert contact.email == address
    assert contact.email_damaged


@pytest.mark.parametrize(
    "address", ["a@cg41.fr", "a@cg71.fr", "a@meuse.fr", "a@creuse.fr", "a@isere.fr", "A.ROY@haute-corse.fr"]
)
def test_domains_that_are_neighbours_by_right_are_sound(address: str) -> None:
    (contact,) = read_contacts(f"Anne Roy, {address}", KNOWN)
    assert contact.email == address
    assert not contact.email_damaged


def test_the_domains_of_a_text_are_counted_in_lower_case() -> None:
    assert domains_in("a@Nord.fr, b@nord.fr ou c@lot.fr") == {"nord.fr": 2, "lot.fr": 1}
