"""Language models: what is sent to one, what comes back, and the editorial records that one may write.

    model = LanguageModel(url=url, model="a-model", timeout_s=20)
    model.reply([Message(role="user", content=redact_for_llm(text))])   # pieces of text, or NoReply

Nothing of the project needs a language model. `search.answer` may have one word its answers (endpoint), and `recueil
enrich` may have one write the editorial records of a corpus (enrich), which are searched beside the sheets, and its
facts (enrich_facts), which answer ahead what people may ask. Searching itself imports nothing of this package.
"""

from search.language_model.endpoint import LanguageModel, Message, NoReply, redact_for_llm
from search.language_model.enrich import (
    CHARACTERS_A_TOKEN,
    Estimate,
    NoEndpoint,
    Outcome,
    RecordWriter,
    clusters_without_record,
    estimate,
    write_records,
)
from search.language_model.enrich_facts import (
    FactsOutcome,
    FactWriter,
    clusters_without_facts,
    estimate_facts,
    write_facts_of,
)

__all__ = [
    "CHARACTERS_A_TOKEN",
    "Estimate",
    "FactWriter",
    "FactsOutcome",
    "LanguageModel",
    "Message",
    "NoEndpoint",
    "NoReply",
    "Outcome",
    "RecordWriter",
    "clusters_without_facts",
    "clusters_without_record",
    "estimate",
    "estimate_facts",
    "redact_for_llm",
    "write_facts_of",
    "write_records",
]
