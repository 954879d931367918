"""A census of the production code: files, lines, and imports through faces of packages and past them.

python -m tests.census        prints the table of docs/decisions/0011-one-clear-house.md for this checkout
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Import:
    """One name of ours that a file imports from a package that it does not lie in, nor any package around it."""

    file: str  # relative to the root
    line: int
    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: from {self.module} import {self.name}"


def production_files(root: Path = ROOT) -> list[Path]:
    """Every tracked Python file that is no test, in the order of the alphabet."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],
        cwd=root, capture_output=True, text=True, check=True,
    )  # fmt: skip
    paths = [Path(line) for line in sorted(listed.stdout.splitlines())]
    return [root / path for path in paths if path.parts[0] != "tests" and (root / path).is_file()]


def module_of(path: Path, root: Path = ROOT) -> str:
    """The dotted name of a file. Example: search/answer/__init__.py → search.answer"""
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def packages(root: Path = ROOT) -> dict[str, set[str]]:
    """Each package of ours with the names that its face exports in `__all__`."""
    return {module_of(path, root): exported(path) for path in production_files(root) if path.name == "__init__.py"}


def exported(path: Path) -> set[str]:
    """The names in the `__all__` of a file."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return set(ast.literal_eval(node.value))
    return set()


def package_of(module: str, known: dict[str, set[str]]) -> str:
    """The innermost package that a module lies in, "" for one in the root."""
    return max((one for one in known if module == one or module.startswith(f"{one}.")), key=len, default="")


def imports_across_packages(root: Path = ROOT) -> Iterator[Import]:
    """Every name that a production file imports from another package of ours, function bodies included.

    The packages around its own are no others: their modules are at home there.
    """
    known = packages(root)
    for path in production_files(root):
        own = package_of(module_of(path, root), known)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for module, name in _imported(node):
                package = package_of(module, known)
                if package and package != own and not own.startswith(f"{package}."):
                    yield Import(str(path.relative_to(root)), getattr(node, "lineno", 0), module, name)


def _imported(node: ast.AST) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.Import):
        yield from ((alias.name, "") for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        yield from ((node.module or "", alias.name) for alias in node.names)


def is_through_face(one: Import, known: dict[str, set[str]]) -> bool:
    """Whether an import takes a name that the face of its package exports."""
    return one.name in known.get(one.module, set())


def main() -> None:
    """Print the census of the checkout given, this one unless one is."""
    root = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT
    lengths = [len(path.read_text(encoding="utf-8").splitlines()) for path in production_files(root)]
    known, imports = packages(root), list(imports_across_packages(root))
    through = sum(is_through_face(one, known) for one in imports)
    print(f"production files       {len(lengths)}")
    print(f"lines                  {sum(lengths):,}")
    print(f"median lines of a file {median(lengths):g}")
    print(f"longest file           {max(lengths)}")
    print(f"imports through faces  {through}")
    print(f"imports past faces     {len(imports) - through}")


if __name__ == "__main__":
    main()
