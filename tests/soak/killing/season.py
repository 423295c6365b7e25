"""One station and its central from the enrolment to the last delivery, with many deaths on the way.

Every death is followed by a fresh process, which heals and goes on; that is the one that dies next. Must not know how
many deaths are wanted.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

from tests.soak.checker import Verdict, check
from tests.soak.harness import Broken
from tests.soak.journal import Journal, Told
from tests.soak.kept import lost_of_drafts
from tests.soak.killing.central import CentralProcess
from tests.soak.killing.doom import Ending, Life, go_through
from tests.soak.killing.points import AT_CENTRAL, ENROLLING, RESTORING, WIPING, Point

EVERY_DAY = ("capture", "seal", "deliver", "purge", "back_up", "take_list")
AGAIN = frozenset({"capture", "seal", "deliver", "purge"})
"""Deeds that may be done anew until the point is passed often enough."""
HALF_DONE = frozenset({"move", "recover", "rekey", "restore"})
"""What has died in the middle of these, the next start brings to an end: drafts are looked for after that."""
SERIALS = 60
"""More records than one life makes."""
MEDIUM = "ktpel-cadangan"


@dataclass
class Season:
    """All of it lies below `folder`. `hit`: the points at which a process really died."""

    folder: Path
    context: Any
    chance: Random
    enough: Callable[[], bool] = lambda: False
    sabotage: str = ""
    before: int = 2
    """At most so many deeds of other kinds come before the one that ends in death."""
    hit: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.journal = Journal(self.folder / "journal")
        self.passed = self.context.RawValue("d", 0.0)
        self.central = CentralProcess(self.context, self.folder / "central", self.passed)
        self._number, self._lives = 1, 0
        self._key, self._wiped, self._half_done = "", False, False
        self._root = self._computer()
        self._places = [self._root]
        """Where packets may lie: at the station; after a death also where it was being moved to or brought from."""

    def run(self, points: Iterable[Point]) -> Verdict:
        """Die at each of `points`, in an order that can be; what the checker says, at the first finding or the end."""
        wanted = list(points)
        self.central.start()
        try:
            for _death in self._deaths(wanted):
                if (verdict := self.judge()).found:
                    return verdict
                if self.enough():
                    break
            self._live(("finish",))
        finally:
            self.central.stop()
        return self.judge(drained=True)

    def _deaths(self, wanted: list[Point]) -> Iterator[None]:
        """One after another."""
        first = [point for point in wanted if point in ENROLLING]
        last = [point for point in wanted if point in WIPING]
        rest = [point for point in wanted if point not in (*first, *last)]
        for point in first:
            self._die(point)
            yield
        self._live(("enrol",))
        self.chance.shuffle(rest)
        for point in rest:
            if point in RESTORING:
                self._lose_the_computer()
            self._die(point)
            if point in RESTORING:
                self._live(("restore",))
            yield
        if last:
            self._live(("seal", "deliver", "take_list", "seal"))  # central has some of it, and not all
            self.central.ask("wipe", self._station_id())
            self._wiped = True
        for point in last:
            self._die(point)
            yield

    def judge(self, *, drained: bool = False) -> Verdict:
        """Everything that was told, against everything that is there now.

        Acknowledged is a record of which anything was shown as kept: a death may come before the first one is sealed.
        """
        there = [place for place in dict.fromkeys(self._places) if place.exists()]
        lines = list(self.journal.lines())
        verdict = check(lines, there, self.folder / "central", drained=drained)
        told = {line.record_id for line in lines if line.told in (Told.KEPT, Told.SEALED)}
        return replace(verdict, acknowledged=len(told), lost=(*verdict.lost, *self._lost_drafts()))

    def _lost_drafts(self) -> tuple[str, ...]:
        """Nothing is kept of them where central has ordered so."""
        if self._wiped or self._half_done or not self._key:
            return ()
        return lost_of_drafts(self.journal.lines(), self._root, self._key)

    # ---------------------------------------------------------------------------------------------------- one life

    def _die(self, point: Point) -> None:
        """A process whose death is at `point`, after a random history; noted as missed when it never came by."""
        before = () if point.deed in ("enrol", "restore", "wipe") else self._history()
        nth = self.chance.randint(1, point.passes)
        tries = nth + 1 if point.deed in AGAIN else 1
        if point in AT_CENTRAL:
            kills = self.central.kills
            self.central.ask("arm", point.name, nth)
            ending = self._live((*before, point.deed), tries=tries)
            self.central.died()
            killed = self.central.kills > kills
            if not killed:
                self.central.ask("disarm")
        else:
            ending = self._live((*before, point.deed), point=point.name, nth=nth, tries=tries)
            killed = ending.killed
        (self.hit if killed else self.missed).append(point.name)

    def _history(self) -> tuple[str, ...]:
        return tuple(self.chance.choice(EVERY_DAY) for _ in range(self.chance.randint(0, self.before)))

    def _live(self, deeds: tuple[str, ...], **death: Any) -> Ending:
        self._lives += 1
        spare = self._computer() if "move" in deeds else self._root
        life = Life(
            root=self._root,
            spare=spare,
            stick=self.folder / "stick",
            url=self.central.url,
            code="" if (self._root / "enrolment.json").exists() else self.central.ask("code"),
            deeds=deeds,
            seed=self.chance.randrange(2**32),
            serial=1 + self._lives * SERIALS,
            sabotage=self.sabotage,
        )
        ending = go_through(self.context, replace(life, **death), self.passed, self.central, self.journal.say)
        self._root = ending.root or self._root
        self._key = ending.key or self._key
        self._half_done = ending.killed and deeds[-1] in HALF_DONE
        self._places = [*self._places, spare] if ending.killed else [self._root]
        if not ending.killed and death.get("point") is None and not (self._root / "enrolment.json").exists():
            raise Broken(f"there is no station any more ({life})")
        return ending

    # ------------------------------------------------------------------------------------------------ the computers

    def _computer(self) -> Path:
        """A folder on a new one."""
        self._number += 1
        return self.folder / f"station-{self._number}"

    def _lose_the_computer(self) -> None:
        """Everything is on the stick; then the old computer burns, and there is a new one."""
        self._live(("back_up",))
        for place in self._places:
            shutil.rmtree(place, ignore_errors=True)
        self._root = self._computer()
        self._places = [self._root, self.folder / "stick" / MEDIUM]

    def _station_id(self) -> str:
        return str(json.loads((self._root / "enrolment.json").read_text(encoding="utf-8"))["station_id"])
