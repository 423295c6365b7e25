"""What a program did to a folder, in the order in which it did it. Knows neither how that was seen nor what a disk is.

A file or folder has a number from its first moment to its last, whatever it is called. The folder itself is number 0.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from tests.soak.journal import Line

ROOT = 0
Name = tuple[int, str]
"""The number of a folder, and what something in it is called."""


@dataclass(frozen=True)
class Write:
    """`data` at `offset` of a file."""

    file: int
    offset: int
    data: bytes


@dataclass(frozen=True)
class Truncate:
    file: int
    size: int


@dataclass(frozen=True)
class Sync:
    """The data and the size of a file, or the names in a folder, are on the medium from here on."""

    node: int


@dataclass(frozen=True)
class Rename:
    """Names that change at the same moment: what each is the name of from then on, None for nothing."""

    names: tuple[tuple[Name, int | None], ...]


@dataclass(frozen=True)
class Said:
    """The operator was told something."""

    line: Line


Deed = Write | Truncate | Sync | Rename | Said


@dataclass
class DiskLog:
    """A folder as it was at first, and the deeds."""

    folders: set[int] = field(default_factory=lambda: {ROOT})
    names: dict[Name, int] = field(default_factory=dict)
    """At first. So are `files`."""
    files: dict[int, bytes] = field(default_factory=dict)
    deeds: list[Deed] = field(default_factory=list)

    @classmethod
    def of(cls, root: Path) -> DiskLog:
        """Nothing has been done yet to what is in `root`."""
        found = cls()
        numbers = {root: ROOT}
        for place, folders, files in os.walk(root):
            for name in (*folders, *files):
                path = Path(place, name)
                number = numbers[path] = len(numbers)
                found.names[numbers[path.parent], name] = number
                if name in folders:
                    found.folders.add(number)
                else:
                    found.files[number] = path.read_bytes()
        return found
