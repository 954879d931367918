"""What programs for OpenAI's interface send and get: a chat with the cited answerer, embeddings, a search.

Fields that we do not know are left alone there, unlike elsewhere: those programs send many that mean nothing here
(`temperature`, `tools`, …). The shapes of a search are those of the Albert API.
"""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from search import Hit
from web.parameters import MOST, FilterParameters

ANSWERER, EMBEDDER = "recueil", "recueil-embeddings"

MOST_MESSAGES, LONGEST_MESSAGE = 200, 20_000
MOST_INPUTS = 64  # texts to embed at once
LONGEST_INPUT = 20_000  # characters; what the encoder reads at once is less, and is said by a fault


class TextPart(BaseModel):
    """A part of a message. Only text is read."""

    type: str
    text: str = Field("", max_length=LONGEST_MESSAGE)


class ChatMessage(BaseModel):
    """A message of the conversation. What users say counts; what they were answered, and instructions, do not."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Annotated[str, Field(max_length=LONGEST_MESSAGE)] | list[TextPart] | None = None

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
    messages: list[ChatMessage] = Field(min_length=1, max_length=MOST_MESSAGES)
    stream: bool | None = Field(None, description="Whether to send the answer in pieces, as server-sent events.")
    n: int | None = Field(None, ge=1, le=1, description="One answer: there is no other.")
    filters: FilterParameters | None = Field(None, description="Conditions, as /search takes them (not of OpenAI).")


class UrlCitation(BaseModel):
    """A source: a page of this service that shows the lines quoted."""

    start_index: int = Field(description="Character of the message where its mark begins, from 0.")
    end_index: int = Field(description="Exclusive.")
    title: str
    url: str
    initiative: str = Field(description="Id (not of OpenAI, as all below).")
    document: str
    start_line: int
    end_line: int
    quote: str = Field(description="Character for character in these lines.")


class Annotation(BaseModel):
    """A mark in the text, as [1], and what it stands for."""

    type: Literal["url_citation"] = "url_citation"
    url_citation: UrlCitation


class AnswerMessage(BaseModel):
    """The answer, with its sources in the text and as annotations."""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None
    annotations: list[Annotation]


class Choice(BaseModel):
    """The one answer."""

    index: int = 0
    message: AnswerMessage
    finish_reason: Literal["stop"] = "stop"
    logprobs: None = None


class Understood(BaseModel):
    """What was made of the conversation (not of OpenAI)."""

    question: str = Field(description="The question that was answered, told so that it stands by itself.")
    abstained: bool
    verdict: str
    confidence: float | None


class Chunk(BaseModel):
    """A passage of a sheet, as the Albert API gives them."""

    object: Literal["chunk"] = "chunk"
    id: int
    collection_id: int = 1
    document_id: int = Field(description="Position of the document among those of /documents, from 1.")
    content: str
    metadata: dict[str, str | int] = Field(description="Initiative, title, document, lines, page.")
    created: int = 0


class Searched(BaseModel):
    """A passage that was found."""

    method: Literal["hybrid"] = "hybrid"
    score: float
    chunk: Chunk

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

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int = Field(description="Seconds since 1970.")
    model: str = ANSWERER
    choices: list[Choice]
    usage: None = None
    search_results: list[Searched] = Field(description="Passages nearest to the question (of the Albert API).")
    understood: Understood


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

    object: Literal["list"] = "list"
    data: list[Searched]
    usage: None = None


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
    )
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: int | None = Field(None, ge=1, description="Those that the vectors have, or left out.")
    input_type: Literal["query", "passage"] = Field(
        "query", description="Whether the texts are questions or what is searched; the encoder tells them apart."
    )


class Embedding(BaseModel):
    """The vector of one text, of length 1."""

    object: Literal["embedding"] = "embedding"
    index: int
    embedding: list[float] | str = Field(description="Numbers, or float32 in base64, the lowest byte first.")


class EmbeddingsUsage(BaseModel):
    """How much was read."""

    prompt_tokens: int
    total_tokens: int


class EmbeddingsReply(BaseModel):
    """The vectors of the texts, in their order."""

    object: Literal["list"] = "list"
    data: list[Embedding]
    model: str = EMBEDDER
    usage: EmbeddingsUsage


class ModelReply(BaseModel):
    """Something that can be asked as a model."""

    id: str
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = "recueil"
    description: str = Field(description="What it does (not of OpenAI).")


MODELS = (
    ModelReply(
        id=ANSWERER, description="Answers in the exact words of the sheets, with sources, or says there is none."
    ),
    ModelReply(id=EMBEDDER, description="The encoder of the index: sentence vectors of French and English."),
)


class ModelList(BaseModel):
    """What can be asked as a model."""

    object: Literal["list"] = "list"
    data: Sequence[ModelReply] = MODELS
