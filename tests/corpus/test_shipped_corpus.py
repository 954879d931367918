"""The shipped corpus: every initiative a careful reader found, each with the words found in it.

The one place where its sizes stand; other tests count what they are given.
"""

import json
import re
import shutil
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.bilingual import Bilingual
from corpus.enrichment import Enrichment, Vocabulary
from corpus.errors import BadDocument
from corpus.load import LIST_NAME, digest_of, load_corpus, read_document
from corpus.model import Corpus, Document
from corpus.places import Gazetteer
from corpus.readers import readers
from corpus.thesaurus import Concept
from eval.fields import FIELDS, judge_fields, read_expected_fields

DEVELOPMENT = Path(__file__).parents[2] / "eval" / "collections" / "development"
DOCUMENTS = Path(__file__).parents[2] / "corpus" / "documents"


def spaced(text: str) -> str:
    return " ".join(text.split())


INITIATIVES = {"recueil-2018": 179, "laureats-2022": 27, "programme-2019": 23, "article-2019": 5, "dossier-2020": 5}


def test_the_corpus_holds_every_initiative_of_each_document(corpus: Corpus) -> None:
    assert Counter(one.source.document for one in corpus.initiatives) == INITIATIVES


def test_every_unit_of_a_careful_reading_is_one_initiative_of_its_own(corpus: Corpus) -> None:
    received = {document.original_name: document.id for document in corpus.documents}
    units = map(json.loads, (DEVELOPMENT / "units.jsonl").read_text(encoding="utf-8").splitlines())
    found = [
        [
            one.id
            for one in corpus.initiatives
            if one.source.document == received[unit["document"]] and spaced(unit["snippet"]) in spaced(one.text)
        ]
        for unit in units
    ]
    assert [ids for ids in found if len(ids) != 1] == []
    assert len({ids[0] for ids in found}) == sum(INITIATIVES.values())


def test_the_text_of_an_initiative_is_exactly_its_source_lines(corpus: Corpus) -> None:
    documents = {document.id: document for document in corpus.documents}
    for one in corpus.initiatives:
        source = one.source
        assert one.text == documents[source.document].text(source.start_line, source.end_line)


SPELLINGS = {
    "blanks at the ends of lines": lambda line: f"{line} \u00a0 ",
    "accents apart": lambda line: unicodedata.normalize("NFD", line),
    "no-break spaces before signs": lambda line: re.sub(r" (?=[:;?!»])|(?<=«) ", "\u00a0", line),
    "narrow no-break spaces throughout": lambda line: line.replace(" ", "\u202f"),
    "ligatures of typesetting": lambda line: (
        line.replace("ffi", "\ufb03").replace("fi", "\ufb01").replace("fl", "\ufb02")
    ),
    "soft hyphens in long words": lambda line: re.sub(r"(?<=[^\W\d_]{3})(?=[^\W\d_]{3})", "\u00ad", line),
    "zero widths between words": lambda line: line.replace(" ", " \u200b"),
    "carriage returns": lambda line: f"{line}\r",
}


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_the_same_print_in_other_code_points_is_read_alike_and_shown_as_it_lies(
    spell: Callable[[str], str], corpus: Corpus, gazetteer: Gazetteer, tmp_path: Path
) -> None:
    """What cannot be seen must neither change a field in silence nor be a fault."""
    folder = shutil.copytree(DOCUMENTS, tmp_path / "documents")
    for path in folder.glob("*.txt"):
        spelt = "\n".join(map(spell, path.read_text(encoding="utf-8").split("\n")))
        path.write_bytes(b"\xef\xbb\xbf" + spelt.encode())

    read = load_corpus(folder, gazetteer)

    assert [replace(one, text="") for one in read.initiatives] == [replace(one, text="") for one in corpus.initiatives]
    as_it_lies = {one.id: one.lines for one in read.documents}
    for one, usual in zip(read.initiatives, corpus.initiatives, strict=True):
        source = one.source
        assert one.text == "\n".join(as_it_lies[source.document][source.start_line - 1 : source.end_line])
        assert one.text == "\n".join(spell(line).removesuffix("\r") for line in usual.text.split("\n"))


def test_no_line_belongs_to_two_initiatives(corpus: Corpus) -> None:
    lines = Counter(
        (one.source.document, line)
        for one in corpus.initiatives
        for line in range(one.source.start_line, one.source.end_line + 1)
    )
    assert [line for line, owners in lines.items() if owners > 1] == []


