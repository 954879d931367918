"""From a question to hits.

    searcher = Searcher.open(index_folder, model_folder, threads=2)
    results = searcher.search("who does citizen hosting for homeless women?", k=10)
    results.hits[0].initiative.title
    searcher.similar(results.hits[0].initiative.id)

A question is analysed once (query); lexical, dense, expansion and place lists give candidates by reciprocal rank fusion
(retrieve); late interaction ranks them (rerank); the best passage of each real-world initiative is shown as a hit.
`searcher.rank` gives the ranking itself, from which `search.answer` makes an answer.
"""

from search.catalogue import NO_FILTERS, OWN, Catalogue, FacetValue, Filters, Label, RecordView
from search.compare import MAX_COMPARED, MIN_COMPARED, Aspect, Cell, CellText, ComparedInitiative, compare
from search.conversation import question_of
from search.errors import BadComparison, BadQuestion, UnknownFilter, UnknownInitiative
from search.highlights import Highlight, word_around
from search.hits import Hit, Piece, Results, snippet
from search.observation import Observer, came_to, observed_by, stage
from search.query import Query, QueryTokens
from search.quotes import (
    Citation,
    best_sentence,
    cite,
    find_words,
    first_words,
    holds_words,
    line_start,
    passage_start,
    quoted_text,
    sentence_around,
    trim_edges,
)
from search.rerank import RankedInitiative, RerankedPassages, rank_clusters, ranks_of_clusters
from search.retrieve import Candidates, retrieve
from search.searcher import Ranking, Searcher
from search.together import CORPUS, TogetherResults, search_together

__all__ = [
    "CORPUS",
    "MAX_COMPARED",
    "MIN_COMPARED",
    "NO_FILTERS",
    "OWN",
    "Aspect",
    "BadComparison",
    "BadQuestion",
    "Candidates",
    "Catalogue",
    "Cell",
    "CellText",
    "Citation",
    "ComparedInitiative",
    "FacetValue",
    "Filters",
    "Highlight",
    "Hit",
    "Label",
    "Observer",
    "Piece",
    "Query",
    "QueryTokens",
    "RankedInitiative",
    "Ranking",
    "RecordView",
    "RerankedPassages",
    "Results",
    "Searcher",
    "TogetherResults",
    "UnknownFilter",
    "UnknownInitiative",
    "best_sentence",
    "came_to",
    "cite",
    "compare",
    "find_words",
    "first_words",
    "holds_words",
    "line_start",
    "observed_by",
    "passage_start",
    "question_of",
    "quoted_text",
    "rank_clusters",
    "ranks_of_clusters",
    "retrieve",
    "search_together",
    "sentence_around",
    "snippet",
    "stage",
    "trim_edges",
    "word_around",
]
