"""One example of every reply, as /docs shows them: wood heating in Bordeaux, searched for, read and asked about."""

import json
from typing import Any

Example = dict[str, Any]

FAULT: Example = {
    "what": "There is no initiative 'recueil-2018-x'",
    "where": "the path",
    "mend": "Take an id from /search or /initiatives.",
}
DEPARTEMENT: Example = {"code": "33", "name": "Gironde"}
PLACE: Example = {"name": "Bordeaux", "kind": "commune", "code": "33063", "departements": [DEPARTEMENT]}
ACRONYM: Example = {"short": "MDPH", "long": "Maison départementale des personnes handicapées"}
CONCEPT: Example = {"words": "jobs", "synonyms": ["emploi"]}
QUERY: Example = {
    "text": "jobs in Bordeaux",
    "language": "en",
    "place": PLACE,
    "places": [PLACE],
    "acronyms": [],
    "concepts": [CONCEPT],
}
CARD: Example = {
    "id": "dossier-2020-comment-ameliorer-la-qualite-de-l-air-a-travers-une-33",
    "title": "Comment améliorer la qualité de l'air à travers une meilleure utilisation du chauffage à bois ?",
    "title_derived": False,
    "kind": "experiment",
    "departements": [DEPARTEMENT],
    "carriers": ["Direction régionale de l'Environnement, de l'Aménagement et du Logement Nouvelle Aquitaine"],
    "theme": None,
    "start_year": 2020,
    "document": "dossier-2020",
    "corrected": ["start_year"],
}
HIGHLIGHT: Example = {"start": 84, "end": 92, "question_word": "Bordeaux", "similarity": 0.91}
PASSAGE: Example = {
    "text": "Le kit sera testé auprès de 250 foyers dans une zone du territoire métropolitain de Bordeaux.",
    "heading": "L'expérimentation",
    "start_line": 103,
    "end_line": 103,
    "highlights": [HIGHLIGHT],
}
LABEL: Example = {"key": "environnement", "label": "Environment and climate"}
EDITORIAL: Example = {
    "language": "en",
    "title": "Improving air quality by better use of wood heating, Bordeaux",
    "summary": "Around Bordeaux, 250 households try out a kit for cleaner wood burning.",
    "publics": [{"key": "habitants", "label": "Residents and citizens"}],
    "topics": [LABEL],
    "author": "language model",
    "date": "2026-11-25",
}
WHY: Example = {"lexical_rank": 2, "dense_rank": 1, "by_editorial": False}
ALSO_IN = ["article-2019-projet-2-ameliorer-la-qualite-de-l-air-bordeaux-33"]
HIT: Example = {
    "rank": 1,
    "score": 0.71,
    "initiative": CARD,
    "also_in": ALSO_IN,
    "passage": PASSAGE,
    "why": WHY,
    "editorial": EDITORIAL,
}
FACET: Example = {"value": "33", "label": "Gironde", "count": 1}
SEARCH: Example = {
    "query": QUERY,
    "total": 1,
    "further": 0,
    "hits": [HIT],
    "facets": {"departement": [FACET]},
    "hint": None,
    "took_ms": 7.2,
}
SIMILAR: Example = {"hits": [HIT]}

SOURCE: Example = {"document": "dossier-2020", "start_line": 91, "end_line": 116}
CONTACT: Example = {
    "name": None,
    "role": "Direction de la solidarité",
    "email": "solidarite@ departement.example",
    "phone": "05 00 00 00 00",
    "email_damaged": True,
}
CORRECTION: Example = {
    "field": "start_year",
    "said": "2002",
    "why": "A slip of the pen: the text tells of the call of 2020.",
    "since": "2026-11-29",
}
SHEET: Example = {
    **{name: value for name, value in CARD.items() if name not in ("document", "corrected")},
    "also_titled": ["Le bois de chauffe"],
    "source": SOURCE,
    "text": "2 – Comment améliorer la qualité de l'air …",
    "chapter": "Les 5 expérimentations lauréates",
    "cited_departements": [],
    "fields": [],
    "territory": "Une ou deux communes du territoire métropolitain de Bordeaux",
    "partners": ["Conseil régional Nouvelle Aquitaine"],
    "start_text": "expérimentées en 2020",
    "status": None,
    "contacts": [],
    "same_as": ALSO_IN,
    "corrections": [CORRECTION],
    "editorial": EDITORIAL,
}

PAGE: Example = {"items": [SHEET], "next": "eyJpZCI6ICJkb3NzaWVyLTIwMjAifQ"}

