"""From initiatives to something searchable.

    manifest = build_index(documents, editorial=…, adaptation=…, var=var, encoder="bundled", threads=2, progress=…)
    encoder = open_encoder(model_folder(var, "bundled"), threads=2)
    index = Index.open(index_folder(var), encoder.digest)

Initiatives are split into passages; one pass of the encoder gives each passage a sentence vector and one state for each
token. From these are made a lexical index (BM25), a dense one and a multi-vector one (MaxSim), embeddings of whole
initiatives, and the thresholds below which nothing is relevant; the project's own records, their expansions and the
thesaurus are compared with the passages beforehand, and the questions that facts answer are encoded. `Index.of` makes
all of it in memory, with any `Encoder`; on the disk a manifest refuses whatever does not fit.
"""

from index.adaptation import (
    Adaptation,
    AdaptationCard,
    AdaptedReading,
    adapted_bonus,
    digest_with,
    likelihoods,
    read_card,
)
from index.build import build_index, update_index
from index.dense import DenseIndex, DocumentEmbeddings
from index.encoder import (
    Encoded,
    Encoder,
    ModelEncoder,
    PreparedModel,
    Prompts,
    States,
    onnx_session,
    open_encoder,
    read_model,
    unit_rows,
)
from index.errors import BadIndex, BadModel, Unwritable
from index.expansion import COSINE_STEPS, ConceptScores, ExpansionIndex, combine_scores
from index.facts import FactIndex, NearFact
from index.generations import current_name
from index.index import CONTENTS, Contents, Index, read_contents
from index.lexical import Acronym, Analyser, LexicalIndex
from index.multivector import MultiVectorIndex, TokenSimilarities, inverse_document_frequency, query_token_mask
from index.passages import EmbeddedText, Passage, context, passage_spans, passages_of
from index.progress import Progress, Silence
from index.questions import QuestionCentre, sample_questions
from index.storage import (
    Generation,
    Manifest,
    generation_before,
    index_folder,
    kept_generations,
    model_folder,
    publish_generation,
    read_manifest,
)
from index.thresholds import Signs, Thresholds, lead_of

__all__ = [
    "CONTENTS",
    "COSINE_STEPS",
    "Acronym",
    "Adaptation",
    "AdaptationCard",
    "AdaptedReading",
    "Analyser",
    "BadIndex",
    "BadModel",
    "ConceptScores",
    "Contents",
    "DenseIndex",
    "DocumentEmbeddings",
    "EmbeddedText",
    "Encoded",
    "Encoder",
    "ExpansionIndex",
    "FactIndex",
    "Generation",
    "Index",
    "LexicalIndex",
    "Manifest",
    "ModelEncoder",
    "MultiVectorIndex",
    "NearFact",
    "Passage",
    "PreparedModel",
    "Progress",
    "Prompts",
    "QuestionCentre",
    "Signs",
    "Silence",
    "States",
    "Thresholds",
    "TokenSimilarities",
    "Unwritable",
    "adapted_bonus",
    "build_index",
    "combine_scores",
    "context",
    "current_name",
    "digest_with",
    "generation_before",
    "index_folder",
    "inverse_document_frequency",
    "kept_generations",
    "lead_of",
    "likelihoods",
    "model_folder",
    "onnx_session",
    "open_encoder",
    "passage_spans",
    "passages_of",
    "publish_generation",
    "query_token_mask",
    "read_card",
    "read_contents",
    "read_manifest",
    "read_model",
    "sample_questions",
    "unit_rows",
    "update_index",
]
