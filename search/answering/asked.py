"""What is asked: the kind of a question, and with it what a good answer leads with."""

import re
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path

from index.words import fold

QUESTION_WORDS = Path(__file__).with_name("question_words.toml")

# What may stand between "quelle" or "which" and the noun that says what is asked: "quelles autres villes".
BETWEEN = """
est sont etait sera le la les l grande?s? petite?s? premiere?s? nouve\\w+ autres? jeunes?
is are was will be the big small first new other young local public private european american famous
"""


class Asked(StrEnum):
    """The kinds of questions, by what a good answer leads with."""

    CONTACT = "contact"  # whom to write to, and how
    LIST = "list"  # several initiatives
    HOW_MANY = "how_many"  # a number, a sum, a share, a duration
    WHEN = "when"  # a date, a year, a rhythm
    WHERE = "where"  # a place
    WHO = "who"  # an organisation, a person, a profession, a public
    HOW = "how"  # a means
    WHAT = "what"  # a name, a meaning, anything else
    TOPIC = "topic"  # no question, some words as typed into a search box

    @property
    def several(self) -> bool:
        """Whether the answer is a list of initiatives."""
        return self in (Asked.LIST, Asked.TOPIC)


def what_is_asked(question: str) -> Asked:
    """Give the kind of a question in French or English; a question of no kind is a topic.

    Example: "Combien de foyers testent le kit ?" → HOW_MANY, "mobilité des jeunes" → TOPIC
    """
    words = " ".join(re.findall(r"\w+", fold(question)))
    return next((kind for kind, pattern in _patterns().items() if pattern.search(words)), Asked.TOPIC)


@cache
def _patterns() -> Mapping[Asked, re.Pattern[str]]:
    """A pattern for each kind, in the order in which they are tried."""
    tables = tomllib.loads(QUESTION_WORDS.read_text(encoding="utf8"))
    which = rf"(?:quel(?:le)?s?|which|what) (?:(?:{'|'.join(BETWEEN.split())}) )*"
    patterns = {}
    for kind, table in tables.items():
        said = [rf"(?:{phrase})" for phrase in table["phrases"]]
        said += [rf"{which}(?:{nouns})" for nouns in table.get("which", [])]
        patterns[Asked(kind)] = re.compile(rf"(?<!\w)(?:{'|'.join(said)})(?!\w)")
    return patterns
