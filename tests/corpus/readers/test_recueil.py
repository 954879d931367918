"""The recueil is read by what its lines say, never by where they stand."""

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import BadDocument
from corpus.load import load_documents, read_document
from corpus.model import Document, Initiative, Kind
from corpus.places import Gazetteer
from corpus.text import fold_words, strip_markup

ROOT = Path(__file__).parents[3]
GOLD = ROOT / "eval" / "collections" / "development" / "parsing.jsonl"
GOLD_DOCUMENT = "004"

CONTENTS = """
| | |
|---|---|
| Chapitre 1 Insertion | 11 |
| » <i>Retour à l'emploi.....</i> | 12 |
| Le guichet commun..... | 12 |
| » Santé des habitants | 9 |
| Un bus santé | 13 |
| » Autres démarches | 14 |
| Chapitre 2 Logement | 15 |
| Loger pour soigner | 15 |
"""
GUICHET = """
Le guichet commun

Département de l'Ain

Conseil départemental

Depuis mai 2014

Réalisé. 3 guichets

Anne ROY, anne.roy@ain.fr

OBJECTIFS/CONTEXTE

Réunir les services.

DESCRIPTION DE L'ACTION

- Un lieu par canton
- Une équipe. Une démarche similaire existe dans le Rhône.
"""
NOTES = """
» Autres démarches

**Département du Doubs**

Groupe de parole – Ce groupe, lancé en 2016, réunit des parents.

Il se tient chaque mois.

Atelier vélo : l'association Roue libre propose de réparer.
"""


def document(body: str, *, contents: str = CONTENTS) -> Document:
    text = f"Sommaire\n{contents}\nAvertissement\n\nChapitre 1\n\nInsertion\n\n{body}\n\nOdas - Octobre 2018"
    lines = tuple(text.split("\n"))
    return Document(
        id="doc",
        title="Recueil",
        publisher="Odas",
        date="2018-10",
        licence="not stated",
        reader="recueil",
        file="doc.txt",
        original_name="doc.txt",
        lines=lines,
    )


@cache
def gazetteer() -> Gazetteer:
    return Gazetteer.open()


@cache
def the_recueil() -> Document:
    return next(one for one in load_documents(ROOT / "corpus" / "documents") if one.reader == "recueil")


@cache
def the_initiatives() -> tuple[Initiative, ...]:
    return tuple(read_document(the_recueil(), gazetteer()))


def initiatives(body: str, *, contents: str = CONTENTS) -> list[Initiative]:
    return read_document(document(body, contents=contents), gazetteer())


def sheet(body: str) -> Initiative:
    (one,) = initiatives(body)
    return one


def codes(one: Initiative) -> list[str]:
    return [departement.code for departement in one.departements]


def cited(one: Initiative) -> list[str]:
    return [departement.code for departement in one.cited_departements]


def test_a_sheet_is_read_field_by_field() -> None:
    one = sheet(GUICHET)
    assert one.id == "doc-le-guichet-commun-01"
    assert one.kind is Kind.SHEET
    assert (one.title, one.chapter, one.theme) == ("Le guichet commun", "Chapitre 1 – Insertion", "Retour à l'emploi")
    assert (codes(one), cited(one)) == (["01"], ["69"])
    assert one.lead_organisations == ("Conseil départemental",)
    assert (one.start_year, one.start_text, one.status) == (2014, "Depuis mai 2014", "Réalisé. 3 guichets")
    assert [(contact.name, contact.email) for contact in one.contacts] == [("Anne ROY", "anne.roy@ain.fr")]


def test_the_text_runs_from_the_title_to_the_last_line_and_the_sections_hold_prose_only() -> None:
    source = document(GUICHET)
    (one,) = read_document(source, gazetteer())
    assert one.text == GUICHET.strip()
    assert one.text == source.text(one.source.start_line, one.source.end_line)
    prose = {section.heading: source.text(section.start_line, section.end_line) for section in one.sections}
    assert prose == {
        "OBJECTIFS/CONTEXTE": "Réunir les services.",
        "DESCRIPTION DE L'ACTION": "- Un lieu par canton\n- Une équipe. Une démarche similaire existe dans le Rhône.",
    }


