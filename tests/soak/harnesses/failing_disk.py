"""Every write, sync, rename, open, mkdir and unlink of a sealing is refused by the disk, one after the other.

Each with EIO and with ENOSPC, once and from then on until a restart, with a database that is only appended to and with
one that is tidied at every commit; and files end in the middle of a write. Whoever sealed reads either `sealed` or a
known code, the draft can be sealed afterwards, and in the end central has each record once.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from station.domain.delivery import Stage
from tests.soak import broken_disk
from tests.soak.broken_disk import Fault, Trace, watched
from tests.soak.checker import check, packets_in
from tests.soak.disk_faults import Short, faults, in_turn, short_writes
from tests.soak.harness import Broken, Budget
from tests.soak.journal import Journal, Line, Told
from tests.soak.sealing_desk import SABOTAGES, Desk
from tests.soak.shown import kept_of_a_draft
from tests.soak.tally import Tally
from tests.support import HandClock, Workplace, running_central, workplace

DRAIN_STEPS = 100_000


AIMED: Mapping[str, Callable[[Fault], bool]] = {
    "error taken for success": lambda fault: fault.call == "write" and not fault.stays,
    "failed fsync ignored": lambda fault: fault.call == "fsync" and fault.error == "EIO" and not fault.stays,
}
"""What shows a sabotage: a slow computer shall not take an hour to come to it."""


def _every(_fault: Fault) -> bool:
    """By name, not a lambda: a harness goes to a process of its own."""
    return True


class FailingDisk:
    """See the module."""

    name = "failing_disk"
    cuts = 800
    """At least: how many calls a sealing makes is not for us to say. A whole run goes through all of them."""
    sabotages = tuple(SABOTAGES)

    def __init__(self, chosen: Callable[[Fault], bool] = _every) -> None:
        self._chosen = chosen
        """Which faults are tried: all, for a whole run."""

    def missing(self) -> str:
        return broken_disk.missing()

    def run(self, folder: Path, budget: Budget, sabotage: str = "") -> Tally:
        with running_central(folder / "central", HandClock()) as server:
            with workplace(folder / "station", server):
                pass
            if budget.cuts >= self.cuts:
                budget = replace(budget, cuts=sys.maxsize)
            sweep = _Sweep(folder, server.url, sabotage, budget, AIMED.get(sabotage, self._chosen))
            for checkpointing in (False, True):
                sweep.through(checkpointing)
            sweep.deliver()
        return sweep.judged()


@dataclass
class _Sweep:
    """One station that lives through all of it."""

    folder: Path
    url: str
    sabotage: str
    budget: Budget
    chosen: Callable[[Fault], bool]
    cuts: int = 0
    serial: int = 0
    broken: list[str] = field(default_factory=list)
    """Promises that no file shows: an answer that is none, a draft that can never be sealed."""
    case_of: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.station = self.folder / "station"
        self.journal = Journal(self.folder / "journal")
        self._desk: Desk | None = None
        self._checkpointing = False

    def through(self, checkpointing: bool) -> None:
        """All faults, with a database that is tidied at every commit or is not."""
        if self.budget.is_over(self.cuts):
            return
        self._checkpointing = checkpointing
        try:
            every = filter(self.chosen, in_turn(faults(self._count())))
            cases: list[Fault | Short] = [*every, *short_writes()]
            for case in cases:
                if self.budget.is_over(self.cuts):
                    return
                self._try(case)
        finally:
            if self._desk is not None:
                self._desk.close()
                self._desk = None

    def deliver(self) -> None:
        """A line to central at last: everything that was sealed arrives."""
        place = Workplace(self.station, self.url, HandClock())
        try:
            assert place.office
            for _ in range(DRAIN_STEPS):
                wait_s = place.engine.step()
                counts = place.depot.outbox.counts(day_start=place.clock.now())
                if wait_s > 0 and counts.waiting == 0:
                    break
                place.clock.pass_time(wait_s)  # type: ignore[attr-defined]
            stopped = place.depot.outbox.page([Stage.PARKED, Stage.REJECTED], offset=0, limit=20)
            self.broken += [f"{item.key}: will not be taken" for item in stopped]
        finally:
            place.close()

    def judged(self) -> Tally:
        verdict = check(self.journal.lines(), [self.station], self.folder / "central", drained=True)
        broken = [] if self.sabotage else self.broken
        found = [*broken, *verdict.lost, *verdict.doubled, *verdict.changed]
        lost = len(verdict.lost) + len(broken)
        said = tuple(f"{one} {self._case(one)}" for one in found)
        return Tally(self.cuts, verdict.acknowledged, lost, len(verdict.doubled), len(verdict.changed), said)

    # ------------------------------------------------------------------------------------------------- one sealing

    def _count(self) -> Counter[str]:
        """How many calls of each kind a sealing makes that nobody disturbs."""
        record_id = self._draft()
        with watched(self._sitting().pid, self.folder / "trace") as trace:
            answer = self._sitting().ask("seal", record_id=record_id)
        self._told(record_id, answer)
        return trace.counts()

    def _try(self, case: Fault | Short) -> None:
        record_id = self._draft()
        self.case_of[record_id] = str(case)
        if isinstance(case, Short):
            answer = self._sitting().ask("seal", record_id=record_id, at=case.at, room=case.room)
            self.cuts += 1
        else:
            answer = self._hit(case, record_id)
        self._told(record_id, answer)
        if "unexpected" in answer:
            self._restart()
        if "sealed" not in answer:
            self._told(record_id, self._sitting().ask("seal", record_id=record_id), again=True)
        self._check_whole(record_id)

    def _hit(self, fault: Fault, record_id: str) -> dict[str, Any]:
        """Seal on a disk with this fault. Where it stays the plug is pulled; on a full disk after a second try."""
        desk = self._sitting()
        with watched(desk.pid, self.folder / "trace", fault) as trace:
            answer = desk.ask("seal", record_id=record_id)
            if fault.stays:
                if "code" in answer and fault.error == "ENOSPC":
                    self._told(record_id, answer)
                    answer = desk.ask("seal", record_id=record_id)
                desk.kill()
                self._desk = None
        self.cuts += bool(trace.refused())
        if "sealed" in answer and fault.error == "EIO" and _unsynced(trace):
            self._forget(record_id)
        return answer

    def _forget(self, record_id: str) -> None:
        """The plug is pulled, and what the disk never said that it has is gone with the memory."""
        self._restart()
        for path in self.station.glob(f"packets/*/{record_id}.*.packet"):
            path.unlink()

    def _case(self, found: str) -> str:
        """What was broken when the record was sealed that this finding is about."""
        case = next((case for record_id, case in self.case_of.items() if record_id in found), "")
        return f"({case})" if case else ""

    def _told(self, record_id: str, answer: dict[str, Any], *, again: bool = False) -> None:
        """What the operator has read now."""
        if "unexpected" in answer and self.sabotage:
            raise Broken(f"{self.sabotage}: shows nothing but {answer['unexpected']}")
        if "unexpected" in answer:
            self.broken.append(f"{record_id}: {answer['unexpected']}")
        if "sealed" in answer:
            self.journal.say(Line(Told.SEALED, record_id, sha256=answer["sealed"] or self._on_disk(record_id)))
        elif again and not self._is_sealed_after_restart(record_id):
            self.broken.append(f"{record_id}: cannot be sealed any more: {answer}")

    def _on_disk(self, record_id: str) -> str:
        """Where the list could not be read at that moment, the file is what was sealed. A later one must not differ."""
        return next((sha256 for key, sha256 in packets_in(self.station) if key[0] == record_id), "")

    def _is_sealed_after_restart(self, record_id: str) -> bool:
        """The next start has found the packet, or the draft can be sealed now."""
        self._restart()
        state = self._sitting().ask("state", record_id=record_id)
        if state.get("draft"):
            answer = self._sitting().ask("seal", record_id=record_id)
            if "sealed" not in answer:
                return False
            state = {"queued": answer["sealed"]}
        self.journal.say(Line(Told.SEALED, record_id, sha256=state.get("queued", "")))
        return bool(state.get("queued"))

    def _check_whole(self, record_id: str) -> None:
        state = self._sitting().ask("state", record_id=record_id)
        if state.get("draft", True) or not state["queued"]:
            self._restart()
            state = self._sitting().ask("state", record_id=record_id)
        if state.get("draft", True) or not state["queued"]:
            self.broken.append(f"{record_id}: is sealed and nobody will send it")

    # ------------------------------------------------------------------------------------------------------ a desk

    def _draft(self) -> str:
        desk = self._sitting()
        self.serial += 1
        answer = desk.ask("draft", serial=self.serial)
        assert "record_id" in answer, answer
        record_id = str(answer["record_id"])
        for line in (Line(Told.BEGUN, record_id), *kept_of_a_draft(record_id, self.serial)):
            self.journal.say(line)
        return record_id

    def _sitting(self) -> Desk:
        """Whoever sits there. A fresh one has sealed once: from then on the program reads no code from the disk."""
        if self._desk is None:
            self._desk = Desk(self.station, self.url, self.sabotage, checkpointing=self._checkpointing)
            record_id = self._draft()
            self._told(record_id, self._desk.ask("seal", record_id=record_id))
        return self._desk

    def _restart(self) -> None:
        if self._desk is not None:
            self._desk.kill()
            self._desk = None


def _unsynced(trace: Trace) -> bool:
    """Whether a sync of a packet or of its folder was refused."""
    return any("sync(" in call and "/packets" in call for call in trace.refused())
