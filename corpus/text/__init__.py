r"""The one keeper of each rule of text: folding, markup, contact data, sentences, numbers and dates.

    fold("Œuvre Évaluée")                                  -> "oeuvre evaluee"
    plain_words("L'aide à l'EHPAD")                        -> ["aide", "a", "ehpad"]
    normalise_text("- la **1^{ère}**\n  étape").text       -> "la 1ère étape"
    holds_contact("au +33 1 23 45 67 89")                  -> True

Libraries do some of it (pysbd, text2num, python-slugify, rapidfuzz): each would change what is read of the documents,
or bring a compiled dependency for twenty lines.
"""

from corpus.text.normalise import (
    ELIDED,
    EMAIL,
    LEFT_OUT,
    PHONE,
    STAR,
    SUPERSCRIPT,
    NormalisedText,
    Word,
    edit_distance,
    fold,
    fold_name,
    fold_words,
    holds_contact,
    normalise_text,
    plain_words,
    slug,
    spreadsheet_cell,
    strip_markup,
    words_of,
)
from corpus.text.numbers import (
    CALENDAR,
    ENGLISH_DAYS,
    ENGLISH_MONTHS,
    FRENCH_DAYS,
    FRENCH_MONTHS,
    Number,
    claimed_figures,
    figures_held,
    numbers_in,
    numbers_in_digits,
)
from corpus.text.printed import readable_line, split_lines
from corpus.text.question import OFTEN_ELIDED, encoder_form, in_lower_case, question_form, visible_form
from corpus.text.sentences import FULL_STOP, SENTENCE_END, sentence_spans, sentences_of

__all__ = [
    "CALENDAR",
    "ELIDED",
    "EMAIL",
    "ENGLISH_DAYS",
    "ENGLISH_MONTHS",
    "FRENCH_DAYS",
    "FRENCH_MONTHS",
    "FULL_STOP",
    "LEFT_OUT",
    "OFTEN_ELIDED",
    "PHONE",
    "SENTENCE_END",
    "STAR",
    "SUPERSCRIPT",
    "NormalisedText",
    "Number",
    "Word",
    "claimed_figures",
    "edit_distance",
    "encoder_form",
    "figures_held",
    "fold",
    "fold_name",
    "fold_words",
    "holds_contact",
    "in_lower_case",
    "normalise_text",
    "numbers_in",
    "numbers_in_digits",
    "plain_words",
    "question_form",
    "readable_line",
    "sentence_spans",
    "sentences_of",
    "slug",
    "split_lines",
    "spreadsheet_cell",
    "strip_markup",
    "visible_form",
    "words_of",
]
