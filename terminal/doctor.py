"""The command that looks for what is wrong with an installation, and says how to mend it.

Each check is a function of the settings that returns what it found, or raises a fault: what, where and the mend.
"""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from terminal.search import AsJson
from terminal.serve import open_socket, url_of

if TYPE_CHECKING:
    from corpus import Fault
    from settings import Settings

LEAST_FREE_BYTES = 100 * 2**20  # for feedback, logs and what a build writes besides the index
LLM_TIMEOUT_S = 5.0


class State(StrEnum):
    """How a check came out."""

    FINE = "fine"
    NOT_USED = "not used"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check came to."""

    check: str
    state: State
    what: str
    where: str | None = None
    mend: str | None = None


Check = Callable[["Settings"], str | None]  # what is fine, None for what is not used; raises a fault


def doctor(as_json: AsJson = False) -> None:
    """Look for what is wrong with this installation, and say how to mend it; exit code 1 if anything is.

    Example: recueil doctor
    """
    import json

    from settings import read_settings

    settings = read_settings()
    findings = [examine(name, check, settings) for name, check in CHECKS.items()]
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in findings], ensure_ascii=False, indent=2))
    else:
        for one in findings:
            typer.echo(f"{one.state:>8}  {one.check}: {one.what}")
            if one.mend is not None:
                typer.echo(f"{'':8}  where: {one.where}\n{'':8}  mend:  {one.mend}")
    if any(one.state is State.WRONG for one in findings):
        raise typer.Exit(1)


def examine(name: str, check: Check, settings: "Settings") -> Finding:
    """Make a check; a fault is what is wrong."""
    from corpus import Fault

    try:
        found = check(settings)
    except Fault as fault:
        return Finding(name, State.WRONG, fault.what, fault.where, fault.mend)
    return Finding(name, State.NOT_USED, "not set") if found is None else Finding(name, State.FINE, found)


# --- checks ---


def check_disk(settings: "Settings") -> str:
    """Whether what is made can be written, and there is room for another index beside the one there is."""
    folder = next(one for one in (settings.var, *settings.var.absolute().parents) if one.exists())
    try:
        with tempfile.TemporaryFile(dir=folder):
            free = shutil.disk_usage(folder).free
    except OSError as error:
        raise _wrong(
            f"The folder cannot be written to: {error.strerror}",
            folder,
            "Give it to the user of the service, or set RECUEIL_VAR.",
        ) from None
    needed = LEAST_FREE_BYTES + _size_of(settings.index_folder)
    if free < needed:
        what = f"{_megabytes(free)} are free, a build needs about {_megabytes(needed)}"
        raise _wrong(what, folder, "Make room, or set RECUEIL_VAR.")
    return f"{folder} can be written to, {_megabytes(free)} are free"


def check_model(settings: "Settings") -> str:
    """Whether the model is prepared."""
    from index import read_model

    model = read_model(settings.model_folder)
    return f"{model.name} is prepared, {model.dimension} dimensions"


def check_index(settings: "Settings") -> str:
    """Whether every file of the index is whole, and the index fits program and model."""
    from terminal.search import open_searcher

    manifest = open_searcher(settings).index.manifest
    return f"{manifest.initiatives} initiatives of {manifest.documents} documents, every file is whole"


def check_documents(settings: "Settings") -> str:
    """Whether the documents can be read, and the index is of them as they are now."""
    from index import read_manifest
    from terminal.digest import digest_now

    digest, manifest = digest_now(settings), read_manifest(settings.index_folder)
    if (digest, settings.encoder) != (manifest.corpus, manifest.encoder):
        raise _wrong("The index is not of the documents as they are now", settings.index_folder, "Run `recueil build`.")
    return f"the index is of them as they are now, digest {digest[:12]}"


def check_adaptation(settings: "Settings") -> str | None:
    """Whether the adaptation to the documents, where there is one, is for the model."""
    from index import read_card, read_model

    card = read_card(settings.adaptation_folder)
    if card is None:
        return None
    if not card.fits(read_model(settings.model_folder)):
        what = "The adaptation is for another model, and is not used"
        raise _wrong(what, settings.adaptation_folder, "Run `recueil adapt`, or move the folder away.")
    return "it is for this model"


def check_answers(settings: "Settings") -> str:
    """Whether what answers can be opened."""
    from terminal.search import open_answerer

    calibrated = open_answerer(settings).is_calibrated
    return "answered" if calibrated else "answered, without a confidence: it was fitted on other documents"


def check_feedback(settings: "Settings") -> str | None:
    """Whether the store of feedback is sound."""
    from feedback import Store, check

    if not settings.feedback_file.exists():
        return "kept from the first entry on" if settings.feedback else None
    store = Store(settings.feedback_file, settings.feedback_days)
    check(store)
    return f"sound, {len(store.judgements())} judgements and {len(store.misses())} misses"


def check_keys(settings: "Settings") -> str | None:
    """Whether the keys can be read, by this user alone, and none has expired."""
    from datetime import UTC, datetime

    from web.keys import KeyFile

    keys = KeyFile(settings.keys_file)
    if not (kept := keys.all()):
        return None
    if keys.is_readable_by_others():
        raise _wrong("Others may read the file of keys", keys.path, f"Run `chmod 600 {keys.path}`.")
    if over := [one.name for one in kept if one.has_expired(datetime.now(UTC).date())]:
        what = f"Keys have expired: {', '.join(over)}"
        raise _wrong(what, keys.path, f"Run `recueil keys revoke {over[0]}`, and make another if need be.")
    return f"{len(kept)}, kept for this user alone"


def check_language_model(settings: "Settings") -> str | None:
    """Whether the language model's endpoint answers and takes the key; nothing is asked of it."""
    import httpx

    model = settings.language_model()
    if model is None:
        return None
    key = {"Authorization": f"Bearer {model.api_key}"} if model.api_key else {}
    try:
        reply = httpx.get(f"{model.url.rstrip('/')}/models", headers=key, timeout=LLM_TIMEOUT_S, trust_env=False)
    except httpx.HTTPError as error:
        what = f"The language model cannot be reached: {type(error).__name__}"
        raise _wrong(what, "RECUEIL_LLM_URL", "Start it, or mend the URL.") from None
    if reply.status_code in (401, 403):
        raise _wrong("The language model does not take the key", "RECUEIL_LLM_API_KEY", "Give another key.")
    if reply.status_code >= 500:
        raise _wrong(f"The language model answers {reply.status_code}", "RECUEIL_LLM_URL", "Look at its log.")
    return f"its endpoint is reached ({reply.status_code})"


