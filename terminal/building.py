"""Building beside the service: whether the index is up to date, and making it in a process of its own where it is not.

The build needs torch, which serving must not load, and much processor time: in a process of its own it gives the memory
back, stands behind whoever searches, and ends with the service. It says on its standard output, one JSON object a line,
how far it is, and at last what went wrong.
"""

import json
import logging
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from index import Progress
    from search import Searcher
    from settings import Settings
    from web import Build

RECUEIL = (sys.executable, "-m", "recueil")  # a command of this program, in a process of its own

# Processes of their own: one that reads the documents to see whether they changed, and one that builds.
TELL_DIGEST = (sys.executable, "-c", f"from {__name__} import tell_digest; tell_digest()")
BUILD = (sys.executable, "-c", f"from {__name__} import build_told; build_told()")

UNREADABLE = "not readable here"  # what is printed in place of a digest

STOP_S = 5  # seconds that a build has to end when it is told to
PATIENCE = 10  # by how much its processor time counts less than that of the service (nice)

log = logging.getLogger("recueil.build")


def tell_digest() -> None:
    """Print the digest of documents, editorial records, thesaurus and adaptation as they are now.

    Where the libraries that read other people's files are not installed, that is printed instead: what was built
    elsewhere is served as it is.
    """
    from corpus import MissingPackage
    from settings import read_settings
    from terminal.digest import digest_now

    try:
        typer.echo(digest_now(read_settings()))
    except MissingPackage:
        typer.echo(UNREADABLE)


def build_told() -> None:
    """Build, telling on standard output how far it is; end with status 1 after telling a fault."""
    import os

    from corpus import Fault
    from settings import read_settings
    from terminal.build import make_index
    from terminal.views import Bars

    # Told to end, it removes what it has written so far; Ctrl+C is for the service, which then tells it to end.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(PATIENCE)
    try:
        with Bars() as bars:
            make_index(read_settings(), Told(bars, _tell))
    except Fault as fault:
        _tell({"fault": [fault.what, fault.where, fault.mend]})
        sys.exit(1)
    except BrokenPipeError:  # whoever was told is gone
        os._exit(1)


def _tell(what: dict[str, Any]) -> None:
    typer.echo(json.dumps(what))


class Told:
    """A `Progress` that tells another one, and whoever reads our lines: each step, and each further hundredth of it."""

    def __init__(self, shown: "Progress", tell: Callable[[dict[str, Any]], None]) -> None:
        self.shown = shown
        self.tell = tell
        self.label, self.total, self.parts, self.percent = "", 1, 0, 0

    def step(self, label: str, total: int) -> None:
        """A step begins."""
        self.shown.step(label, total)
        self.label, self.total, self.parts, self.percent = label, max(total, 1), 0, 0
        self.tell({"step": label, "percent": 0})

    def advance(self, parts: int) -> None:
        """So many more parts of the step are done."""
        self.shown.advance(parts)
        self.parts += parts
        percent = 100 * self.parts // self.total
        if percent != self.percent:
            self.percent = percent
            self.tell({"step": self.label, "percent": percent})

    def note(self, text: str) -> None:
        """Something that whoever waits for it should read."""
        self.shown.note(text)


