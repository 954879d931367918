"""The reply: an editorial record in the text that a language model gave."""

import json
import re
from typing import Any

from corpus import BadEditorial, EditorialRecord
from corpus.editorial_layer import read_record
from corpus.editorial_record import Author

# Some models put their JSON into a fenced block, or a sentence before it.
OBJECT = re.compile(r"\{.*\}", re.DOTALL)


def record_in(text: str, initiative: str, date: str) -> EditorialRecord:
    """The record of an initiative that a reply holds, dated. Raises BadEditorial for a reply without one."""
    found = OBJECT.search(text)
    try:
        told: Any = json.loads(found[0]) if found else None
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise BadEditorial("The reply holds no JSON object", "the reply", "Reply with one JSON object.")
    ours = {"initiative": initiative, "author": Author.LANGUAGE_MODEL, "date": date}
    return read_record(json.dumps(told | ours), "the reply")