@pytest.mark.parametrize(
    "fields",
    [
        ("Conseil départemental", "2014", "En cours", "Anne ROY, a.roy@ain.fr"),
        ("2014", "En cours", "Conseil départemental", "Anne ROY, a.roy@ain.fr"),
        ("En cours", "Depuis 2014", "Conseil départemental", "Anne ROY, a.roy@ain.fr"),
        ("2014", "° En cours", "Conseil départemental", "Anne ROY, a.roy@ain.fr", "Retrouvez-la sur www.revue.net."),
    ],
)
def test_the_order_of_the_header_fields_does_not_matter(fields: tuple[str, ...]) -> None:
    one = sheet("\n\n\n".join(["Un titre", "Département de l'Ain", *fields, "CONTEXTE", "Prose."]))
    assert one.start_year == 2014
    assert one.status == "En cours"
    assert one.lead_organisations == ("Conseil départemental",)
    assert [contact.name for contact in one.contacts] == ["Anne ROY"]


@pytest.mark.parametrize(
    "header",
    [
        "Un titre**Département de l'Ain****Association Retis****2014****Anne ROY, a.roy@ain.fr****CONTEXTE**",
        "Un titre\n\n**Département de l'Ain****2014****Association Retis****Anne ROY, a.roy@ain.fr****CONTEXTE**",
        "Un titre**Département de l'Ain****2014****Association Retis****Anne ROY, a.roy@ain.fr**\n\nCONTEXTE",
    ],
)
def test_a_header_merged_on_one_line_is_taken_apart(header: str) -> None:
    source = document(f"{header}\n\nProse.")
    (one,) = read_document(source, gazetteer())
    assert (one.title, codes(one), one.lead_organisations, one.start_year) == (
        "Un titre",
        ["01"],
        ("Association Retis",),
        2014,
    )
    assert [contact.name for contact in one.contacts] == ["Anne ROY"]
    (section,) = one.sections
    assert (section.heading, source.text(section.start_line, section.end_line)) == ("CONTEXTE", "Prose.")


@pytest.mark.parametrize("period", ["nc", "Mise en œuvre prévue fin 2017", "2014 – 2017", "Octobre 2016 à mai 2017"])
def test_a_start_is_kept_as_printed_with_its_first_year(period: str) -> None:
    one = sheet(f"Un titre\n\nDépartement de l'Ain\n\n{period}\n\nAssociation Retis\n\nCONTEXTE\n\nProse.")
    assert one.start_text == period
    years = {"nc": None, "2014 – 2017": 2014, "Octobre 2016 à mai 2017": 2016, "Mise en œuvre prévue fin 2017": 2017}
    assert one.start_year == years[period]


@pytest.mark.parametrize(
    "period", ["15/03/2014", "MARS 2014", "mars 2014", "avr. 2014", "1er trimestre 2014", "T2 2014"]
)
def test_a_start_in_another_spelling_is_no_status_and_nobody_who_leads(period: str) -> None:
    usual = sheet(GUICHET)
    one = sheet(GUICHET.replace("Depuis mai 2014", period))
    assert (one.start_year, one.start_text) == (2014, period)
    assert (one.status, one.lead_organisations) == (usual.status, usual.lead_organisations)
    undecided = sheet(GUICHET.replace("Depuis mai 2014", period).replace("Réalisé. 3", "En cours depuis 2016. 3"))
    assert (undecided.start_text, undecided.status) == (period, "En cours depuis 2016. 3 guichets")


def test_the_contents_page_knows_the_theme_where_the_running_header_lies() -> None:
    one = sheet("» Retour à l'emploi\n\nUn bus santè\n\nDépartement de l'Ain\n\nVille de Bourg\n\nCONTEXTE\n\nProse.")
    assert one.theme == "Santé des habitants"


