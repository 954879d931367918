"""Hits: the snippet that shows the words of a passage which answer words of the question."""

import re

from hypothesis import given
from hypothesis import strategies as st

from search import Piece, snippet
from search.highlights import Highlight


def marked(text: str, *words: str) -> list[Highlight]:
    return [Highlight(text.index(word), text.index(word) + len(word), f"<{word}>", 0.8) for word in words]


def shown(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces)


def test_a_snippet_of_a_short_passage_is_all_of_it_with_its_matches():
    text = "Un bus va de village en village."
    assert snippet(text, marked(text, "bus", "village"), 100) == (
        Piece("Un "),
        Piece("bus", "<bus>"),
        Piece(" va de "),
        Piece("village", "<village>"),
        Piece(" en village."),
    )


def test_a_snippet_is_on_one_line_without_marks_of_emphasis():
    assert snippet("un **bus**\n\nva", [], 100) == (Piece("un bus va"),)


def test_a_long_passage_is_cut_around_its_matches_between_words_and_says_so():
    text = "Ceci ne dit rien. " * 20 + "Un bus va de village en village. " + "Ceci non plus. " * 20
    pieces = snippet(text, marked(text, "bus", "village"), 60)
    assert [piece.text for piece in pieces if piece.question_word] == ["bus", "village"]
    assert "Un bus va de village" in shown(pieces)
    assert (pieces[0], pieces[-1]) == (Piece("… "), Piece(" …"))
    assert set(shown(pieces[1:-1]).split()) <= set(text.split())
    assert len(shown(pieces)) <= 60 + len("… ") + len(" …")


def test_a_long_passage_without_a_match_is_shown_from_its_start():
    assert shown(snippet("un deux trois quatre", [], 12)) == "un deux …"


def test_the_window_is_where_the_similarity_is_greatest():
    text = "bus " + "rien " * 40 + "car train " + "rien " * 40
    highlights = marked(text, "bus", "car", "train")
    assert [piece.text for piece in snippet(text, highlights, 50) if piece.question_word] == ["car", "train"]


@given(st.text(alphabet="abé *\n", max_size=120), st.integers(10, 60), st.data())
def test_a_snippet_holds_words_of_the_text_and_is_no_longer_than_asked_for(text: str, width: int, data):
    words = [match.span() for match in re.finditer(r"\w+", text)]
    chosen = data.draw(st.lists(st.sampled_from(words), unique=True)) if words else []
    pieces = snippet(text, [Highlight(*span, "x", 0.8) for span in sorted(chosen)], width)
    body = shown(pieces).removeprefix("… ").removesuffix(" …")
    assert len(body) <= width
    assert body in re.sub(r"\s+", " ", text.replace("*", "")) or "\n" in text or "*" in text
