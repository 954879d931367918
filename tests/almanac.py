"""A made-up programme page, the almanac: six challenges under two themes, indexed in a second or two."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from index import Manifest, build_index, index_folder, model_folder
from search import Searcher

CHALLENGES = {
    "Se déplacer": (
        "Le défi vise à prêter un vélo aux jeunes apprentis de la Gironde qui n'ont ni permis ni voiture.",
        "Le défi vise à faire circuler un bus qui amène le médecin dans les villages isolés.",
        "Le défi vise à organiser le covoiturage des agents de la préfecture.",
    ),
    "Bien vieillir": (
        "Le défi vise à former les aidants qui accompagnent à domicile un parent âgé.",
        "Le défi vise à loger des étudiants chez des personnes âgées qui vivent seules.",
        "Le défi vise à apprendre aux retraités à se servir d'une tablette.",
    ),
}

TABLE = """[almanac]
title = "L'almanach des défis"
publisher = "Une administration"
date = "2021-03"
licence = "not stated"
reader = "programme"
file = "almanac.txt"
original_name = "almanac.txt"
"""

# What the rules that are tried on it need: places, concepts, and links between like sheets.
PROFILE = 'places = "france"\nthesaurus = "social-action"\nlinking = "silent"\ncalibrated = true\n'


def write_almanac(folder: Path, challenges: dict[str, tuple[str, ...]] = CHALLENGES) -> Path:
    """Write the page and its documents.toml into a new folder, which is returned."""
    lines = ["Les thématiques", "     ".join(challenges), ""]
    for theme, told in challenges.items():
        lines += [f"  {theme}", ""]
        for paragraph in told:
            lines += [paragraph, "", "En savoir plus", ""]
    folder.mkdir(parents=True)
    (folder / "documents.toml").write_text(TABLE, encoding="utf-8")
    (folder / "profile.toml").write_text(PROFILE, encoding="utf-8")
    (folder / "almanac.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


RECORD = {
    "author": "person",
    "date": "2026-11-25",
    "title_en": "Bikes for apprentices",
    "summary": {"fr": "Un vélo pour les jeunes sans voiture.", "en": "A bike for young people without a car."},
    "publics": ["jeunes"],
    "topics": ["mobilite"],
    "expansions": {"fr": ["bosser sans bagnole", "prêt de vélos"], "en": ["getting to work without a car"]},
}
VOCABULARY = {
    "publics": {"jeunes": {"fr": "Jeunes", "en": "Young people"}},
    "topics": {"mobilite": {"fr": "Mobilité", "en": "Mobility"}},
}


def write_enrichment(folder: Path, initiative: str) -> None:
    """Write an enrichment of one record, for this initiative of the almanac."""
    folder.mkdir()
    (folder / "vocabulary.json").write_text(json.dumps(VOCABULARY), encoding="utf-8")
    (folder / "almanac.jsonl").write_text(json.dumps({"initiative": initiative} | RECORD) + "\n", encoding="utf-8")


@dataclass
class Steps:
    """Takes the progress of a build: the labels of its steps, and how many parts of each are done."""

    parts: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def step(self, label: str, total: int) -> None:
        self.parts[label] = 0

    def advance(self, parts: int) -> None:
        self.parts[list(self.parts)[-1]] += parts

    def note(self, text: str) -> None:
        self.notes.append(text)


@dataclass(frozen=True, kw_only=True)
class Made:
    """The almanac, and what was built of it."""

    documents: Path
    var: Path
    encoder: str
    steps: Steps
    manifest: Manifest

    @property
    def index(self) -> Path:
        return index_folder(self.var)

    @property
    def model(self) -> Path:
        return model_folder(self.var, self.encoder)

    def searcher(self) -> Searcher:
        return Searcher.open(self.index, self.model, threads=1)


def make(documents: Path, var: Path, encoder: str) -> Made:
    """Build model and index in this process."""
    steps = Steps()
    manifest = build_index(
        documents,
        editorial=documents.parent / "editorial",
        adaptation=documents.parent / "adaptation",
        var=var,
        encoder=encoder,
        threads=1,
        progress=steps,
    )
    return Made(documents=documents, var=var, encoder=encoder, steps=steps, manifest=manifest)
