"""The command `recueil`, as `python -m recueil`: the same in a checkout and where the wheel is installed."""

from cli import app

if __name__ == "__main__":
    app()
