"""What the operator was told, written down outside the program by whoever stands beside it.

A line is on stable storage before anything else happens, on a disk whose power is never cut. It knows nothing of the
program.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path


class Told(Enum):
    """What a line says."""

    BEGUN = "begun"
    """The operator began this revision of the record. Nothing is promised yet; what was never begun must not exist."""
    KEPT = "kept"
    """A capture of this record (`part`), or what was typed about the person, was shown as kept."""
    SEALED = "sealed"
    """The record was shown as sealed: from now on these bytes must never be gone."""
    SETTLED = "settled"
    """It was shown that central has it: from now on central must have these bytes."""
    GIVEN_UP = "given up"
    """It was shown that central refused it, or the operator gave it up: it stays here, and need not arrive."""


@dataclass(frozen=True)
class Line:
    """One thing that was told. `sha256` is of the packet, or of the kept capture; '' where there is nothing to hash."""

    told: Told
    record_id: str
    revision: int = 1
    sha256: str = ""
    part: str = ""


class Journal:
    """An append-only file of lines. Several processes may write to it, each line in one piece."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def say(self, line: Line) -> None:
        """Write it down before it counts as said."""
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, _written(line))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def unsay(self, since: int) -> None:
        """Everything but what was begun is taken back that stands after the first `since` lines: it was said to nobody.

        Nobody else may write meanwhile.
        """
        lines = list(self.lines())
        heard = [*lines[:since], *(line for line in lines[since:] if line.told is Told.BEGUN)]
        self.path.write_bytes(b"".join(map(_written, heard)))

    def lines(self) -> Iterator[Line]:
        """All whole lines, the oldest first. The last may be torn: whoever wrote it was killed before it counted."""
        if not self.path.exists():
            return
        for raw in self.path.read_bytes().split(b"\n")[:-1]:
            values = json.loads(raw)
            yield Line(**{**values, "told": Told(values["told"])})


def _written(line: Line) -> bytes:
    return json.dumps({**asdict(line), "told": line.told.value}).encode() + b"\n"
