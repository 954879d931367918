"""Acronyms in a question: in either form, and never an ordinary word."""

import pytest

from corpus import EditorialLayer
from index.acronyms import Acronym
from index.index import Contents
from index.passage import Passage
from search.acronyms import Acronyms

CAS = Acronym("CAS", "Circonscriptions d'Action Sociale")
RSA = Acronym("RSA", "Revenu de Solidarité Active")
TEXT = "Dans ce cas, le Revenu de Solidarité Active (RSA) est versé par les CAS."


@pytest.fixture(scope="module")
def acronyms():
    return Acronyms.of(Contents((), (), (Passage("a#0", "a", None, 1, 1, TEXT),), (CAS, RSA), EditorialLayer(), ()))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("allocataires du RSA", (RSA,)),
        ("allocataires du rsa", (RSA,)),
        ("le revenu de solidarité active", (RSA,)),
        ("les CAS du département", (CAS,)),
        ("que faire dans ce cas ?", ()),
        ("les circonscriptions d'action sociale et le RSA", (CAS, RSA)),
        ("un bus", ()),
    ],
)
def test_an_acronym_is_met_in_either_form_but_not_as_a_word(acronyms, text, named):
    assert acronyms.named_in(text) == named
