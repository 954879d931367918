"""The routes that speak as OpenAI's do, so that chat clients and frameworks can use the answerer as they use a model.

The "model" is the answerer: it quotes, cites and abstains. A follow-up question is told in one that stands by itself
(search.question_of), and what was understood is shown. Refusals have OpenAI's shape by `openai_errors`.
"""

import json
import secrets
import time
from base64 import b64encode
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import StreamingResponse
from fastapi.sse import format_sse_event

from feedback import missed_by_answer, missed_by_search
from search import BadQuestion, RankedInitiative, Ranking, Searcher, question_of
from search.answer import Answer, Answerer
from web import examples
from web.address import permalink
from web.chat_text import ChatText, Source
from web.dependencies import OpenAnswerer, OpenMissLog, OpenSearcher
from web.errors import UnknownModel, fault_reply, faults
from web.negotiation import EVENTS, UNBUFFERED
from web.openai_errors import OpenAIFault
from web.openai_schemas import (
    ANSWERER,
    EMBEDDER,
    MODELS,
    AnswerMessage,
    ChatCompletion,
    ChatRequest,
    Choice,
    Embedding,
    EmbeddingsReply,
    EmbeddingsRequest,
    EmbeddingsUsage,
    ModelList,
    ModelReply,
    SearchBody,
    Searched,
    SearchList,
    Understood,
)
from web.parameters import FilterParameters, NothingAsked, check_address
from web.schemas import NEAREST
from web.visitor import texts_in

USUAL = 10  # passages of a search
STREAMED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The answer; with `stream` as chunks of a `chat.completion.chunk`, a last one [DONE].",
        "content": {EVENTS: {"schema": {"type": "string"}, "example": examples.CHAT_AS_EVENTS}},
    }
}

ModelId = Annotated[str, Path(description="Id of a model, as /v1/models lists them.")]

router = APIRouter(prefix="/v1", dependencies=[Depends(check_address)])


@router.get("/models", responses=faults(422))
async def list_models(_: NothingAsked) -> ModelList:
    """List what can be asked as a model: the answerer, and the encoder of the index."""
    return ModelList()


@router.get("/models/{model}", responses=faults(404, 422))
async def show_model(model: ModelId, _: NothingAsked) -> ModelReply:
    """Show one of them."""
    for one in MODELS:
        if one.id == model:
            return one
    raise _unknown(model, ", ".join(one.id for one in MODELS))


@router.post("/chat/completions", response_model=ChatCompletion, responses=STREAMED | faults(400, 404, 413, 422, 503))
def complete_chat(
    request: Request, answerer: OpenAnswerer, misses: OpenMissLog, asked: ChatRequest, _: NothingAsked
) -> ChatCompletion | StreamingResponse:
    """Answer the last question of a conversation with the exact words of its sources, cited in the text."""
    if asked.model != ANSWERER:
        raise _unknown(asked.model, ANSWERER)
    ranking, typed = _ranked(answerer.searcher, asked)

    def completed() -> ChatCompletion:
        answer = answerer.answer(ranking)
        misses.keep(missed_by_answer(answer, ranking.filters))
        return _completion(request, answerer, ranking, answer, typed)

    if not asked.stream:
        return completed()
    headers = {"Cache-Control": "no-store", **UNBUFFERED}
    return StreamingResponse(_chunks(request, completed), media_type=EVENTS, headers=headers)


@router.post("/search", responses=faults(400, 413, 422, 503))
def search_passages(
    request: Request, searcher: OpenSearcher, misses: OpenMissLog, asked: SearchBody, _: NothingAsked
) -> SearchList:
    """Find passages, one of each initiative, in the shape that clients of the Albert API read."""
    filters = (asked.filters or FilterParameters()).filters(searcher.catalogue.gazetteer)
    ranking = searcher.rank(asked.query or asked.prompt or "", filters)
    misses.keep(missed_by_search(searcher.results(ranking, 0), filters))
    shown = (*ranking.relevant, *ranking.further)[asked.offset :][: asked.limit or asked.k or USUAL]
    return SearchList(data=_searched(request, searcher, ranking, shown))


