"""Contacts at hand: what can be dialled and written to, and nothing that leads elsewhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import Contact
from web.contacts import ContactView, email_address, phone_address


@pytest.mark.parametrize(
    ("printed", "address"),
    [
        ("01 23 45 67 89", "tel:0123456789"),
        ("+33 (0)1.23.45.67.89", "tel:+33123456789"),
        ("0590 12-34-56", "tel:0590123456"),
        ("3939 (gratuit)", None),
        ("01 23 45 67 89 / 06 12 34 56 78", None),  # two numbers
        ("119", None),
        (None, None),
    ],
)
def test_one_number_can_be_dialled_as_it_is_printed(printed, address):
    assert phone_address(printed) == address


@pytest.mark.parametrize(
    ("printed", "address"),
    [
        ("a.b@c.fr", "mailto:a.b@c.fr"),
        ("a@b.fr?bcc=x@y.z", None),
        ("a@b.fr?subject=x", "mailto:a@b.fr%3Fsubject%3Dx"),
        ("a at b.fr", None),
        (None, None),
    ],
)
def test_an_address_is_written_to_and_nothing_is_added_to_the_mail(printed, address):
    assert email_address(printed) == address


def test_a_damaged_address_is_shown_and_leads_nowhere():
    view = ContactView.of(Contact(name="A", role=None, email="a@ b.fr", phone=None, email_damaged=True))
    assert (view.email, view.email_address, view.is_damaged) == ("a@ b.fr", None, True)


@given(st.text())
def test_no_printed_text_becomes_another_kind_of_address(text):
    assert (phone_address(text) or "tel:").startswith("tel:")
    assert (email_address(text) or "mailto:").startswith("mailto:")
    assert "?" not in (email_address(text) or "")
