"""One strike after the other, the service and its visitors beside them, and what came of it."""

import random
import shutil
import signal
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

from corpus.places import Gazetteer
from tests.crash import strikes, visitors
from tests.crash.strikes import Acknowledged, Ballast
from tests.crash.struck import Ended, Working
from tests.crash.word_model import write_word_model
from tests.crash.world import World

DISK = "96m"
# What is imported before anything is forked off, so that no time goes into it: importing starts no thread.
BEFOREHAND = (
    "api",
    "bm25s",
    "faiss",
    "numpy",
    "onnxruntime",
    "search.answer",
    "Stemmer",
    "terminal.bring",
    "tokenizers",
)
MOST_REPORTS = 20_000  # then the store is emptied: it takes 100,000
VISIT_S = 0.5  # at least; and as long as the strikes of a round take
MOST_STRIKES = 4  # of a round

Result = dict[str, Any]


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """Whether the folder lies on a small disk of its own, which can be filled; that needs the rights to mount one."""
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", folder], capture_output=True, check=False
    )
    try:
        yield mounted.returncode == 0
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", "--lazy", folder], check=False)


class Loop:
    """Strikes until its time is up; `figures` counts, `wrong` says what must not be."""

    def __init__(self, folder: Path, seed: int, is_small: bool) -> None:
        self.folder = folder
        self.chance = random.Random(seed)
        self.is_small = is_small
        self.counts: Counter[str] = Counter()
        self.kills: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.seconds: dict[str, list[float]] = {}
        self.world = World(folder, Gazetteer.open())
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.service: Working | None = None
        self.variants = 0
        self.flipped: set[str] = set()  # generations of which a bit is another

    @property
    def figures(self) -> Result:
        """What was done, and what came of it."""
        kinds = ("lost", "unusable", "mixed", "bugs")
        return {"kills": sum(self.kills.values()), **{kind: self.counts[kind] for kind in kinds},
                **dict(sorted(self.counts.items())), "killed": dict(sorted(self.kills.items()))}  # fmt: skip

    def run(self, seconds: float) -> None:
        """Make ready what is struck, then strike."""
        for module in BEFOREHAND:
            import_module(module)
        first = Working(self._make_ready).end()
        if first.bug or first.fault or not first.said:
            raise RuntimeError(f"nothing to strike could be made: {first.bug or first.fault}")
        self.files = strikes.other_files(self.folder)
        self.acknowledged = Acknowledged(variant=0)
        self._look()
        until = time.monotonic() + seconds
        try:
            while time.monotonic() < until:
                self._round()
        finally:
            self._stop(signal.SIGKILL)
        self._leave_tidy()

    def _make_ready(self, say: Any) -> None:
        write_word_model(self.world.var, self.world.encoder)
        say(self.world.build(0))

    def _leave_tidy(self) -> None:
        """The next build takes away what those that were killed left."""
        self.variants += 1
        self._take_in("build", Working(partial(strikes.build, self.world, self.variants)).end())
        left = [path.name for path in self.world.var.iterdir() if path.suffix in (".part", ".opened", ".link")]
        if left:
            self._is_wrong("unusable", f"a build leaves {left}")

    # --- a round

    def _round(self) -> None:
        self.counts["rounds"] += 1
        if self.service is None:
            self.service = Working(lambda _: visitors.serve(self.world, self.listening))
        port, first = self.listening.getsockname()[1], self.acknowledged.next_number()
        visiting = Working(partial(visitors.visit, port, first))
        every = (self._build, self._build, self._publish, self._report, self._copy, self._import, self._flip)
        for strike in self.chance.choices(every, k=self.chance.randint(1, MOST_STRIKES)):
            strike()
        if self.chance.random() < 0.2:
            self._stop(self.chance.choice((signal.SIGKILL, signal.SIGKILL, signal.SIGTERM)))
        self._take_in("visit", visiting.end(VISIT_S))
        self._look()
        if self.chance.random() < 0.1:
            self._take_back()

    def _stop(self, how: signal.Signals) -> None:
        if self.service is not None:
            ended, self.service = self.service.end(0, how), None
            self.kills["service"] += 1
            if ended.bug and how == signal.SIGKILL:
                self._is_wrong("bugs", f"service: {ended.bug}")

    def _struck(self, name: str, work: Any, may_refuse: bool = False) -> Ended:
        """Do some work that is killed, or meets a full disk, or is left alone and then has to do what it should."""
        how = self.chance.choice(("kill", "kill", "kill", "limit", "full", "alone"))
        usual = median(self.seconds.get(name, [1.0]))
        if how == "limit":
            ended = Working(work, strikes.file_limit(self.chance)).end()
        elif how == "full" and self.is_small:
            with Ballast(self.folder, int(2 ** self.chance.uniform(12, 20))):
                ended = Working(work).end()
        else:
            ended = Working(work).end(self.chance.uniform(0, 1.2 * usual) if how == "kill" else None)
        if ended.killed:
            self.kills[name] += 1
        elif how == "alone":
            self.seconds.setdefault(name, []).append(ended.seconds)
        if how == "alone" and ended.fault and not may_refuse:
            self._is_wrong("unusable", f"{name}, undisturbed: {ended.fault}")
        self._take_in(name, ended)
        return ended

    def _take_in(self, name: str, ended: Ended) -> None:
        """Keep in mind what was acknowledged."""
        self.counts["faults told"] += ended.fault is not None
        if ended.bug:
            self._is_wrong("bugs", f"{name}: {ended.bug}")
        for said in ended.said:
            match said:
                case {"built": variant} | {"published": variant}:
                    self.acknowledged.variant = variant
                    self.acknowledged.may_be = set()
                    self.counts["acknowledged indexes"] += 1
                case {"kept": number}:
                    self.acknowledged.reports.add(number)
                    self.counts["acknowledged reports"] += 1
                case {"digest": digest, "variants": found}:
                    self.counts["replies"] += 1
                    self._is_one(digest, found)
                case {"lost": what}:
                    self._is_wrong("lost", what)
                case {"unexpected": what}:
                    self._is_wrong("bugs", f"an unexpected reply: {what}")
                case {"refused": _}:
                    self.counts["refusals"] += 1
                case {"cut": _}:
                    self.counts["cut by a kill"] += 1

    def _is_one(self, digest: str, found: list[int]) -> None:
        if len(found) != 1 or self.acknowledged.digests.setdefault(digest, found[0]) != found[0]:
            self._is_wrong("mixed", f"{digest[:8]} told the variants {found}")

    def _is_wrong(self, kind: str, what: str) -> None:
        self.counts[kind] += 1
        self.wrong.append(f"round {self.counts['rounds']}: {kind}: {what}")

    def _look(self) -> None:
        """Whether the index is whole and what it may be, and every report is there; one that is of a bit is mended."""
        ended = Working(partial(strikes.sound, self.world, self.acknowledged)).end()
        if ended.fault:
            self._is_wrong("unusable", ended.fault)
        self._take_in("look", ended)
        for said in ended.said:
            if "variant" in said:
                self.acknowledged.variant, self.acknowledged.may_be = said["variant"], set()
                self._is_one(said["digest"], [said["variant"]])
        if len(self.acknowledged.reports) > MOST_REPORTS:
            self._stop(signal.SIGTERM)
            Working(lambda say: say(self.world.store.erase())).end()
            self.acknowledged.reports.clear()

    # --- strikes

    def _build(self) -> None:
        self.variants += 1
        self.acknowledged.may_be.add(self.variants)
        self.world.documents(self.variants)
        self._struck("build", partial(strikes.build, self.world, self.variants))

    def _publish(self) -> None:
        if names := self.world.generations():
            self.acknowledged.may_be |= set(self.acknowledged.digests.values())
            name = self.chance.choice(names)
            self._struck("publish", partial(strikes.go_back, self.world, name), may_refuse=name in self.flipped)

    def _report(self) -> None:
        self._struck("report", partial(strikes.report, self.world, self.acknowledged.next_number()))

    def _copy(self) -> None:
        to = self.folder / f"copy-{self.counts['rounds']}.sqlite"
        before = set(self.acknowledged.reports)
        ended = self._struck("copy", partial(strikes.copy, self.world, to))
        if {"copied": str(to)} in ended.said or to.exists():
            lost = Working(lambda say: say(len(strikes.lost_of(strikes.store_of(to), before)))).end()
            if lost.said != [0]:
                self._is_wrong("lost", f"a copy misses {lost.said or lost.fault or lost.bug} reports")
        for left in self.folder.glob("*copy-*"):
            left.unlink()

    def _take_back(self) -> None:
        """Copy and take back while nobody writes: then a kill in between loses nothing either."""
        self._stop(signal.SIGTERM)
        to = self.folder / "kept.sqlite"
        if Working(partial(strikes.copy, self.world, to)).end().said:
            self._struck("restore", partial(strikes.take_back, self.world, to))
            to.unlink()
        self._look()

    def _import(self) -> None:
        ended = self._struck("import", partial(strikes.look_at_files, self.files))
        mapping, whole = self.files / "corpus.toml", self.folder / "whole.toml"
        if {"imported": 1} in ended.said and not whole.exists():
            shutil.copy(mapping, whole)
        if whole.exists() and mapping.read_bytes() != whole.read_bytes():
            self._is_wrong("unusable", f"corpus.toml was left with {mapping.stat().st_size} bytes")
            shutil.copy(whole, mapping)

    def _flip(self) -> None:
        """A flipped bit is refused, or one of what nobody reads; a build mends it, and nothing mixed was told."""
        self.flipped.add(self.world.generation)
        name = strikes.flip(self.world, self.chance)
        self.counts["flips"] += 1
        ended = Working(partial(strikes.sound, self.world, self.acknowledged)).end()
        self.counts["flips refused"] += ended.fault is not None
        if ended.bug:
            self._is_wrong("bugs", f"a flipped bit in {name}: {ended.bug}")
        self.variants += 1
        self.acknowledged.may_be.add(self.variants)
        self.world.documents(self.variants)
        self._take_in("build", Working(partial(strikes.build, self.world, self.variants)).end())
