"""How an answer looks on a terminal: statements as they come, then their sources and how sure they are."""

from collections.abc import Iterable, Iterator

from rich.console import Console, Group, RenderableType
from rich.text import Text

from search import Citation, readable
from search.answer import Answer, MadeBy, Statement, Verdict
from terminal.results import hits_table

NEAREST = 3  # hits that a refusal shows

# The least confidence of each label (docs/images/risk-coverage.svg).
LABELS = {0.8: "sure", 0.5: "likely right", 0.0: "unsure"}


def show_answer(ready: Iterable[tuple[Statement, tuple[Citation, ...]] | Answer], console: Console) -> None:
    """Print statements as they are ready, and what they rest on at the end.

    The answer, which comes last, replaces statements that it does not hold.
    """
    shown: list[str] = []
    for one in ready:
        if isinstance(one, Answer):
            # What was printed as it came may have been withdrawn: then the whole of what holds follows.
            kept = shown == [statement.text for statement in one.statements]
            console.print(grounds_view(one) if kept else answer_view(one))
        else:
            shown.append(one[0].text)
            console.print(statement_view(one[0]))


def answer_view(answer: Answer) -> Group:
    """Show a whole answer."""
    return Group(*map(statement_view, answer.statements), grounds_view(answer))


def statement_view(statement: Statement) -> Text:
    """Show a statement with the numbers of its sources, from 1. Example: "250 foyers … [1][2]"."""
    marks = "".join(f"[{number + 1}]" for number in statement.citations)
    return Text(statement.text).append(f" {marks}" if marks else "", "bold")


def grounds_view(answer: Answer) -> Group:
    """Show what an answer rests on, how sure it is and, for a refusal, the nearest initiatives."""
    parts: list[RenderableType] = [Text()]
    parts += [_source(number, citation, answer) for number, citation in enumerate(answer.citations, start=1)]
    if answer.abstained and answer.hits:
        parts.append(hits_table(answer.hits[:NEAREST]))
    facts = [certainty(answer), *_making(answer), f"{answer.took_ms:.1f} ms"]
    return Group(*parts, Text(" · ".join(facts), "dim"))


def certainty(answer: Answer) -> str:
    """Say in words and as a figure how sure an answer is. Example: "sure (0.83)"."""
    if answer.verdict is Verdict.REFUSED:
        return f"no answer (an answer would be right with {answer.confidence:.2f})"
    return f"{confidence_label(answer.confidence)} ({answer.confidence:.2f})"


def confidence_label(confidence: float) -> str:
    """Say in words how likely an answer is right, from a probability. Example: 0.83 → "sure"."""
    return next(label for least, label in LABELS.items() if confidence >= least)


def _source(number: int, citation: Citation, answer: Answer) -> Text:
    """Name the lines of a source; quote them where no statement does."""
    source, quote = citation.source, readable(citation.quote)
    one_line = source.start_line == source.end_line
    lines = f"line {source.start_line}" if one_line else f"lines {source.start_line} to {source.end_line}"
    view = Text(f"[{number}]", "bold", overflow="fold")
    view.append(f" {source.document}, {lines} · {citation.initiative}", "not bold")
    if citation.also_in:
        view.append(f"\n    also in {', '.join(citation.also_in)}", "not bold dim")
    if quote not in answer.text:
        view.append(f"\n    « {quote} »", "not bold")
    return view


def _making(answer: Answer) -> Iterator[str]:
    """Say what made the text of an answer, and what became of a language model's part in it."""
    if not answer.abstained:
        yield "worded by a language model" if answer.path is MadeBy.LANGUAGE_MODEL else "in the words of the sources"
    if answer.fallback is not None:
        yield f"without the language model: {answer.fallback}"
    if answer.removed:
        yield f"unsupported sentences removed: {answer.removed}"
