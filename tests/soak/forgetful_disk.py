"""A disk that forgets what was not synced: what is on it when the power goes out, for every way in which it may.

The rules, chosen so that every state is one that some real disk with some real filesystem could show:

- A sync of a file makes its data and its size durable; of a folder, the names in it. Nothing else does: a synced file
  whose name was never synced may be gone (POSIX promises no more, ext4 and XFS mostly give more).
- What was not synced is written back whenever the disk likes, sector by sector (512 bytes) or page by page (4096): each
  shows the file as it was at some moment between the last sync and the cut, and no two need show the same moment. Never
  a moment before the last sync, and never an older byte beside a younger one within a sector.
- A size may be ahead of the data (then there are zeros) or behind it, as some moment since the last sync had it.
- Of names that were not synced any may have become durable, but those of one name in their order, and a rename as one.
  btrfs may keep a later name without an earlier one; ext4 and XFS keep them in order, which is one of the cases.
- Memory shared between processes (SQLite's -shm) is gone.

It must not know whose files these are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tests.soak.disk_log import ROOT, Deed, DiskLog, Name, Rename, Said, Sync, Truncate, Write
from tests.soak.journal import Line

SECTOR, PAGE = 512, 4096
Tree = dict[str, bytes | None]
"""Path below the folder: the bytes of a file, None for a folder."""


@dataclass(frozen=True)
class Fate:
    """What becomes of what was not synced. A moment is how many of the deeds since the last sync are seen, 0 for none.

    `names`: which of so many changed names became durable. `block`: the moment that a block shows, of those (counted
    from 1) that touched it, up to the last deed. `size`: the moment whose size a file has.
    """

    names: Callable[[int], Iterable[int]]
    block: Callable[[list[int], int], int]
    size: Callable[[int], int]
    grain: int = PAGE


@dataclass
class _File:
    """`durable` is what survives anything; `since` is what was done after."""

    durable: bytearray = field(default_factory=bytearray)
    since: list[Write | Truncate] = field(default_factory=list)

    def sync(self) -> None:
        for deed in self.since:
            _do(self.durable, deed)
        self.since.clear()

    def after(self, fate: Fate) -> bytes:
        if not self.since:
            return bytes(self.durable)
        last = len(self.since)
        size, sizes = len(self.durable), [len(self.durable)]
        for deed in self.since:
            size = deed.size if isinstance(deed, Truncate) else max(size, deed.offset + len(deed.data))
            sizes.append(size)
        moments = self._moments(fate, max(sizes), last)
        data = self.durable + bytes(max(sizes) - len(self.durable))
        for number, deed in enumerate(self.since, 1):
            _do_where(data, deed, fate.grain, lambda block, at=number: moments.get(block, 0) >= at)  # type: ignore[misc]
        return bytes(data[: sizes[fate.size(last)]])

    def _moments(self, fate: Fate, size: int, last: int) -> dict[int, int]:
        touched: dict[int, list[int]] = {}
        for number, deed in enumerate(self.since, 1):
            for block in _blocks(deed, fate.grain, size):
                touched.setdefault(block, []).append(number)
        return {block: fate.block(numbers, last) for block, numbers in touched.items()}


class ForgetfulDisk:
    """Plays a log, and can say at every place what a cut there leaves."""

    def __init__(self, log: DiskLog) -> None:
        self._log = log
        self._files = {number: _File(bytearray(data)) for number, data in log.files.items()}
        self._names = dict(log.names)
        self._changed: list[Rename] = []
        self.done = 0
        self.said: list[Line] = []

    def play(self, until: int) -> None:
        """Go on until so many deeds of the log are done. There is no way back."""
        for deed in self._log.deeds[self.done : until]:
            self._take(deed)
        self.done = max(self.done, until)

    def _take(self, deed: Deed) -> None:
        match deed:
            case Said(line):
                self.said.append(line)
            case Write(file) | Truncate(file):
                self._files.setdefault(file, _File()).since.append(deed)
            case Sync(node) if node in self._log.folders:
                self._sync_names(node)
            case Sync(node):
                self._files.setdefault(node, _File()).sync()
            case Rename():
                self._changed.append(deed)

    def _sync_names(self, folder: int) -> None:
        wanted = [number for number, change in enumerate(self._changed) if any(n[0] == folder for n, _ in change.names)]
        kept = self._with_earlier(wanted)
        for number in kept:
            _rename(self._names, self._changed[number])
        self._changed = [change for number, change in enumerate(self._changed) if number not in kept]

    def _with_earlier(self, wanted: Iterable[int]) -> list[int]:
        """Those changes, and the earlier ones of the same names: no name skips a step."""
        kept, names = set(wanted), set[Name]()
        for number in reversed(range(len(self._changed))):
            own = {name for name, _node in self._changed[number].names}
            if number in kept or own & names:
                kept.add(number)
                names |= own
        return sorted(kept)

    def cut(self, fate: Fate) -> Tree:
        """What is on the disk when the power goes out now."""
        names = dict(self._names)
        for number in self._with_earlier(fate.names(len(self._changed))):
            _rename(names, self._changed[number])
        below: dict[int, list[tuple[str, int]]] = {}
        for (folder, name), node in names.items():
            below.setdefault(folder, []).append((name, node))
        tree: Tree = {}
        self._grow(tree, below, ROOT, "", fate)
        return tree

    def _grow(self, tree: Tree, below: dict[int, list[tuple[str, int]]], folder: int, path: str, fate: Fate) -> None:
        for name, node in sorted(below.get(folder, ())):
            if node in self._log.folders:
                tree[path + name] = None
                self._grow(tree, below, node, f"{path}{name}/", fate)
            elif not name.endswith("-shm"):
                tree[path + name] = self._files[node].after(fate) if node in self._files else b""


def _rename(names: dict[Name, int], change: Rename) -> None:
    for name, node in change.names:
        if node is None:
            names.pop(name, None)
        else:
            names[name] = node


def _do(data: bytearray, deed: Write | Truncate) -> None:
    if isinstance(deed, Truncate):
        data[deed.size :] = bytes(max(0, deed.size - len(data)))
        return
    if len(data) < deed.offset:
        data.extend(bytes(deed.offset - len(data)))
    data[deed.offset : deed.offset + len(deed.data)] = deed.data


def _blocks(deed: Write | Truncate, grain: int, size: int) -> range:
    """The blocks that a deed changes."""
    if isinstance(deed, Truncate):
        return range(deed.size // grain, -(-size // grain))
    return range(deed.offset // grain, -(-(deed.offset + len(deed.data)) // grain))


def _do_where(data: bytearray, deed: Write | Truncate, grain: int, seen: Callable[[int], bool]) -> None:
    """The part of a deed that is in blocks which show it. `data` has its largest size already."""
    first = deed.size if isinstance(deed, Truncate) else deed.offset
    last = len(data) if isinstance(deed, Truncate) else deed.offset + len(deed.data)
    for block in _blocks(deed, grain, len(data)):
        if seen(block):
            begin, end = max(first, block * grain), min(last, (block + 1) * grain)
            new = bytes(end - begin) if isinstance(deed, Truncate) else deed.data[begin - first : end - first]
            data[begin:end] = new
