"""The command line: what each command of `recueil` does, and how its results look on a terminal.

    recueil search "young people without a car" --region Bretagne -k 5
    recueil serve --port 8080

A module here holds the commands of one purpose; `cli.py` gathers them into one program. Everything slow (the index, the
model, rich) is imported inside the command that needs it, so that `recueil --help` answers at once. Figures and results
go to standard output, what is being done and what went wrong to standard error.
"""

from terminal import (
    adapt,
    bring,
    build,
    doctor,
    evaluate,
    feedback,
    fronts,
    generations,
    keys,
    mcp,
    search,
    serve,
    status,
    tune,
)

__all__ = [
    "adapt",
    "bring",
    "build",
    "doctor",
    "evaluate",
    "feedback",
    "fronts",
    "generations",
    "keys",
    "mcp",
    "search",
    "serve",
    "status",
    "tune",
]