def test_the_running_header_serves_for_a_title_that_the_contents_page_lacks() -> None:
    one = sheet("» Loisirs\n\nUn titre\n\nDépartement de l'Ain\n\nVille de Bourg\n\nCONTEXTE\n\nProse.")
    assert one.theme == "Loisirs"


def test_a_chapter_without_themes_gives_none() -> None:
    body = (
        "Chapitre 2\n\nLogement\n\nLoger pour soigner\n\nDépartement de l'Ain\n\nVille de Bourg\n\nCONTEXTE\n\nProse."
    )
    one = sheet(body)
    assert (one.chapter, one.theme) == ("Chapitre 2 – Logement", None)


def test_a_running_header_damaged_by_a_page_number_belongs_to_no_sheet() -> None:
    first, second = initiatives(
        f"{GUICHET}\n74anté des\nhabitants\n\nUn bus santé\n\nDépartement du Lot\n\nCaf\n\nCONTEXTE\n\nProse."
    )
    assert first.text == GUICHET.strip()
    assert second.theme == "Santé des habitants"


def test_a_departement_line_may_say_more_than_the_departement() -> None:
    place = "Département du Lot – Territoire de Figeac (signalé aussi par l'Ain)"
    one = sheet(f"Un titre\n\n{place}\n\nCaf\n\nCONTEXTE\n\nProse, comme à Paris.")
    assert (codes(one), one.territory) == (["46"], "Territoire de Figeac")


def test_a_departement_line_may_name_two() -> None:
    one = sheet("Un titre\n\nDépartements de l'Ain et du Rhône\n\nCaf\n\nCONTEXTE\n\nProse.")
    assert codes(one) == ["01", "69"]


def test_notes_are_parted_by_departement_and_by_title() -> None:
    first, second = initiatives(NOTES)
    assert (first.kind, first.title, first.theme) == (Kind.NOTE, "Groupe de parole", "Autres démarches")
    assert first.text.endswith("Il se tient chaque mois.")
    assert (first.start_year, first.lead_organisations, codes(first)) == (2016, ("Département du Doubs",), ["25"])
    assert (second.title, second.lead_organisations) == ("Atelier vélo", ("association Roue libre",))
    assert [(s.heading, s.start_line, s.end_line) for s in first.sections] == [
        (None, first.source.start_line, first.source.end_line)
    ]


def test_notes_need_no_running_header() -> None:
    kinds = [one.kind for one in initiatives(GUICHET + NOTES.replace("» Autres démarches\n", ""))]
    assert kinds == [Kind.SHEET, Kind.NOTE, Kind.NOTE]


@pytest.mark.parametrize(
    ("paragraph", "title", "derived"),
    [
        ("Théâtre forum - Il s'agit de jouer.", "Théâtre forum", False),
        ("Plan emploi : dispositif pour tous.", "Plan emploi", False),
        ("Accès à la mobilité :\n\nFinalité : prêter des voitures.", "Accès à la mobilité", False),
        ("La Bourse des métiers (BDM) est un espace en ligne.", "La Bourse des métiers (BDM)", True),
        ("Un service de visites, coordonné par la Caf.", "Un service de visites", True),
        ("Un outil pour permettre aux familles de prévoir.", "Un outil", True),
        ("Pack domotique (alarme, lumière), pour tous.", "Pack domotique", True),
    ],
)
def test_a_note_has_its_printed_title_or_its_first_words(paragraph: str, title: str, derived: bool) -> None:
    (note,) = initiatives(f"» Autres démarches\n\nDépartement de l'Ain\n\n{paragraph}")
    assert (note.title, note.title_derived) == (title, derived)


@pytest.mark.parametrize(
    "paragraph",
    [
        "À la fin de la scène - dont on parle -, le meneur demande la suite.",
        "Objectif général : céder des voitures.",
        "Deux plateformes au cœur du dispositif :\n\n- une en ligne",
        "Réalisation de programmes portés par des bailleurs.",
        "Un logement est réservé aux auxiliaires.",
        "(neuf pôles). Voilà.",
        "de compétences partagées.",
    ],
)
def test_a_paragraph_that_carries_on_opens_no_note(paragraph: str) -> None:
    body = f"» Autres démarches\n\nDépartement de l'Ain\n\nThéâtre - On joue.\n\n{paragraph}"
    assert [one.title for one in initiatives(body)] == ["Théâtre"]


