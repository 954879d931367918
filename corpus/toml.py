"""TOML that people write: what is wrong with a file is told with its line."""

import re
import tomllib
from pathlib import Path
from typing import Any

from corpus.errors import BadDocument


def read_toml(path: Path, called: str, fault: type[BadDocument] = BadDocument) -> tuple[str, dict[str, Any]]:
    """The text of a file, and what it says. Raises `fault`, which says what the file is `called`."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        return text, tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        raise fault(f"{called} cannot be read: {error}", str(path), "Make it a readable UTF-8 file.") from None
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        where = f"{path}:{line[1]}" if line else str(path)
        raise fault(f"{called} is not TOML: {error}", where, "Mend that line.") from None
