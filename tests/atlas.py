"""A made-up document, the atlas: an initiative of it, its record, a fact, a hit and an answer, every field filled."""

from corpus import (
    Author,
    Bilingual,
    Contact,
    Correction,
    Departement,
    Document,
    EditorialRecord,
    Enrichment,
    Expansions,
    Fact,
    FactKind,
    Initiative,
    Kind,
    Quote,
    Section,
    Source,
    Vocabulary,
    Wordings,
)
from index import Passage
from search import Citation, Highlight, Hit, RecordView
from search.answer import Answer, MadeBy, Statement, Verdict

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
        lead_organisations=("Département de l'Ain",),
        partners=("La ville",),
        start_year=2016,
        start_text="Depuis 2016",
        status="en cours",
        contacts=(Contact(name=None, role="Direction", email="bus@ain", phone="04 00 00 00 00", email_damaged=True),),
        also_titled=("Le car",),
        same_as=("atlas-le-car-01",),
        corrections=(Correction(field="theme", said="Trasnports", why="A slip of the pen.", since="2026-11-29"),),
    )


def document() -> Document:
    return Document(
        id="atlas",
        title="Aide & soin",
        publisher="Observatoire des marais",
        date="2018-10",
        licence="not stated",
        reader="recueil",
        file="atlas.txt",
        original_name="atlas.txt",
        lines=("Mobilité", "", "Le bus", "va partout."),
    )


def record() -> EditorialRecord:
    return EditorialRecord(
        initiative="atlas-le-bus-01",
        author=Author.LANGUAGE_MODEL,
        date="2026-11-25",
        title_en="The bus",
        summary=Bilingual("Un bus va partout.", "A bus goes everywhere."),
        publics=("habitants",),
        topics=("mobilite",),
        expansions=Expansions(("comment aller en ville", "bus de campagne"), ("rural bus",)),
    )


def fact() -> Fact:
    return Fact(
        initiative="atlas-le-bus-01",
        author=Author.LANGUAGE_MODEL,
        date="2026-11-29",
        kind=FactKind.WHERE,
        questions=Wordings(("Où va le bus de l'Ain ?", "Le bus de l'Ain, il va où ?"), ("Where does Ain's bus go?",)),
        answer=Bilingual("Le bus de l'Ain va partout.", "The bus of Ain goes everywhere."),
        short=Bilingual("partout", "everywhere"),
        quotes=(Quote("atlas-le-bus-01", Source("atlas", 3, 4), "bus\nva partout."),),
    )


def enrichment() -> Enrichment:
    publics = {"habitants": Bilingual("Habitants", "Residents"), "aidants": Bilingual("Proches aidants", "Carers")}
    topics = {"mobilite": Bilingual("Mobilité", "Mobility"), "logement": Bilingual("Logement", "Housing")}
    return Enrichment((record(),), Vocabulary(publics, topics))


def hit() -> Hit:
    return Hit(
        rank=1,
        score=2.5,
        initiative=initiative(),
        also_in=("atlas-le-car-01",),
        passage=Passage(
            id="atlas-le-bus-01#0",
            initiative="atlas-le-bus-01",
            heading="DESCRIPTION",
            start_line=4,
            end_line=4,
            text="va partout.",
        ),
        highlights=(Highlight(0, 2, "goes", 0.75),),
        lexical_rank=None,
        dense_rank=3,
        record=RecordView.of(record(), initiative(), enrichment(), "en"),
        by_record=True,
    )


def answer() -> Answer:
    return Answer(
        question="Où va le bus ?",
        language="fr",
        verdict=Verdict.ANSWERED,
        confidence=0.93,
        statements=(Statement("partout — Le bus (Ain) : « va partout. »", (0,)), Statement("Il roule.", ())),
        citations=(
            Citation("atlas-le-bus-01", ("atlas-le-car-01",), "va\npartout.", Source("atlas", 3, 4), ("theme",)),
        ),
        path=MadeBy.EXTRACTIVE,
        fallback="timed_out",
        removed=1,
        took_ms=12.3,
    )
