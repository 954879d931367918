"""Facts are read line by line; their quotes stand in the sheets as printed, and what they say is in the sheets too."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import EDITORIAL_FOLDER, FACTS, BadEnrichment, Corpus, Fact, load_corpus, load_enrichment, read_fact
from corpus.bilingual import Bilingual
from corpus.facts import Quote, Wordings, fact_as_json, find_quote, load_facts, write_facts
from corpus.faithfulness import LONGEST_ANSWER, LONGEST_QUESTION, LONGEST_SHORT, Faithfulness
from corpus.model import Contact, Initiative, Source
from corpus.organisations import is_organisation
from corpus.text import fold_words
from corpus.thesaurus import load_thesaurus
from tests import atlas
from tests.almanac import write_enrichment

# --- the shipped facts ---


@pytest.fixture(scope="module")
def shipped(corpus: Corpus) -> tuple[Fact, ...]:
    return load_enrichment(EDITORIAL_FOLDER, corpus).facts


def cluster_of(fact: Fact, corpus: Corpus) -> list[Initiative]:
    one = corpus.by_id[fact.initiative]
    return [one, *(corpus.by_id[id] for id in one.same_as)]


def test_every_real_world_initiative_has_facts(corpus: Corpus, shipped):
    told = {one.id for fact in shipped for one in cluster_of(fact, corpus)}
    assert told == set(corpus.by_id)
    assert len(shipped) == 2128


def test_every_quote_stands_in_its_lines_as_printed(corpus: Corpus, documents, shipped):
    for fact in shipped:
        for quote in fact.quotes:
            source, sheet = quote.source, corpus.by_id[quote.initiative].source
            assert quote.text in documents[source.document].text(source.start_line, source.end_line)
            assert quote.text.count("\n") == source.end_line - source.start_line
            assert sheet.start_line <= source.start_line <= source.end_line <= sheet.end_line


def test_no_fact_says_what_its_sheets_do_not(corpus: Corpus, shipped, gazetteer):
    vocabulary = load_enrichment(EDITORIAL_FOLDER, corpus).vocabulary
    faithfulness = Faithfulness.of(gazetteer, vocabulary, load_thesaurus())
    faults = {
        f"{fact.initiative}: {fact.questions.fr[0]}": found
        for fact in shipped
        if (found := faithfulness.faults_of_fact(fact, cluster_of(fact, corpus)))
    }
    assert faults == {}


def test_no_fact_holds_the_name_of_anybody_whom_any_sheet_prints_as_contact(corpus: Corpus, shipped):
    names = {contact.name for one in corpus.initiatives for contact in one.contacts if contact.name}
    people = {" ".join(fold_words(name)) for name in names if not is_organisation(name)}
    assert len(people) > 80
    texts = " ".join(
        f" {' '.join(fold_words(json.dumps(fact_as_json(fact), ensure_ascii=False)))} " for fact in shipped
    )
    assert {name for name in people if f" {name} " in texts} == set()


# --- reading ---


@pytest.fixture
def written(tmp_path: Path, almanac, gazetteer) -> tuple[Path, Corpus]:
    """An enrichment with the facts of one challenge of the almanac, and the almanac."""
    corpus = load_corpus(almanac.documents, gazetteer)
    write_enrichment(tmp_path / "editorial", corpus.initiatives[0].id)
    write_facts(tmp_path / "editorial" / FACTS, corpus, [fact_of(corpus)])
    return tmp_path / "editorial", corpus


def fact_of(corpus: Corpus, row: int = 0, quote: str = "Le défi vise à", **changes: object) -> Fact:
    """A fact about a challenge of the almanac, which stands on one line."""
    one = corpus.initiatives[row]
    number = next(n for n, line in enumerate(one.text.split("\n")) if "vise à" in line) + one.source.start_line
    told = replace(
        atlas.fact(),
        initiative=one.id,
        quotes=(Quote(one.id, Source(one.source.document, number, number), quote),),
    )
    return replace(told, **changes)


def add(folder: Path, told: dict[str, object] | str, document: str = "almanac") -> None:
    with (folder / FACTS / f"{document}.jsonl").open("a", encoding="utf-8") as file:
        file.write((told if isinstance(told, str) else json.dumps(told)) + "\n")


def test_facts_are_read_as_they_are_written(written):
    folder, corpus = written
    assert load_enrichment(folder, corpus).facts == (fact_of(corpus),)
    assert read_fact(json.dumps(fact_as_json(fact_of(corpus))), "here") == fact_of(corpus)


def test_without_their_folder_there_are_no_facts(written):
    folder, corpus = written
    assert load_facts(folder / "elsewhere", corpus) == ()


def test_facts_are_kept_in_the_order_of_the_corpus_and_those_of_one_initiative_as_they_were_written(written):
    folder, corpus = written
    more = fact_of(corpus, questions=Wordings(("À qui ?", "Pour qui ?"), ("For whom?",)))
    for facts in ([fact_of(corpus, 2)], [fact_of(corpus, 1)], [more]):
        write_facts(folder / FACTS, corpus, facts)
    assert load_facts(folder / FACTS, corpus) == (fact_of(corpus), more, fact_of(corpus, 1), fact_of(corpus, 2))


def test_a_quote_may_break_its_lines_otherwise_and_is_kept_as_printed(written):
    folder, corpus = written
    told = fact_of(corpus, 1, quote="défi\nvise   à faire")
    add(folder, fact_as_json(told))
    assert load_facts(folder / FACTS, corpus)[1].quotes[0].text == "défi vise à faire"


def quoting(**changes: object) -> dict[str, object]:
    """Changes of the one quote of a fact, to be made in its JSON."""
    return {"quotes": changes}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": "which"}, r"This is no fact: kind: .*almanac\.jsonl:2"),
        ({"answer": {"fr": "x"}}, r"This is no fact: answer\.en: Field required"),
        ({"quotes": "none"}, r"This is no fact: quotes"),
        ({"anwser": "x"}, r"This fact has keys that nobody reads \(.*almanac\.jsonl:2\)\. Take them out"),
        ({"quotes": []}, r"This fact has nothing in quotes \(.*almanac\.jsonl:2\)"),
        ({"questions": {"fr": ["Qui ?"], "en": []}}, r"This fact has nothing in questions\.en"),
        ({"questions": {"fr": ["Qui ?", " "], "en": ["Who?"]}}, r"This fact has nothing in questions\.fr"),
        ({"short": {"fr": "", "en": "x"}}, r"This fact has nothing in short\.fr"),
        ({"initiative": "almanac-x"}, r"The document 'almanac' has no initiative 'almanac-x' \(.*almanac\.jsonl:2\)"),
        (quoting(text="Le défi visera à"), r"'Le défi visera à' does not stand in the lines \d+ to \d+ of 'almanac'"),
        (quoting(lines=1), r"does not stand in the lines .*almanac\.jsonl:2\)\. Copy the words of the sheet"),
        (quoting(lines=1000), r"does not stand in the lines"),
        (quoting(initiative="almanac-x"), r"A quote is of 'almanac-x', which tells of another initiative"),
        ({"questions": {"fr": ["ou va le bus de l ain"], "en": ["x"]}, "row": 0}, r"'ou va le bus de l ain' is asked"),
    ],
)
def test_a_line_that_cannot_be_used_is_refused_with_its_number(written, changes, message):
    folder, corpus = written
    changes = dict(changes)
    told = fact_as_json(fact_of(corpus, changes.pop("row", 1)))
    if isinstance(quote := changes.get("quotes"), dict):
        del changes["quotes"]
        told["quotes"][0] |= {key: value for key, value in quote.items() if key != "lines"}
        told["quotes"][0]["source"]["end_line"] += quote.get("lines", 0)
    add(folder, told | changes)
    with pytest.raises(BadEnrichment, match=message):
        load_enrichment(folder, corpus)


def test_what_is_no_json_is_refused(written):
    folder, corpus = written
    add(folder, "{")
    with pytest.raises(BadEnrichment, match=r"This is no fact: the line: Invalid JSON.*almanac\.jsonl:2"):
        load_enrichment(folder, corpus)


def test_a_fact_stands_in_the_file_of_its_document(written):
    folder, corpus = written
    add(folder, fact_as_json(fact_of(corpus, 1)), document="atlas")
    with pytest.raises(BadEnrichment, match="The document 'atlas' has no initiative"):
        load_enrichment(folder, corpus)


@given(st.lists(st.sampled_from(["le", "bus", "(va)", "l'an", "*"]), min_size=1, max_size=4), st.sampled_from(" \n\t"))
def test_a_quote_is_found_whatever_white_space_parts_its_words(words: list[str], space: str):
    printed = (space * 2).join(words)
    assert find_quote(" ".join(words), f"Ici : {printed} .") == printed


@given(st.text())
def test_any_text_is_a_fact_or_refused(text: str):
    with pytest.raises(BadEnrichment, match=r"\(here\)"):
        read_fact(text, "here")


# --- faithfulness ---

TEXT = """Le bus des villages
Depuis 2016, un bus va dans quinze communes de l'Ain, deux fois par semaine, avec Pôle emploi.
Il transporte 1 200 personnes."""


@pytest.fixture(scope="module")
def faithfulness(gazetteer) -> Faithfulness:
    return Faithfulness.of(gazetteer, atlas.enrichment().vocabulary, ())


def sheet() -> Initiative:
    contacts = (
        Contact(name="Jeanne DUPIN", role="Directrice", email=None, phone=None),
        Contact(name="Service des transports", role=None, email=None, phone=None),
    )
    return replace(atlas.initiative(), text=TEXT, title="Le bus des villages", contacts=contacts)


def fact(fr: str = "", en: str = "", quote: str = "un bus va dans quinze communes de l'Ain", **changes: object) -> Fact:
    """A sound fact, with some more said in its answers."""
    told = replace(
        atlas.fact(),
        answer=Bilingual(f"Le bus va dans l'Ain. {fr}", f"The bus goes around Ain. {en}"),
        short=Bilingual("dans l'Ain", "in Ain"),
        quotes=(Quote("atlas-le-bus-01", Source("atlas", 3, 4), quote),),
    )
    return replace(told, **changes)


@pytest.mark.parametrize(
    "said", ["Dans 15 communes.", "Fifteen communes.", "Depuis 2016.", "Avec Pôle emploi.", "En Auvergne-Rhône-Alpes."]
)
def test_what_the_quotes_and_the_sheets_say_is_sound(faithfulness: Faithfulness, said: str):
    assert faithfulness.faults_of_fact(fact(fr=said), [sheet()]) == ()


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("Il transporte 1 200 personnes.", "has the number '1 200', which neither the quotes nor the title give"),
        ("Il va jusqu'à Marseille.", "names the place 'Marseille', which the sheet does not"),
        ("Avec la fondation Abracadabra.", "names 'Abracadabra', whom the sheet does not"),
        ("Avec la MDPH.", "names 'MDPH', whom the sheet does not"),
        ("Appeler le 04 00 00 00 00.", "holds contact data"),
        ("Appeler Jeanne Dupin.", "names the contact 'jeanne dupin'"),
    ],
)
def test_what_they_do_not_say_is_told_with_its_place_in_the_fact(faithfulness: Faithfulness, said: str, fault: str):
    assert f"answer.fr {fault}" in faithfulness.faults_of_fact(fact(fr=said), [sheet()])
    assert f"answer.en {fault}" in faithfulness.faults_of_fact(fact(en=said), [sheet()])
    assert f"short.fr {fault}" in faithfulness.faults_of_fact(fact(short=Bilingual(said, "in Ain")), [sheet()])


def test_a_person_to_write_to_is_not_named_even_in_a_quote_but_a_service_is(faithfulness: Faithfulness):
    assert faithfulness.faults_of_fact(fact(quote="Jeanne\nDUPIN, Directrice"), [sheet()]) == (
        "quotes[1] names the contact 'jeanne dupin'",
    )
    assert faithfulness.faults_of_fact(fact(fr="Écrire au service des transports."), [sheet()]) == ()


@pytest.mark.parametrize(
    ("french", "faults"),
    [
        ("Un bus dans le 01 ?", ()),  # the number of the département
        ("Un bus pour 1 200 personnes ?", ()),
        ("Un bus près de Lyon ?", ()),
        ("Un bus pour 16 villages ?", ("questions.fr[1] has the number '16', which the sheet does not give",)),
        ("Un bus près de Marseille ?", ("questions.fr[1] asks near 'Marseille', in no region of the sheet",)),
        ("Où joindre Jeanne Dupin ?", ("questions.fr[1] names the contact 'jeanne dupin'",)),
    ],
)
def test_questions_may_have_words_of_their_own(faithfulness: Faithfulness, french: str, faults: tuple[str, ...]):
    asked = Wordings((french, "Et où va le bus ?"), ("Where does it go?",))
    assert faithfulness.faults_of_fact(fact(questions=asked), [sheet()]) == faults


def test_each_text_is_in_its_own_language_whatever_the_language_of_the_names_in_it(faithfulness: Faithfulness):
    named = fact(en="It is the bus of the « Pôle des communes de l'Ain ».")
    assert faithfulness.faults_of_fact(named, [sheet()]) == ()
    turned = fact(
        answer=Bilingual("The bus goes by.", "Le bus va de la ville à la gare."),
        questions=Wordings(("Where?", "Who?"), ("Où ?",)),
    )
    assert faithfulness.faults_of_fact(turned, [sheet()]) == ("its French is English", "its English is French")


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"questions": Wordings(("Où ?",), ("Where?",))}, "questions must be 2 or more French and 1 or more English"),
        ({"quotes": fact().quotes * 4}, "quotes are 4, at most 3 are allowed"),
        (
            {"questions": Wordings(("Où ?", "où " * LONGEST_QUESTION), ("Where?",))},
            f"one of questions is longer than {LONGEST_QUESTION} characters",
        ),
        (
            {"answer": Bilingual("le bus " * LONGEST_ANSWER, "The bus.")},
            f"one of answer is longer than {LONGEST_ANSWER} characters",
        ),
        (
            {"short": Bilingual("le bus " * LONGEST_SHORT, "the bus")},
            f"one of short is longer than {LONGEST_SHORT} characters",
        ),
    ],
)
def test_a_fact_has_a_shape(faithfulness: Faithfulness, changes: dict[str, object], fault: str):
    assert faithfulness.faults_of_fact(fact(**changes), [sheet()]) == (fault,)