def test_list_items_that_a_page_break_carried_over_are_left_out_of_a_note() -> None:
    items = "- Demande en ligne\n- Suivi du dossier\n- leur territoire"
    (note,) = initiatives(f"» Autres démarches\n\nDépartement de l'Ain\n\nGuichet - Objectif : aider.\n\n{items}")
    assert note.text.endswith("- Suivi du dossier")


def test_a_text_without_chapter_is_refused() -> None:
    empty = replace(document(""), lines=("Du texte.",))
    with pytest.raises(BadDocument, match=r"no chapter \(doc\.txt:1\)\. Write « Chapitre 1 »"):
        read_document(empty, gazetteer())


def test_a_text_without_initiative_is_refused() -> None:
    with pytest.raises(BadDocument, match=r"no sheet and no note \(doc\.txt:\d+\)\. Check that it is a recueil"):
        initiatives("")


def test_a_line_that_belongs_nowhere_is_refused_by_its_number() -> None:
    source = document("Une phrase perdue.")
    line = source.lines.index("Une phrase perdue.") + 1
    with pytest.raises(BadDocument, match=rf"no note: 'Une phrase perdue\.' \(doc\.txt:{line}\)\. Put a title"):
        read_document(source, gazetteer())


def test_a_chapter_without_name_is_refused() -> None:
    with pytest.raises(BadDocument, match=r"Chapter 2 has no name \(doc\.txt:\d+\)\. Write its name"):
        read_document(replace(document(""), lines=("Chapitre 2",)), gazetteer())


# The document itself.


def told(one: Initiative) -> Initiative:
    """An initiative without its place in the document: its own lines are counted from its first."""
    first = one.source.start_line
    sections = (replace(s, start_line=s.start_line - first, end_line=s.end_line - first) for s in one.sections)
    return replace(one, source=replace(one.source, start_line=0, end_line=0), sections=tuple(sections))


def test_the_recueil_holds_its_sheets_and_notes_each_under_its_own_id() -> None:
    assert Counter(one.kind for one in the_initiatives()) == {Kind.SHEET: 117, Kind.NOTE: 62}
    assert len({one.id for one in the_initiatives()}) == len(the_initiatives())


def test_initiatives_stand_in_the_order_of_the_document_and_share_no_line() -> None:
    ends = [one.source.end_line for one in the_initiatives()]
    starts = [one.source.start_line for one in the_initiatives()]
    assert all(end < start for end, start in zip(ends, starts[1:], strict=False))


def test_texts_are_the_source_lines_and_sections_lie_inside_them_without_overlap() -> None:
    for one in the_initiatives():
        assert one.text == the_recueil().text(one.source.start_line, one.source.end_line)
        lines = [line for section in one.sections for line in (section.start_line, section.end_line)]
        assert lines == sorted(lines)
        assert one.source.start_line <= lines[0]
        assert lines[-1] <= one.source.end_line


def test_no_section_holds_an_address_or_boilerplate() -> None:
    prose = [the_recueil().text(s.start_line, s.end_line) for one in the_initiatives() for s in one.sections]
    assert not [text for text in prose if "@" in text.replace("C@P", "") or text.startswith("Retrouvez cette action")]


@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.data())
def test_removing_an_initiative_changes_no_other(data: st.DataObject) -> None:
    removed = data.draw(st.integers(0, len(the_initiatives()) - 1))
    source = the_initiatives()[removed].source
    lines = the_recueil().lines
    shorter = replace(the_recueil(), lines=lines[: source.start_line - 1] + lines[source.end_line :])
    others = [told(one) for index, one in enumerate(the_initiatives()) if index != removed]
    assert [told(one) for one in read_document(shorter, gazetteer())] == others


