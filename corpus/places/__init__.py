"""Places: the départements, regions and towns that a text or a question names. France, from official tables.

    gazetteer = Gazetteer.open()
    gazetteer.departement("Département des Pyrénées Atlantiques").code        -> "64"
    [place.name for place in gazetteer.places_in_query("aide à lyon")]        -> ["Lyon"]

`names` reads the tables of corpus/gazetteer, and writes them anew; `cues` tells a place from an everyday word.
"""

from corpus.places.gazetteer import Gazetteer, Place, Region
from corpus.places.names import PlaceKind

__all__ = ["Gazetteer", "Place", "PlaceKind", "Region"]
