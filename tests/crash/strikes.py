"""What is struck, and what must be true after it."""

import os
import random
import resource
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from feedback import Store, back_up, restore
from tests.crash.struck import Say
from tests.crash.world import World, missed, told
from tests.foreign_sheets import write_sheets


@dataclass
class Acknowledged:
    """What was acknowledged so far, and what may be beside it because it was begun."""

    variant: int
    may_be: set[int] = field(default_factory=set)
    digests: dict[str, int] = field(default_factory=dict)  # of a generation → its variant
    reports: set[int] = field(default_factory=set)
    numbers: int = 0

    def next_number(self) -> int:
        """A number for reports, far above those given before."""
        self.numbers += 100_000
        return self.numbers


def build(world: World, variant: int, say: Say) -> None:
    """Build another variant."""
    say({"built": world.build(variant)})


def go_back(world: World, name: str, say: Say) -> None:
    """Publish a generation that stayed."""
    world.publish(name)
    say({"published": world.searched()[0]})


def report(world: World, first: int, say: Say) -> None:
    """Keep one report after the other."""
    for number in range(first, first + 300):
        world.store.add(missed(number))
        say({"kept": number})


def copy(world: World, to: Path, say: Say) -> None:
    """Copy the store while others write."""
    back_up(world.store, to)
    say({"copied": str(to)})


def take_back(world: World, kept: Path, say: Say) -> None:
    """Take a copy back over the store that it was made of."""
    restore(world.store, kept, replace=True)
    say({"restored": 1})


def look_at_files(folder: Path, say: Say) -> None:
    """Look at other people's files and write their mapping, as `recueil init` does."""
    from terminal.bring import init

    init(folder, None, True)
    say({"imported": 1})


def flip(world: World, chance: random.Random) -> str:
    """Flip one bit of a file of the index; gives its name."""
    files = sorted(
        path for path in (world.var / "index").resolve().rglob("*") if path.is_file() and path.stat().st_size
    )
    path = chance.choice(files)
    with path.open("r+b") as file:
        at = chance.randrange(path.stat().st_size)
        file.seek(at)
        octet = file.read(1)[0] ^ 1 << chance.randrange(8)
        file.seek(at)
        file.write(bytes([octet]))
    return path.name


def file_limit(chance: random.Random) -> Callable[[], None]:
    """Let no file grow beyond some size, as on a disk that is full."""
    most = int(2 ** chance.uniform(0, 18))
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


class Ballast:
    """Fills a small disk, but for a little, as long as it stands."""

    def __init__(self, folder: Path, left: int) -> None:
        self.path = folder / "ballast"
        free = shutil.disk_usage(folder).free
        with self.path.open("wb") as file, suppress(OSError):  # the service took some of it meanwhile
            os.posix_fallocate(file.fileno(), 0, max(1, free - left))

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        self.path.unlink()


# --- What must be true afterwards; each says what is wrong


def sound(world: World, acknowledged: Acknowledged, say: Say) -> None:
    """The index is whole and of a variant that it may be of, and no report is lost."""
    variant, digest = world.searched()
    say({"variant": variant, "digest": digest})
    if variant != acknowledged.variant and variant not in acknowledged.may_be:
        say({"lost": f"the index is of variant {variant}, acknowledged was {acknowledged.variant}"})
    for number in lost_of(world.store, acknowledged.reports):
        say({"lost": f"report {number}"})


def lost_of(store: Store, reports: set[int]) -> set[int]:
    """The reports that a store does not hold."""
    held = {one.entry.query for one in store.misses()}
    return {number for number in reports if told(number) not in held}


def store_of(path: Path) -> Store:
    """What reads a copy."""
    return Store(path, days=365)


def other_files(home: Path) -> Path:
    """A folder of other people's files, and beside it the mapping that `init` makes of them undisturbed."""
    folder = home / "sheets"
    if not folder.exists():
        write_sheets(folder)
    return folder