def check_port(settings: "Settings") -> str:
    """Whether the service can listen, or listens already."""
    try:
        open_socket(settings.host, settings.port).close()
    except OSError as error:
        if _answers(settings):
            return f"a service answers at {settings.host}:{settings.port}"
        what = f"The service cannot listen: {error.strerror}"
        where = f"{settings.host}:{settings.port}"
        raise _wrong(what, where, "End what listens there, or set RECUEIL_HOST and RECUEIL_PORT.") from None
    return f"{settings.host}:{settings.port} is free"


CHECKS: dict[str, Check] = {
    "disk": check_disk,
    "model": check_model,
    "index": check_index,
    "documents": check_documents,
    "adaptation": check_adaptation,
    "answers": check_answers,
    "feedback": check_feedback,
    "keys": check_keys,
    "language model": check_language_model,
    "port": check_port,
}


def _answers(settings: "Settings") -> bool:
    """Whether a service of ours listens where this one would."""
    import httpx

    try:
        reply = httpx.get(f"{url_of(settings.host, settings.port)}/health", timeout=LLM_TIMEOUT_S, trust_env=False)
        return bool(reply.json() == {"status": "alive"})
    except (httpx.HTTPError, ValueError):
        return False


def _wrong(what: str, where: Path | str, mend: str) -> "Fault":
    from corpus import Fault

    return Fault(what, str(where), mend)


def _size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else 0


def _megabytes(number: int) -> str:
    return f"{number // 2**20:,} MB"
