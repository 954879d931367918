"""Every knob of the service, and where what is made of them lies. Only the doors import this.

    settings = read_settings()
    searcher = Searcher.open(settings.index_folder, settings.model_folder, settings.threads)

Everything below takes explicit arguments.
"""

import logging
import os
import re
from collections.abc import Iterable
from ipaddress import ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field, HttpUrl, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from corpus import Fault

if TYPE_CHECKING:
    from search.language_model import LanguageModel

HERE = Path(__file__).resolve().parent
PREFIX = "RECUEIL_"
# What is made stays inside a checkout. An installed package must not write beside its own code.
VAR = HERE / "var" if (HERE / "pyproject.toml").is_file() else Path.home() / ".local" / "share" / "recueil"

# Values that a fault must not repeat: it may be logged, and they are secret or may hold a secret by mistake.
UNSHOWN = {"llm_url", "llm_api_key", "public_url", "traces"}

# A name, or a number; one of IPv6 has two colons at least, so that no port is taken for a part of it.
HOST = re.compile(r"[\w.-]+|[\da-f]*:[\da-f:.]*:[\da-f:.]*", re.ASCII | re.IGNORECASE)

# Of a site, as browsers name it: scheme and host, perhaps a port, and no path.
ORIGIN = re.compile(r"https?://(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?", re.ASCII | re.IGNORECASE)

# Of a corpus, as it stands in addresses, and what a list of corpora says of one: NAME, or NAME=DOCUMENTS.
CORPUS = re.compile(r"([a-z\d][a-z\d-]{0,39})(?:=(.+))?", re.ASCII)

# What orchestrators set for every service they know, by its name: RECUEIL_PORT=tcp://10.96.0.7:8000.
SERVICE_LINK = re.compile(
    r"\w+(?:_SERVICE_HOST|_SERVICE_PORT(?:_\w+)?|_PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)=.*"
    r"|\w+_PORT=(?:tcp|udp|sctp)://.*",
    re.DOTALL,
)

# What whoever runs the service looks at when too much is asked of it.
LIMITS = (
    "reading", "address_per_minute", "searches", "asks", "suggestions", "lookups", "writes", "queue", "queue_s",
    "request_s", "client_s", "connections", "feedback_per_day",
)  # fmt: skip

SET_ASIDE = "set-aside.csv"

log = logging.getLogger("recueil.settings")


class BadSetting(Fault):
    """An environment variable is misspelt or has a value that cannot be used."""


def _without_login(url: HttpUrl) -> HttpUrl:
    if url.username or url.password:
        raise ValueError("URL should hold no user and no password")
    return url


def _without_query(url: HttpUrl) -> HttpUrl:
    if url.query or url.fragment or not re.fullmatch(r"(?:/[\w.~-]+)*/?", url.path or "", re.ASCII):
        raise ValueError("URL should end with its path, of letters, digits and hyphens")
    return url


def _names_of_hosts(names: str) -> str:
    if not all(HOST.fullmatch(name.strip()) for name in names.split(",") if names.strip()):
        raise ValueError("Value should be names or numbers of hosts, without scheme, port and path, parted by commas")
    return names


def _numbers_of_machines(numbers: str) -> str:
    for number in _parted(numbers):
        try:
            ip_network(number)
        except ValueError:
            raise ValueError("Value should be numbers of machines or networks, parted by commas") from None
    return numbers


def _origins(addresses: str) -> str:
    if not all(map(ORIGIN.fullmatch, _parted(addresses))):
        raise ValueError("Value should be addresses like https://host, without a path, parted by commas")
    return addresses


def _names_of_corpora(corpora: str) -> str:
    told = [CORPUS.fullmatch(one) for one in _parted(corpora)]
    names = [one[1] for one in told if one is not None]
    if len(names) < len(told):
        raise ValueError("Value should be like name=folder, of small letters, digits and hyphens, parted by commas")
    if len(set(names)) < len(names) or sum(one is not None and one[2] is None for one in told) > 1:
        raise ValueError("Value should name each corpus once, and one at most without a folder")
    return corpora


def _contact(address: str) -> str:
    if not re.fullmatch(r"[^\s@<>]+@[^\s@<>]+\.\w+|https://[^\s<>]+", address):
        raise ValueError("Value should be an e-mail address, or the address of a page, https://…")
    return address


def _parted(values: str) -> tuple[str, ...]:
    """Values that commas part. Example: "a, b,," → ("a", "b")"""
    return tuple(filter(None, (value.strip() for value in values.split(","))))


