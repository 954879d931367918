"""The normal form of a question or description: readable, on one line, checked to hold words and to be short enough."""

from corpus.text import normalise_text, question_form, visible_form
from search.errors import BadQuestion

MAX_QUESTION_LENGTH = 1000  # characters; a long statement of a problem has about 400
# What the visible form may have: inclusive writing and capitals with points are longer than their normal form, by less.
MAX_VISIBLE_LENGTH = 2 * MAX_QUESTION_LENGTH
MAX_DESCRIPTION_LENGTH = 20_000  # characters; the longest sheet of the development corpus has about 9,000

HOW_TO_ASK = "Ask in a few words or sentences."
HOW_TO_SHORTEN = "Give the paragraphs that say what is done, and for whom."
HOW_TO_DESCRIBE = "Say in a few sentences what is done, and for whom."


def validate_question(text: str) -> str:
    """The normal form of a question. Raises BadQuestion when it is blank, too long, or without a letter or digit.

    Its length is that of the normal form: accents that stand apart from their letters count nothing, and a sign that
    unfolds to a phrase counts as that. What is much too long is refused before more is done with it.
    """
    visible = visible_form(text)
    question = question_form(text) if len(visible) <= MAX_VISIBLE_LENGTH else visible
    if len(question) > MAX_QUESTION_LENGTH:
        what = f"The question has {len(question)} characters, at most {MAX_QUESTION_LENGTH} are read"
        raise BadQuestion(what, "q", HOW_TO_ASK)
    if not has_words(question):
        raise BadQuestion("The question holds no word", "q", HOW_TO_ASK)
    return question


def validate_description(text: str) -> str:
    """What is read of the description of a project: its words, without markup and contact data.

    Raises BadQuestion when its visible form is too long, or when no word is left.
    """
    visible = visible_form(text)
    if len(visible) > MAX_DESCRIPTION_LENGTH:
        what = f"The description has {len(visible)} characters, at most {MAX_DESCRIPTION_LENGTH} are read"
        raise BadQuestion(what, "text", HOW_TO_SHORTEN)
    readable = normalise_text(visible).text
    if not has_words(readable):
        raise BadQuestion("The description holds no word", "text", HOW_TO_DESCRIBE)
    return readable


def has_words(text: str) -> bool:
    """Whether there is a letter or digit."""
    return any(character.isalnum() for character in text)
