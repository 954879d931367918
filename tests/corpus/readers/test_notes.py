"""Notes under the name of a département: where one opens, what it is called, what is not its own."""

import pytest

from corpus.readers.layout import Block, blocks_of
from corpus.readers.notes import NoteTitle, note_title, planned_status, split_notes, without_debris


def blocks(*texts: str) -> list[Block]:
    return blocks_of("\n\n".join(texts).split("\n"))


def openings(*texts: str) -> list[str]:
    return [note[0].text for note in split_notes(blocks(*texts))]


@pytest.mark.parametrize(
    "following",
    [
        "Atelier vélo : l'association propose de réparer.",
        "Création d'un guide des aidants.",
        "La Bourse d'insertion (BDI) est un prêt.",
        "Café des aidants\n\n- un lieu",
    ],
)
def test_a_paragraph_that_brings_a_new_thing_opens_a_note(following: str) -> None:
    assert len(openings("Un bus – Il roule.", following)) == 2


@pytest.mark.parametrize(
    "following",
    ["Il se tient chaque mois.", "Objectif : réunir des parents.", "- un lieu", "Cette année, un lieu a ouvert."],
)
def test_a_paragraph_that_goes_on_opens_none(following: str) -> None:
    assert openings("Un bus – Il roule.", following) == ["Un bus – Il roule."]


def test_a_list_that_goes_on_from_another_page_is_dropped() -> None:
    assert openings("- une suite", "Un bus – Il roule.") == ["Un bus – Il roule."]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Groupe de parole – Ce groupe réunit des parents.", NoteTitle("Groupe de parole", derived=False)),
        ("Atelier vélo : l'association répare.", NoteTitle("Atelier vélo", derived=False)),
        ("Café des aidants\nUn lieu ouvert.", NoteTitle("Café des aidants", derived=False)),
        ("La Bourse d'insertion (BDI) est un prêt.", NoteTitle("La Bourse d'insertion (BDI)", derived=True)),
        ("Création d'un guide, en 2016.", NoteTitle("Création d'un guide", derived=True)),
        ("Mise en place, au sein de la ville, d'une équipe.",
         NoteTitle("Mise en place, au sein de la ville, d'une équipe", derived=True)),
    ],
)  # fmt: skip
def test_a_note_is_called_by_its_printed_title_or_by_its_first_words(text: str, title: NoteTitle) -> None:
    assert note_title(blocks(text)[0]) == title


def test_what_is_still_to_come_is_a_status() -> None:
    assert planned_status("Un lieu. Ouverture prévue printemps 2019.") == "Ouverture prévue printemps 2019"
    assert planned_status("Un lieu ouvert en 2019.") is None


def test_items_in_small_letters_at_the_end_of_a_list_of_capitals_are_not_its_own() -> None:
    assert without_debris(blocks("- Un lieu\n- Une équipe\n- et la suite")) == blocks("- Un lieu\n- Une équipe")
    assert without_debris(blocks("- un lieu\n- une équipe")) == blocks("- un lieu\n- une équipe")
