"""Who leads an initiative and with whom: from a header field, a line, a team, or what the prose says."""

import pytest

from corpus.organisations import (
    is_inner,
    is_organisation,
    lead_organisations_credited,
    lead_organisations_of_field,
    lead_organisations_told,
    leads_and_partners_of_line,
    organisation_of_member,
    partners_credited,
    partners_told,
    without_article,
)

HEADING = "Département de l'Ain"


@pytest.mark.parametrize(
    ("field", "names"),
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
def test_a_header_field_is_parted_where_another_body_begins(field: str, names: list[str]) -> None:
    assert list(lead_organisations_of_field(field)) == names


@pytest.mark.parametrize(
    ("prose", "names"),
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
def test_the_prose_says_who_leads_and_else_the_heading_does(prose: str, names: list[str]) -> None:
    assert list(lead_organisations_told(prose, HEADING)) == names


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
    assert list(partners_told(prose, ["Association Retis"])) == partners


@pytest.mark.parametrize(
    "name", ["l'association Retis", "Pôle emploi", "ADMR", "3 communes", "la Fédération", "DGA solidarités"]
)
def test_the_name_of_an_organisation_begins_with_a_known_word_a_count_or_an_acronym(name: str) -> None:
    assert is_organisation(name)


@pytest.mark.parametrize("name", ["les habitants", "bailleurs sociaux", "Anne Roy", ""])
def test_other_words_begin_none(name: str) -> None:
    assert not is_organisation(name)


def test_a_part_of_an_administration_is_none_of_its_own_and_the_employment_agency_is() -> None:
    assert is_inner("Direction de l'insertion")
    assert is_inner("le service social")
    assert not is_inner("Pôle emploi Meuse")


@pytest.mark.parametrize(
    ("name", "bare"),
    [("l'association Retis", "association Retis"), ("La Poste", "La Poste"), ("Le Conseil", "Conseil")],
)
def test_an_article_is_dropped_unless_it_is_part_of_the_name(name: str, bare: str) -> None:
    assert without_article(name) == bare


@pytest.mark.parametrize(
    ("line", "leads", "partners"),
    [
        ("Préfecture du Tarn avec le laboratoire LabO", ["Préfecture du Tarn"], ["laboratoire LabO"]),
        ("Ville de Lyon et Métropole de Lyon", ["Ville de Lyon", "Métropole de Lyon"], []),
        ("SMICVAL, syndicat mixte de collecte", ["SMICVAL, syndicat mixte de collecte"], []),
        ("Ministère de l'Emploi, du Travail et des Solidarités",
         ["Ministère de l'Emploi, du Travail et des Solidarités"], []),
        ("La DREAL (en partenariat avec l'Université de Tours)", ["DREAL"], ["Université de Tours"]),
        ("CHU de Nantes / Région", ["CHU de Nantes", "Région"], []),
    ],
)  # fmt: skip
def test_a_line_of_a_call_names_those_who_lead_and_those_they_work_with(
    line: str, leads: list[str], partners: list[str]
) -> None:
    assert leads_and_partners_of_line(line) == (tuple(leads), tuple(partners))


@pytest.mark.parametrize(
    ("member", "organisation"),
    [
        ("La directrice de l'Agence de l'eau", "Agence de l'eau"),
        ("un responsable du CHU", "CHU"),
        ("L'Agence de l'eau", "Agence de l'eau"),
        ("Bordeaux métropole", "Bordeaux métropole"),
    ],
)
def test_a_member_of_a_team_stands_for_an_organisation(member: str, organisation: str) -> None:
    assert organisation_of_member(member) == organisation


@pytest.mark.parametrize(
    ("prose", "leads"),
    [
        ("Un outil développé par la Préfecture du Nord, puis étendu.", ["Préfecture du Nord"]),
        ("Emmaüs, initiatrice du projet, l'a porté.", ["Emmaüs"]),
        ("La ville attend. Bordeaux métropole souhaite réduire le bruit.", ["Bordeaux métropole"]),
        ("Un outil développé par des agents.", []),
    ],
)
def test_prose_credits_those_who_run_have_made_or_mean_to_do_the_thing(prose: str, leads: list[str]) -> None:
    assert list(lead_organisations_credited(prose)) == leads


@pytest.mark.parametrize(
    ("prose", "partners"),
    [
        ("Avec des partenaires du territoire (CAF, MSA).", ["CAF", "MSA"]),
        ("Mené en partenariat avec la région Bretagne et le CHU.", ["région Bretagne", "CHU"]),
        ("Il s'appuie sur les habitants.", []),
        ("Avec l'appui de l'association Retis pour deux ans.", ["association Retis"]),
    ],
)
def test_prose_credits_those_with_whom_the_thing_is_done(prose: str, partners: list[str]) -> None:
    assert list(partners_credited(prose)) == partners