@router.post("/embeddings", responses=faults(400, 404, 413, 422, 503))
def embed(searcher: OpenSearcher, asked: EmbeddingsRequest, _: NothingAsked) -> EmbeddingsReply:
    """Give the sentence vectors of texts, by the encoder of the index."""
    if asked.model != EMBEDDER:
        raise _unknown(asked.model, EMBEDDER)
    texts = [asked.input] if isinstance(asked.input, str) else asked.input
    encoder = searcher.encoder
    for position, text in enumerate(texts):
        if not encoder.fits(text):
            what = f"'input.{position}' has more than the {encoder.max_tokens} tokens that are read"
            raise BadQuestion(what, "input", "Cut it into shorter texts.")
    encoded = encoder.passages(texts) if asked.input_type == "passage" else encoder.questions(texts)
    vectors = [np.asarray(one.vector, np.dtype("<f4")) for one in encoded]
    if asked.dimensions not in (None, len(vectors[0])):
        what = f"'dimensions' cannot be {asked.dimensions}"
        raise BadQuestion(what, "dimensions", f"Leave it out: the vectors have {len(vectors[0])}.")
    tokens = sum(len(one.tokens) for one in encoded)
    told = [
        b64encode(one.tobytes()).decode() if asked.encoding_format == "base64" else [float(number) for number in one]
        for one in vectors
    ]
    return EmbeddingsReply(
        data=[Embedding(index=position, embedding=one) for position, one in enumerate(told)],
        usage=EmbeddingsUsage(prompt_tokens=tokens, total_tokens=tokens),
    )


def _unknown(model: str, known: str) -> UnknownModel:
    return UnknownModel(f"There is no model '{model}'", "model", f"Known are {known}.")


def _ranked(searcher: Searcher, asked: ChatRequest) -> tuple[Ranking, str]:
    """The ranking for what a conversation asks, and the last message. Raises BadQuestion or UnknownFilter."""
    said = [text for message in asked.messages if message.role == "user" and (text := message.text.strip())]
    if not said:
        raise BadQuestion("No message of the user holds a word", "messages", "Ask something.")
    gazetteer = searcher.catalogue.gazetteer
    filters = (asked.filters or FilterParameters()).filters(gazetteer)
    question = question_of(said, gazetteer, searcher.index.lexical.analyser)
    return searcher.rank(question, filters), said[-1]


def _completion(request: Request, answerer: Answerer, ranking: Ranking, answer: Answer, typed: str) -> ChatCompletion:
    searcher = answerer.searcher
    catalogue = searcher.catalogue
    sources = []
    for citation in answer.citations:
        initiative = catalogue.initiative(citation.initiative)
        page = permalink(request, initiative.id, (citation.source.start_line, citation.source.end_line))
        sources.append(Source(citation, initiative.title, catalogue.document(initiative).title, page))
    question = ranking.query.typed
    understood = question if question != typed else None
    text = ChatText.of(answer, sources, understood, texts_in(answer.language))
    return ChatCompletion(
        id=f"chatcmpl-{secrets.token_hex(12)}",
        created=int(time.time()),
        choices=[Choice(message=AnswerMessage(content=text.content, annotations=list(text.annotations)))],
        search_results=_searched(request, searcher, ranking, ranking.nearest[:NEAREST]),
        understood=Understood(
            question=question,
            abstained=answer.abstained,
            verdict=answer.verdict.value,
            confidence=answer.confidence,
        ),
    )


def _searched(
    request: Request, searcher: Searcher, ranking: Ranking, shown: Sequence[RankedInitiative]
) -> list[Searched]:
    documents = list(searcher.catalogue.documents)
    hits = searcher.hits(ranking, shown, ranking.query.language)
    return [
        Searched.of(
            hit,
            one.passage,
            documents.index(hit.initiative.source.document) + 1,
            permalink(request, hit.initiative.id, (hit.passage.start_line, hit.passage.end_line)),
        )
        for hit, one in zip(hits, shown, strict=True)
    ]


def _chunks(request: Request, completed: Any) -> Iterator[bytes]:  # noqa: ANN401
    """The events of a streamed answer. It is sent when it is whole: a language model's may yet be taken back."""
    try:
        whole: ChatCompletion = completed()
    except Exception as error:
        fault = OpenAIFault.of(fault_reply(error, request.scope), 500)
        yield format_sse_event(data_str=fault.model_dump_json())
        return
    message = whole.choices[0].message
    yield _chunk(whole, {"role": "assistant", "content": ""})
    for line in message.content.splitlines(keepends=True):
        yield _chunk(whole, {"content": line})
    yield _chunk(whole, {"annotations": [one.model_dump() for one in message.annotations]})
    yield _chunk(whole, {}, last=True)
    yield format_sse_event(data_str="[DONE]")


def _chunk(whole: ChatCompletion, delta: dict[str, Any], last: bool = False) -> bytes:
    """One event: a piece of the message, or its end with what was found and understood."""
    told = whole.model_dump(include={"id", "created", "model", *(("search_results", "understood") if last else ())})
    choice = {"index": 0, "delta": delta, "finish_reason": "stop" if last else None}
    chunk = told | {"object": "chat.completion.chunk", "choices": [choice]}
    return format_sse_event(data_str=json.dumps(chunk, ensure_ascii=False))
