"""All that is kept as lines of JSON, one for each entry: for other programs, and for whoever asks what is kept."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from itertools import chain
from typing import Any

from feedback.store import Judgement, Kept, Miss, Store


def export_lines(store: Store) -> Iterator[str]:
    """The judgements, then the misses, oldest first. Raises what `Store` raises, before the first line."""
    judgements, misses = store.judgements(), store.misses()
    return chain(map(as_line, judgements), map(as_line, misses))


def as_line(kept: Kept[Judgement] | Kept[Miss]) -> str:
    """An entry as one line of JSON, without its end."""
    told: dict[str, Any] = {"id": kept.id, "at": kept.at.isoformat(), **asdict(kept.entry)}
    return json.dumps(told, ensure_ascii=False)