class BuildingBeside:
    """A `web.building.Building` of the documents that the settings name. One look or build at a time."""

    def __init__(
        self, settings: "Settings", nothing_to_serve: Callable[[], None], one_at_a_time: "Lock | None" = None
    ) -> None:
        """Take whom to call when no index can be opened and none can be made, and what builds of several wait for.

        A build takes all cores and twice the memory of serving, and two would make ready the same model.
        """
        self.settings = settings
        self.one_at_a_time = one_at_a_time or Lock()
        self.nothing_to_serve = nothing_to_serve
        self.done: Future[None] = Future()
        self.last: Build | None = None
        self.process: subprocess.Popen[str] | None = None
        self.status = 0  # with which the last process ended
        self.stopped = False
        self.is_nothing_served = False
        self._changing = Lock()  # whether it looks, and the build that is begun
        self._looks = False  # at the documents, and does not know yet whether to build
        self._failed: tuple[str, str | None] | None = None  # what to tell of it, and over which generation

    @property
    def state(self) -> str | None:
        """What is being built and how far it is, or that it failed; until another generation is served."""
        if (build := self.last) is not None and build.runs:
            return f"The index is being built: {build.step[:1].lower()}{build.step[1:]}, {build.percent} %"
        if self._failed is None:
            return None
        told, over = self._failed
        return told if over == self._current() else None

    def start(self, opened: "Future[Searcher]") -> None:
        """Look, in a thread, whether what was opened is up to date, and build what is not."""
        self._looks = True
        Thread(target=self._run, args=[opened], name="build", daemon=True).start()

    def rebuild(self) -> "Build":
        """Build, in a thread, what is out of date. Raises BuildRuns while a build is under way.

        While the documents are still looked at, which takes its time, the build begins when that is done.
        """
        from web import BuildRuns

        with self._changing:
            if self.stopped or (self.last is not None and self.last.runs):
                mend = "Wait until it has ended; GET /admin/status says how far it is."
                raise BuildRuns("A build is under way already", "the service", mend)
            begun = self._begin()
            if not self._looks:
                Thread(target=self._rebuild, args=[begun], name="build", daemon=True).start()
        return begun

    def stop(self) -> None:
        """End the process that reads or builds, if there is one."""
        self.stopped = True
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def _rebuild(self, begun: "Build") -> None:
        try:
            self._build(begun)
        except Exception as fault:
            if not self.stopped:
                self._note_failure(fault, "The index that is there is served")

    def _run(self, opened: "Future[Searcher]") -> None:
        from index import BadIndex, BadModel
        from terminal.build import say_ready

        is_served = opened.exception() is None
        if is_served:
            say_ready(opened.result().index.manifest)
        elif not isinstance(opened.exception(), BadIndex | BadModel):
            self.done.set_result(None)  # a bug, which no build mends
            if (asked_for := self._after_look(is_needed=False)) is not None:
                self._rebuild(asked_for)
            return
        try:
            if (build := self._after_look(is_needed=not self._is_up_to_date(opened))) is not None:
                self._build(build)
            self.done.set_result(None)
        except Exception as fault:
            if self.stopped:
                return
            self._note_failure(
                fault, "The index that is there is served, and is not up to date" if is_served else "There is no index"
            )
            self.done.set_exception(fault)
            if not is_served:
                self.is_nothing_served = True
                self.nothing_to_serve()

    def _after_look(self, *, is_needed: bool) -> "Build | None":
        """The build that follows the look: because somebody asked for it meanwhile, or because it is needed."""
        with self._changing:
            self._looks = False
            if self.last is not None:
                return self.last
            return self._begin() if is_needed else None

    def _note_failure(self, fault: Exception, what: str) -> None:
        """Tell the log why, and everybody else that; the look is over, and so is the build that was begun, if any."""
        with self._changing:
            self._looks = False
            self._failed = f"{what}: no new one could be built; the log says why", self._current()
            if self.last is not None:
                self.last = self._ended(self.last, fault)
        log.error("%s, and no new one could be built: %s", what, fault)

    def _is_up_to_date(self, opened: "Future[Searcher]") -> bool:
        """Whether the index was made of the documents as they are, or one is there that was and is not published.

        An index that somebody went back to (`recueil rollback`) stays until somebody publishes or builds another.
        """
        from index import kept_generations

        if opened.exception() is not None:
            return False
        # Nothing is told when they cannot be read: the build will say why.
        digest = "".join(self._lines_of(TELL_DIGEST, stderr=subprocess.DEVNULL)).strip()
        searcher = opened.result()
        made_of = {
            UNREADABLE,
            searcher.index.manifest.corpus,
            *(one.digest for one in kept_generations(self.settings.index_folder)),
        }
        # Encoders whose names differ in punctuation share a folder.
        return digest in made_of and searcher.encoder.name == self.settings.encoder

    def _begin(self) -> "Build":
        """Note that a build has begun."""
        from web import Build

        self._failed = None
        self.last = Build(began=_now(), before=self._current())
        return self.last

    def _build(self, build: "Build") -> None:
        """Build, and keep what it tells. Raises Fault."""
        from corpus import Fault

        fault = None
        if self.one_at_a_time.locked():
            self.last = build = replace(build, step="Waiting for the build of another corpus")
        with self.one_at_a_time:
            for line in self._lines_of(BUILD):
                match json.loads(line):
                    case {"step": label, "percent": percent}:
                        self.last = build = replace(build, step=label, percent=percent)
                    case {"fault": [what, where, mend]}:
                        fault = Fault(what, where, mend)
        if status := self.status:
            raise fault or Fault(
                f"The build ended with status {status}", "recueil build", "Its error stands in the log above."
            )
        self.last = self._ended(replace(build, percent=100))

    def _ended(self, build: "Build", why: Exception | None = None) -> "Build":
        """A build that has ended just now, well or not."""
        from corpus import Fault

        fault = why if isinstance(why, Fault) else None
        return replace(build, ended=_now(), after=self._current(), failed=why is not None, fault=fault)

    def _current(self) -> str | None:
        """The name of the generation that is current."""
        from index import current_name

        return current_name(self.settings.index_folder)

    def _lines_of(self, command: Sequence[str], stderr: int | None = None) -> Iterator[str]:
        """What a process says, line by line, until it has ended."""
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=stderr, text=True, env=self.settings.environment
        ) as process:
            self.process = process
            if self.stopped:  # between the last process and this one
                self.stop()
            yield from process.stdout or ()
        self.status = process.returncode


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
