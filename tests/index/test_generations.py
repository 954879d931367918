"""Generations stay for those who want to go back; what cannot be written is a fault, and leaves what stood."""

import ctypes
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from corpus import Corpus, Enrichment, load_corpus
from corpus.places import Gazetteer
from index import (
    BadIndex,
    DenseIndex,
    Index,
    Unwritable,
    generation_before,
    kept_generations,
    publish_generation,
    update_index,
)
from index.generations import current_name, generations_of, name_of, new_generation, publish
from index.index import Silence
from index.storage import FORMAT, MANIFEST
from tests.almanac import write_almanac
from tests.small_index import ListeningEncoder

ROOT = Path(__file__).parents[2]
WORDS = ("vélo", "bus", "médecin", "aidants", "étudiants", "tablette")

WRITE = """
import sys
from pathlib import Path
import numpy as np
import faiss
from index.errors import Unwritable
from index.generations import new_generation
flat = faiss.IndexFlatIP(8)
flat.add(np.zeros((100_000, 8), np.float32))
for write in (
    lambda fresh: np.save(fresh / "states.npy", np.zeros(1_000_000)),
    lambda fresh: faiss.write_index(flat, str(fresh / "vectors.faiss")),
    lambda fresh: (fresh / "text").write_text("x" * 1_000_000),
):
    try:
        with new_generation(Path(sys.argv[1]), kept=2) as fresh:
            print("begun")
            write(fresh)
    except Unwritable as fault:
        print(fault.what, fault.where, fault.mend, sep="\\n")
"""


def write(target: Path, content: str, **how: object) -> str:
    with new_generation(target, **how) as fresh:
        (fresh / "text").write_text(content, encoding="utf-8")
    return name_of(fresh.with_suffix(""))


def read(target: Path) -> str:
    return (target / "text").read_text(encoding="utf-8")


def names(target: Path) -> list[str]:
    return [name_of(one) for one in generations_of(target)]


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "index"


def test_the_last_generations_stay_in_the_order_of_time(target):
    written = [write(target, str(n), kept=2) for n in range(5)]
    assert names(target) == written[2:]
    assert read(target) == "4"


def test_one_that_is_not_published_stands_beside_the_others(target):
    first = write(target, "first", kept=0)
    second = write(target, "second", kept=0, published=False)
    assert (read(target), names(target)) == ("first", [first, second])
    publish(target, second)
    assert (read(target), current_name(target)) == ("second", second)


def test_a_build_after_going_back_keeps_the_newest(target):
    written = [write(target, str(n), kept=2) for n in range(3)]
    publish(target, written[0])
    last = write(target, "last", kept=2)
    assert names(target) == [*written[1:], last]


def test_one_that_is_not_there_is_a_fault_that_names_those_that_are(target):
    first = write(target, "first")
    with pytest.raises(BadIndex, match=first):
        publish(target, "20200101t000000000000")
    with pytest.raises(BadIndex):
        publish(target, "../../etc")


def test_generations_of_an_older_program_are_the_oldest(target):
    new = write(target, "new")
    target.with_name(".index-f00dface").mkdir()
    assert names(target) == ["f00dface", new]


def said_of_three(target: Path, limit: Callable[[], None]) -> list[str]:
    """What a process says that writes three generations under a limit, each with another library."""
    command = [sys.executable, "-c", WRITE, str(target)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, preexec_fn=limit)
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout.splitlines()


def small_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))


def no_privileges() -> None:
    """Let root meet the rights of files too: no CAP_DAC_OVERRIDE (1), no CAP_DAC_READ_SEARCH (2)."""
    for capability in (1, 2):
        ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


def test_a_limit_of_the_disk_is_a_fault_whatever_library_writes(target):
    write(target, "old")
    said = said_of_three(target, small_files)
    assert said[0::4] == ["begun"] * 3
    assert said[1::4] == ["What is made cannot be written: File too large"] * 3
    assert all(where.startswith(str(target.parent)) for where in said[2::4])
    assert all(mend.startswith("Make room on that disk") for mend in said[3::4])
    assert (read(target), len(list(target.parent.iterdir()))) == ("old", 2)


