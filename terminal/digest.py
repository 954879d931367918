"""What the documents come to as they are now, to be compared with what an index was made of."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from settings import Settings


def digest_now(settings: "Settings") -> str:
    """The digest of documents, editorial records, thesaurus and adaptation. Raises BadDocument and other faults."""
    from corpus import digest_of, load_corpus, load_enrichment, thesaurus_of
    from index import digest_with, read_card, read_model

    corpus = load_corpus(settings.documents)
    thesaurus = thesaurus_of(corpus.profile, settings.documents)
    digest = digest_of(corpus, load_enrichment(settings.editorial_folder, corpus), thesaurus)
    card = read_card(settings.adaptation_folder)
    fits = card is not None and card.fits(read_model(settings.model_folder))
    return digest_with(digest, card if fits else None)
