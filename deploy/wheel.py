"""How the wheel is made: everything below one package, `recueil`, and the same bytes from the same sources.

    python -m build --wheel          # setuptools, by [tool.setuptools.cmdclass] of pyproject.toml

In the checkout our packages lie side by side and import each other by names like `search` and `eval`, which nobody may
claim in a place that others share. While the wheel is made each import of ours gets `recueil.` before it, in its line,
so that the lines of a traceback are those of the checkout. An editable installation (`pip install -e`) is the checkout.
"""

import ast
import re
import shutil
from collections.abc import Collection
from pathlib import Path

from setuptools.command.build_py import build_py

NAME = "recueil"


class OneName(build_py):  # type: ignore[misc]
    """Copies packages and data as setuptools does, then moves all of it below one package."""

    def run(self) -> None:
        """Build; what an editable installation asks for stays as it is."""
        if not self.editable_mode:  # what an earlier build left would be in the wheel too
            shutil.rmtree(self.build_lib, ignore_errors=True)
        super().run()
        if not self.editable_mode:
            move_below(Path(self.build_lib), NAME)


def move_below(folder: Path, name: str) -> None:
    """Move every module and package of a folder below the package `name`, which lies there, and rewrite its imports."""
    beside = sorted(path for path in folder.iterdir() if path.name not in (name, "__pycache__"))
    moved = {path.stem for path in beside}
    for path in beside:
        path.rename(folder / name / path.name)
    for path in sorted((folder / name).rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        path.write_text(with_prefix(source, moved, name), encoding="utf-8")


def with_prefix(source: str, moved: Collection[str], name: str) -> str:
    """The source with `name.` before each module of `moved` that it imports from.

    Example: with_prefix("from search import Searcher", {"search"}, "recueil") → "from recueil.search import Searcher"

    Raises ValueError for `import search`, whose name cannot be another one in the rest of the file.
    """
    lines = source.splitlines(keepends=True)
    imports = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import | ast.ImportFrom)]
    for node in sorted(imports, key=lambda node: (node.lineno, node.col_offset), reverse=True):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.partition(".")[0] in moved:
                    raise ValueError(f"line {node.lineno}: write `from {alias.name} import …`")
        elif node.level == 0 and (node.module or "").partition(".")[0] in moved:
            # Columns count bytes; before an import there is nothing but white space, a colon or a semicolon.
            line = lines[node.lineno - 1].encode()
            before, after = line[: node.col_offset].decode(), line[node.col_offset :].decode()
            lines[node.lineno - 1] = before + re.sub(r"^from\s+", f"from {name}.", after, count=1)
    return "".join(lines)
