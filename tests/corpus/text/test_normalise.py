"""How words are compared and shown, and what a readable text leaves out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.text import (
    LEFT_OUT,
    edit_distance,
    fold,
    fold_name,
    fold_words,
    holds_contact,
    normalise_text,
    plain_words,
    slug,
    spreadsheet_cell,
    strip_markup,
    words_of,
)

# Scraps of which source texts are made, between which white space stands.
SCRAPS = ["**aide**", "l'aide", "*", "1^{ère}", "à 10 %", "<i>Voir</i>", "dupont@gard.fr", "06 12 34 56 78", "2018"]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("- la **1^{ère}**\n  étape", "la 1ère étape"),
        ("• Un bus\n✓ Un car\n> Un train", "Un bus Un car Un train"),
        ("o un point\nor ou argent", "un point or ou argent"),
        ("<i>Page 12</i>", "Page 12"),
        ("Écrire à j.dupont@ville-de-nimes.fr ou au 04 66 00 11 22.", "Écrire à ou au ."),
        ("Écrire à dupont@gard, lien cassé", "Écrire à , lien cassé"),
        ("+33 4 66 00 11 22 / 04.66.00.11.22 / 0466001122", "/ /"),
        ("entre 2 000 et 15\u00a0000 €", "entre 2 000 et 15 000 €"),
        ("un service - gratuit - et de qualité", "un service - gratuit - et de qualité"),
        (" \n\t ", ""),
    ],
)
def test_markup_and_contact_data_are_left_out_and_white_space_is_folded(source, text):
    assert normalise_text(source).text == text


@pytest.mark.parametrize("character", ["a", "0+", "a-"])
def test_a_long_run_without_a_space_is_read_once_and_not_from_each_of_its_characters(character):
    """Were it read from each, this would not end: a hundred thousand characters, squared."""
    assert normalise_text(character * 50_000).text == character * 50_000


def test_a_stretch_of_the_text_leads_back_to_the_source():
    source = "- la **1^{ère}**\n  étape"
    told = normalise_text(source)
    start = told.text.index("1ère")
    assert source[slice(*told.source_span(start, start + 4))] == "1^{ère"
    start = told.text.index("étape")
    assert source[slice(*told.source_span(start, start + 5))] == "étape"


@pytest.mark.parametrize(
    "written", ["me\u0301tier", "mé\u00adtier", "\u200bmétier", "m\u0065\u0301\u00adtie\u2060r", "métier"]
)
def test_letters_are_composed_and_what_nobody_sees_is_left_out(written: str):
    told = normalise_text(f"le {written}, e\ufb03cace")
    assert told.text == "le métier, efficace"
    start, end = told.source_span(3, 9)
    assert written.startswith("\u200b") or (start, end) == (3, 3 + len(written))
    assert told.source_span(12, 15) == (told.source_span(11, 12)[1], told.source_span(11, 12)[1] + 1)  # the ligature


@given(st.text(alphabet="ae\u0301\u0327\u00ad\ufb01 *\n1"))
def test_every_stretch_leads_back_to_what_reads_the_same(source: str):
    told = normalise_text(source)
    assert len(told.text) == len(told.origin) == len(told.ends)
    assert list(told.origin) == sorted(told.origin)
    assert (told.origin < told.ends).all()
    for at, character in enumerate(told.text):
        written = source[slice(*told.source_span(at, at + 1))]
        assert written.isspace() if character == " " else character in normalise_text(written).text


@given(st.text())
def test_text_that_is_written_as_it_reads_keeps_its_characters(source: str):
    told = normalise_text(source)
    for character, start, end in zip(told.text, told.origin, told.ends, strict=True):
        assert end > start + 1 or character == source[start] or source[start].isspace() or source[start] >= "\ufb00"


@given(st.text())
def test_white_space_is_single_blanks_between_words(source):
    assert normalise_text(source).text == " ".join(normalise_text(source).text.split())


@given(st.lists(st.tuples(st.sampled_from(SCRAPS), st.sampled_from([" ", "\n", "\n- ", "\u00a0"]))))
def test_no_markup_and_no_contact_survives_in_a_text_of_scraps(scraps):
    text = normalise_text("".join(scrap + gap for scrap, gap in scraps)).text
    assert LEFT_OUT.search(text) is None or text.startswith(("-", "–"))
    assert "@" not in text


@given(st.text(alphabet="abcé ,;", min_size=1))
def test_a_text_without_markup_keeps_all_but_white_space(source):
    assert normalise_text(source).text == " ".join(source.split())


# Folding and words.


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Œuvre Évaluée, ex æquo à Nîmes", "oeuvre evaluee, ex aequo a nimes"),
        ("E\u0301t\u00e9", "ete"),
        ("Straße", "strasse"),
        ("", ""),
    ],
)
def test_folding_leaves_lower_case_without_accents_and_ligatures(text, folded):
    assert fold(text) == folded


def test_the_words_of_names_are_written_out_and_those_of_other_texts_are_not():
    assert fold_name("Ste") == "sainte"
    assert fold_words("St-Denis, L'Haÿ") == ["saint", "denis", "l", "hay"]
    assert plain_words("L'aide de St-Denis aujourd'hui, jusqu'ici") == [
        "aide", "de", "st", "denis", "aujourdhui", "ici",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("L'aide à l’EHPAD", ["aide", "a", "ehpad"]),
        ("qu'elles jusqu'ici d'aujourd'hui", ["elles", "ici", "aujourdhui"]),
        ("s'il n'y a qu'un", ["il", "y", "a", "un"]),
        ("rendez-vous (R.S.A.)", ["rendez", "vous", "r", "s", "a"]),
        ("80 % en 2016, 1er rang, 06-07", ["80", "en", "2016", "1er", "rang", "06", "07"]),
        ("", []),
        ("…?!", []),
    ],
)
def test_plain_words_are_folded_and_freed_of_elisions(text, words):
    assert plain_words(text) == words


def test_words_know_where_they_stand_and_whether_they_begin_with_a_capital():
    assert [(word.folded, word.start, word.end, word.capital) for word in words_of("à l'Été")] == [
        ("a", 0, 1, False),
        ("l", 2, 3, False),
        ("ete", 4, 7, True),
    ]


@pytest.mark.parametrize(
    ("one", "other", "most", "distance"),
    [
        ("finistere", "finister", 2, 1),
        ("gironde", "girnode", 2, 1),  # two neighbours swapped
        ("lot", "lot", 0, 0),
        ("ain", "aisne", 2, 2),
        ("creuse", "meuse", 1, 2),  # more than asked for: one more than that
        ("var", "finistere", 2, 3),
    ],
)
def test_the_distance_of_two_words_counts_letters_up_to_a_bound(one, other, most, distance):
    assert edit_distance(one, other, most) == edit_distance(other, one, most) == distance


def test_markup_is_stripped():
    assert strip_markup("le **1^{er}** janvier, n^o 3,  <i>voir</i>") == "le 1er janvier, no 3, voir"


# Contact data.


@pytest.mark.parametrize(
    "text",
    [
        "01 23 45 67 89",
        "01.23.45.67.89",
        "0123456789",
        "+33 1 23 45 67 89",
        "+33 (0)1 23 45 67 89",
        "+33123456789",
        "écrire à a.roy@nord.fr",
        "jean- marc.roy@nord",
    ],
)
def test_a_telephone_number_and_an_address_are_contact_data_however_they_are_printed(text):
    assert holds_contact(f"Voir {text}, merci")


@pytest.mark.parametrize(
    "text", ["2016 2017 2018", "1 200 000 euros", "FR76 3000 6000 0112 3456 7890 189", "à @ b", ""]
)
def test_other_numbers_are_none(text):
    assert not holds_contact(text)


def test_a_readable_text_leaves_out_a_number_as_dialled_from_abroad():
    assert normalise_text("Appeler le +33 (0)1 23 45 67 89 ou le 04 66 00 11 22.").text == "Appeler le ou le ."


# Cells of a table.


@pytest.mark.parametrize("before", ["", " ", "\n", " \n "])
@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
def test_what_an_office_suite_would_calculate_becomes_text(before, start):
    assert spreadsheet_cell(f"{before}{start}1+1") == f"'{before}{start}1+1"


@pytest.mark.parametrize("text", ["", "un bus", "1 - 2", "Somme = 3", "a@b", "'=1", "«\u00a0-\u00a0»"])
def test_other_cells_stay_as_they_are(text):
    assert spreadsheet_cell(text) == text


# Slugs.


def test_a_slug_has_plain_letters_for_accents_ligatures_and_apostrophes():
    assert slug("L’Œuvre d'un Été eﬃcace", 60) == "l-oeuvre-d-un-ete-efficace"


def test_a_long_slug_is_cut_at_a_word_end():
    assert slug("Développement " * 5, 60) == "developpement-developpement-developpement-developpement"


@given(st.text())
def test_a_slug_is_short_lower_case_ascii(title):
    made = slug(title, 60)
    assert len(made) <= 60
    assert made.isascii()
    assert made == made.lower()
    assert not made.startswith("-")
    assert not made.endswith("-")
