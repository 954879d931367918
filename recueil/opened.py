"""A collection that is open in this process: what a service would reply, without one."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

from index import index_folder, model_folder, read_manifest
from search import Searcher
from search.answer import Answerer, answering_folder
from search.language_model import LanguageModel
from web import (
    NEAREST,
    AskParameters,
    AskReply,
    CompareParameters,
    ComparisonReply,
    DocumentsReply,
    FacetParameters,
    FacetsReply,
    InitiativeSheet,
    LanguageParameters,
    PageParameters,
    PageReply,
    SearchParameters,
    SearchReply,
    SimilarParameters,
    SimilarReply,
    SimilarText,
)


@dataclass(frozen=True)
class Opened:
    """A collection, open. Threads may share it."""

    searcher: Searcher
    open_answerer: Callable[[Searcher], Answerer]

    @classmethod
    def at(cls, folder: Path, threads: int) -> "Opened":
        """Open what `recueil build` has made in a folder. Raises BadIndex or BadModel."""
        encoder = read_manifest(index_folder(folder)).encoder
        return cls.of(index_folder(folder), model_folder(folder, encoder), answering_folder(folder, encoder), threads)

    @classmethod
    def of(
        cls, index: Path, model: Path, answering: Path, threads: int, language_model: LanguageModel | None = None
    ) -> "Opened":
        """Open an index, its model, and, once a question is asked, what answers. Raises BadIndex or BadModel."""
        open_answerer = partial(Answerer.open, folder=answering, language_model=language_model)
        return cls(Searcher.open(index, model, threads), open_answerer)

    @cached_property
    def answerer(self) -> Answerer:
        """What answers, opened by the first question. Raises BadReader, BadRanker or BadCalibration."""
        return self.open_answerer(self.searcher)

    def search(self, asked: SearchParameters) -> SearchReply:
        """Find initiatives. Raises BadQuestion or UnknownFilter."""
        filters = asked.filters(self.searcher.catalogue.gazetteer)
        return SearchReply.of(self.searcher.search(asked.q, asked.k, filters, asked.lang, frozenset(asked.ignore)))

    def ask(self, asked: AskParameters) -> AskReply:
        """Answer a question. Raises BadQuestion or UnknownFilter, and what `answerer` raises."""
        filters = asked.filters(self.searcher.catalogue.gazetteer)
        ranking = self.searcher.rank(asked.q, filters, frozenset(asked.ignore))
        answer = self.answerer.answer(ranking)
        return AskReply.of(answer, self.searcher.hits(ranking, ranking.nearest[:NEAREST], answer.language))

    def initiative(self, id: str, asked: LanguageParameters) -> InitiativeSheet:
        """Give a whole sheet. Raises UnknownInitiative."""
        catalogue = self.searcher.catalogue
        initiative = catalogue.initiative(id)
        return InitiativeSheet.of(initiative, catalogue.record(initiative, asked.lang or "fr"))

    def page(self, asked: PageParameters) -> PageReply:
        """Give a page of whole sheets. Raises UnknownFilter or BadCursor."""
        catalogue = self.searcher.catalogue
        page, following = asked.page_of(catalogue.select(asked.filters(catalogue.gazetteer)))
        return PageReply.of(catalogue, page, following, asked.lang or "fr")

    def similar(self, id: str, asked: SimilarParameters) -> SimilarReply:
        """Find initiatives like one of them. Raises UnknownInitiative."""
        return SimilarReply.of(self.searcher.similar(id, asked.k, asked.lang or "fr"))

    def similar_to(self, asked: SimilarText) -> SimilarReply:
        """Find initiatives like a description. Raises BadQuestion."""
        return SimilarReply.of(self.searcher.similar_to(asked.text, asked.k, asked.lang or "fr"))

    def facets(self, asked: FacetParameters) -> FacetsReply:
        """Count what there is to narrow by. Raises UnknownFilter."""
        catalogue = self.searcher.catalogue
        return FacetsReply.of(catalogue, asked.filters(catalogue.gazetteer), asked.lang or "fr")

    def documents(self) -> DocumentsReply:
        """List the documents."""
        return DocumentsReply.of(self.searcher.catalogue)

    def compare(self, asked: CompareParameters) -> ComparisonReply:
        """Set initiatives side by side. Raises UnknownInitiative or BadComparison."""
        return ComparisonReply.of(self.searcher.catalogue, asked.id)
