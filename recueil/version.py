"""Which version this is."""

from pathlib import Path


def version() -> str:
    """The version of the checkout, or that which is installed. Example: "0.2.0"."""
    import tomllib
    from importlib import metadata

    checkout = Path(__file__).parents[1] / "pyproject.toml"
    if checkout.is_file():
        return str(tomllib.loads(checkout.read_text("utf-8"))["project"]["version"])
    return metadata.version("recueil")
