"""The folder that is struck: documents of which every sheet tells its variant, and whether what is searched is sound.

The number of its variant stands in every sheet of an index: a reply with two of them is mixed, and one with another
than that of the generation it names is wrong.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cli import NO_ROOM
from corpus import Enrichment, Fault, load_corpus
from corpus.places import Gazetteer
from feedback import Miss, MissKind, Store, feedback_file
from index import (
    Index,
    current_name,
    index_folder,
    kept_generations,
    model_folder,
    open_encoder,
    publish_generation,
    read_model,
    update_index,
)
from index.index import Silence
from settings import Settings
from tests.almanac import CHALLENGES, write_almanac

KEPT = 2  # generations beside the one in use
QUESTION = "un vélo pour les apprentis"


@dataclass(frozen=True)
class World:
    """A folder with a prepared model, documents in many variants, an index and feedback."""

    home: Path
    gazetteer: Gazetteer
    encoder: str = "words"

    @property
    def var(self) -> Path:
        """Where everything lies that is made."""
        return self.home / "var"

    @property
    def settings(self) -> Settings:
        """Of a service over the index."""
        return Settings(documents=self.documents(0), var=self.var, encoder=self.encoder, threads=1, feedback=True,
                        feedback_per_day=1_000_000, generations=KEPT, port=1)  # fmt: skip

    @property
    def store(self) -> Store:
        """Where reports are kept."""
        return Store(feedback_file(self.var), days=365)

    def documents(self, variant: int) -> Path:
        """The documents of a variant, written if they are not there."""
        folder = self.home / "documents" / str(variant)
        if not folder.exists():
            told = {
                theme: tuple(f"{text.rstrip('.')} en variante {variant}." for text in texts)
                for theme, texts in CHALLENGES.items()
            }
            write_almanac(folder, told)
        return folder

    def build(self, variant: int) -> int:
        """Build and publish the index of a variant, which is returned."""
        folder = model_folder(self.var, self.encoder)
        update_index(
            index_folder(self.var),
            load_corpus(self.documents(variant), self.gazetteer),
            enrichment=Enrichment(),
            thesaurus=(),  # six sheets need none, and comparing it takes nine tenths of the time
            adaptation=None,
            model_digest=self._model_digest,
            exact=lambda: open_encoder(folder, threads=1, exact=True),
            progress=Silence(),
            kept=KEPT,
        )
        return variant

    def publish(self, name: str) -> str:
        """Publish a generation that stayed."""
        return publish_generation(index_folder(self.var), name, self._model_digest).name

    @property
    def generation(self) -> str:
        """The name of the generation in use."""
        return str(current_name(index_folder(self.var)))

    def generations(self) -> list[str]:
        """The names of the generations that are there, oldest first."""
        return [one.name for one in kept_generations(index_folder(self.var))]

    def searched(self) -> tuple[int, str]:
        """Variant and digest of the index as whoever opens it finds it. Raises BadIndex; ValueError for a mixed one."""
        index = Index.open(index_folder(self.var), self._model_digest)
        found = variants_in(one.text for one in index.contents.initiatives)
        if len(found) != 1 or len(index.contents.initiatives) != sum(map(len, CHALLENGES.values())):
            raise ValueError(f"an index of the variants {sorted(found)}")
        return found.pop(), index.manifest.corpus

    @property
    def _model_digest(self) -> str:
        return read_model(model_folder(self.var, self.encoder)).digest


def variants_in(texts: Iterable[str]) -> set[int]:
    """The variants that some texts tell."""
    return {int(number) for text in texts for number in re.findall(r"en variante (\d+)", text)}


def missed(number: int) -> Miss:
    """A report that can be told from every other one."""
    return Miss(told(number), "fr", MissKind.REPORTED)


def told(number: int) -> str:
    """What the report of a number says, in letters: long numbers are taken out of what people write."""
    return f"{QUESTION} " + "".join("abcdefghij"[int(digit)] for digit in str(number))


def is_fault(error: BaseException) -> bool:
    """Whether somebody is told what to mend, instead of meeting a bug: a full disk is told by the command line."""
    return isinstance(error, Fault) or (isinstance(error, OSError) and error.errno in NO_ROOM)


def judged_in(reply: bytes) -> set[int]:
    """The variants in the passages of a reply of /search."""
    return variants_in(hit["passage"]["text"] for hit in json.loads(reply)["hits"])
