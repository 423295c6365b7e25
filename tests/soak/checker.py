"""Compares what the operator was told with the packets on disk and with what central has. The judge of every harness.

It shares no code with the program and imports nothing of it: files are read as files, packets as ZIP, central's
database with Python's own SQLite. What the program believes about itself is not asked. What was kept (Told.KEPT) has
to be in the packet, which is opened with central's keys: pictures and answers. Of a draft it lies in the station's
database, see kept.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.soak.journal import Line, Told
from tests.soak.kept import promised
from tests.soak.packet_file import Key, is_whole
from tests.soak.packet_inside import identities_of, kept_in
from tests.soak.place import Place, listed_by, packets_in
from tests.soak.tally import Tally

__all__ = ["Key", "Verdict", "check", "is_whole", "listed_by", "packets_in"]


@dataclass(frozen=True)
class Verdict:
    """What was found. Each entry names the record and says what is wrong with it: never what is in it."""

    acknowledged: int
    lost: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    @property
    def found(self) -> bool:
        """Whether anything is wrong."""
        return bool(self.lost or self.doubled or self.changed)

    def tally(self, cuts: int) -> Tally:
        """The same in numbers, after `cuts`."""
        kinds = {"lost": self.lost, "doubled": self.doubled, "changed": self.changed}
        said = tuple(f"{kind}: {one}" for kind, found in kinds.items() for one in found)
        return Tally(cuts, self.acknowledged, len(self.lost), len(self.doubled), len(self.changed), said)


def check(
    lines: Iterable[Line], stations: Sequence[Path] = (), central: Path | None = None, *, drained: bool = False
) -> Verdict:
    """Judge `stations` (data folders) and `central` (its data folder) by what was told.

    Sealed: the same bytes are in a station's folder, or central has them. With `drained` central must have them, once.
    Settled: central must have them. Destroyed at a station (its mark lies there): central must have them. Given up:
    they stay at a station, and central need not have them. Every packet file is whole and of the record that it is
    named after. A revision that nobody has begun must be nowhere; two records never have the same bytes. Kept: in the
    packet of a record that was shown as sealed are each part and the answers as they were kept last, where `central`
    has its keys.
    """
    lines = tuple(lines)
    judge = _Judge(_told(lines), [Place.station(folder) for folder in stations], Place.central(central))
    for key in sorted(judge.told.promised):
        judge.promise(key, drained=drained)
    judge.promised_twice()
    judge.every_file()
    judge.nothing_twice()
    judge.all_that_was_kept(promised(lines), identities_of(central))
    return judge.verdict()


@dataclass
class _Said:
    """What the operator was told, by record and revision. The first promise counts: a later one may not be another."""

    promised: dict[Key, str] = field(default_factory=dict)
    settled: set[Key] = field(default_factory=set)
    given_up: set[Key] = field(default_factory=set)
    begun: set[Key] = field(default_factory=set)
    other: set[Key] = field(default_factory=set)
    """Promised a second time, with other bytes."""


def _told(lines: Iterable[Line]) -> _Said:
    said = _Said()
    for line in lines:
        key = (line.record_id, line.revision)
        said.begun.add(key)
        if line.told in (Told.SEALED, Told.SETTLED) and said.promised.setdefault(key, line.sha256) != line.sha256:
            said.other.add(key)
        if line.told is Told.SETTLED:
            said.settled.add(key)
        if line.told is Told.GIVEN_UP:
            said.given_up.add(key)
    return said


class _Judge:
    """Collects what is wrong."""

    def __init__(self, told: _Said, stations: list[Place], central: Place) -> None:
        self.told, self._stations, self._central = told, stations, central
        self._lost: list[str] = []
        self._doubled: list[str] = []
        self._changed: list[str] = []
        self._odd: set[Key] = set()

    def promise(self, key: Key, *, drained: bool) -> None:
        """The bytes that were promised: where they have to be, and the same everywhere."""
        sha256, central = self.told.promised[key], self._central
        own = {found for place in self._stations for found in place.files_of(key)}
        listed, shelf = central.rows_of(key), central.files_of(key)
        if not shelf and not drained and (key, sha256) in central.aside:
            shelf = {sha256}  # central wants it again, and keeps what it has until then
        if self._belongs_to_central(key, drained=drained) and not (listed and shelf):
            self._lost.append(f"{_name(key)}: {self._why(key, bool(listed))}")
        elif not own and not listed:
            self._lost.append(f"{_name(key)}: nowhere{self._hint(key)}")
        elif listed and not shelf:
            self._lost.append(f"{_name(key)}: central lists it and has no file")
        if (own | listed | shelf) - {sha256}:
            self._differs(key, "other bytes than were promised")

    def _belongs_to_central(self, key: Key, *, drained: bool) -> bool:
        purged = any(key in place.purged for place in self._stations)
        return key in self.told.settled or purged or (drained and key not in self.told.given_up)

    def _why(self, key: Key, listed: bool) -> str:
        if listed:
            return "central lists it and has no file"
        if key in self.told.settled:
            return "the operator was told that central has it, and central does not"
        if any(key in place.purged for place in self._stations):
            return "destroyed at the station, and central does not have it"
        return f"central does not have it{self._hint(key)}"

    def _hint(self, key: Key) -> str:
        set_aside = any(key == found for place in self._stations for found, _ in place.aside)
        return ", only set aside" if set_aside else ""

    def promised_twice(self) -> None:
        for key in sorted(self.told.other):
            self._differs(key, "promised with other bytes than before")

    def every_file(self) -> None:
        """Torn and damaged files; bytes that differ between the places, promised or not."""
        for where, place in [*(("station", place) for place in self._stations), ("central", self._central)]:
            for key in place.broken:
                self._differs(key, f"damaged at {where}")
            self._changed += [f"{name}: a file of no record, at {where}" for name in place.strange]
        for key, found in sorted(self._everywhere().items()):
            if len(found) > 1:
                self._differs(key, "other bytes at the station than at central")

    def nothing_twice(self) -> None:
        """Nothing that nobody began; no record twice; no bytes under two names."""
        everywhere = self._everywhere()
        self._doubled += [f"{_name(key)}: nobody began it" for key in sorted(everywhere.keys() - self.told.begun)]
        times = Counter(key for key, _ in self._central.listed)
        self._doubled += [f"{_name(key)}: listed twice" for key in sorted(times) if times[key] > 1]
        names: dict[str, set[Key]] = {}
        for key, found in everywhere.items():
            for sha256 in found:
                names.setdefault(sha256, set()).add(key)
        same = sorted(sorted(keys) for keys in names.values() if len(keys) > 1)
        self._doubled += [f"{' and '.join(map(_name, keys))}: the same bytes" for keys in same]

    def all_that_was_kept(self, kept: dict[tuple[str, str], set[str]], identities: tuple[str, ...]) -> None:
        """What was shown as kept is in what was sealed of it: this is about first revisions."""
        parts: dict[str, dict[str, set[str]]] = {}
        for (record_id, part), enough in kept.items():
            parts.setdefault(record_id, {})[part] = enough
        for key in sorted(self.told.promised) if identities else ():
            record_id, revision = key
            if revision == 1 and record_id in parts:
                self._look_inside(key, parts[record_id], identities)

    def _look_inside(self, key: Key, parts: dict[str, set[str]], identities: tuple[str, ...]) -> None:
        sha256 = self.told.promised[key]
        places = [*self._stations, self._central]
        path = next((place.paths[key] for place in places if sha256 in place.files_of(key)), None)
        if path is None:
            return  # judged already
        found = kept_in(path, sha256, identities)
        if found is None:
            self._lost.append(f"{_name(key)}: central cannot open it")
            return
        missing = [part for part, enough in parts.items() if found.get(part) not in enough]
        self._lost += [f"{_name(key)}: sealed without {part} as it was kept" for part in missing]

    def _everywhere(self) -> dict[Key, set[str]]:
        found: dict[Key, set[str]] = {}
        packets = [item for place in [*self._stations, self._central] for item in place.packets]
        for key, sha256 in [*packets, *self._central.listed]:
            found.setdefault(key, set()).add(sha256)
        return found

    def _differs(self, key: Key, why: str) -> None:
        """Each record once, with the first thing that was seen of it."""
        if key not in self._odd:
            self._odd.add(key)
            self._changed.append(f"{_name(key)}: {why}")

    def verdict(self) -> Verdict:
        told = len(self.told.promised)
        return Verdict(told, tuple(self._lost), tuple(self._doubled), tuple(self._changed))


def _name(key: Key) -> str:
    return f"{key[0]}.{key[1]}"
