"""The command that says what is installed, what is searched, and how it is set."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from terminal.search import AsJson

if TYPE_CHECKING:
    from settings import Settings


def status(as_json: AsJson = False) -> None:
    """Say which version this is, which index is searched, and how it is set; nothing secret, and nothing is opened.

    Example: recueil status
    """
    from recueil import version
    from settings import read_settings

    settings = read_settings()
    told: dict[str, Any] = {"version": version(), "index": index_told(settings), "settings": settings_told(settings)}
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    typer.echo(f"recueil {told['version']}")
    for part in ("index", "settings"):
        typer.echo(f"\n{part}")
        for name, value in told[part].items():
            typer.echo(f"  {name}: {'none' if value is None else value}")


def index_told(settings: "Settings") -> dict[str, Any]:
    """What is searched: its generation, digest, date and counts; or why there is none."""
    from index import BadIndex, current_name, kept_generations, read_manifest

    folder = settings.index_folder
    try:
        manifest = read_manifest(folder)
    except BadIndex as fault:
        return {"fault": f"{fault.what}. {fault.mend}"}
    name = current_name(folder)
    built = next((one.built for one in kept_generations(folder) if one.name == name), None)
    counts = ("documents", "initiatives", "passages", "records", "facts")
    return {
        "generation": name,
        "digest": manifest.corpus,
        "built": built,
        "format": manifest.format,
        "encoder": manifest.encoder,
        **{name: getattr(manifest, name) for name in counts},
    }


def settings_told(settings: "Settings") -> dict[str, Any]:
    """Each setting by the name of its variable. Of secrets only whether they are set, of an endpoint only the host."""
    from pydantic import HttpUrl, SecretStr

    def told(value: object) -> object:
        if isinstance(value, SecretStr):
            return "set, not shown"
        if isinstance(value, HttpUrl):
            return f"{value.scheme}://{value.host}:{value.port}"
        return str(value) if isinstance(value, Path) else value

    return {f"RECUEIL_{name.upper()}": told(getattr(settings, name)) for name in type(settings).model_fields}
