"""Delivery in the process of the window: the engine, the neighbours' relay, and the lock that says who delivers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from filelock import BaseFileLock
from PySide6.QtCore import QObject
from PySide6.QtNetwork import QNetworkInformation

from station.config import Settings
from station.desk import delivery
from station.domain.errors import StationError
from station.domain.relay import RelayReason
from station.log import get_logger
from station.store.relay_book import Shown
from station.sync.metered import MeteredLine, ask_network_manager
from station.ui.context import Context
from station.ui.timer import timer

if TYPE_CHECKING:
    # Loaded while somebody types a password.
    from station.relay.runner import RelayRunner
    from station.sync.engine import Engine
    from station.sync.network import Network

log = get_logger(__name__)

ELSEWHERE_EVERY_MS = 3000
"""Where another process delivers, nobody tells what it did: the window looks by itself."""


class Delivering:
    """Begins when it can and is never waited for. Belongs to the thread of the window."""

    def __init__(
        self,
        context: Context,
        settings: Settings,
        network: Network | None,
        *,
        changed: Callable[[], None],
        show_error: Callable[[StationError], None],
        parent: QObject,
    ) -> None:
        """`network` is that of training, whose cable can be pulled. `changed` is called from any thread; `parent` is
        what the timer goes with.
        """
        self._context = context
        self._depot = context.depot
        self._settings = settings
        self._network = network
        self._changed = changed
        self._show_error = show_error
        self._lock: BaseFileLock | None = None
        self._said = ""  # why there is no delivery, as it was said
        self._resting = False  # somebody else has the files
        self._elsewhere = timer(parent, ELSEWHERE_EVERY_MS, self._look_elsewhere, repeat=True)
        self.engine: Engine | None = None
        self.relay: RelayRunner | None = None
        self._watch_network()

    def begin(self) -> None:
        """Deliver in the background, unless a sync service of this folder already does, or nobody enrolled yet.

        While the service does, what it did is looked at every few seconds; when it ends, this window delivers. What
        keeps it from delivering is said once, tried again as often, and keeps nobody from recording.
        """
        if self._resting or self._depot.enrolment is None or self.engine is not None:
            return
        if not self._has_key():
            return
        try:
            self._lock = self._depot.folder.lock("sync")
        except StationError as problem:
            if not self._elsewhere.isActive():
                log.warning("this window does not deliver: %s", problem.code)
                self._elsewhere.start()
            return
        try:
            self._deliver()
        except Exception as problem:  # noqa: BLE001  # a wrong setting, a busy disk, a mistake of ours
            self._cannot_deliver(problem)
        else:
            self._elsewhere.stop()
            self._said = ""

    def send_now(self) -> None:
        """Tell it to whoever delivers: the engine here, or the process that holds the lock."""
        self.begin()
        if self.engine is not None:
            self._context.tasks.run(self.engine.send_now)
        else:
            now = self._context.clock.now()
            self._context.tasks.run(lambda: delivery.ask_to_send(self._depot, now))

    def pause(self, paused: bool) -> None:
        """Or go on. It is remembered, and whoever delivers obeys it."""

        def remember() -> None:
            delivery.set_paused(self._depot, paused)
            self._changed()
            self.wake_engine()

        self._context.tasks.run(remember)

    def wake_engine(self) -> None:
        """There may be something to deliver. Callable from any thread."""
        engine = self.engine
        if engine is not None:
            engine.wake()

    def wake(self) -> None:
        """What the engine and the relay go by has changed."""
        self.wake_engine()
        if self.relay is not None:
            self.relay.wake()

    def let_go(self) -> Callable[[], None]:
        """Nobody delivers from now on, nor begins to: also not when a key or a lock is free meanwhile. What is returned
        waits for the end of both, seconds perhaps, on any thread; `begin_anew` afterwards.
        """
        self._resting = True
        self._elsewhere.stop()
        running, self.engine, self.relay = (self.relay, self.engine), None, None

        def end() -> None:
            for each in running:
                if each is not None:
                    each.stop()

        return end

    def begin_anew(self) -> None:
        """After `let_go`, when the files are back in their places."""
        self._resting = False
        self.release()
        self.begin()

    def stop(self) -> None:
        """The end, but for the lock: until the files are closed nobody else may deliver."""
        self.let_go()()

    def release(self) -> None:
        """Whoever delivers from now on takes the lock."""
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.release()

    def _deliver(self) -> None:
        from station.sync.engine import Engine

        engine = Engine(
            self._depot,
            self._settings,
            clock=self._context.clock,
            network=self._network,
            is_metered=MeteredLine(_is_metered).is_metered,
            charge=self._context.charge,
            changed=self._changed,
            progress=self._context.bridge.progress_changed.emit,
        )
        engine.start()
        self.engine = engine
        self._carry_for_neighbours(engine)

    def _cannot_deliver(self, problem: Exception) -> None:
        if self.engine is None:
            self.release()  # another program may know better
            self._elsewhere.start()
        if self._said != repr(problem):
            self._said = repr(problem)
            log.critical("delivery could not begin", exc_info=problem)
            of_the_file = isinstance(problem, OSError) and self._settings.central.ca_file is not None
            unexpected = StationError("central.ca_file" if of_the_file else "program.unexpected")
            self._show_error(problem if isinstance(problem, StationError) else unexpected)

    def _has_key(self) -> bool:
        """Whether the station key is there. A chip may need seconds, and the window does not wait for it: it asks again
        by itself; a key that is missing comes back with the next sign-in.
        """
        found = self._depot.key_state
        if found is not None and found.ready:
            return found.key is not None
        self._elsewhere.start()
        return False

    def _carry_for_neighbours(self, engine: Engine) -> None:
        """Only once somebody has switched it on; until then the thread looks at the switch and does nothing."""
        if self._context.training:
            self._depot.relay.show(Shown(reason=RelayReason.TRAINING))
            return
        from station.relay.runner import RelayRunner

        self.relay = RelayRunner(
            self._depot,
            self._settings.relay,
            link=lambda: engine.link,
            clock=self._context.clock,
            taken=engine.wake,
            changed=self._changed,
        )
        self.relay.start()

    def _look_elsewhere(self) -> None:
        self.begin()
        self._changed()

    def _watch_network(self) -> None:
        """The operating system's word about the network is a reason to look, never a proof."""
        if not QNetworkInformation.loadDefaultBackend():
            return
        information = QNetworkInformation.instance()
        if information is not None:
            information.reachabilityChanged.connect(self._network_changed)

    def _network_changed(self) -> None:
        if self.engine is not None:
            self.engine.network_changed()


def _is_metered() -> bool | None:
    """Whether the line costs by the byte, as Qt knows it from the system, or else NetworkManager."""
    information = QNetworkInformation.instance()
    if information is not None and information.supports(QNetworkInformation.Feature.Metered):
        return information.isMetered()
    return ask_network_manager()
