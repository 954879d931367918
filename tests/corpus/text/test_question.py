"""The normal form of questions: the same words give the same text, however they were typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.text import encoder_form, in_lower_case, question_form, visible_form

TYPED = st.one_of(st.text(max_size=40), st.text(alphabet="ael.·()-/'s´ «»?!\u0301\u00adéRSA1 ,•🚌", max_size=40))


@pytest.mark.parametrize(
    "typed",
    [
        "« mobilité »",
        "mobilité ?",
        "mobilité ???",
        "mobilité…",
        "(mobilité)",
        "mobilité 🚌",
        "‘mobilité’",
        "“mobilité”",
        "(mobilité ?)",
    ],
)
def test_closing_marks_quotation_marks_brackets_around_the_whole_and_emoji_say_nothing(typed: str):
    assert question_form(typed) == "mobilité"


@pytest.mark.parametrize(
    "typed", ["mobi\u200blité", "mobi\u00adlité", "mobi\u200dlité", "\u202amobilité\u202c", "\ufeffmobilité"]
)
def test_characters_that_cannot_be_seen_part_no_word(typed: str):
    assert question_form(typed) == "mobilité"


def test_decomposed_letters_and_ligatures_are_the_same_text():
    assert question_form("be\u0301ne\u0301voles eﬃcaces ＲＳＡ") == "bénévoles efficaces RSA"


@pytest.mark.parametrize("sign", "’‘´`ʼ′＇ʹ")
def test_every_stand_in_for_the_apostrophe_is_one(sign: str):
    assert question_form(f"Val d{sign}Oise") == "Val d'Oise"


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("du R.S.A.", "du RSA"),
        ("accueil des M.N.A. ?", "accueil des MNA"),
        ("dossier M.D.P.H", "dossier MDPH"),
        ("M. Roy", "M. Roy"),
    ],
)
def test_single_letters_between_points_are_one_acronym(typed: str, plain: str):
    assert question_form(typed) == plain


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("aidant·e·s", "aidants"),
        ("AIDANT·E·S", "AIDANTS"),
        ("professionnel(le)s", "professionnels"),
        ("sénior.e.s", "séniors"),
        ("aidant-e-s", "aidants"),
        ("travailleur·euse·s handicapé·e·s", "travailleurs handicapés"),
        ("usagers/ères", "usagers"),
        ("étudiant·es", "étudiants"),
        ("aide(s) sociale(s)", "aides sociales"),
        ("chargé(e) de mission", "chargé de mission"),
    ],
)
def test_inclusive_writing_is_read_in_the_plain_form(typed: str, plain: str):
    assert question_form(typed) == plain


@pytest.mark.parametrize(
    "text",
    [
        "1000 logements",
        "12,5 %",
        "aide (13)",
        "(13)",
        "(2A)",
        "n° 12",
        "rendez-vous",
        "porte-le",
        "et/ou",
        "le 2.0",
        "aujourd'hui",
    ],
)
def test_numbers_and_ordinary_hyphens_stay(text: str):
    assert question_form(text) == text


def test_the_encoder_reads_lower_case_but_for_words_in_capitals():
    assert encoder_form("Qui aide à Paris les allocataires du RSA ?") == "qui aide à paris les allocataires du RSA"


@given(TYPED)
def test_the_normal_form_is_its_own(typed: str):
    assert question_form(question_form(typed)) == question_form(typed)
    assert visible_form(visible_form(typed)) == visible_form(typed)


@given(TYPED)
def test_lower_case_moves_no_character(typed: str):
    assert len(in_lower_case(typed)) == len(typed)
