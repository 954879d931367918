"""Memory: what a process takes, as the operating system counts."""

from dataclasses import dataclass
from pathlib import Path

from eval.fault import CannotMeasure


@dataclass(frozen=True, slots=True)
class Memory:
    """In MB of 2^20 bytes, the pages of mapped files included as far as they were read."""

    resident: float
    peak: float  # the most that was ever resident


def own_memory() -> Memory:
    """What this process takes now. Raises CannotMeasure on a system without Linux' /proc."""
    status = Path("/proc/self/status")
    if not status.is_file():
        raise CannotMeasure("This system does not say how much memory a process takes", str(status), "Use Linux.")
    return memory_in(status.read_text())


def memory_in(status: str) -> Memory:
    """What the text of a /proc/<pid>/status file says; it counts in kB of 1024 bytes."""
    fields = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    resident, peak = (int(fields[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))
    return Memory(resident, peak)