CITATION: Example = {
    "initiative": CARD["id"],
    "also_in": ALSO_IN,
    "quote": PASSAGE["text"],
    "source": {"document": "dossier-2020", "start_line": 103, "end_line": 103},
    "corrected": ["start_year"],
}
STATEMENT: Example = {
    "text": "250 — Comment améliorer la qualité de l'air… (Gironde) : « Le kit sera testé auprès de 250 foyers… »",
    "citations": [0],
    "lead": "250",
    "reworded": "",
}
STATEMENT_EVENT: Example = STATEMENT | {"citations": [CITATION]}
ANSWER: Example = {
    "question": "combien de foyers testent le kit chauffage au bois ?",
    "language": "fr",
    "abstained": False,
    "verdict": "answered",
    "confidence": 0.95,
    "is_list": False,
    "text": STATEMENT["text"],
    "statements": [STATEMENT],
    "citations": [CITATION],
    "hits": [HIT],
    "path": "extractive",
    "fallback": None,
    "removed": 0,
    "took_ms": 24.1,
}

ANSWER_AS_EVENTS = "".join(
    f"event: {name}\ndata: {json.dumps(said, ensure_ascii=False)}\n\n"
    for name, said in (("statement", STATEMENT_EVENT), ("answer", ANSWER))
)

FOUND_PASSAGE: Example = {
    "method": "hybrid",
    "score": 0.71,
    "chunk": {
        "object": "chunk",
        "id": 412,
        "collection_id": 1,
        "document_id": 3,
        "content": PASSAGE["text"],
        "metadata": {
            "initiative": CARD["id"],
            "title": CARD["title"],
            "document_name": "dossier-2020",
            "start_line": 103,
            "end_line": 103,
            "url": f"https://recueil.example/sheet/{CARD['id']}?from=103&to=103#cited",
        },
        "created": 0,
    },
}
PASSAGES: Example = {"object": "list", "data": [FOUND_PASSAGE], "usage": None}
MODEL: Example = {
    "id": "recueil",
    "object": "model",
    "created": 0,
    "owned_by": "recueil",
    "description": "Answers in the exact words of the sheets, with sources, or says there is none.",
}
EMBEDDINGS: Example = {
    "object": "list",
    "data": [{"object": "embedding", "index": 0, "embedding": [0.6, 0.8]}],
    "model": "recueil-embeddings",
    "usage": {"prompt_tokens": 5, "total_tokens": 5},
}
CHAT_COMPLETION: Example = {
    "id": "chatcmpl-5f1c9a0b77d2e8135f1c9a0b",
    "object": "chat.completion",
    "created": 1795960953,
    "model": "recueil",
    "choices": [
        {
            "index": 0,
            "message": {
                "role": "assistant",
                "content": f"{STATEMENT['text']} [1]",
                "refusal": None,
                "annotations": [
                    {
                        "type": "url_citation",
                        "url_citation": {
                            "start_index": len(STATEMENT["text"]) + 1,
                            "end_index": len(STATEMENT["text"]) + 4,
                            "title": CARD["title"],
                            "url": FOUND_PASSAGE["chunk"]["metadata"]["url"],
                            "initiative": CARD["id"],
                            **CITATION["source"],
                            "quote": CITATION["quote"],
                        },
                    }
                ],
            },
            "finish_reason": "stop",
            "logprobs": None,
        }
    ],
    "usage": None,
    "search_results": [FOUND_PASSAGE],
    "understood": {
        "question": ANSWER["question"],
        "abstained": False,
        "verdict": "answered",
        "confidence": 0.95,
    },
}
CHAT_AS_EVENTS = "data: " + json.dumps(
    {
        **{name: CHAT_COMPLETION[name] for name in ("id", "created", "model")},
        "object": "chat.completion.chunk",
        "choices": [{"index": 0, "delta": {"content": "250 — …"}, "finish_reason": None}],
    },
    ensure_ascii=False,
)
CHAT_AS_EVENTS += "\n\ndata: [DONE]\n\n"

JUDGEMENT: Example = {
    "query": "chauffage au bois à Bordeaux",
    "language": "fr",
    "initiative": CARD["id"],
    "grade": 3,
    "comment": "Exactement ce que je cherchais.",
    "kept_until": "2027-03-14",
}
GAP: Example = {"query": "garde d'enfants la nuit", "language": "fr", "kept_until": "2027-03-14"}

HEALTH: Example = {"status": "alive"}
READY: Example = {
    "status": "ready",
    "documents": 5,
    "initiatives": 239,
    "encoder": "bundled",
    "answers": True,
    "generation": {"name": "20261129t140233123456", "digest": f"{0x5EED:064x}", "built": "2026-11-29T14:02:33Z"},
    "build": None,
}
