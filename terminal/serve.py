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
    from settings import read_settings

    settings = read_settings()
    settings = settings.model_copy(update={"host": host or settings.host, "port": port or settings.port})
    with _listen(settings) as listening:
        _serve(settings, listening)


def _listen(settings: "Settings") -> socket.socket:
    """Take the port before the long work, and before saying that it is ours. Raises BadSetting."""
    from settings import BadSetting

    try:
        return open_socket(settings)
    except OSError as error:
        raise BadSetting(
            f"The service cannot listen: {error.strerror}",
            f"{settings.host}:{settings.port}",
            "Choose another address with --host and --port, or with make serve PORT=….",
        ) from None


def open_socket(settings: "Settings") -> socket.socket:
    """Listen where the settings say. Raises OSError."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    return socket.create_server((settings.host, settings.port), family=family)


def url_of(settings: "Settings") -> str:
    """Where a service with these settings answers. Example: "http://[::1]:8000"."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"


def _serve(settings: "Settings", listening: socket.socket) -> None:
    """Serve until told to end. Raises the fault of the build where there is no index and none can be made."""
    import logging

    from api import create_app, make_server, open_access_log
    from terminal.building import BuildingBeside
    from terminal.watching import Watcher

    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("recueil").setLevel(logging.INFO)
    building = BuildingBeside(settings, nothing_to_serve=lambda: setattr(server, "should_exit", True))
    open_access_log(settings)
    typer.echo(f"Serving on {url_of(settings)} (routes: /docs; stop: Ctrl+C)")
    server = make_server(create_app(settings, building=building), settings)
    with Watcher([settings.documents, settings.editorial_folder], settings.watch_s, building.rebuild):
        server.run(sockets=[listening])
    if building.is_nothing_served:
        building.done.result()