class Settings(BaseSettings):
    """Read from the environment: RECUEIL_<NAME> in capitals."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    documents: Path = Field(
        HERE / "corpus" / "documents",
        description="Folder of source texts and documents.toml, or of any files and corpus.toml.",
    )
    editorial: Path | None = Field(
        None, description="Folder of editorial records; the folder 'editorial' beside the documents unless given."
    )
    var: Path = Field(VAR, description="Folder for everything that is made: models and indexes.")
    corpora: Annotated[str, AfterValidator(_names_of_corpora)] = Field(
        "",
        description="Corpora that are served together: name=folder of documents, parted by commas; a name alone stands "
        "for RECUEIL_DOCUMENTS. That alone unless given.",
    )
    corpus: str | None = Field(
        None,
        description="Which of RECUEIL_CORPORA a command works on; the first unless given. `recueil serve` serves all.",
    )
    generations: int = Field(
        2, ge=0, le=100, description="Generations of the index before the one in use that stay, to go back to."
    )
    watch_s: float = Field(
        1.0, ge=0, le=3600, description="Seconds between two looks at the documents while serving; 0 for none."
    )
    encoder: str = Field("bundled", min_length=1, description="'bundled', or a sentence-transformers name or folder.")
    threads: int = Field(os.cpu_count() or 1, ge=1, description="Threads of one encoding.")
    host: str = Field("127.0.0.1", min_length=1, description="Address to listen on.")
    port: int = Field(8000, ge=1, le=65535, description="Port to listen on.")
    public_url: Annotated[HttpUrl, AfterValidator(_without_login), AfterValidator(_without_query)] | None = Field(
        None, description="The address under which others reach the service, https://host/prefix, if it is another."
    )
    hosts: Annotated[str, AfterValidator(_names_of_hosts)] = Field(
        "", description="More names that it answers to, parted by commas, such as that by which a proxy reaches it."
    )
    proxies: Annotated[str, AfterValidator(_numbers_of_machines)] = Field(
        "", description="Numbers or networks of proxies on other machines that are believed, parted by commas."
    )
    cors: Annotated[str, AfterValidator(_origins)] = Field(
        "", description="Sites whose scripts may read the routes for programs: https://host, parted by commas."
    )
    embedding: Annotated[str, AfterValidator(_origins)] = Field(
        "", description="Sites that may show our search box, or our pages in a frame: https://host, parted by commas."
    )
    publisher: str | None = Field(
        None, min_length=1, description="Who publishes the pages: name and address, and who answers for them."
    )
    hosting: str | None = Field(None, min_length=1, description="Who hosts the machine: name, address and telephone.")
    contact: Annotated[str, AfterValidator(_contact)] | None = Field(
        None, description="How people reach the publisher: an e-mail address, or https:// and a page."
    )
    reading: Literal["open", "keyed"] = Field(
        "open", description="Who may search, ask and read: everybody (open), or whoever has a key for it (keyed)."
    )
    address_per_minute: int | None = Field(
        None, ge=1, description="Requests that may come from one address in a minute without a key."
    )
    llm_url: Annotated[HttpUrl, AfterValidator(_without_login)] | None = Field(
        None, description="An OpenAI-compatible endpoint, https://…/v1, that words the answers; none unless given."
    )
    llm_model: str | None = Field(None, min_length=1, description="The model to ask there; goes with the URL.")
    llm_api_key: SecretStr | None = Field(None, min_length=1, description="The key for it; never shown.")
    llm_timeout_s: float = Field(20.0, gt=0, le=300, description="Seconds for one whole reply of it.")
    llm_at_once: int = Field(
        4, ge=1, description="Replies of it at once; beyond, answers are made of the sheets alone."
    )
    searches: int = Field(2, ge=1, description="Searches at work at once.")
    asks: int = Field(2, ge=1, description="Answers at work at once, those that wait for a language model apart.")
    suggestions: int = Field(1, ge=1, description="Lists of suggestions at work at once.")
    lookups: int = Field(2, ge=1, description="Sheets, pages and files without a question at work at once.")
    writes: int = Field(2, ge=1, description="Judgements and reports being kept at once.")
    queue: int = Field(16, ge=0, description="Requests of each kind that may wait for those at work.")
    queue_s: float = Field(2.0, gt=0, le=60, description="Seconds that one may wait; who would wait longer hears 503.")
    kept_replies_mb: int = Field(
        16, ge=0, le=4096, description="Megabytes of replies to searches and questions that are kept to be given again."
    )
    request_s: float = Field(30.0, gt=0, le=600, description="Seconds that a request may take in all.")
    client_s: float = Field(
        10.0, gt=0, le=600, description="Seconds that a client has to send a head, a body, or to read some of a reply."
    )
    connections: int = Field(512, ge=1, description="Connections at once; beyond, idle ones are closed.")
    stop_s: int = Field(5, ge=0, le=600, description="Seconds for what is at work when the service is told to end.")
    export_contacts: bool = Field(False, description="Whether bulk exports hold the contacts that sheets print.")
    metrics: Literal["off", "local", "all"] = Field(
        "local", description="Who may read /metrics: nobody (off), whoever is on this machine (local), all."
    )
    access_log: str | None = Field(
        None, min_length=1, description="File that gets a line of JSON for each request, '-' for standard output."
    )
    traces: HttpUrl | None = Field(
        None,
        description="Endpoint of OpenTelemetry, http://…/v1/traces, for a span of each request; none unless given.",
    )
    feedback: bool = Field(False, description="Whether judgements, and questions that found nothing, are kept.")
    feedback_days: int = Field(365, ge=1, le=3650, description="Days after which they are deleted.")
    public_needs: bool = Field(
        False, description="Whether everybody may read, on /needs, what people look for in vain."
    )
    feedback_per_day: int = Field(100, ge=1, description="How many of them one address may give within a day.")

    @property
    def by_corpus(self) -> "dict[str, Settings]":
        """The settings of each corpus that is served, by its name; of one that has none, by ""."""
        return {name: self._of_corpus(name, folder) for name, folder in self._corpus_folders.items()} or {"": self}

    @property
    def _corpus_folders(self) -> dict[str, str | None]:
        """The folder of each of several corpora, None for that of RECUEIL_DOCUMENTS."""
        told = [CORPUS.fullmatch(one) for one in _parted(self.corpora)]
        return {one[1]: one[2] for one in told if one is not None}

    def _of_corpus(self, name: str, folder: str | None) -> "Settings":
        own = {} if folder is None else {"documents": Path(folder).expanduser(), "editorial": None}
        return self.model_copy(update={"corpus": name, **own})

    @property
    def made(self) -> Path:
        """Where what is made of the corpus lies: below `var`, where all share model and keys, or there if it is alone.

        That of RECUEIL_DOCUMENTS keeps what was made of it before there were others.
        """
        is_apart = self.corpus is not None and self._corpus_folders.get(self.corpus) is not None
        return self.var / "corpora" / str(self.corpus) if is_apart else self.var

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a process that works on the same corpus."""
        return dict(os.environ) if self.corpus is None else {**os.environ, f"{PREFIX}CORPUS": self.corpus}

    # Each package decides where its files lie under `made`; a door that needs no index does not load one to ask.

    @property
    def editorial_folder(self) -> Path:
        """Where the editorial records of the documents lie, whether there are any or not."""
        return self.editorial or self.documents.parent / "editorial"

    @property
    def adaptation_folder(self) -> Path:
        """Where the encoder's adaptation to the documents lies, whether there is one or not."""
        return self.documents.parent / "adaptation"

    @property
    def index_folder(self) -> Path:
        """Where the index lies."""
        from index import index_folder

        return index_folder(self.made)

    @property
    def model_folder(self) -> Path:
        """Where the prepared model lies."""
        from index import model_folder

        return model_folder(self.var, self.encoder)

    @property
    def answer_folder(self) -> Path:
        """Where the span reader and the calibration lie: those made for the encoder, else those of the package."""
        from search.answer import answering_folder

        return answering_folder(self.made, self.encoder)

    @property
    def feedback_file(self) -> Path:
        """Where feedback is kept, whether there is any or not."""
        from feedback import feedback_file

        return feedback_file(self.made)

    @property
    def set_aside_file(self) -> Path:
        """Where `recueil check` writes what it set aside of the documents, unless it is told another file."""
        return self.documents / SET_ASIDE

    def limits_told(self) -> dict[str, object]:
        """The settings that limit what is asked of the service, by the names of their variables."""
        return {PREFIX + name.upper(): getattr(self, name) for name in LIMITS}

    @property
    def keys_file(self) -> Path:
        """Where keys are kept, whether there are any or not."""
        from web.keys import keys_file

        return keys_file(self.var)

    @property
    def public_address(self) -> str | None:
        """The address under which others reach the service, None where it is that on which it listens."""
        return str(self.public_url) if self.public_url else None

    @property
    def known_hosts(self) -> tuple[str, ...]:
        """The names that the service answers to: where it listens, and those that are told."""
        return (self.host, *_parted(self.hosts))

    @property
    def known_proxies(self) -> tuple[str, ...]:
        """Proxies on other machines that are believed."""
        return _parted(self.proxies)

    @property
    def cors_origins(self) -> tuple[str, ...]:
        """Sites whose scripts may read what the routes for programs give."""
        return _parted(self.cors)

    @property
    def embedding_origins(self) -> tuple[str, ...]:
        """Sites that may show our pages in a frame."""
        return _parted(self.embedding)

    def language_model(self) -> "LanguageModel | None":
        """The language model that words the answers, None unless one is set."""
        from search.language_model import LanguageModel

        if self.llm_url is None or self.llm_model is None:
            return None
        key = self.llm_api_key.get_secret_value() if self.llm_api_key else None
        return LanguageModel(
            url=str(self.llm_url),
            model=self.llm_model,
            timeout_s=self.llm_timeout_s,
            api_key=key,
            at_once=self.llm_at_once,
        )


