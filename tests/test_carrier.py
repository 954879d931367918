"""A carrier is read from its header field, or from what the prose says of who does what."""

import pytest

from corpus.carrier import carriers_of_field, carriers_told
from corpus.partner import partners_of

HEADING = "Département de l'Ain"


@pytest.mark.parametrize(
    ("field", "carriers"),
    [
        ("Conseil départemental/collectif d'associations/CAF",
         ["Conseil départemental", "collectif d'associations", "CAF"]),
        ("Conseil départemental, MDPH et Conférence des Financeurs",
         ["Conseil départemental", "MDPH", "Conférence des Financeurs"]),
        ("Le Conseil départemental et l'Agence de santé", ["Le Conseil départemental", "l'Agence de santé"]),
        ("Conseil départemental et Institut et Haute école", ["Conseil départemental", "Institut et Haute école"]),
        ("Pôle solidarités / Direction de l'insertion, de l'emploi et des actions sociales",
         ["Pôle solidarités / Direction de l'insertion, de l'emploi et des actions sociales"]),
        ("Service Etudes Optimisation et Gestion des ressources",
         ["Service Etudes Optimisation et Gestion des ressources"]),
        ("Conseil de la citoyenneté et de l'autonomie", ["Conseil de la citoyenneté et de l'autonomie"]),
        ("Association pour le **Développement** local", ["Association pour le Développement local"]),
        ("Association pour le\ndéveloppement local", ["Association pour le développement local"]),
        ("Expérimentation sur la Communauté de Communes\nConseil départemental en appui sur l'ingénierie",
         ["Communauté de Communes", "Conseil départemental"]),
    ],
)  # fmt: skip
def test_a_header_field_is_parted_where_another_body_begins(field: str, carriers: list[str]) -> None:
    assert list(carriers_of_field(field)) == carriers


@pytest.mark.parametrize(
    ("prose", "carriers"),
    [
        ("Un lieu ouvert à tous.", [HEADING]),
        ("En 2016, le Département a ouvert un lieu.", [HEADING]),
        ("En 2013, le Conseil départemental avait procédé à une enquête.", ["Conseil départemental"]),
        ("L'association Roue libre (ARL) propose des cours.", ["association Roue libre (ARL)"]),
        ("Cette action est confiée au CIDFF de l'Ain pour toucher les femmes.", ["CIDFF de l'Ain"]),
        ("Visites coordonnées par les Centres sociaux et inscrites dans un plan.", ["Centres sociaux"]),
        ("La CAF a mis en place un lieu, choix d'un co-pilotage par la MSA et le Conseil départemental.",
         ["MSA", "Conseil départemental"]),
        ("Guide co-construit par France Alzheimer, l'Association Retis et des familles.",
         ["France Alzheimer", "Association Retis"]),
        ("Convention entre Pôle Emploi et le Département visant l'emploi.", ["Pôle Emploi", HEADING]),
        ("Convention de recherche entre le Conseil départemental et La Poste.", ["Conseil départemental", "La Poste"]),
        ("Depuis, les élus et les agents le Conseil départemental a créé un lieu.", ["Conseil départemental"]),
        ("Le Département et le SIAO ont décidé de mettre en place une instance.", [HEADING, "SIAO"]),
        ("Le service de PMI mène un essai. Le service de PMI du Conseil départemental y tient.",
         ["service de PMI du Conseil départemental"]),
        ("Une équipe dédiée au numérique.", [HEADING]),
        ("La prise en charge des enfants confiés au service de l'ASE.", [HEADING]),
        ("Des logements portés par des bailleurs.", [HEADING]),
        ("Trois temps :\n- Les réunions organisées par la Carsat", [HEADING]),
    ],
)  # fmt: skip
def test_the_prose_says_who_carries_and_else_the_heading_does(prose: str, carriers: list[str]) -> None:
    assert list(carriers_told(prose, HEADING)) == carriers


@pytest.mark.parametrize(
    ("prose", "partners"),
    [
        ("Mis en œuvre en partenariat avec l'ARS, Pôle Emploi Meuse, l'UD55 et la CAF pour deux ans.",
         ["ARS", "Pôle Emploi Meuse", "UD55", "CAF"]),
        ("Conçu en collaboration avec l'université de Toulon, le DU répond à tout.", ["université de Toulon"]),
        ("Avec ses partenaires (la CAF, la CPAM, Pôle emploi).", ["CAF", "CPAM", "Pôle emploi"]),
        ("En partenariat avec la Métropole de Lyon cible 550 familles.", ["Métropole de Lyon"]),
        ("En lien avec le service immobilier.", []),
        ("En partenariat avec l'association Retis.", []),
        ("En lien étroit avec les professionnels.", []),
    ],
)  # fmt: skip
def test_partners_are_bodies_outside_that_the_prose_works_with(prose: str, partners: list[str]) -> None:
    assert list(partners_of(prose, ["Association Retis"])) == partners
