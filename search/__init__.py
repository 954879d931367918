"""From a question to hits.

    engine = Engine.open(index_folder, model_folder, threads=2)
    results = engine.search("who does citizen hosting for homeless women?", k=10)
    results.hits[0].initiative.title
    engine.similar(results.hits[0].initiative.id)

A question is understood (language, places, acronyms); words, sentence vectors and places find candidate passages; late
interaction ranks them; the best passage of each real-world initiative becomes a hit.
"""

from search.engine import Engine
from search.facets import FacetValue
from search.fault import BadQuestion, UnknownFilter, UnknownInitiative
from search.filters import Filters
from search.hit import Highlight, Hit, Results
from search.query import Query

__all__ = [
    "BadQuestion",
    "Engine",
    "FacetValue",
    "Filters",
    "Highlight",
    "Hit",
    "Query",
    "Results",
    "UnknownFilter",
    "UnknownInitiative",
]