def test_sections_lie_inside_their_initiative_in_order_and_without_overlap(corpus: Corpus) -> None:
    for one in corpus.initiatives:
        lines = [n for section in one.sections for n in range(section.start_line, section.end_line + 1)]
        assert lines, one.id
        assert lines == sorted(set(lines)), one.id
        assert one.source.start_line <= lines[0], one.id
        assert lines[-1] <= one.source.end_line, one.id


def test_an_initiative_is_found_by_its_id(corpus: Corpus) -> None:
    assert corpus.by_id[
        "laureats-2022-mobiliser-et-impliquer-les-jeunes-dans-leur-entree-dans-la-81"
    ].lead_organisations == ("Préfecture du Tarn",)
    assert len(corpus.by_id) == len(corpus.initiatives)


@pytest.mark.parametrize("field", FIELDS)
def test_what_is_said_of_an_initiative_agrees_with_a_careful_reading(corpus: Corpus, field: str) -> None:
    judged = judge_fields(corpus.initiatives, corpus.documents, read_expected_fields(DEVELOPMENT))
    assert judged.fields[field].share >= 0.97, [one for one in judged.disagreements if one.field == field]


@pytest.mark.parametrize("name", sorted(INITIATIVES))
def test_lines_above_the_text_move_it_and_change_nothing(
    name: str, documents: dict[str, Document], gazetteer: Gazetteer
) -> None:
    before = read_document(documents[name], gazetteer)
    after = read_document(replace(documents[name], lines=("", "Bonjour.", "", *documents[name].lines)), gazetteer)
    assert [(one.id, one.text, one.source.start_line + 3) for one in before] == [
        (one.id, one.text, one.source.start_line) for one in after
    ]


def reordered(folder: Path, order: list[int]) -> Path:
    """A copy of the shipped folder with the tables of the list in another order."""
    shutil.copytree(DOCUMENTS, folder, dirs_exist_ok=True)
    head, *tables = re.split(r"(?m)^(?=\[)", (DOCUMENTS / LIST_NAME).read_text(encoding="utf-8"))
    (folder / LIST_NAME).write_text("".join([head, *(f"{tables[n]}\n" for n in order)]), encoding="utf-8")
    return folder


@settings(deadline=None, max_examples=3)
@given(order=st.permutations(range(5)))
def test_the_order_of_the_list_changes_nothing(
    order: list[int], corpus: Corpus, gazetteer: Gazetteer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert load_corpus(reordered(tmp_path_factory.mktemp("documents"), order), gazetteer) == corpus


def test_the_digest_is_of_documents_initiatives_records_and_concepts(corpus: Corpus) -> None:
    concept = Concept(id="bus", official=("autocar",), lay=("bus",), en=("coach",), acronym=None, field="mobilité")
    digests = [
        digest_of(corpus, Enrichment(), ()),
        digest_of(corpus, Enrichment(vocabulary=Vocabulary(topics={"bus": Bilingual("Bus", "Buses")})), ()),
        digest_of(corpus, Enrichment(), (concept,)),
        digest_of(Corpus(corpus.documents, corpus.initiatives[1:]), Enrichment(), ()),
    ]
    assert len(set(digests)) == 4
    assert digests[0] == digest_of(Corpus(corpus.documents, corpus.initiatives), Enrichment(), ())


def test_a_changed_text_changes_the_digest(corpus: Corpus, gazetteer: Gazetteer, tmp_path: Path) -> None:
    folder = reordered(tmp_path, [0, 1, 2, 3, 4])
    text = folder / "appel-a-defis-2022.txt"
    text.write_text(text.read_text(encoding="utf-8").replace("17 février", "18 février"), encoding="utf-8")
    assert digest_of(load_corpus(folder, gazetteer), Enrichment(), ()) != digest_of(corpus, Enrichment(), ())


@pytest.mark.parametrize("reader", readers())
def test_a_text_in_which_nothing_is_found_is_a_fault(
    reader: str, documents: dict[str, Document], gazetteer: Gazetteer
) -> None:
    page = replace(documents["article-2019"], reader=reader, lines=("Une page sans liste.",))
    with pytest.raises(BadDocument, match=r"(finds no initiative|has no chapter) .*:1\)\. (Choose the reader|Write)"):
        read_document(page, gazetteer)
