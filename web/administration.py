"""What whoever runs the service sees and does while it runs: generations, builds, documents, feedback, keys.

    administration.rebuild()                  # in a process beside; the service takes up what is new by itself
    administration.rollback()

Routes for programs (web/admin.py) and the page (web/views/admin.py) ask the same of it.
"""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from feedback import Kept, Miss, Store, UnmetNeeds, find_unmet_needs, question_key
from index import (
    Generation,
    current_name,
    generation_before,
    kept_generations,
    publish_generation,
    read_model,
)
from search import Searcher
from web.building import Build, Building, NoBuilder
from web.keys import KeyFile

MOST_SHOWN = 100  # of what was set aside
# Different questions among the unmet needs of a page: each is encoded anew, in a few milliseconds of processor time.
# `recueil eval gaps` takes all of them.
MOST_QUESTIONS = 200


@dataclass(frozen=True, slots=True)
class SetAside:
    """A record that could not be read, without the record: it may hold names."""

    file: str
    where: str
    what: str
    mend: str


@dataclass(frozen=True, slots=True)
class SetAsideList:
    """What `recueil check` set aside when it was last run."""

    total: int
    first: tuple[SetAside, ...]  # MOST_SHOWN at most
    checked: str  # a day. Example: "2026-11-29"


@dataclass(frozen=True, slots=True, kw_only=True)
class Administration:
    """That of one corpus. They lie in `app.state.administrations`, by the names of their corpora."""

    index_folder: Path
    model_folder: Path
    set_aside_file: Path  # whether it is there or not
    store: Store  # whether feedback is kept or not, so that what was kept before can be read
    keys: KeyFile
    building: Building | None  # None where nothing can build
    limits: Mapping[str, object]  # the settings that limit what is asked, by the names of their variables

    # --- generations ---

    def generations(self) -> list[Generation]:
        """Those that are kept, the newest first."""
        return kept_generations(self.index_folder)[::-1]

    def current(self) -> str | None:
        """The name of the one that is published."""
        return current_name(self.index_folder)

    def publish(self, name: str) -> Generation:
        """Search with the generation of this name. Raises BadIndex, BadModel and Unwritable."""
        return publish_generation(self.index_folder, name, read_model(self.model_folder).digest)

    def rollback(self) -> Generation:
        """Search with the one before. Raises what `publish` does."""
        return self.publish(generation_before(self.index_folder))

    @property
    def last_build(self) -> Build | None:
        """The build that runs, or else the last one."""
        return self.building.last if self.building is not None else None

    def rebuild(self) -> Build:
        """Begin to build what is out of date. Raises BuildRuns while a build runs, NoBuilder where nothing can."""
        if self.building is None:
            raise NoBuilder("This process builds nothing", "the service", "Start it with `recueil serve`.")
        return self.building.rebuild()

    # --- what is searched, and what people said ---

    def set_aside(self) -> SetAsideList | None:
        """What was set aside, None where nobody looked, or nothing was."""
        try:
            with self.set_aside_file.open(encoding="utf-8-sig", newline="") as file:
                rows = list(csv.DictReader(file))
                checked = datetime.fromtimestamp(self.set_aside_file.stat().st_mtime, UTC).date()
        except (OSError, ValueError, csv.Error):  # not there, or somebody else's
            return None
        found = [SetAside(*(str(row.get(name) or "") for name in ("file", "where", "what", "mend"))) for row in rows]
        return SetAsideList(len(found), tuple(found[:MOST_SHOWN]), checked.isoformat())

    def unmet_needs(self, searcher: Searcher) -> UnmetNeeds:
        """The needs that the most frequent questions without an answer come to. Raises BadFeedback, BusyFeedback."""
        return find_unmet_needs(searcher, self._most_frequent_misses())

    def _most_frequent_misses(self) -> Iterator[Kept[Miss]]:
        misses = self.store.misses()
        days: Counter[str] = Counter()
        for key, _ in {(question_key(one.entry.query), one.at) for one in misses}:
            days[key] += 1
        kept = {key for key, _ in sorted(days.items(), key=lambda one: (-one[1], one[0]))[:MOST_QUESTIONS]}
        return (one for one in misses if question_key(one.entry.query) in kept)
