"""Opening: from the settings to what searches and what answers, for every door."""

from index.build import index_folder, model_folder
from search import Engine
from search.answering.asker import Asker
from search.answering.folders import answering_folder
from settings import Settings


def open_engine(settings: Settings) -> Engine:
    """Open the engine that the settings ask for. Raises BadIndex or BadModel."""
    return Engine.open(index_folder(settings.var), model_folder(settings.var, settings.encoder), settings.threads)


def open_asker(settings: Settings, engine: Engine) -> Asker:
    """Open what answers questions over an engine. Raises BadReader or BadCalibration."""
    folder = answering_folder(settings.var, settings.encoder)
    return Asker.open(engine, folder, settings.language_model())
