"""A folder of somebody else's files, made up: a table of six actions with traps, and two notes in Markdown."""

from pathlib import Path

CSV = """Liste des actions 2026;;;;;;;;
N° fiche;Titre de l'action;Descriptif;Commune;Structure porteuse;Date de lancement;Thème;Courriel;Lien
A-1;Le vélo-cargo des écoles;\
"Quatre écoles partagent deux vélos-cargos, qui livrent les repas de la cuisine centrale.
Les élèves suivent le trajet sur un plan.";\
RENNES;Ville de Rennes;2021-09-01;Alimentation;velo@exemple.fr;exemple.org/velo
A-2;Café des aidants;\
Chaque mardi les personnes qui accompagnent un proche malade se retrouvent avec une psychologue.;Nantes;\
Association Le Fil;mars 2019;Santé;fil@exemple.fr;exemple.org/cafe
A-3;La ressourcerie du port;On y répare les meubles laissés en déchèterie; on les vend à petit prix.;Brest;SCOP Remous;\
12/05/2018;Réemploi;port@exemple.fr;exemple.org/port
A-4;Jardins à l'école;\
Les élèves plantent et cuisinent les légumes du potager avec la maison de retraite voisine.;Rennes;\
Ville de Rennes;2020;Alimentation;;exemple.org/jardins
A-5;;Non renseigné;Lyon;;;;;
A-6;Un bus qui soigne;\
Un bus aménagé en cabinet s'arrête dans onze villages sans médecin, sans rendez-vous.;Guéret;\
Conseil départemental de la Creuse;2022;Santé;;exemple.org/bus
"""

NOTES = {
    "mare.md": """---
title: The village pond
tags: [water, wildlife]
started: 2019
---
Neighbours dug out a silted pond and count its frogs every spring.

## What it took

Twelve weekends, two borrowed diggers and a great deal of tea.
""",
    "outils.md": """---
title: A library of tools
tags: [repair]
started: 2021
---
Members borrow drills and ladders for a week instead of buying them.
""",
}


def write_sheets(folder: Path) -> Path:
    """Write the table, as Excel in French saves it, and the notes into a new folder, which is returned."""
    (folder / "notes").mkdir(parents=True)
    (folder / "actions.csv").write_bytes(CSV.replace("\n", "\r\n").encode("cp1252"))
    for name, text in NOTES.items():
        (folder / "notes" / name).write_text(text, encoding="utf-8")
    (folder / "README.md").write_text("# About these files\n", encoding="utf-8")
    return folder
