"""Opening: from the settings to what searches, what answers and what keeps feedback, for every door."""

from index.build import index_folder, model_folder
from search import Engine
from search.answering.asker import Asker
from search.answering.folders import answering_folder
from search.feedback.store import Store, feedback_file
from settings import Settings


def open_engine(settings: Settings) -> Engine:
    """Open the engine that the settings ask for. Raises BadIndex or BadModel."""
    return Engine.open(index_folder(settings.var), model_folder(settings.var, settings.encoder), settings.threads)


def open_asker(settings: Settings, engine: Engine) -> Asker:
    """Open what answers questions over an engine. Raises BadReader or BadCalibration."""
    folder = answering_folder(settings.var, settings.encoder)
    return Asker.open(engine, folder, settings.language_model())


def open_store(settings: Settings) -> Store:
    """Open what keeps feedback. The file is not looked at before something is read or written."""
    return Store(feedback_file(settings.var), settings.feedback_days)
