"""txtai: the outside reference, over our passages and with our model, started as a process of its own."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from eval.catalogue import Catalogue
from eval.contender import Contender, started
from eval.fault import CannotMeasure
from eval.system import System
from eval.txtai_contender import TxtaiSetup
from index.build import context
from index.index import CONTENTS, Contents
from index.model import read_model
from index.plain import plain


def require_txtai() -> None:
    """Raise CannotMeasure when the extra is not installed."""
    if find_spec("txtai") is None:
        raise CannotMeasure(
            "txtai is not installed",
            "the extra txtai",
            'Run `.venv/bin/pip install -c constraints.txt -e ".[txtai]"`.',
        )


@contextmanager
def started_txtai(index: Path, model: Path, depth: int) -> Iterator[Contender]:
    """Index the passages of an index folder with txtai, which takes a minute or more, and end its process on leaving.

    It gives `depth` initiatives for a question. Raises CannotMeasure when it is not installed or does not start.
    """
    require_txtai()
    setup = _setup(CONTENTS.validate_json((index / "corpus.json").read_bytes()), model, depth)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "setup.json"
        path.write_text(json.dumps(asdict(setup)), encoding="utf-8")
        with started([sys.executable, "-m", "eval.txtai_contender", str(path)]) as contender:
            yield contender


def txtai_system(contender: Contender, catalogue: Catalogue) -> System:
    """A started txtai as a system."""
    return System("txtai", lambda text: contender.ask(text).initiatives, catalogue)


def _setup(contents: Contents, model: Path, depth: int) -> TxtaiSetup:
    """The texts that our encoder reads, under one id for each real-world initiative, as our hits are."""
    initiatives = {initiative.id: initiative for initiative in contents.initiatives}
    passages = []
    for passage in contents.passages:
        initiative = initiatives[passage.initiative]
        real_world = min(initiative.id, *initiative.same_as) if initiative.same_as else initiative.id
        passages.append((real_world, context(initiative) + plain(passage.text).text))
    prompts = read_model(model).prompts
    return TxtaiSetup(str(model / "sentence-transformers"), prompts.question, prompts.passage, passages, depth)
