"""Three sheets in two documents, open in this process and served on this machine."""

from dataclasses import replace

import pytest

from recueil import Recueil
from recueil.opened import Opened
from tests.live_service import live_service
from tests.small_index import AIN, GIRONDE, record, searcher_of, sheet
from tests.web.conftest import QuotingAnswerer

BIKES, BUS, ROOMS = "atlas-bikes", "atlas-bus", "guide-rooms"


@pytest.fixture(scope="session")
def three_sheets(gazetteer):
    bikes = sheet(BIKES, "vélo apprentis", "prêt gratuit", departements=(GIRONDE,), start_year=2016)
    bus = sheet(BUS, "autobus médecin villages", departements=(AIN,), lead_organisations=("Département de l'Ain",))
    rooms = sheet(ROOMS, "chambre étudiants seniors", document="guide")
    titled = [replace(one, title=f"Titre de {one.id}") for one in (bikes, bus, rooms)]
    return searcher_of(*titled, gazetteer=gazetteer, records=[record(BIKES, "vélo", publics=("jeunes",))])


@pytest.fixture(scope="session")
def here(three_sheets) -> Recueil:
    made = Recueil.__new__(Recueil)
    made._way = Opened(three_sheets, QuotingAnswerer)
    return made


@pytest.fixture(scope="session")
def address(three_sheets):
    with live_service(three_sheets) as address:
        yield address
