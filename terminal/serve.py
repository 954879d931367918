"""The command that serves over HTTP, after building what is missing."""

import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from search import Searcher
    from settings import Settings

# Processes of their own: a command of this program, and one that reads the documents to see whether they changed.
RECUEIL = (sys.executable, "-m", "cli")
TELL_DIGEST = (sys.executable, "-c", "from terminal.serve import tell_digest; tell_digest()")

LAST_REPLIES_S = 5  # seconds that open requests have to be answered when the service is told to end


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on, instead of RECUEIL_HOST.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port, instead of RECUEIL_PORT.")] = None,
) -> None:
    """Build what is missing, then serve over HTTP until interrupted.

    Example: recueil serve --port 8080
    """
    from settings import read_settings
    from terminal.build import say_ready

    settings = read_settings()
    settings = settings.model_copy(update={"host": host or settings.host, "port": port or settings.port})
    with _listen(settings) as listening:
        searcher = _open_up_to_date(settings)
        if searcher is not None:
            say_ready(searcher.index.manifest)
        # The build needs torch; in a process of its own it gives that memory back before serving begins.
        elif status := subprocess.run([*RECUEIL, "build"], check=False).returncode:
            raise typer.Exit(status)
        _serve(settings, listening, searcher)


def tell_digest() -> None:
    """Print the digest of documents, editorial records, thesaurus and adaptation as they are now."""
    from settings import read_settings
    from terminal.digest import digest_now

    typer.echo(digest_now(read_settings()))


def _open_up_to_date(settings: "Settings") -> "Searcher | None":
    """Open the searcher, which checks every file of the index; None where a build has something to do.

    Meanwhile another process reads the documents, so that serving begins a second sooner.
    """
    from index import BadIndex, BadModel
    from terminal.search import open_searcher

    with subprocess.Popen(TELL_DIGEST, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as reading:
        try:
            searcher = open_searcher(settings)
        except (BadIndex, BadModel):
            return None
        digest, _ = reading.communicate()  # nothing, when they cannot be read: the build will say why
    # Encoders whose names differ in punctuation share a folder.
    made_of = (searcher.index.manifest.corpus, searcher.encoder.name)
    return searcher if made_of == (digest.strip(), settings.encoder) else None


def _listen(settings: "Settings") -> socket.socket:
    """Take the port before the long work, and before saying that it is ours. Raises BadSetting."""
    from settings import BadSetting

    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        raise BadSetting(
            f"The service cannot listen: {error.strerror}",
            f"{settings.host}:{settings.port}",
            "Choose another address with --host and --port, or with make serve PORT=….",
        ) from None


def _serve(settings: "Settings", listening: socket.socket, searcher: "Searcher | None") -> None:
    import logging

    import uvicorn

    from api import create_app, open_access_log

    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    open_access_log(settings)
    typer.echo(f"Serving on http://{host}:{settings.port} (routes: /docs; stop: Ctrl+C)")
    # No access log: its lines hold what people ask.
    # The app itself heeds proxies (web/address.py). A request that stalls must not keep the process from ending.
    config = uvicorn.Config(
        create_app(settings, searcher),
        access_log=False,
        log_level="warning",
        proxy_headers=False,
        timeout_graceful_shutdown=LAST_REPLIES_S,
    )
    uvicorn.Server(config).run(sockets=[listening])
