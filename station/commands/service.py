"""A sync engine as a service: runs it, tells what happens, answers systemd, and ends within seconds when asked to."""

from __future__ import annotations

import signal
from collections.abc import Callable
from threading import Event, Thread
from types import FrameType
from typing import Protocol

from station.commands.telling import Teller
from station.desk.delivery import delivery
from station.log import get_logger
from station.store.depot import Depot
from station.sync.engine import STOP_S
from station.sync.life import Life, WatchedEngine
from station.sync.notifier import Notifier

log = get_logger(__name__)

LOOK_S = 1.0
"""How often it is told what changed."""
STATUS_EVERY = 5
"""Looks between two sentences for systemd: each costs a count of the outbox."""
PATIENCE_S = 2.0
"""`once`: what is not due within this time is left for the next visit."""


class Companion(Protocol):
    """What runs beside the engine as long as it does."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


class Service:
    """One run of an engine. `beside` is started after it and stopped before it."""

    def __init__(
        self, depot: Depot, engine: WatchedEngine, life: Life, teller: Teller | None, beside: Companion | None = None
    ) -> None:
        self._depot, self._engine, self._life, self._teller, self._beside = depot, engine, life, teller, beside
        self._notifier = Notifier()
        self._stop = Event()
        self._looks = 0
        self._said_hung = False

    def run(self, *, once: bool) -> None:
        """Until SIGTERM, or with `once` until nothing is due."""
        before = signal.signal(signal.SIGTERM, self._asked_to_stop)
        work: Callable[[], None] = (lambda: self._engine.run_until_idle(PATIENCE_S)) if once else self._engine.run
        worker = Thread(target=work, name="sync", daemon=True)
        try:
            self._begin(worker)
            while worker.is_alive() and not self._stop.is_set():
                self._look()
                self._rest(worker)
        finally:
            self._end(worker)
            signal.signal(signal.SIGTERM, before)

    def _asked_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stop.set()

    def _begin(self, worker: Thread) -> None:
        if self._teller is not None:
            self._teller.started()
        worker.start()
        if self._beside is not None:
            self._beside.start()
        self._notifier.ready()

    def _look(self) -> None:
        if self._teller is not None:
            self._teller.tell(self._engine.lanes)
        if self._life.hangs:  # told alive no more: systemd ends this process and starts another
            if not self._said_hung:
                log.critical("the sync engine hangs")
            self._said_hung = True
            return
        if self._notifier.listening:
            self._notifier.alive()
            if self._looks % STATUS_EVERY == 0:
                self._notifier.status(_sentence(self._depot))
            self._looks += 1

    def _rest(self, worker: Thread) -> None:
        """A moment; shorter when the work is done or somebody ends it."""
        for _moment in range(20):
            if self._stop.wait(LOOK_S / 20) or not worker.is_alive():
                return

    def _end(self, worker: Thread) -> None:
        self._notifier.stopping()
        if self._beside is not None:
            self._beside.stop()
        self._engine.stop()
        worker.join(STOP_S)
        if self._teller is not None:
            self._teller.tell(self._engine.lanes)
            self._teller.stopped()


def _sentence(depot: Depot) -> str:
    from station.ui import link_words

    found = delivery(depot)
    return link_words.link_sentence(found.link, found.counts)