def test_a_folder_that_may_not_be_written_is_a_fault_before_anything_is_made(target):
    write(target, "old")
    target.parent.chmod(0o500)
    try:
        said = said_of_three(target, no_privileges)
    finally:
        target.parent.chmod(0o700)
    assert said[0::3] == ["What is made cannot be written: Permission denied"] * 3
    assert all(where.startswith(str(target.parent)) for where in said[1::3])
    assert all("RECUEIL_VAR" in mend for mend in said[2::3])
    assert read(target) == "old"


def test_what_is_not_the_fault_of_the_disk_stays_what_it_is(target):
    with pytest.raises(RuntimeError, match="something else"), new_generation(target):
        raise RuntimeError("something else")


# --- indexes ---


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory, gazetteer: Gazetteer) -> Corpus:
    return load_corpus(write_almanac(tmp_path_factory.mktemp("almanac") / "documents"), gazetteer)


class Built:
    """Builds the almanac with a word encoder, in a second."""

    def __init__(self, target: Path, corpus: Corpus) -> None:
        self.target = target
        self.corpus = corpus
        self.encoder = ListeningEncoder(WORDS)

    def build(self, date: str = "2021", **how: object) -> str:
        """Build the almanac of a date; gives the name of the generation in use."""
        documents = tuple(replace(one, date=date) for one in self.corpus.documents)
        update_index(
            self.target,
            replace(self.corpus, documents=documents),
            enrichment=Enrichment(),
            thesaurus=(),
            adaptation=None,
            model_digest=self.encoder.digest,
            exact=lambda: self.encoder,
            progress=Silence(),
            **({"kept": 2} | how),
        )
        return str(current_name(self.target))

    @property
    def date(self) -> str:
        return Index.open(self.target, self.encoder.digest).contents.documents[0].date


@pytest.fixture
def built(target: Path, corpus: Corpus) -> Built:
    return Built(target, corpus)


def test_an_open_index_knows_its_generation(built):
    name = built.build()
    generation = Index.open(built.target, built.encoder.digest, private=True).generation
    assert generation == kept_generations(built.target)[-1]
    assert (generation.name, len(generation.digest)) == (name, 64)
    assert generation.built[:10].replace("-", "") == name[:8]


def test_going_back_and_forth_encodes_nothing(built):
    first, second = built.build("2021"), built.build("2022")
    built.encoder.encoded.clear()
    publish_generation(built.target, generation_before(built.target), built.encoder.digest)
    assert (built.date, current_name(built.target)) == ("2021", first)
    assert built.build("2022") == second
    assert (built.date, built.encoder.encoded) == ("2022", [])


def test_before_the_first_there_is_none(built):
    built.build()
    with pytest.raises(BadIndex, match="no generation before"):
        generation_before(built.target)


def test_a_damaged_generation_is_not_published(built):
    first, second = built.build("2021"), built.build("2022")
    (built.target.with_name(f".index-{first}") / "corpus.json").write_bytes(b"{}")
    with pytest.raises(BadIndex, match="truncated or altered"):
        publish_generation(built.target, first, built.encoder.digest)
    assert current_name(built.target) == second


def test_an_index_of_an_older_format_is_built_anew_and_nothing_beside_it_is_touched(built):
    first = built.build()
    manifest = built.target / MANIFEST
    manifest.write_text(manifest.read_text(encoding="utf-8").replace(f'"format": {FORMAT}', '"format": 3'), "utf-8")
    kept = built.target.parent / "feedback.sqlite"
    kept.write_bytes(b"what people said")
    with pytest.raises(BadIndex, match="format 3"):
        Index.open(built.target, built.encoder.digest)
    assert built.build() != first
    assert (built.date, kept.read_bytes()) == ("2021", b"what people said")


def test_a_plain_folder_of_that_name_is_refused_before_anything_is_encoded(built):
    built.target.mkdir()
    with pytest.raises(BadIndex, match="did not write"):
        built.build()
    assert built.encoder.encoded == []


def test_an_index_that_cannot_be_opened_again_is_not_published(built, monkeypatch):
    """Some libraries write less than they were given and do not say so."""
    first = built.build("2021")
    real = DenseIndex.save

    def cut_short(dense: DenseIndex, folder: Path) -> None:
        real(dense, folder)
        os.truncate(folder / "vectors.faiss", 10)

    monkeypatch.setattr(DenseIndex, "save", cut_short)
    with pytest.raises(Unwritable, match="cannot be read again"):
        built.build("2022")
    assert (current_name(built.target), built.date) == (first, "2021")
