"""Sending for the connection doctor, and what was found last. Needs no sign-in and, to say so, no enrolment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Protocol

from station.config import CentralSettings
from station.domain.doctor import DIRECT, Examination, Finding, Remedy, State, Step, not_reached
from station.domain.errors import SetupError, StoreError
from station.domain.ports import Clock
from station.log import get_logger
from station.store.depot import Depot
from station.sync.approach import Approach
from station.sync.doctor import STEP_S, WHOLE_S, Doctor
from station.sync.doorway import way_to
from station.sync.network import Network
from station.sync.visit import Visit

log = get_logger(__name__)

Told = Callable[[tuple[Finding, ...]], None]


class Cable(Protocol):
    """A cable that may be out: training mode's."""

    @property
    def is_cut(self) -> bool: ...


class Examining:
    """An examination that can be called off from another thread."""

    def __init__(
        self,
        depot: Depot,
        settings: CentralSettings,
        clock: Clock,
        *,
        cable: Cable | None = None,
        files: Path = Path("/"),
        step_s: float = STEP_S,
        whole_s: float = WHOLE_S,
    ) -> None:
        self._depot, self._clock = depot, clock
        self._doctor: Doctor | None = None
        self._refusal: Examination | None = None
        self._called_off = Event()
        try:
            enrolment, key = depot.enrolled()
            settings = enrolment.trusting(settings)
            way = way_to(enrolment.central_url, settings.proxy)
        except (SetupError, ValueError) as problem:
            self._refusal = self._unable(problem)
            return
        network = Network()  # its own: calling the doctor off must not break delivery's connections
        if cable is not None and cable.is_cut:
            network.cut()
        memory = depot.memory
        visit = Visit(
            way,
            enrolment,
            key,
            settings,
            clock=clock,
            network=network,
            cursor=memory.cursor,
            clock_offset_s=memory.clock_offset_s,
        )
        self._doctor = Doctor(Approach(way, network, files), visit, clock=clock, step_s=step_s, whole_s=whole_s)

    def run(self, told: Told = lambda _findings: None) -> Examination:
        """Ask everything: seconds, at most half a minute. What was found is remembered for a diagnosis."""
        found = self._refusal or (self._doctor.examine(told) if self._doctor is not None else None)
        assert found is not None
        if self._called_off.is_set():
            return found  # half an examination says less than the one before
        try:
            self._depot.memory.examined = found
        except StoreError as problem:  # a full disk is no reason to say nothing about the network
            log.warning("what the doctor found was not kept: %s", problem.code)
        return found

    def cancel(self) -> None:
        """Come to an end now. Callable from any thread."""
        self._called_off.set()
        if self._doctor is not None:
            self._doctor.cancel()

    def _unable(self, problem: SetupError | ValueError) -> Examination:
        """There is nobody to ask: no enrolment, or settings that cannot be used."""
        now = self._clock.now()
        if isinstance(problem, ValueError):
            wrong = Finding(Step.PROXY_NAME, State.FAILED, {}, None, Remedy.PROXY_CANNOT)
            return Examination(now, (*not_reached(DIRECT[:1]), wrong, *not_reached(DIRECT[1:])))
        remedy = Remedy.NOT_ENROLLED if problem.code == "station.not_enrolled" else Remedy.BAD_ADDRESS
        steps = not_reached(DIRECT)
        at = DIRECT.index(Step.STATION if remedy is Remedy.NOT_ENROLLED else Step.NAME)
        wrong = Finding(DIRECT[at], State.FAILED, {}, None, remedy)
        return Examination(now, (*steps[:at], wrong, *steps[at + 1 :]))


def last_examination(depot: Depot) -> Examination | None:
    """What the doctor found last on this station, or None."""
    return depot.memory.examined
