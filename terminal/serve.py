"""The command that serves over HTTP, and builds what is missing or out of date beside it."""

import socket
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from settings import Settings


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on, instead of RECUEIL_HOST.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port, instead of RECUEIL_PORT.")] = None,
) -> None:
    """Serve over HTTP until interrupted; what is missing or out of date is built beside it, then served.

    Sheets that are saved meanwhile are taken up within seconds (RECUEIL_WATCH_S).

    Example: recueil serve --port 8080
    """
    from settings import read_all_settings

    settings = read_all_settings()
    settings = settings.model_copy(update={"host": host or settings.host, "port": port or settings.port})
    mend = "Choose another address with --host and --port, or with make serve PORT=…."
    with listen(settings.host, settings.port, mend) as listening:
        _serve(settings, listening)


def listen(host: str, port: int, mend: str) -> socket.socket:
    """Take the port before the long work, and before saying that it is ours. Raises BadSetting, with this mend."""
    from settings import BadSetting

    try:
        return open_socket(host, port)
    except OSError as error:
        raise BadSetting(f"The service cannot listen: {error.strerror}", f"{host}:{port}", mend) from None


def open_socket(host: str, port: int) -> socket.socket:
    """Listen there. Raises OSError."""
    return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)


def url_of(host: str, port: int) -> str:
    """Where a service that listens there answers. Example: "http://[::1]:8000"."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _serve(settings: "Settings", listening: socket.socket) -> None:
    """Serve until told to end. Raises the fault of the build where there is no index of any corpus, and none can be."""
    import logging
    from contextlib import ExitStack
    from threading import Lock

    from api import create_app, make_server, open_access_log
    from terminal.building import BuildingBeside
    from terminal.watching import Watcher

    def nothing_to_serve() -> None:
        server.should_exit = all(one.is_nothing_served for one in buildings.values())

    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("recueil").setLevel(logging.INFO)
    one_at_a_time = Lock()
    buildings = {name: BuildingBeside(one, nothing_to_serve, one_at_a_time) for name, one in settings.by_corpus.items()}
    open_access_log(settings)
    typer.echo(f"Serving on {url_of(settings.host, settings.port)} (routes: /docs; stop: Ctrl+C)")
    server = make_server(create_app(settings, building=buildings), settings)
    with ExitStack() as watching:
        for building in buildings.values():
            corpus = building.settings
            folders = [corpus.documents, corpus.editorial_folder]
            watching.enter_context(Watcher(folders, settings.watch_s, building.rebuild))
        server.run(sockets=[listening])
    if all(building.is_nothing_served for building in buildings.values()):
        next(iter(buildings.values())).done.result()