@settings(max_examples=10, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(["", "   ", "Préface", "L'Odas remercie les départements."]), max_size=6))
def test_lines_added_before_the_chapters_change_nothing_but_line_numbers(preface: list[str]) -> None:
    lines = the_recueil().lines
    body = lines.index("Chapitre 1")
    longer = replace(the_recueil(), lines=(*lines[:body], *preface, "", *lines[body:]))
    assert [told(one) for one in read_document(longer, gazetteer())] == [told(one) for one in the_initiatives()]


# Agreement with a reading by hand of half of the recueil.


def gold() -> list[dict[str, Any]]:
    entries = map(json.loads, GOLD.read_text(encoding="utf-8").splitlines())
    return [entry for entry in entries if entry["document"] == GOLD_DOCUMENT]


def folded(text: str | None) -> str:
    return " ".join(fold_words(strip_markup(text or "")))


@cache
def pairs() -> tuple[tuple[dict[str, Any], Initiative], ...]:
    """Each entry with each initiative that holds its snippet."""
    texts = [(one, folded(one.text)) for one in the_initiatives()]
    return tuple((entry, one) for entry in gold() for one, text in texts if folded(entry["snippet"]) in text)


def close(one: str, other: str) -> bool:
    """Whether two names share four words in five."""
    a, b = Counter(folded(one).split()), Counter(folded(other).split())
    return 2 * (a & b).total() >= 0.8 * (a.total() + b.total())


def same_lead_organisations(entry: dict[str, Any], one: Initiative) -> bool:
    found = all(any(close(wanted, ours) for ours in one.lead_organisations) for wanted in entry["carriers"])
    return found and len(entry["carriers"]) == len(one.lead_organisations)


def same_contacts(key: str) -> Callable[[dict[str, Any], Initiative], bool]:
    def printed(value: str | None) -> str:
        return re.sub(r"\s", "", value or "")

    return lambda entry, one: (
        [printed(contact[key]) for contact in entry["contacts"]] == [printed(getattr(c, key)) for c in one.contacts]
    )


FIELDS: dict[str, Callable[[dict[str, Any], Initiative], bool]] = {
    "lines": lambda g, one: (g["line_start"], g["line_end"]) == (one.source.start_line, one.source.end_line),
    "kind": lambda g, one: g["kind"] == one.kind,
    "title": lambda g, one: folded(g["title"]) == folded(one.title),
    "chapter": lambda g, one: g["chapter"] == one.chapter,
    "theme": lambda g, one: g["section"] == one.theme,
    "départements": lambda g, one: g["departements"] == [d.name for d in one.departements],
    "cited départements": lambda g, one: set(g["departements_cites"]) == {d.name for d in one.cited_departements},
    "territory": lambda g, one: g.get("territory") == one.territory,
    "carriers": same_lead_organisations,
    "start year": lambda g, one: g["start_year"] == one.start_year,
    "status": lambda g, one: folded(g["status"]) == folded(one.status),
    "names": same_contacts("name"),
    "roles": same_contacts("role"),
    "e-mails": same_contacts("email"),
    "phones": same_contacts("phone"),
}
AGREEMENT = 0.97


def test_every_entry_read_by_hand_is_held_by_exactly_one_initiative_and_none_holds_two() -> None:
    held = [one.id for _, one in pairs()]
    assert len(held) == len(set(held)) == len(gold())


@pytest.mark.parametrize("field", FIELDS)
def test_each_field_agrees_with_the_reading_by_hand(field: str) -> None:
    agreed = [FIELDS[field](entry, one) for entry, one in pairs()]
    assert sum(agreed) / len(agreed) >= AGREEMENT


def test_the_partners_found_are_partners() -> None:
    found = [(folded(name), list(map(folded, entry["partners"]))) for entry, one in pairs() for name in one.partners]
    right = [any(name in known or known in name for known in partners) for name, partners in found]
    assert sum(right) / len(right) >= AGREEMENT
