"""The asker answers with exact quotes, lists where several are asked for, and refuses what no sheet answers."""

import re
from dataclasses import replace

import pytest

from search import BadQuestion, Engine, Filters, UnknownFilter
from search.answering.answer import Answer, Path, Verdict
from search.answering.asker import Asker
from search.answering.folders import SHIPPED
from search.answering.quoting import holds_contact
from search.answering.telling import telling_sentence

QUESTIONS = [
    "Combien de foyers testent le kit chauffage au bois ?",
    "who does citizen hosting for homeless women?",
    "Où se déroule l'action Boost Jeunes ?",
    "When did the Yvelines insertion agency start?",
    "quels départements aident les mineurs non accompagnés ?",
    "mobilité des jeunes en milieu rural",
]
SEVERAL = [
    "which departments help unaccompanied minors?",
    "quels départements aident les mineurs non accompagnés ?",
    "exemples de plateformes de mobilité",
]
ELSEWHERE = ["Quelle est la recette du gratin dauphinois ?", "Who won the football world cup in 1998?"]


@pytest.fixture(scope="module")
def asker(engine: Engine) -> Asker:
    return Asker.open(engine, SHIPPED)


def without_time(answer: Answer) -> Answer:
    return replace(answer, took_ms=0.0, hits=())


def lines_of(engine: Engine, citation) -> str:
    initiative = engine.initiative(citation.initiative)
    first = citation.source.start_line - initiative.source.start_line
    last = citation.source.end_line - initiative.source.start_line
    return "\n".join(initiative.text.split("\n")[first : last + 1])


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_quote_stands_character_for_character_in_the_lines_it_names(asker: Asker, question: str):
    answer = asker.ask(question)
    assert answer.citations
    for citation in answer.citations:
        assert citation.quote in lines_of(asker.engine, citation)
        assert citation.also_in == asker.engine.initiative(citation.initiative).same_as


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_statement_of_an_answer_cites(asker: Asker, question: str):
    answer = asker.ask(question)
    assert not answer.abstained
    cited = [position for statement in answer.statements for position in statement.citations]
    assert sorted(cited) == list(range(len(answer.citations)))
    assert all(statement.citations for statement in answer.statements)


def test_a_number_leads_and_its_initiative_and_place_follow(asker: Asker):
    answer = asker.ask("How many households test the wood heating kit?")
    assert (answer.verdict, answer.path) == (Verdict.ANSWERED, Path.EXTRACTIVE)
    assert re.match(r"250.* — .* \(Gironde\): « .*250 foyers.* »$", answer.statements[0].text)


def test_the_frame_is_in_the_language_of_the_question_and_the_quote_in_that_of_the_sheet(asker: Asker):
    french, english = asker.ask("Quelle est la capitale du Pérou ?"), asker.ask("What is the capital of Peru?")
    assert (french.language, english.language) == ("fr", "en")
    assert french.text.startswith("Pas de réponse dans ce recueil.")
    assert english.text.startswith("No answer in this collection.")


@pytest.mark.parametrize("question", SEVERAL)
def test_a_question_for_several_lists_initiatives_once_each(asker: Asker, question: str):
    answer = asker.ask(question)
    assert not answer.abstained
    told = [citation.initiative for citation in answer.citations]
    assert len(answer.statements) >= 2
    assert len(told) == len(set(told)) == len(answer.statements)


@pytest.mark.parametrize("question", ELSEWHERE)
def test_what_no_sheet_answers_is_refused_with_what_was_searched_and_what_is_nearest(asker: Asker, question: str):
    answer = asker.ask(question)
    assert answer.abstained
    assert answer.citations == ()
    assert "239" in answer.text
    assert answer.hits
    assert answer.hits[0].initiative.title[:20] in answer.text


def test_confidence_is_a_probability(asker: Asker):
    assert all(0 <= asker.ask(question).confidence <= 1 for question in [*QUESTIONS, *ELSEWHERE])


def test_a_filter_leaves_only_its_initiatives_and_a_refusal_says_how_many(asker: Asker):
    answer = asker.ask("Combien de foyers testent le kit chauffage au bois ?", Filters(departement="29"))
    told = {departement.code for hit in answer.hits for departement in hit.initiative.departements}
    assert "29" in told
    assert all("29" in {one.code for one in hit.initiative.departements} for hit in answer.hits)
    refused = asker.ask(ELSEWHERE[0], Filters(departement="29"))
    assert str(len(asker.engine.select(Filters(departement="29")))) in refused.text


def test_contact_data_appears_only_when_a_contact_is_asked_for(asker: Asker):
    reachable = [one for one in asker.engine.initiatives if any(contact.phone for contact in one.contacts)][::12]
    for initiative in reachable:
        asked = asker.ask(f"Qui est responsable de {initiative.title} ?")
        assert not holds_contact(asked.text)
        assert not any(holds_contact(citation.quote) for citation in asked.citations)


def test_a_list_quotes_no_contact_data_of_a_passage_that_holds_some(asker: Asker):
    index = asker.engine.index
    rows = [row for row, passage in enumerate(index.contents.passages) if holds_contact(passage.text)]
    assert rows
    for row in rows:
        trail = asker.engine.trail(f"exemples : {index.contents.passages[row].text[-300:]}", 1)
        start, end = telling_sentence(index, trail.question, row)
        assert not holds_contact(index.contents.passages[row].text[start:end])


def test_a_question_for_a_contact_gets_it(asker: Asker):
    answer = asker.ask("Qui contacter pour la technicothèque du Maine-et-Loire ?")
    assert holds_contact(answer.text)


def test_the_stream_ends_with_the_answer_whose_statements_it_gave(asker: Asker):
    *ready, answer = asker.stream(QUESTIONS[0])
    assert isinstance(answer, Answer)
    assert [statement for statement, _ in ready] == list(answer.statements)
    assert [citation for _, cited in ready for citation in cited] == list(answer.citations)


def test_the_same_question_has_the_same_answer(asker: Asker):
    assert without_time(asker.ask(QUESTIONS[0])) == without_time(asker.ask(QUESTIONS[0]))


def test_bad_input_is_refused_as_by_search(asker: Asker):
    with pytest.raises(BadQuestion, match="holds no word"):
        asker.ask("???")
    with pytest.raises(UnknownFilter, match="document"):
        asker.ask("mobilité", Filters(document="nowhere"))


def test_the_telling_sentence_answers_the_words_of_the_question(asker: Asker):
    trail = asker.engine.trail("Combien de foyers testent le kit chauffage au bois ?", 1)
    rows = [
        row
        for row, passage in enumerate(asker.engine.index.contents.passages)
        if "Le kit sera testé auprès de 250 foyers" in passage.text
    ]
    passage = asker.engine.index.contents.passages[rows[0]]
    start, end = telling_sentence(asker.engine.index, trail.question, rows[0])
    assert "kit" in passage.text[start:end]
    assert passage.text[start:end] == passage.text[start:end].strip()
