"""The command that gives a collection to assistants, by the Model Context Protocol."""

from typing import TYPE_CHECKING, Annotated

import typer

from terminal.serve import listen, url_of

if TYPE_CHECKING:
    from settings import Settings

PORT = 8765


def mcp(
    http: Annotated[bool, typer.Option("--http", help="Serve streamable HTTP at /mcp, instead of stdio.")] = False,
    host: Annotated[str, typer.Option(help="Address to listen on, with --http.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on, with --http.")] = PORT,
    service: Annotated[
        str | None, typer.Option(help="Address of a running service to ask, instead of the index here.")
    ] = None,
) -> None:
    """Give the collection to an assistant (MCP): search, ask, read, compare; nothing is written.

    Example: recueil mcp --service https://recueil.exemple.fr
    """
    from recueil import Recueil, version
    from recueil.mcp import make_server
    from settings import read_settings

    settings = read_settings()
    server = make_server(Recueil(service), version())
    if http:
        from recueil.mcp import make_app

        _serve(make_app(server, [host, *_hosts(settings)]), host, port)
    else:
        server.run("stdio")


def _hosts(settings: "Settings") -> list[str]:
    """The names of this machine that the settings tell."""
    public = [settings.public_url.host] if settings.public_url and settings.public_url.host else []
    return [*settings.known_hosts, *public]


def _serve(app: object, host: str, port: int) -> None:
    """Serve until told to end. Raises BadSetting where it cannot listen."""
    import uvicorn

    listening = listen(host, port, "Choose another address with --host and --port.")
    typer.echo(f"Serving MCP on {url_of(host, port)}/mcp (stop: Ctrl+C)", err=True)
    # No access log and no warnings: strangers cause them, as many as they like.
    config = uvicorn.Config(app, log_level="error", access_log=False, ws="none", server_header=False)  # type: ignore[arg-type]
    with listening:
        uvicorn.Server(config).run(sockets=[listening])
