"""Derive the official tables of corpus/gazetteer.

    python -m corpus.places.derive <folder of @etalab/decoupage-administratif>/data

Its README says what was done.
"""

import csv
import json
import re
import sys
from pathlib import Path
from typing import Any

from corpus.places.names import FOLDER

# Smaller communes would treble the file and the time to open it, and the sheets name almost none of them.
SMALLEST_POPULATION = 1000
OVERSEAS_COLLECTIVITIES = "com"  # their "départements" are none
METROPOLE_DE_LYON = "69M"
# What surrounds the name of an intercommunality in the source: "CC du Lac d'Aiguebelette (CCLA)".
EPCI_KIND = re.compile(r"^(CC|CA|CU|METRO) ((du|de la|de|des) |(de l|d|l)['’])?|\s*\([A-Z0-9 -]+\)$")


def read(folder: Path, table: str) -> list[dict[str, Any]]:
    """Give the rows of one table of the package."""
    rows: list[dict[str, Any]] = json.loads((folder / f"{table}.json").read_text("utf-8"))
    return rows


def write(name: str, header: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Write one table of corpus/gazetteer."""
    with (FOLDER / name).open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([header, *rows])


def bare(name: str) -> str:
    """Take kind and initials off the name of an intercommunality: "CC du Pays de Gex" -> "Pays de Gex"."""
    return EPCI_KIND.sub("", name)


def derive(folder: Path) -> None:
    """Write departements.csv, regions.csv, communes.csv and intercommunalites.csv."""
    epci = read(folder, "epci")
    in_lyon = {m["code"] for e in epci if e["type"] == "MET69" for m in e["membres"]}
    communes = [c for c in read(folder, "communes") if c["type"] == "commune-actuelle" and c["zone"] != "com"]
    home = {c["code"]: METROPOLE_DE_LYON if c["code"] in in_lyon else c["departement"] for c in communes}
    departements = [d for d in read(folder, "departements") if d["zone"] != OVERSEAS_COLLECTIVITIES]
    rows = [(d["code"], d["nom"], d["region"]) for d in departements]
    lyon = (METROPOLE_DE_LYON, "Métropole de Lyon", next(r for code, _, r in rows if code == "69"))
    write("departements.csv", ("code", "name", "region"), sorted([*rows, lyon]))
    regions = [r for r in read(folder, "regions") if r["zone"] != OVERSEAS_COLLECTIVITIES]
    write("regions.csv", ("code", "name"), [(r["code"], r["nom"]) for r in regions])
    large = [c for c in communes if c.get("population", 0) >= SMALLEST_POPULATION]
    write(
        "communes.csv",
        ("code", "name", "departement", "population"),
        [(c["code"], c["nom"], home[c["code"]], str(c["population"])) for c in large],
    )
    members = [(e, sorted({home[m["code"]] for m in e["membres"] if m["code"] in home})) for e in epci]
    write(
        "intercommunalites.csv",
        ("siren", "name", "departements"),
        [(e["code"], bare(e["nom"]), " ".join(homes)) for e, homes in members if homes and e["type"] != "MET69"],
    )


if __name__ == "__main__":
    derive(Path(sys.argv[1]))
