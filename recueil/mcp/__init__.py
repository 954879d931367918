"""A collection as tools for assistants, by the Model Context Protocol: search, ask, read, compare; nothing is written.

    server = make_server(Recueil("var"), version="0.1.0")
    server.run("stdio")                            # or serve(server, settings) over streamable HTTP

`tools` are what a model may call, with the descriptions that it reads; `replies` are what it gets back: less than HTTP
gives, because all of it is read, and with the document and the lines of every quote. Needs the extra `mcp`.
"""

from recueil.mcp.server import make_app, make_server

__all__ = ["make_app", "make_server"]
