"""The answerer quotes its sources exactly, lists where several are asked for, and refuses what no sheet answers.

With a language model it shows that model's sentences while the sheets support them, else the words of the sheets.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.text import holds_contact
from search import Filters, Ranking, Searcher
from search.answer import (
    BUNDLED,
    FACTS,
    NEEDS,
    NETWORK,
    RANKER,
    Answer,
    AnswerContext,
    Answerer,
    MadeBy,
    answering_folder,
    own_folder,
)
from search.answer.confidence import NAME
from search.language_model import LanguageModel
from tests import llm_server

QUESTIONS = [
    "Combien de foyers testent le kit chauffage au bois ?",
    "Who runs the technicothèque in Maine-et-Loire?",
    "Où se déroule le dispositif Boost Emploi ?",
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
def answerer(searcher: Searcher) -> Answerer:
    """With the reader and the calibration that come with the package."""
    return Answerer.open(searcher, BUNDLED)


def ask(answerer: Answerer, question: str) -> Answer:
    return answerer.answer(answerer.searcher.rank(question))


def without_time(answer: Answer) -> Answer:
    return replace(answer, took_ms=0.0)


def lines_of(searcher: Searcher, citation) -> str:
    initiative = searcher.catalogue.initiative(citation.initiative)
    first = citation.source.start_line - initiative.source.start_line
    last = citation.source.end_line - initiative.source.start_line
    return "\n".join(initiative.text.split("\n")[first : last + 1])


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_quote_stands_character_for_character_in_the_lines_it_names(answerer: Answerer, question: str):
    answer = ask(answerer, question)
    assert answer.citations
    for citation in answer.citations:
        assert citation.quote in lines_of(answerer.searcher, citation)
        assert citation.also_in == answerer.searcher.catalogue.initiative(citation.initiative).same_as


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_statement_of_an_answer_cites(answerer: Answerer, question: str):
    answer = ask(answerer, question)
    assert not answer.abstained
    cited = [position for statement in answer.statements for position in statement.citations]
    assert sorted(cited) == list(range(len(answer.citations)))
    assert all(statement.citations for statement in answer.statements)


def test_a_number_leads_and_its_initiative_and_place_follow(answerer: Answerer):
    answer = ask(answerer, "How many households test the wood heating kit?")
    assert answer.path is MadeBy.EXTRACTIVE
    assert re.match(r"(250|[A-Z]).* — .* \(Gironde\): « .*250 foyers.* »$", answer.statements[0].text)


def test_the_frame_is_in_the_language_of_the_question_and_the_quote_in_that_of_the_sheet(answerer: Answerer):
    french, english = ask(answerer, "Quelle est la capitale du Pérou ?"), ask(answerer, "What is the capital of Peru?")
    assert (french.language, english.language) == ("fr", "en")
    assert french.text.startswith("Pas de réponse sûre dans ce recueil.")
    assert english.text.startswith("No sure answer in this collection.")


@pytest.mark.parametrize("question", SEVERAL)
def test_a_question_for_several_lists_initiatives_once_each(answerer: Answerer, question: str):
    answer = ask(answerer, question)
    assert not answer.abstained
    told = [citation.initiative for citation in answer.citations]
    assert len(answer.statements) >= 2
    assert len(told) == len(set(told)) == len(answer.statements)


@pytest.mark.parametrize("question", ELSEWHERE)
def test_what_no_sheet_answers_is_refused_with_what_was_searched(answerer: Answerer, question: str):
    answer = ask(answerer, question)
    assert answer.abstained
    assert answer.citations == ()
    assert f"{len(answerer.searcher.catalogue.initiatives)} " in answer.text
    relevant = answerer.searcher.rank(question).relevant
    assert ("proche" in answer.text or "Nearest" in answer.text) == bool(relevant)


def test_on_the_texts_it_was_fitted_on_confidence_is_a_probability(answerer: Answerer):
    assert answerer.is_calibrated
    assert all(0 <= ask(answerer, question).confidence <= 1 for question in [*QUESTIONS[:4], *ELSEWHERE])


def test_a_list_has_no_confidence(answerer: Answerer):
    answers = [ask(answerer, question) for question in SEVERAL]
    assert all(one.is_list and one.confidence is None for one in answers)


@pytest.mark.parametrize("question", [*QUESTIONS, *SEVERAL])
def test_no_statement_holds_an_ellipsis_or_an_open_bracket_that_its_sources_do_not(answerer: Answerer, question: str):
    answer = ask(answerer, question)
    for statement in answer.statements:
        assert "…" not in statement.text
        assert statement.text.count("(") == statement.text.count(")")
        assert statement.text.count("«") == statement.text.count("»")


@pytest.mark.parametrize("spelt", ["{}", "QUI {}", "{} ?", "  {} ?!"])
def test_the_same_question_in_any_spelling_has_the_same_answer(answerer: Answerer, spelt: str):
    asked = "qui fait de l'hébergement citoyen pour les femmes sans abri"
    typed = asked.upper() if spelt.startswith("QUI") else spelt.format(asked)
    assert ask(answerer, typed).statements == ask(answerer, asked).statements


def test_words_are_never_refused_while_something_is_on_the_subject(answerer: Answerer):
    for words in ("vieillir chez soi", "loneliness of seniors", "nonrecours rsa"):
        assert answerer.searcher.rank(words).relevant
        assert not ask(answerer, words).abstained


def test_under_a_filter_only_its_initiatives_are_quoted_and_a_refusal_says_how_many_there_are(answerer: Answerer):
    searcher, gironde = answerer.searcher, Filters(departement=("33",))
    answer = answerer.answer(searcher.rank(QUESTIONS[0], gironde))
    inside = {one.id for one in searcher.catalogue.select(gironde)}
    assert answer.citations
    assert {citation.initiative for citation in answer.citations} <= inside
    refused = answerer.answer(searcher.rank(ELSEWHERE[0], gironde))
    assert refused.abstained
    assert f" {len(inside)} fiches" in refused.text


def test_contact_data_appears_only_when_a_contact_is_asked_for(answerer: Answerer):
    reachable = [
        one for one in answerer.searcher.catalogue.initiatives if any(contact.phone for contact in one.contacts)
    ][::12]
    for initiative in reachable:
        asked = ask(answerer, f"Qui est responsable de {initiative.title} ?")
        assert not holds_contact(asked.text)
        assert not any(holds_contact(citation.quote) for citation in asked.citations)


def test_a_question_for_a_contact_gets_it(answerer: Answerer):
    answer = ask(answerer, "Qui contacter pour la technicothèque du Maine-et-Loire ?")
    assert holds_contact(answer.text)


@pytest.mark.parametrize(
    ("question", "long"),
    [
        ("C'est quoi le FSL ?", "Fonds Solidarité Logement"),
        ("Que signifient les lettres INSEP ?", "Institut national du sport, de l’expertise et de la performance"),
        ("What is the FAST in Lot?", "fonds d'aide pour les solidarités territoriales"),
    ],
)
def test_what_letters_stand_for_leads_and_is_cited_where_it_is_explained(answerer: Answerer, question, long):
    answer = ask(answerer, question)
    assert not answer.abstained
    assert answer.statements[0].lead.endswith(long)
    assert any(long.lower() in citation.quote.lower() for citation in answer.citations)


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("Quel numéro appeler au service insertion du Lot ?", "46"),
        ("Combien coûte le pack domotique de la Creuse ?", "23"),
        ("Who runs the equipment library in Maine-et-Loire?", "49"),
    ],
)
def test_what_is_asked_of_a_place_is_not_answered_from_another(answerer: Answerer, question: str, code: str):
    initiatives = answerer.searcher.catalogue
    for citation in ask(answerer, question).citations:
        assert code in {one.code for one in initiatives.initiative(citation.initiative).departements}


def test_the_stream_ends_with_the_answer_whose_statements_it_gave(answerer: Answerer):
    *ready, answer = answerer.stream(answerer.searcher.rank(QUESTIONS[0]))
    assert isinstance(answer, Answer)
    assert [statement for statement, _ in ready] == list(answer.statements)
    assert [citation for _, cited in ready for citation in cited] == list(answer.citations)


def test_the_same_question_has_the_same_answer(answerer: Answerer):
    assert without_time(ask(answerer, QUESTIONS[0])) == without_time(ask(answerer, QUESTIONS[0]))


def test_one_ranking_gives_the_hits_and_the_answer_and_what_was_searched_whole_is_not_encoded_again(
    answerer: Answerer, monkeypatch: pytest.MonkeyPatch
):
    ranking: Ranking = answerer.searcher.rank(QUESTIONS[0])
    monkeypatch.setattr(type(answerer.searcher.encoder), "questions", None)
    hits = answerer.searcher.hits(ranking, ranking.nearest[:10], "fr")
    answer = answerer.answer(ranking)
    assert answer.citations[0].initiative in {id for hit in hits for id in (hit.initiative.id, *hit.also_in)}


@pytest.mark.parametrize("question", [QUESTIONS[0], ELSEWHERE[0]])
def test_on_texts_it_was_not_fitted_on_the_figure_is_withheld_and_nothing_else_changes(
    answerer: Answerer, question: str
):
    elsewhere = replace(answerer, calibration=replace(answerer.calibration, texts="others"))
    assert ask(answerer, question).confidence is not None
    assert ask(elsewhere, question).confidence is None
    assert without_time(ask(elsewhere, question)) == without_time(replace(ask(answerer, question), confidence=None))


QUESTION = QUESTIONS[0]


@pytest.fixture
def server() -> Iterator[llm_server.LlmServer]:
    with llm_server.LlmServer() as running:
        yield running


@pytest.fixture
def aided(answerer: Answerer, server: llm_server.LlmServer) -> Answerer:
    return replace(
        answerer, language_model=LanguageModel(url=server.url, model="a-model", timeout_s=1.0, api_key="a-key")
    )


def number_of(aided: Answerer, words: str) -> int:
    """The number under which the passage with these words is shown to the model."""
    read = AnswerContext.of(aided.searcher, aided.searcher.rank(QUESTION), aided.table).nearest_passages()
    passages = aided.searcher.index.contents.passages
    return next(number for number, row in enumerate(read, start=1) if words in passages[row].text)


def test_supported_sentences_are_shown_with_exact_quotes_of_what_they_cite(
    aided: Answerer, server: llm_server.LlmServer
):
    cited = number_of(aided, "auprès de 250 foyers")
    server.behave = llm_server.streamed(f"Le kit est testé auprès de 250 foyers de Bordeaux [{cited}].")
    answer = ask(aided, QUESTION)
    assert (answer.path, answer.fallback, answer.removed) == (MadeBy.LANGUAGE_MODEL, None, 0)
    assert answer.text == "Le kit est testé auprès de 250 foyers de Bordeaux."
    (citation,) = answer.citations
    assert "250 foyers" in citation.quote
    assert citation.quote in aided.searcher.catalogue.initiative(citation.initiative).text


def test_an_unsupported_sentence_is_removed_and_counted(aided: Answerer, server: llm_server.LlmServer):
    cited = number_of(aided, "auprès de 250 foyers")
    server.behave = llm_server.streamed(
        f"Le kit est testé auprès de 250 foyers de Bordeaux [{cited}]. Il coûte 4000 euros à chaque foyer [{cited}]."
    )
    answer = ask(aided, QUESTION)
    assert (answer.path, answer.removed) == (MadeBy.LANGUAGE_MODEL, 1)
    assert "4000" not in answer.text


@pytest.mark.parametrize(
    "said", ["HACKED", "Il y en a 999 [1].", "Le kit est testé auprès de 250 foyers [99].", "NO_ANSWER"]
)
def test_a_useless_reply_falls_back_to_the_words_of_the_sheets(
    aided: Answerer, answerer: Answerer, server: llm_server.LlmServer, said: str
):
    server.behave = llm_server.streamed(said)
    answer = ask(aided, QUESTION)
    assert answer.path is MadeBy.EXTRACTIVE
    assert answer.fallback
    assert answer.text == ask(answerer, QUESTION).text


def test_a_model_that_is_not_there_falls_back(answerer: Answerer):
    nobody = replace(
        answerer, language_model=LanguageModel(url="http://127.0.0.1:9/v1", model="a-model", timeout_s=1.0)
    )
    answer = ask(nobody, QUESTION)
    assert (answer.path, answer.fallback) == (MadeBy.EXTRACTIVE, "unreachable")
    assert not answer.abstained


def test_what_is_refused_is_not_sent(aided: Answerer, server: llm_server.LlmServer):
    assert ask(aided, ELSEWHERE[0]).abstained
    assert server.requests == []


def test_statements_are_streamed_as_they_are_supported_and_the_answer_comes_last(
    aided: Answerer, server: llm_server.LlmServer
):
    cited = number_of(aided, "auprès de 250 foyers")
    server.behave = llm_server.streamed(f"Le kit est testé auprès de 250 foyers de Bordeaux [{cited}].")
    *ready, answer = aided.stream(aided.searcher.rank(QUESTION))
    assert [statement.text for statement, _ in ready] == [statement.text for statement in answer.statements]


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_reader_and_a_calibration_come_with_the_package():
    assert names(BUNDLED) == {NETWORK, FACTS, RANKER, NAME, NEEDS}


def test_answers_are_made_with_what_comes_with_the_package_until_something_was_made(tmp_path: Path):
    assert answering_folder(tmp_path, "bundled") == BUNDLED
    made = own_folder(tmp_path, "bundled")
    assert answering_folder(tmp_path, "bundled") == made != BUNDLED


def test_what_is_made_lies_beside_the_index_and_begins_as_a_copy(tmp_path: Path):
    made = own_folder(tmp_path, "bundled")
    assert made.is_relative_to(tmp_path)
    assert {path.name: path.read_bytes() for path in made.iterdir()} == {
        path.name: path.read_bytes() for path in BUNDLED.iterdir()
    }


def test_what_was_made_is_kept(tmp_path: Path):
    (own_folder(tmp_path, "bundled") / NAME).write_text("ours", encoding="utf8")
    assert (own_folder(tmp_path, "bundled") / NAME).read_text(encoding="utf8") == "ours"


def test_every_encoder_has_its_own_folder(tmp_path: Path):
    encoders = ["bundled", "one/model", "other/model", str(tmp_path / "model")]
    made = {own_folder(tmp_path, encoder) for encoder in encoders}
    assert len(made) == len(encoders)
    assert answering_folder(tmp_path, "third/model") == BUNDLED
