"""Kill, fill and flip for a while, and count what was lost.

    python -m tests.crash --seconds 3600 --seed 7

Builds, publications, reports, copies, imports and the service are killed at random points; the disk is full or takes no
large file; bits of the index flip. After each of these the index must be whole, everything that was acknowledged must
be there, and every reply must have been of one generation, that which it names. The last line is JSON; the exit status
is 1 if anything was lost, unusable, mixed or a bug.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from tests.crash.loop import Loop, small_disk


def main() -> int:
    """Run for as long as asked."""
    asked = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__.partition("\n")[0])
    asked.add_argument("--seconds", type=float, default=60)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder, small_disk(Path(folder)) as is_small:
        loop = Loop(Path(folder), given.seed, is_small)
        loop.run(given.seconds)
    for wrong in loop.wrong:
        print(wrong, file=sys.stderr)
    print(json.dumps({"seed": given.seed, "seconds": given.seconds, **loop.figures}))
    return 1 if loop.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
