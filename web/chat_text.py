"""An answer as the text of a chat: marks [1] behind each statement, the sources below, and where the marks stand."""

from collections.abc import Sequence
from dataclasses import dataclass

from search import Citation
from search.answer import Answer
from web.exports import markdown_line
from web.openai_schemas import Annotation, UrlCitation
from web.visitor import Say, lines_in_words


@dataclass(frozen=True, slots=True)
class Source:
    """What an answer cites, and where people read it."""

    citation: Citation
    title: str  # of the initiative
    document: str  # its title
    page: str  # the address that shows the lines


@dataclass(frozen=True, slots=True)
class ChatText:
    """The text, and its marks."""

    content: str
    annotations: tuple[Annotation, ...]

    @classmethod
    def of(cls, answer: Answer, sources: Sequence[Source], understood: str | None, say: Say) -> "ChatText":
        """Write an answer with its citations, `sources`; `understood` is its question where that was told anew."""
        content = "" if understood is None else f"_{say('chat.understood', question=understood)}_\n\n"
        annotations = []
        for position, statement in enumerate(answer.statements):
            content += ("\n" if position else "") + statement.text
            for number in statement.citations:
                content += " " if not content.endswith("]") else ""
                start = len(content)
                content += f"[{number + 1}]"
                annotations.append(_annotation(sources[number], start, len(content)))
        if sources:
            lines = [_told(number, source, say) for number, source in enumerate(sources, start=1)]
            content += f"\n\n{say('chat.sources')}\n" + "\n".join(lines)
        return cls(content, tuple(annotations))


def _annotation(source: Source, start: int, end: int) -> Annotation:
    citation = source.citation
    return Annotation(
        url_citation=UrlCitation(
            start_index=start,
            end_index=end,
            title=source.title,
            url=source.page,
            initiative=citation.initiative,
            document=citation.source.document,
            start_line=citation.source.start_line,
            end_line=citation.source.end_line,
            quote=citation.quote,
        )
    )


def _told(number: int, source: Source, say: Say) -> str:
    """Example: "[1] [Le bus](http://…/sheet/…) — Recueil 2018, line 3"."""
    place = source.citation.source
    lines = lines_in_words(place.start_line, place.end_line, say)
    title = markdown_line(source.title)
    return f"[{number}] [{title}]({source.page}) — {markdown_line(source.document)}, {lines}"
