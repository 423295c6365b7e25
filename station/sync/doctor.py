"""The connection doctor: asks one question after another, from the plug to the clock, and stops at what is wrong.

Bounded: no step takes longer than 10 s, all of them not longer than 30 s, and `cancel` ends it at once. Nothing that is
found changes how packets are sent; it uses what delivery uses, on connections of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from threading import Event, Thread
from time import monotonic

from station.domain.doctor import (
    BY_PROXY,
    DIRECT,
    Examination,
    Finding,
    Remedy,
    State,
    Step,
    not_reached,
)
from station.domain.outcome import Trouble
from station.domain.ports import Clock
from station.log import get_logger
from station.sync.approach import Approach
from station.sync.visit import Visit

log = get_logger(__name__)

STEP_S, WHOLE_S = 10.0, 30.0
_SILENT = {
    Step.NAME: Remedy.NAME_SILENT,
    Step.PROXY_NAME: Remedy.NAME_SILENT,
    Step.PORT: Remedy.PORT_SILENT,
    Step.PROXY_PORT: Remedy.PORT_SILENT,
}

Told = Callable[[tuple[Finding, ...]], None]


class Doctor:
    """One examination. `cancel` may come from any thread."""

    def __init__(
        self,
        approach: Approach,
        visit: Visit,
        *,
        clock: Clock,
        step_s: float = STEP_S,
        whole_s: float = WHOLE_S,
    ) -> None:
        self._approach, self._visit, self._clock = approach, visit, clock
        self._steps = BY_PROXY if approach.by_proxy else DIRECT
        self._step_s, self._whole_s = step_s, whole_s
        self._stop = Event()
        self._answers: SimpleQueue[Finding | None] = SimpleQueue()

    def cancel(self) -> None:
        """Come to an end now; what was not asked yet is not reached."""
        self._stop.set()
        self._answers.put(None)
        self._visit.break_off()

    def examine(self, told: Told = lambda _findings: None) -> Examination:
        """Ask everything. `told` hears all findings so far after each step, on this thread."""
        at, until = self._clock.now(), monotonic() + self._whole_s
        found: list[Finding] = []
        questions = self._questions()
        for step in self._steps:
            if self._stop.is_set():
                break
            if _stands_in_the_way(found, step):
                found.append(Finding(step, State.NOT_REACHED))
            else:
                found.append(self._bounded(step, questions[step], min(self._step_s, until - monotonic())))
            told(_judged(found))
        self._visit.close()
        return Examination(at, _judged([*found, *not_reached(self._steps[len(found) :])]))

    def _questions(self) -> dict[Step, Callable[[], Finding]]:
        approach, visit = self._approach, self._visit
        return {
            Step.ADAPTER: approach.adapter,
            Step.PROXY_NAME: approach.proxy_name,
            Step.PROXY_PORT: approach.proxy_port,
            Step.NAME: approach.name,
            Step.PORT: approach.port,
            Step.CERTIFICATE: visit.certificate,
            Step.CENTRAL: visit.central,
            Step.STATION: visit.station,
            Step.CLOCK: visit.clock,
        }

    def _bounded(self, step: Step, ask: Callable[[], Finding], seconds: float) -> Finding:
        """The answer, or that there was none in time. Nothing can break off a look-up of a name: its thread is left."""
        if seconds <= 0:
            return Finding(step, State.NOT_REACHED)
        answers = self._answers = SimpleQueue()
        if self._stop.is_set():
            return Finding(step, State.NOT_REACHED)
        Thread(target=lambda: answers.put(_survive(step, ask)), name=f"doctor-{step.value}", daemon=True).start()
        try:
            answer = answers.get(timeout=seconds)
        except Empty:
            self._visit.break_off()
            return Finding(step, State.FAILED, {}, Trouble.TIMEOUT, _SILENT.get(step, Remedy.SILENT))
        return answer if answer is not None else Finding(step, State.NOT_REACHED)


def _survive(step: Step, ask: Callable[[], Finding]) -> Finding:
    try:
        return ask()
    except Exception:  # a bug in one question must not leave a technician before an empty card
        log.critical("a bug in the connection doctor, at step %s", step, exc_info=True)
        return Finding(step, State.FAILED, {}, Trouble.OUR_BUG, Remedy.OUR_FAULT)


def _stands_in_the_way(found: Sequence[Finding], step: Step) -> bool:
    """A failure ends the examination, but for two: what the system says of its adapters proves nothing, and the clock
    is known as soon as central's signed word has been heard.
    """
    failed = [one for one in found if one.state is State.FAILED]
    if step is Step.CLOCK or not failed:
        return False
    return any(one.step is not Step.ADAPTER or one.facts.get("kind") == "training" for one in failed)


def _judged(found: Sequence[Finding]) -> tuple[Finding, ...]:
    """The adapter is believed last: where a port opens there is a network, and where none does it explains the rest."""
    adapter = found[0]
    if adapter.state is not State.FAILED:
        return tuple(found)
    opened = any(one.state is State.OK and one.step in (Step.PORT, Step.PROXY_PORT) for one in found)
    if opened:
        return (Finding(Step.ADAPTER, State.WARNING, adapter.facts, None, Remedy.NONE), *found[1:])
    return (adapter, *not_reached([one.step for one in found[1:]]))
