"""The thread of carrying for neighbours: serves while the link is good, hands over while there is none, rests else.

Off by default: then nothing listens, nothing is announced, nothing is sent, and neither mDNS nor a server is loaded.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread
from typing import TYPE_CHECKING

from station.config import RelaySettings
from station.domain.delivery import Link
from station.domain.errors import StationError
from station.domain.ports import Clock, SystemClock
from station.domain.relay import NeighbourTrouble, RelayReason
from station.log import get_logger
from station.relay.bounds import CLEAR_S, LOOK_S, STOP_S
from station.relay.room import Room
from station.relay.rounds import Rounds
from station.relay.standing import standing
from station.relay.surroundings import Ears, Surroundings
from station.store.depot import Depot
from station.store.relay_book import Shown
from station.sync.network import Network

if TYPE_CHECKING:  # a server that most stations never open
    from station.relay.service import Service

log = get_logger(__name__)

AFTER_TROUBLE_S = 60.0
STOP_TRIES = 20


class RelayRunner:
    """Carries for neighbours of one open, enrolled depot. `start` and `stop`; or `step` by hand, then `close`."""

    def __init__(
        self,
        depot: Depot,
        settings: RelaySettings,
        *,
        link: Callable[[], Link],
        clock: Clock | None = None,
        taken: Callable[[], None] = lambda: None,
        changed: Callable[[], None] = lambda: None,
        surroundings: Surroundings | None = None,
        room: Room | None = None,
    ) -> None:
        """`link` is what delivery knows; `taken` is called when a neighbour's packet has come, from any thread."""
        self._depot = depot
        self._settings = settings
        self._link = link
        self._clock = clock or SystemClock()
        self._taken, self._changed = taken, changed
        self._surroundings = surroundings or Surroundings()
        self._room = room or Room(depot)
        self._stop, self._wake = Event(), Event()
        self._network = Network()
        loopback = self._surroundings.loopback
        self._rounds = Rounds(depot, self._network, self._clock, self._may_visit, loopback=loopback)
        self._service: Service | None = None
        self._ears: Ears | None = None
        self._announced_port = 0
        self._rest_until = 0.0
        self._clear_at = self._clock.monotonic() + CLEAR_S
        self._closed = False
        self._thread: Thread | None = None

    # ------------------------------------------------------------------------------------------------ from outside

    def start(self) -> None:
        """Run on a thread of its own."""
        self._thread = Thread(target=self.run, name="relay", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """The switch, the link or the queue may have changed."""
        self._wake.set()

    def stop(self) -> None:
        """End within seconds. What was being handed over is handed over again: harmless."""
        self._stop.set()
        self._wake.set()
        if self._thread is None:
            self.close()
            return
        for _ in range(STOP_TRIES):
            self._network.hang_up()
            self._thread.join(2 * STOP_S / STOP_TRIES)
            if not self._thread.is_alive():
                return
        log.error("carrying for neighbours did not stop within %s s", 2 * STOP_S)

    @property
    def port(self) -> int:
        """Where neighbours hand over now; 0 while nothing listens."""
        return self._service.port if self._service is not None else 0

    # ----------------------------------------------------------------------------------------------------- running

    def run(self) -> None:
        """Step until stopped."""
        try:
            while not self._stop.is_set():
                self._wake.clear()
                self._survive_step()
                if not self._stop.is_set():
                    self._wake.wait(LOOK_S)
        finally:
            self.close()

    def step(self) -> RelayReason:
        """Do what is due now; what it is doing."""
        self._clear()
        reason = self._do(self._standing())
        self._show(reason)
        return reason

    def close(self) -> None:
        """Nothing listens and nothing is announced any more. Once is enough."""
        if not self._closed:
            self._closed = True
            self._leave()
            self._show(RelayReason.STOPPED)

    def _survive_step(self) -> None:
        """A step. Carrying for others is a favour: its bugs are loud and stop nothing else."""
        try:
            self.step()
        except StationError as problem:
            log.error("carrying for neighbours is in trouble: %s", problem.code)
            self._rest()
        except Exception:
            log.critical("a bug in carrying for neighbours", exc_info=True)
            self._leave()
            self._rest()

    def _clear(self) -> None:
        """Once an hour, also while nobody is served: what came by stick is carried as well."""
        if self._clock.monotonic() >= self._clear_at:
            self._clear_at = self._clock.monotonic() + CLEAR_S
            self._depot.carried.clear_settled()

    def _do(self, wanted: RelayReason) -> RelayReason:
        if wanted not in (RelayReason.SERVING, RelayReason.LOOKING):
            self._leave()
            return wanted
        if self._clock.monotonic() < self._rest_until:
            return self._depot.relay.shown.reason
        return self._serve() if wanted is RelayReason.SERVING else self._look()

    def _serve(self) -> RelayReason:
        """The link is good: keep the door open on the addresses of this moment, and tell the neighbours of it."""
        addresses = self._surroundings.addresses()
        if self._service is not None and self._service.addresses != addresses:
            self._hear_nothing()
            self._shut_door()
        if self._service is None and addresses:
            try:
                self._open_door(addresses)
            except OSError as problem:
                log.warning("neighbours cannot be served: %s", problem.strerror)
                self._rest()
                return RelayReason.PORT_TAKEN
        ears = self._local_network()
        if ears is None:
            return RelayReason.NO_LOCAL_NETWORK
        if self._announced_port != self.port:
            ears.announce(self.port)
            self._announced_port = self.port
        return RelayReason.SERVING

    def _look(self) -> RelayReason:
        """No link: the door is closed, for nothing could be passed on; who is in sight is visited."""
        self._shut_door()
        if self._announced_port:
            self._hear_nothing()
        ears = self._local_network()
        if ears is None:
            return RelayReason.NO_LOCAL_NETWORK
        ears.look()
        if self._rounds.go(ears.sightings()):
            self._changed()
        ears.keep(self._rounds.proven)
        helped = any(one.name and one.trouble is NeighbourTrouble.NONE for one in self._rounds.neighbours)
        return RelayReason.HANDING if helped else RelayReason.LOOKING

    def _local_network(self) -> Ears | None:
        """Announcing and finding, on the addresses of this moment; None when there is no local network."""
        addresses = self._surroundings.addresses()
        if self._ears is not None and self._ears.addresses != addresses:
            self._hear_nothing()
        if not addresses:
            return None
        if self._ears is None:
            enrolment, _ = self._depot.enrolled()
            try:
                self._ears = self._surroundings.listen(enrolment, addresses)
            except OSError as problem:
                log.warning("neighbours cannot be found: %s", problem.strerror)
                self._rest()
        return self._ears

    def _open_door(self, addresses: tuple[str, ...]) -> None:
        from station.relay.service import Service

        self._service = Service(self._depot, self._clock, addresses, self._settings.port, self._room, self._taken)

    def _leave(self) -> None:
        self._hear_nothing()
        self._shut_door()
        self._rounds.forget()
        self._rest_until = 0.0

    def _hear_nothing(self) -> None:
        ears, self._ears, self._announced_port = self._ears, None, 0
        if ears is not None:
            try:
                ears.close()
            except Exception as problem:  # noqa: BLE001  # of a library that is in trouble already
                log.error("what hears of neighbours did not close: %s", type(problem).__name__)

    def _shut_door(self) -> None:
        service, self._service = self._service, None
        if service is not None:
            service.close()

    def _rest(self) -> None:
        self._rest_until = self._clock.monotonic() + AFTER_TROUBLE_S

    def _standing(self) -> RelayReason:
        choice = self._depot.relay.choice
        if not (self._settings.enabled if choice is None else choice):
            return RelayReason.OFF
        return standing(
            on=True,
            paused=self._depot.memory.paused,
            has_card=bool(self._depot.cards.own()),
            link=self._link(),
            lanes=self._depot.lane_book.states(),
        )

    def _may_visit(self) -> bool:
        return not self._stop.is_set() and self._standing() is RelayReason.LOOKING

    def _show(self, reason: RelayReason) -> None:
        shown = Shown(
            on=self._settings.enabled,
            serving=reason is RelayReason.SERVING,
            reason=reason,
            neighbours=self._rounds.neighbours,
        )
        if shown != self._depot.relay.shown:
            self._depot.relay.show(shown)
            self._changed()
