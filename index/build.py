"""Building: from a folder of documents to a prepared model and an index, all under one folder for what is made."""

import hashlib
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from corpus import Corpus, EditorialLayer, Gazetteer, read_corpus, read_layer
from corpus.initiative import Initiative
from corpus.lexicon_entry import LexiconEntry, read_lexicon
from index.acronyms import explained_acronyms
from index.editorial import EditorialIndex
from index.encoder import Encoded, Encoder
from index.fault import BadIndex, BadModel
from index.folder import new_folder
from index.gist import Gists
from index.index import CONTENTS, Contents, owners_of, records_of
from index.lexicon import LexiconIndex
from index.manifest import FORMAT, Manifest, checksums, read_manifest, verify, write_manifest
from index.model import FAITHFUL, Model, open_encoder, prepare_model, read_model
from index.overview import overview_of
from index.passage import TARGET_LENGTH, Passage, split
from index.plain import Plain, plain
from index.questions import QuestionNorms, question_norms, with_records
from index.tokens import TokenBank
from index.vectors import VectorIndex
from index.words import Analyser, WordIndex

# Passages on which a model's export is compared with the model itself: enough to meet every sort of text of the corpus.
SAMPLE_SIZE = 32


class Progress(Protocol):
    """Who is told how the build advances."""

    def step(self, label: str, total: int) -> None:
        """A step begins, of `total` parts."""

    def advance(self, parts: int) -> None:
        """So many more parts of the step are done."""

    def note(self, text: str) -> None:
        """Something that the person who builds should know."""


def model_folder(var: Path, encoder: str) -> Path:
    """Where the prepared model of this name lies."""
    return var / "models" / (re.sub(r"[^a-z0-9]+", "-", encoder.lower()).strip("-") or "model")


def index_folder(var: Path) -> Path:
    """Where the index lies."""
    return var / "index"


def build(documents: Path, editorial: Path, var: Path, encoder: str, threads: int, progress: Progress) -> Manifest:
    """Make ready what is missing or out of date: the model called `encoder`, and the index of the documents with it.

    `editorial` is the folder of their editorial records, which need not exist.

    Raises BadDocument, BadEditorial, BadModel or BadIndex for what a person can mend; whatever interrupts it, an index
    that stood there before stays usable.
    """
    progress.step("Reading the documents", 1)
    corpus = read_corpus(documents, Gazetteer.open())
    layer, lexicon = read_layer(editorial, corpus), read_lexicon()
    progress.advance(1)
    model = _ready_model(encoder, model_folder(var, encoder), corpus, progress)
    current = _current_manifest(index_folder(var), model, digest_of(corpus, layer, lexicon))
    return current or _write_index(
        index_folder(var), corpus, layer, lexicon, model_folder(var, encoder), threads, progress
    )


