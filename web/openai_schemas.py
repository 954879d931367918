"""What programs for OpenAI's interface send and get: a chat with the cited answerer, embeddings, a search.

Fields that we do not know are left alone there, unlike elsewhere: those programs send many that mean nothing here
(`temperature`, `tools`, …). The shapes of a search are those of the Albert API.
"""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from search import Hit
from web import examples
from web.parameters import MOST, FilterParameters
from web.schemas import example

ANSWERER, EMBEDDER = "recueil", "recueil-embeddings"

MOST_MESSAGES, LONGEST_MESSAGE = 200, 20_000
MOST_INPUTS = 64  # texts to embed at once
LONGEST_INPUT = 20_000  # characters; what the encoder reads at once is less, and is said by a fault


class TextPart(BaseModel):
    """A part of a message. Only text is read."""

    type: str = Field(description="'text'; other parts are passed over.")
    text: str = Field("", max_length=LONGEST_MESSAGE, description="What it says.")


class ChatMessage(BaseModel):
    """A message of the conversation. What users say counts; what they were answered, and instructions, do not."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"] = Field(description="Who speaks.")
    content: Annotated[str, Field(max_length=LONGEST_MESSAGE)] | list[TextPart] | None = Field(
        None, description="What is said: a text, or parts."
    )

    @property
    def text(self) -> str:
        """Its text."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class ChatRequest(BaseModel):
    """A conversation whose last question is to be answered."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "model": ANSWERER,
                    "messages": [
                        {"role": "user", "content": "mobilité des jeunes en Bretagne"},
                        {"role": "assistant", "content": "…"},
                        {"role": "user", "content": "et dans le Nord ?"},
                    ],
                }
            ]
        }
    )
    model: str = Field(max_length=100, description=f"'{ANSWERER}'.")
    messages: list[ChatMessage] = Field(
        min_length=1, max_length=MOST_MESSAGES, description="The conversation, the oldest first."
    )
    stream: bool | None = Field(None, description="Whether to send the answer in pieces, as server-sent events.")
    n: int | None = Field(None, ge=1, le=1, description="One answer: there is no other.")
    filters: FilterParameters | None = Field(None, description="Conditions, as /search takes them (not of OpenAI).")


class UrlCitation(BaseModel):
    """A source: a page of this service that shows the lines quoted."""

    start_index: int = Field(description="Character of the message where its mark begins, from 0.")
    end_index: int = Field(description="Exclusive.")
    title: str = Field(description="Of the sheet.")
    url: str = Field(description="Of the page.")
    initiative: str = Field(description="Id (not of OpenAI, as all below).")
    document: str = Field(description="Id of the document.")
    start_line: int = Field(description="From 1.")
    end_line: int = Field(description="Inclusive.")
    quote: str = Field(description="Character for character in these lines.")


class Annotation(BaseModel):
    """A mark in the text, as [1], and what it stands for."""

    type: Literal["url_citation"] = Field("url_citation", description="Always the same.")
    url_citation: UrlCitation = Field(description="The source.")


class AnswerMessage(BaseModel):
    """The answer, with its sources in the text and as annotations."""

    role: Literal["assistant"] = Field("assistant", description="Always the same.")
    content: str = Field(description="The answer, with marks as [1].")
    refusal: None = Field(None, description="Always null: an abstention says so in the text.")
    annotations: list[Annotation] = Field(description="The marks, in the order of the text.")


class Choice(BaseModel):
    """The one answer."""

    index: int = Field(0, description="Always 0.")
    message: AnswerMessage = Field(description="The answer.")
    finish_reason: Literal["stop"] = Field("stop", description="Always the same.")
    logprobs: None = Field(None, description="Always null.")


class Understood(BaseModel):
    """What was made of the conversation (not of OpenAI)."""

    question: str = Field(description="The question that was answered, told so that it stands by itself.")
    abstained: bool = Field(description="No sheet holds an answer that is sure enough.")
    verdict: str = Field(description="As in the reply of /ask.")
    confidence: float | None = Field(description="0 to 1, null where it was not fitted.")


class Chunk(BaseModel):
    """A passage of a sheet, as the Albert API gives them."""

    object: Literal["chunk"] = Field("chunk", description="Always the same.")
    id: int = Field(description="Row of the passage in the index.")
    collection_id: int = Field(1, description="Always 1.")
    document_id: int = Field(description="Position of the document among those of /documents, from 1.")
    content: str = Field(description="The passage.")
    metadata: dict[str, str | int] = Field(description="Initiative, title, document, lines, page.")
    created: int = Field(0, description="Always 0.")


class Searched(BaseModel):
    """A passage that was found."""

    method: Literal["hybrid"] = Field("hybrid", description="Always by words and by meaning.")
    score: float = Field(description="Higher is better; it means nothing outside of one search.")
    chunk: Chunk = Field(description="The passage.")

    @classmethod
    def of(cls, hit: Hit, row: int, document: int, page: str) -> "Searched":
        """Give a hit; `row` is that of its passage, `document` the position of its document, from 1."""
        initiative, passage = hit.initiative, hit.passage
        metadata: dict[str, str | int] = {
            "initiative": initiative.id,
            "title": initiative.title,
            "document_name": initiative.source.document,
            "start_line": passage.start_line,
            "end_line": passage.end_line,
            "url": page,
        }
        chunk = Chunk(id=row, document_id=document, content=passage.text, metadata=metadata)
        return cls(score=hit.score, chunk=chunk)


class ChatCompletion(BaseModel):
    """The reply to a conversation. Nothing is generated, so that no tokens are counted."""

    model_config = example(examples.CHAT_COMPLETION)
    id: str = Field(description="Of this reply.")
    object: Literal["chat.completion"] = Field("chat.completion", description="Always the same.")
    created: int = Field(description="Seconds since 1970.")
    model: str = Field(ANSWERER, description="Which one answered.")
    choices: list[Choice] = Field(description="The one answer.")
    usage: None = Field(None, description="Always null: nothing is generated.")
    search_results: list[Searched] = Field(description="Passages nearest to the question (of the Albert API).")
    understood: Understood = Field(description="What was made of the conversation.")


class SearchBody(BaseModel):
    """A search, as the Albert API asks it. All is searched by words and by meaning, whatever `method` says."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"query": "garde d'enfants la nuit", "limit": 3}]})
    query: str | None = Field(None, max_length=LONGEST_MESSAGE, description="The question.")
    prompt: str | None = Field(None, max_length=LONGEST_MESSAGE, description="The same, in older versions.")
    limit: int | None = Field(None, ge=1, le=MOST, description="How many passages at most, 10 unless given.")
    k: int | None = Field(None, ge=1, le=MOST, description="The same, in older versions.")
    offset: int = Field(0, ge=0, le=1_000, description="How many of the best to leave out.")
    filters: FilterParameters | None = Field(None, description="Conditions, as /search takes them (not of Albert).")


