"""What the readers say beside what a careful reader says, field by field."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from corpus import Contact, Departement, Document, Initiative, Kind, Section, Source
from eval.errors import BadCollection
from eval.fields import Accuracy, Disagreement, FieldFigures, judge_fields, read_expected_fields, same_names

GIRONDE, ARDECHE = Departement("33", "Gironde"), Departement("07", "Ardèche")
BUS = Initiative(
    id="bus-07",
    kind=Kind.SHEET,
    title="Un bus pour les démarches",
    title_derived=False,
    source=Source("one", 1, 1),
    text="Le bus passe le mardi dans chaque commune.",
    sections=(Section(None, 1, 1),),
    chapter=None,
    theme="Accès aux droits",
    departements=(ARDECHE, GIRONDE),
    cited_departements=(),
    territory=None,
    lead_organisations=("Conseil départemental de l’Ardèche",),
    partners=(),
    start_year=2014,
    start_text=None,
    status=None,
    contacts=(Contact(name="Anne Exemple", role=None, email="anne@exemple.fr", phone=None),),
)
LINE = {
    "gid": "one-1",
    "document": "one",
    "snippet": "passe le mardi",
    "title": "UN BUS POUR LES DEMARCHES",
    "departements": ["Gironde", "Ardèche"],
    "carriers": ["Conseil Départemental de l'Ardeche"],
    "start_year": 2014,
    "contacts": [{"name": "Anne Exemple", "email": "anne@exemple.fr"}, {"name": "Secrétariat", "email": None}],
    "section": "Accès aux droits",
}


def written(folder: Path, *lines: dict[str, Any]) -> Path:
    (folder / "parsing.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return folder


def judged(folder: Path, one: Initiative, *lines: dict[str, Any]) -> FieldFigures:
    text = tuple(one.text.split("\n"))
    document = Document(
        id="one",
        title="Un recueil",
        publisher="Odas",
        date="2018-10",
        licence="",
        reader="recueil",
        file="one.txt",
        original_name="one_1a2b.txt",
        lines=text,
    )
    return judge_fields([one], [document], read_expected_fields(written(folder, *lines)))


def test_spelling_order_and_contacts_without_an_address_make_no_difference(tmp_path: Path) -> None:
    fields = ("title", "departements", "carriers", "start_year", "emails", "theme")
    assert judged(tmp_path, BUS, LINE) == FieldFigures(dict.fromkeys(fields, Accuracy(sheets=1, right=1)), ())


def test_a_disagreement_says_what_was_expected_and_what_was_said(tmp_path: Path) -> None:
    parsing = judged(tmp_path, replace(BUS, departements=(GIRONDE,), start_year=None), LINE)
    assert [parsing.fields[name].right for name in ("departements", "start_year", "theme")] == [0, 0, 1]
    assert parsing.disagreements == (
        Disagreement(
            initiative="bus-07", title=BUS.title, field="departements", expected="Gironde; Ardèche", said="Gironde"
        ),
        Disagreement(initiative="bus-07", title=BUS.title, field="start_year", expected="2014", said="—"),
    )


def test_addresses_are_compared_and_not_repeated(tmp_path: Path) -> None:
    contacts = (Contact(name="Anne Exemple", role=None, email="anne@exemple", phone=None),)
    (wrong,) = judged(tmp_path, replace(BUS, contacts=contacts), LINE).disagreements
    assert (wrong.field, wrong.expected, wrong.said) == ("emails", "addresses, not repeated here", "others")


def test_a_title_that_the_sheet_does_not_print_is_not_judged(tmp_path: Path) -> None:
    assert "title" not in judged(tmp_path, BUS, LINE | {"title": None}).fields


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        (["Conseil départemental du Gard"], ["Conseil départemental Gard"], True),
        (["La Poste", "Solinum"], ["Solinum", "La Poste"], True),
        (["Solinum"], ["Solinum", "La Poste"], False),
        (["Solinum", "Solinum"], ["Solinum"], False),
        (["Conseil départemental du Gard"], ["Conseil départemental du Nord"], False),
        ([], [], True),
    ],
)
def test_names_agree_when_they_share_most_of_their_words(ours: list[str], theirs: list[str], same: bool) -> None:
    assert same_names(ours, theirs) is same


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"start_year": "2014"}, r"start_year: Input should be a valid integer \(.*parsing\.jsonl:1\)\. Write it as"),
        ({"carriers": "Solinum"}, r"carriers: .*parsing\.jsonl:1\)"),
        ({"contacts": ["a@b.fr"]}, r"contacts: 0: .*parsing\.jsonl:1\)"),
        ({"snippet": None}, r"'document' and 'snippet' are given both, or neither \(.*parsing\.jsonl:1\)"),
        ({"title": ""}, r"title: String should have at least 1 character \(.*parsing\.jsonl:1\)"),
        ({"snippet": "un autre bus"}, r"The snippet of 'one-1' stands in no initiative .*parsing\.jsonl:1\)"),
    ],
)
def test_a_malformed_line_is_refused_with_its_place(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    with pytest.raises(BadCollection, match=message):
        judged(tmp_path, BUS, LINE | change)


def test_a_sheet_told_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadCollection, match=r"The sheet 'one-1' stands twice .*:2\)\. Remove this line or .*:1\."):
        judged(tmp_path, BUS, LINE, LINE)