def _is_service_link(name: str, value: str) -> bool:
    """Whether a variable is one that Kubernetes and Docker set for a service called recueil, or recueil-something."""
    return name.startswith(PREFIX) and SERVICE_LINK.fullmatch(f"{name}={value}") is not None


def _fields_of(variables: Iterable[str]) -> list[str]:
    """The settings among variables."""
    return [name for name in Settings.model_fields if PREFIX + name.upper() in {one.upper() for one in variables}]


def read_settings() -> Settings:
    """Read the settings from the environment; of several corpora those of RECUEIL_CORPUS, or else of the first.

    Raises BadSetting as `read_all_settings` does, and for a corpus that is none of them.
    """
    settings = read_all_settings()
    by_corpus = settings.by_corpus
    name = settings.corpus if settings.corpus is not None else next(iter(by_corpus))
    if name not in by_corpus:
        known = ", ".join(filter(None, by_corpus)) or f"none, for {PREFIX}CORPORA is not set"
        raise BadSetting(f"There is no corpus '{name}'", f"{PREFIX}CORPUS={name}", f"Known are {known}.")
    return by_corpus[name]


def read_all_settings() -> Settings:
    """Read the settings from the environment, those of a service of however many corpora.

    Raises BadSetting for a value that cannot be used, for a variable RECUEIL_… that is no setting, and for some without
    those that go with them.
    """
    links = {name for name, value in os.environ.items() if _is_service_link(name.upper(), value)}
    if links:
        log.warning(
            "Left out, because an orchestrator sets it for a service of this name: %s", ", ".join(sorted(links))
        )
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    # On the command line and in containers a misspelt variable would otherwise go unnoticed for ever.
    stray = sorted(name for name in os.environ if name.upper().startswith(PREFIX) and name.upper() not in known)
    if stray := [name for name in stray if name not in links]:
        raise BadSetting(
            f"There is no setting {stray[0]}", "the environment", f"The settings are {', '.join(sorted(known))}."
        )
    try:
        # A value that is given here goes before that of the environment.
        settings = Settings(**{name: Settings.model_fields[name].default for name in _fields_of(links)})
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0])
        name = PREFIX + field.upper()
        raise BadSetting(
            f"The setting {name} cannot be used: {first['msg'].removeprefix('Value error, ')}",
            name if field in UNSHOWN else f"{name}={first['input']}",
            f"Give another value or leave it out; {Settings.model_fields[field].description}",
        ) from None
    _check_together(settings)
    return settings


def _check_together(settings: Settings) -> None:
    """Raise BadSetting where settings that go together are not all given."""
    named = {PREFIX + name.upper(): getattr(settings, name) for name in ("publisher", "hosting", "contact")}
    missing = [name for name, value in named.items() if value is None]
    if 0 < len(missing) < len(named):
        what = f"A legal notice lacks {' and '.join(missing)}"
        raise BadSetting(what, "the environment", f"Set {', '.join(named)}, or none of them.")
    if settings.llm_url is not None and settings.llm_model is None:
        raise BadSetting(
            f"{PREFIX}LLM_URL is set and {PREFIX}LLM_MODEL is not",
            "the environment",
            "Name the model to ask there too, or leave the URL out.",
        )
