"""The access log: one line of JSON for each request, without a question, a path, a query or an address.

{"time": "2026-11-29T14:02:33.120Z", "method": "GET", "route": "/initiatives/{id}", "status": 200, "ms": 4.2,
 "bytes": 5120, "id": "5f1c…"}
"""

import json
import logging
import sys
from datetime import UTC, datetime
from logging.handlers import WatchedFileHandler

from web.observation import Seen

LOGGER = "recueil.access"

log = logging.getLogger(LOGGER)


def write_lines_to(target: str) -> None:
    """Write the lines to a file, or to standard output for "-", and nowhere else. Raises OSError."""
    # One that notices when the file was moved away, as logrotate does.
    handler = logging.StreamHandler(sys.stdout) if target == "-" else WatchedFileHandler(target, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(message)s"))
    log.handlers, log.propagate = [handler], False
    log.setLevel(logging.INFO)


def log_request(seen: Seen) -> None:
    """Write the line of a request that has ended."""
    told = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "method": seen.method,
        "route": seen.route,
        "status": seen.status,
        "ms": round(seen.seconds * 1000, 1),
        "bytes": seen.bytes,
        "id": seen.id,
    }
    if seen.fault is not None:
        told["fault"] = seen.fault
    log.info(json.dumps(told))
