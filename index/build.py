"""Building: from a folder of documents to a prepared model and an index, all under one folder for what is made."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from corpus import Concept, Corpus, Enrichment, digest_of, load_corpus, load_enrichment, thesaurus_of
from corpus.text import normalise_text
from index.adaptation import Adaptation, digest_with
from index.encoder import Encoder, PreparedModel, open_encoder, read_model
from index.encodings import Effort, Encodings, remove_outdated_encodings
from index.errors import BadIndex, BadModel, Unwritable
from index.generations import check_replaceable, new_generation
from index.index import Index
from index.passages import TARGET_LENGTH, passages_of
from index.progress import Progress
from index.storage import (
    Manifest,
    encodings_file,
    index_folder,
    kept_generations,
    model_folder,
    publish_generation,
    read_manifest,
    verify,
)
from index.writing import DISK

# Passages on which a model's export is compared with the model itself: enough to meet every sort of text of the corpus.
SAMPLE_SIZE = 32


def build_index(
    documents: Path,
    *,
    editorial: Path,
    adaptation: Path,
    var: Path,
    encoder: str,
    threads: int,
    progress: Progress,
    kept: int = 0,
    published: bool = True,
    model: Path | None = None,
) -> Manifest:
    """Make ready what is missing or out of date: the model called `encoder`, and the index of the documents with it.

    `editorial` is the folder of their editorial records, `adaptation` that of the encoder's adaptation to them; neither
    need exist, and an adaptation of another model is left out, with a note. The newest `kept` generations of the index
    before the new one stay; one that is not `published` is not yet searched (`index.generations`). The `model` lies in
    a folder that is told, or in `var` too.

    Raises BadDocument, BadEnrichment, BadThesaurus, BadModel, BadIndex or Unwritable for what a person can mend;
    whatever interrupts it, an index that stood there before stays usable.
    """
    try:
        read_manifest(index_folder(var))
    except BadIndex:
        check_replaceable(index_folder(var))  # before the long work
    progress.step("Reading the documents", 1)
    corpus = load_corpus(documents)
    enrichment, thesaurus = load_enrichment(editorial, corpus), thesaurus_of(corpus.profile, documents)
    progress.advance(1)
    folder = model or model_folder(var, encoder)
    ready = _ready_model(encoder, folder, corpus, progress)
    store = encodings_file(var, ready)
    remove_outdated_encodings(store)
    return update_index(
        index_folder(var),
        corpus,
        enrichment=enrichment,
        thesaurus=thesaurus,
        adaptation=_fitting(Adaptation.open(adaptation, threads), ready, progress),
        model_digest=ready.digest,
        exact=lambda: open_encoder(folder, threads=1, exact=True, workers=threads),
        progress=progress,
        kept=kept,
        published=published,
        encodings=store,
    )


def update_index(
    folder: Path,
    corpus: Corpus,
    *,
    enrichment: Enrichment,
    thesaurus: tuple[Concept, ...],
    adaptation: Adaptation | None,
    model_digest: str,
    exact: Callable[[], Encoder],
    progress: Progress,
    kept: int = 0,
    published: bool = True,
    encodings: Path | None = None,
) -> Manifest:
    """Make the index in `folder`, with the encoder that `exact` opens for building; one that is up to date stays.

    It is when it is whole and was made of the same corpus with the model of this digest. A generation that was and
    still stands beside it is taken up again. What is made is opened once before it takes its name: some libraries
    write less than they were given and do not say so.

    What the file `encodings` holds is not encoded again; without one, all is encoded, and nothing of it kept.
    """
    digest = digest_with(digest_of(corpus, enrichment, thesaurus), adaptation.card if adaptation is not None else None)
    current = _whole_manifest(folder, model_digest)
    if current is not None and current.corpus == digest:
        return current
    for made in reversed(kept_generations(folder)):
        if made.digest == digest and (manifest := _taken_up(folder, made.name, model_digest, published)):
            return manifest
    opened = exact()
    with new_generation(folder, kept, published) as fresh, _opened(encodings, opened) as store:
        index = Index.of(
            corpus.initiatives,
            passages_of(corpus.initiatives, corpus.documents, opened.fits),
            opened,
            documents=corpus.documents,
            profile=corpus.profile,
            enrichment=enrichment,
            thesaurus=thesaurus,
            adaptation=adaptation,
            corpus_digest=digest,
            progress=progress,
            encodings=store,
            folder=fresh,
        )
        progress.step("Writing the index", 1)
        manifest = index.save(fresh)
        del index  # memory need not hold it twice
        _read_again(fresh, model_digest)
        store.forget_others()
    progress.advance(1)
    _say_effort(store.effort, progress)
    return manifest


def _opened(path: Path | None, encoder: Encoder) -> Encodings:
    return Encodings.temporary(encoder) if path is None else Encodings.open(path, encoder)


def _say_effort(effort: Effort, progress: Progress) -> None:
    if effort.encoded:
        took = f"{effort.encoded} passages were encoded, {effort.per_minute:.0f} a minute"
        progress.note(f"{took}; {effort.known} were there from before.")


def _read_again(folder: Path, model_digest: str) -> None:
    """Open what was written. Raises Unwritable where it is not what was given to the disk."""
    try:
        Index.open(folder, model_digest)
    except (BadIndex, OSError, RuntimeError, ValueError) as error:
        first = str(error).splitlines()[0]
        raise Unwritable(f"What was written cannot be read again: {first}", str(folder), DISK) from error


def _taken_up(folder: Path, name: str, model_digest: str, published: bool) -> Manifest | None:
    """The manifest of a generation that stands beside the current one, which takes the name; None if it is damaged."""
    manifest = _whole_manifest(folder.with_name(f".{folder.name}-{name}"), model_digest)
    if manifest is not None and published:
        publish_generation(folder, name, model_digest)
    return manifest


def _ready_model(name: str, folder: Path, corpus: Corpus, progress: Progress) -> PreparedModel:
    """The prepared model called `name`, prepared first where it is not."""
    with suppress(BadModel):
        model = read_model(folder)
        if model.name == name:  # names that differ in punctuation share a folder
            return model
    from index.model import FAITHFUL, prepare_model

    progress.step("Preparing the model", 1)
    stride = max(1, len(corpus.initiatives) // SAMPLE_SIZE)
    sample = [normalise_text(initiative.text).text[:TARGET_LENGTH] for initiative in corpus.initiatives[::stride]]
    model = prepare_model(name, folder, sample)
    progress.advance(1)
    if model.served_by == "sentence-transformers":
        progress.note(
            f"The export of '{name}' is not faithful (mean cosine {model.fidelity:.3f}, {FAITHFUL} is asked for):"
            " the model is served through sentence-transformers, which is slower and takes more memory."
        )
    return model


def _fitting(adaptation: Adaptation | None, model: PreparedModel, progress: Progress) -> Adaptation | None:
    """An adaptation if it was made for this model; one that was not is left out, with a note."""
    if adaptation is None or adaptation.card.fits(model):
        return adaptation
    what = f"The adaptation in '{adaptation.folder}' was made for another model and is not used"
    progress.note(f"{what}: run `recueil adapt`, or remove the folder.")
    return None


def _whole_manifest(folder: Path, model_digest: str) -> Manifest | None:
    """The manifest of the index in `folder` when it is whole and fits the model, else None."""
    try:
        manifest = read_manifest(folder)
        verify(folder, manifest, model_digest)
    except BadIndex:
        return None
    return manifest