class SearchList(BaseModel):
    """Passages, the best first, each of another initiative."""

    model_config = example(examples.PASSAGES)
    object: Literal["list"] = Field("list", description="Always the same.")
    data: list[Searched] = Field(description="The best first.")
    usage: None = Field(None, description="Always null.")


class EmbeddingsRequest(BaseModel):
    """Texts to embed."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"model": EMBEDDER, "input": ["un bus itinérant"]}]})
    model: str = Field(max_length=100, description=f"'{EMBEDDER}'.")
    input: (
        Annotated[str, Field(min_length=1, max_length=LONGEST_INPUT)]
        | Annotated[
            list[Annotated[str, Field(min_length=1, max_length=LONGEST_INPUT)]],
            Field(min_length=1, max_length=MOST_INPUTS),
        ]
    ) = Field(description="A text, or several.")
    encoding_format: Literal["float", "base64"] = Field("float", description="Numbers, or their bytes in base64.")
    dimensions: int | None = Field(None, ge=1, description="Those that the vectors have, or left out.")
    input_type: Literal["query", "passage"] = Field(
        "query", description="Whether the texts are questions or what is searched; the encoder tells them apart."
    )


class Embedding(BaseModel):
    """The vector of one text, of length 1."""

    object: Literal["embedding"] = Field("embedding", description="Always the same.")
    index: int = Field(description="Position of its text, from 0.")
    embedding: list[float] | str = Field(description="Numbers, or float32 in base64, the lowest byte first.")


class EmbeddingsUsage(BaseModel):
    """How much was read."""

    prompt_tokens: int = Field(description="Tokens that were read.")
    total_tokens: int = Field(description="The same.")


class EmbeddingsReply(BaseModel):
    """The vectors of the texts, in their order."""

    model_config = example(examples.EMBEDDINGS)
    object: Literal["list"] = Field("list", description="Always the same.")
    data: list[Embedding] = Field(description="In the order of the texts.")
    model: str = Field(EMBEDDER, description="Which one read them.")
    usage: EmbeddingsUsage = Field(description="Tokens, of all texts together.")


class ModelReply(BaseModel):
    """Something that can be asked as a model."""

    model_config = example(examples.MODEL)
    id: str = Field(description="What requests call it.")
    object: Literal["model"] = Field("model", description="Always the same.")
    created: int = Field(0, description="Always 0.")
    owned_by: str = Field("recueil", description="Always the same.")
    description: str = Field(description="What it does (not of OpenAI).")


MODELS = (
    ModelReply(
        id=ANSWERER, description="Answers in the exact words of the sheets, with sources, or says there is none."
    ),
    ModelReply(id=EMBEDDER, description="The encoder of the index: sentence vectors of French and English."),
)


class ModelList(BaseModel):
    """What can be asked as a model."""

    model_config = example({"object": "list", "data": [examples.MODEL]})
    object: Literal["list"] = Field("list", description="Always the same.")
    data: Sequence[ModelReply] = Field(MODELS, description="Those there are.")
