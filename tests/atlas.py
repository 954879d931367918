"""A made-up document, the atlas: an initiative of it, a hit on it and an answer from it, with every field filled."""

from corpus import Contact, Departement, Initiative, Kind, Section, Source
from index.passage import Passage
from search import Highlight, Hit
from search.answering.answer import Answer, Citation, Path, Statement, Verdict

AIN = Departement("01", "Ain")


def initiative() -> Initiative:
    return Initiative(
        id="atlas-le-bus-01",
        kind=Kind.SHEET,
        title="Le bus",
        title_derived=False,
        source=Source("atlas", 3, 4),
        text="Le bus\nva partout.",
        sections=(Section("DESCRIPTION", 4, 4),),
        chapter="Mobilité",
        theme="Transports",
        departements=(AIN,),
        cited_departements=(Departement("2A", "Corse-du-Sud"),),
        territory="Bourg",
        carriers=("Département de l'Ain",),
        partners=("La ville",),
        start_year=2016,
        start_text="Depuis 2016",
        status="en cours",
        contacts=(Contact(None, "Direction", "bus@ain", "04 00 00 00 00", email_damaged=True),),
        also_titled=("Le car",),
        same_as=("atlas-le-car-01",),
    )


def hit() -> Hit:
    return Hit(
        rank=1,
        score=2.5,
        initiative=initiative(),
        also_in=("atlas-le-car-01",),
        passage=Passage("atlas-le-bus-01#0", "atlas-le-bus-01", "DESCRIPTION", 4, 4, "va partout."),
        highlights=(Highlight(0, 2, "goes", 0.75),),
        word_rank=None,
        vector_rank=3,
    )


def answer() -> Answer:
    return Answer(
        question="Où va le bus ?",
        language="fr",
        verdict=Verdict.ANSWERED,
        confidence=0.83,
        statements=(Statement("partout — Le bus (Ain) : « va partout. »", (0,)), Statement("Il roule.", ())),
        citations=(Citation("atlas-le-bus-01", ("atlas-le-car-01",), "va\npartout.", Source("atlas", 3, 4)),),
        hits=(hit(),),
        path=Path.EXTRACTIVE,
        fallback="timed_out",
        removed=1,
        took_ms=12.3,
    )