def _ready_model(name: str, folder: Path, corpus: Corpus, progress: Progress) -> Model:
    with suppress(BadModel):
        model = read_model(folder)
        if model.name == name:  # names that differ in punctuation share a folder
            return model
    progress.step("Preparing the model", 1)
    stride = max(1, len(corpus.initiatives) // SAMPLE_SIZE)
    sample = [plain(initiative.text).text[:TARGET_LENGTH] for initiative in corpus.initiatives[::stride]]
    model = prepare_model(name, folder, sample)
    progress.advance(1)
    if model.served_by == "sentence-transformers":
        progress.note(
            f"The export of '{name}' is not faithful (mean cosine {model.fidelity:.3f}, {FAITHFUL} is asked for):"
            " the model is served through sentence-transformers, which is slower and takes more memory."
        )
    return model


def _current_manifest(folder: Path, model: Model, corpus: str) -> Manifest | None:
    """The manifest of the index in `folder` when it is whole and fits model and corpus, by its digest, else None."""
    try:
        manifest = read_manifest(folder)
        verify(folder, manifest, model.digest)
    except BadIndex:
        return None
    return manifest if manifest.corpus == corpus else None


def _write_index(
    folder: Path,
    corpus: Corpus,
    layer: EditorialLayer,
    lexicon: tuple[LexiconEntry, ...],
    model: Path,
    threads: int,
    progress: Progress,
) -> Manifest:
    encoder, served = open_encoder(model, threads, exact=True), open_encoder(model, threads)
    passages = passages_of(corpus, encoder)
    texts, encoded, tokens = _encode(passages, corpus, encoder, progress)
    norms = question_norms(served, tokens)
    editorial = _encode_records(layer, encoder, served, norms, progress)
    progress.step("Comparing the lexicon", len(lexicon))
    records = editorial.records if editorial is not None else None
    notions = LexiconIndex.build(lexicon, served, norms, tokens, records, progress.advance)
    progress.step("Writing the index", 1)
    analyser = Analyser.open()
    acronyms = explained_acronyms((plain(initiative.text).text for initiative in corpus.initiatives), analyser)
    contents = Contents(corpus.documents, corpus.initiatives, tuple(passages), acronyms, layer, lexicon)
    if editorial is not None:
        norms = with_records(norms, served, tokens, editorial, records_of(contents)[owners_of(contents)])
    with new_folder(folder) as fresh:
        (fresh / "corpus.json").write_bytes(CONTENTS.dump_json(contents))
        WordIndex.build(texts, analyser).save(fresh / "words")
        VectorIndex.build(np.stack([one.vector for one in encoded])).save(fresh / "vectors")
        tokens.save(fresh / "tokens")
        gists = Gists.build(tokens, owners_of(contents))
        gists.save(fresh / "gists.npz")
        np.save(fresh / "overview.npy", overview_of(gists.initiatives))
        norms.save(fresh / "questions.npz")
        notions.save(fresh / "lexicon")
        if editorial is not None:
            editorial.save(fresh / "editorial")
        manifest = Manifest(
            format=FORMAT,
            encoder=encoder.name,
            model=encoder.digest,
            corpus=digest_of(corpus, layer, lexicon),
            documents=len(corpus.documents),
            initiatives=len(corpus.initiatives),
            passages=len(passages),
            records=len(layer.records),
            tokens=len(tokens.tokens),
            files=checksums(fresh),
        )
        write_manifest(fresh, manifest)
    progress.advance(1)
    return manifest


def _encode(
    passages: Sequence[Passage], corpus: Corpus, encoder: Encoder, progress: Progress
) -> tuple[list[str], list[Encoded], TokenBank]:
    """The texts that are embedded, what the encoder makes of them, and the token states traced to the source."""
    contexts = [context(corpus.by_id[passage.initiative]) for passage in passages]
    readable = [plain(passage.text) for passage in passages]
    texts = [before + text.text for before, text in zip(contexts, readable, strict=True)]
    progress.step("Encoding the passages", len(texts))
    encoded = encoder.passages(texts, progress.advance)
    parts = zip(encoded, contexts, readable, strict=True)
    spans = [source_spans(one.spans, len(before), text) for one, before, text in parts]
    return texts, encoded, TokenBank.build(encoded, spans)


def _encode_records(
    layer: EditorialLayer, encoder: Encoder, served: Encoder, norms: QuestionNorms, progress: Progress
) -> EditorialIndex | None:
    if not layer.records:
        return None
    progress.step("Encoding the editorial records", len(layer.records))
    return EditorialIndex.build(layer, encoder, served, norms.vector, progress.advance)


def digest_of(corpus: Corpus, layer: EditorialLayer, lexicon: tuple[LexiconEntry, ...]) -> str:
    """The sha256 of all that is read: it changes with a document, a record, and what a reader makes of them."""
    contents = Contents(corpus.documents, corpus.initiatives, (), (), layer, lexicon)
    return hashlib.sha256(CONTENTS.dump_json(contents)).hexdigest()


def passages_of(corpus: Corpus, encoder: Encoder) -> list[Passage]:
    """The passages of all initiatives, in the order of the corpus."""
    documents = {document.id: document for document in corpus.documents}
    return [
        passage
        for initiative in corpus.initiatives
        for passage in split(initiative, documents[initiative.source.document], encoder.fits)
    ]


def context(initiative: Initiative) -> str:
    """What the encoder reads before a passage: title, place and theme (docs/decisions/0003-ranking.md compares others).

    Example: "Conférence familiale. Ardèche. Actions de prévention. "
    """
    places = ", ".join(departement.name for departement in initiative.departements) or initiative.territory
    parts = (plain(initiative.title).text, places, initiative.theme)
    return "".join(f"{part}. " for part in parts if part)


def source_spans(spans: NDArray[np.int32], context_length: int, text: Plain) -> NDArray[np.int32]:
    """Spans of the embedded text → of the passage as printed, (-1, -1) for tokens of the context, int32 [t, 2]."""
    own = spans - context_length
    inside = (own[:, 1] > 0) & (own[:, 1] > own[:, 0])
    found = np.full_like(spans, -1)
    starts = np.maximum(own[inside, 0], 0)
    found[inside, 0] = text.origin[starts]
    found[inside, 1] = text.origin[own[inside, 1] - 1] + 1
    return found
