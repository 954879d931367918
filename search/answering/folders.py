"""Where the span reader and the calibration lie: with the package for the bundled encoder, or made beside the index."""

import shutil
from pathlib import Path

from index.build import model_folder

SHIPPED = Path(__file__).with_name("bundled")


def answering_folder(var: Path, encoder: str) -> Path:
    """The folder to answer with: what was made for this encoder, else what comes with the package."""
    made = _made(var, encoder)
    return made if made.is_dir() else SHIPPED


def own_folder(var: Path, encoder: str) -> Path:
    """The folder to write to, made if need be; it begins as a copy of what comes with the package."""
    made = _made(var, encoder)
    if not made.is_dir():
        shutil.copytree(SHIPPED, made)
    return made


def _made(var: Path, encoder: str) -> Path:
    return var / "answering" / model_folder(var, encoder).name
