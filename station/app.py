"""The composition root of the window: builds, wires, starts, stops. The only file that knows everyone."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

from filelock import BaseFileLock
from PySide6.QtCore import QObject, QProcess, Qt, QTimer
from PySide6.QtNetwork import QNetworkInformation
from PySide6.QtWidgets import QApplication, QMessageBox

from station import i18n
from station.capture.drivers import station_drivers
from station.capture.lab import Lab
from station.capture.lookout import Lookout
from station.capture.rack import Rack
from station.config import Settings, load_settings
from station.desk import delivery, healing, recovering, trail
from station.desk.devices import CAPTURING, note_seen, rack_of
from station.desk.office import Office
from station.desk.station_key import settle_safe
from station.domain import codes
from station.domain.draft import Draft
from station.domain.errors import DeviceError, StationError
from station.domain.ports import Clock, Driver, SystemClock
from station.domain.relay import RelayReason
from station.i18n import _
from station.log import get_logger, start_logging
from station.store.codebook import CodeShelf
from station.store.depot import Depot
from station.store.folder import Folder
from station.store.relay_book import Shown
from station.sync.battery import Supply
from station.sync.metered import MeteredLine, ask_network_manager
from station.sync.network import Network
from station.training.trial import SimulatorTrial
from station.ui import theme, words
from station.ui.backup_watch import BackupWatch
from station.ui.bridge import Bridge
from station.ui.caretaker import Caretaker
from station.ui.collector import Collector
from station.ui.context import Context
from station.ui.lost_station import LostStation
from station.ui.main_window import MainWindow
from station.ui.print_room import PrintRoom
from station.ui.qt_printer import QtPrinter
from station.ui.tasks import Tasks
from station.ui.timer import timer

if TYPE_CHECKING:
    # The people, the drawing and the central of training cost a second that a real station never needs; what delivers
    # is loaded while somebody types a password.
    from station.relay.runner import RelayRunner
    from station.sync.engine import Engine
    from station.training.mode import TrainingMode

log = get_logger(__name__)

BEGIN_AFTER_MS, BEGIN_AT_LATEST_MS = 500, 10_000
"""After the first screen is drawn, or after it was asked for: a slow computer is left alone to draw it."""
ELSEWHERE_EVERY_MS = 3000
"""Where another process delivers, nobody tells what it did: the window looks by itself."""
TRAIL_EVERY_MS = 10_000
"""What was read has its line in the audit trail at the latest so long after."""
NEWS_EVERY_MS = 200
"""The window hears of delivery at most five times a second, however fast packets move."""

GIVE_WAY_S = 0.001
"""How long a thread that runs Python may let the window wait: drawing one step asks for its turn some thirty times."""


class Announcer(QObject):
    """Turns the engine's many calls from its own thread into a few signals with fresh facts."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._news = Event()
        self._asked = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(NEWS_EVERY_MS)

    def mark(self) -> None:
        """Something changed. Callable from any thread."""
        self._news.set()

    def note_devices(self) -> None:
        """Remember what is connected. Emitted by the thread that looks, so it may arrive after the end: the receiver is
        a QObject, with which what is still on its way goes too.
        """
        if self._timer.isActive():
            context = self._context
            context.tasks.run(lambda: note_seen(context.depot, context.rack, context.clock.now()))

    def stop(self) -> None:
        """Look no more. A timer that still runs must not be thrown away by another thread's garbage collector."""
        self._timer.stop()

    def _look(self) -> None:
        if self._news.is_set() and not self._asked:
            self._news.clear()
            self._asked = True
            self._context.tasks.run(self._read, self._tell, self._failed)

    def _read(self) -> tuple[delivery.Delivery, int]:
        office = self._context.office
        moved = healing.catch_up(office) if office is not None else 0
        return delivery.delivery(self._context.depot, self._context.clock.now()), moved

    def _tell(self, found: tuple[delivery.Delivery, int]) -> None:
        self._asked = False
        self._context.bridge.delivery_changed.emit(found[0])
        self._context.bridge.records_changed.emit()

    def _failed(self, problem: Exception) -> None:
        self._asked = False
        self._context.tasks.failed.emit(problem)


class App:
    """One running window with its engine. `close` ends everything in order and within seconds."""

    def __init__(
        self,
        qt: QApplication,
        data_dir: Path,
        *,
        drivers: Sequence[Driver] | None = None,
        training: TrainingMode | None = None,
        clock: Clock | None = None,
    ) -> None:
        """`drivers` instead of those of a real station, or of training."""
        self.settings: Settings = load_settings(data_dir)
        folder = Folder(data_dir)
        self._desk_lock = folder.lock("desk")  # before anything heals or writes
        self._lab_asked = False
        self.lab = Lab()  # for devices and desk; its children start when something is to be read
        start_logging(folder.logs)
        self.depot = Depot(data_dir)
        self._sync_lock: BaseFileLock | None = None
        self._training = training
        self._seated = ""  # the NIK of whom training mode shows to its devices
        i18n.use(self.depot.memory.language or self.settings.language)
        codes.use(CodeShelf(self.depot.folder).newest())
        theme.apply(qt, theme.THEMES[self.settings.theme], self.settings.text_scale / 100)
        self.network = training.network if training else Network()
        self.context = Context(
            depot=self.depot,
            tasks=Tasks(),
            bridge=Bridge(),
            clock=clock or SystemClock(),
            training=training is not None,
            lab=self.lab,
            rack=self._rack(drivers),
            cable=self.network if training else None,
            faults=training.seating if training else None,
            trial=None if training else SimulatorTrial(self.lab),
            training_password=training.password if training else "",
            training_officer_password=training.officer_password if training else "",
            practice=training.practice if training else (),
            central=self.settings.central,
            lock_after_s=self.settings.lock_after_s,
            charge=Supply().charge,
            printer=PrintRoom(QtPrinter()),
        )
        self.depot.disk.reserve_mb = self.settings.guard.reserve_mb
        self.caretaker = Caretaker(self.context.bridge, self.context.tasks)
        if training is None:
            self.context.backup = BackupWatch(self.depot, self.context.clock, self.context.bridge)
        self._mending = False
        self.announcer = Announcer(self.context)
        self._no_delivery = ""  # why there is none, as it was said
        self.engine: Engine | None = None
        self.relay: RelayRunner | None = None
        self.window = MainWindow(self.context)
        self.lookout = Lookout(self.context.rack, CAPTURING)
        self._elsewhere = timer(self.window, ELSEWHERE_EVERY_MS, self._look_elsewhere, repeat=True)
        self._trail = timer(self.window, TRAIL_EVERY_MS, self._keep_trail, repeat=True)
        self._wire()
        self._collector = Collector(quiet=self._nobody_is_captured)
        self.window.furnished.connect(self._collector.settle)
        self.context.bridge.signed_out.connect(self._collector.release)
        self._begin = timer(self.window, BEGIN_AT_LATEST_MS, self._begin_work)
        self.window.drawn.connect(self._begin_soon, Qt.ConnectionType.SingleShotConnection)

    def _begin_soon(self) -> None:
        self._begin.start(BEGIN_AFTER_MS)

    def _begin_work(self) -> None:
        """Deliver, and look for devices. Whoever has signed in already waits for neither."""
        self._begin.stop()
        self.lookout.start()
        self.start_engine()

    def start_engine(self) -> None:
        """Deliver in the background, unless a sync service of this folder already does, or nobody enrolled yet.

        While the service does, what it did is looked at every few seconds; when it ends, this window delivers. What
        keeps it from delivering is said once, tried again as often, and keeps nobody from recording.
        """
        if self.depot.enrolment is None or self.engine is not None:
            return
        if not self._has_key():
            return
        try:
            self._sync_lock = self.depot.folder.lock("sync")
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
            self._no_delivery = ""

    def _deliver(self) -> None:
        from station.sync.engine import Engine

        engine = Engine(
            self.depot,
            self.settings,
            clock=self.context.clock,
            network=self.network,
            is_metered=MeteredLine(_is_metered).is_metered,
            charge=self.context.charge,
            changed=self.announcer.mark,
            progress=self.context.bridge.progress_changed.emit,
        )
        engine.start()
        self.engine = engine
        self._carry_for_neighbours(engine)

    def _cannot_deliver(self, problem: Exception) -> None:
        if self.engine is None:
            lock, self._sync_lock = self._sync_lock, None
            if lock is not None:
                lock.release()  # another program may know better
            self._elsewhere.start()
        if self._no_delivery != repr(problem):
            self._no_delivery = repr(problem)
            log.critical("delivery could not begin", exc_info=problem)
            of_the_file = isinstance(problem, OSError) and self.settings.central.ca_file is not None
            unexpected = StationError("central.ca_file" if of_the_file else "program.unexpected")
            self.window.show_error(problem if isinstance(problem, StationError) else unexpected)

    def _has_key(self) -> bool:
        """Whether the station key is there. A chip may need seconds, and the window does not wait for it: it asks again
        by itself; a key that is missing comes back with the next sign-in.
        """
        found = self.depot.key_state
        if found is not None and found.ready:
            return found.key is not None
        self._elsewhere.start()
        return False

    def _carry_for_neighbours(self, engine: Engine) -> None:
        """Only once somebody has switched it on; until then the thread looks at the switch and does nothing."""
        if self._training is not None:
            self.depot.relay.show(Shown(reason=RelayReason.TRAINING))
            return
        from station.relay.runner import RelayRunner

        self.relay = RelayRunner(
            self.depot,
            self.settings.relay,
            link=lambda: engine.link,
            clock=self.context.clock,
            taken=engine.wake,
            changed=self.announcer.mark,
        )
        self.relay.start()

    def show(self) -> None:
        """On a real screen it takes all of it: 1366×768 leaves no room beside a title bar and a panel."""
        self.window.start()
        self._begin.start()
        if QApplication.platformName() == "offscreen":
            self.window.show()
        else:
            self.window.showMaximized()

    def close(self) -> None:
        """Stop the engine, finish what the desk is writing, close the files."""
        self._begin.stop()
        self._elsewhere.stop()
        self._trail.stop()
        if self.relay is not None:
            self.relay.stop()
            self.relay = None
        if self.engine is not None:
            self.engine.stop()
            self.engine = None
        for screen in self.window.booths():
            screen.stop()  # hands over what is being typed while there is still a desk to take it
        self.window.close()
        self.announcer.stop()
        self.caretaker.stop()
        if self.context.backup is not None:
            self.context.backup.stop()
        self.lookout.stop()
        self.context.rack.on_change.clear()  # whoever still looks tells nobody
        self.context.lanes.close()
        if self.context.trial is not None:
            self.context.trial.end()
        office, self.context.office = self.context.office, None
        self.context.tasks.stop()
        self.context.printer.stop()
        if office is not None:
            office.rosters.close()  # ends an import that is going on
        self.context.librarian.close()
        if office is not None:
            office.applicants.close()
        self.lab.close()
        self.depot.close()
        for lock in (self._sync_lock, self._desk_lock):
            if lock is not None:
                lock.release()
        self._collector.stop()
        self.window.deleteLater()  # here, by Qt: a collector on another thread would leave its timers dangling

    def _rack(self, drivers: Sequence[Driver] | None) -> Rack:
        if drivers is None and self._training is not None:
            drivers = self._training.drivers(self.lab)
        elif drivers is None:
            drivers = station_drivers(self.lab, self.depot.folder.root, self.settings.devices.environment)
        return rack_of(self.depot, drivers, training=self._training is not None)

    def _wire(self) -> None:
        bridge = self.context.bridge
        self.context.look_for_devices = self.lookout.look_now
        self.context.practise = open_training
        self.context.rack.on_change.append(bridge.devices_changed.emit)
        bridge.devices_changed.connect(self.announcer.note_devices)
        bridge.send_now.connect(self._send_now)
        bridge.pause.connect(self._pause)
        bridge.rules_changed.connect(self._wake)
        bridge.signed_in.connect(self._signed_in)
        bridge.data_damaged.connect(self._mend)
        self.context.tasks.damaged.connect(self._mend)
        bridge.officer_sits.connect(self._seat_officer)
        bridge.language_chosen.connect(self._remember_language)
        self._lost = LostStation(self.context, self.window.sign_out, self._was_wiped, self.window)
        self._watch_network()

    def _was_wiped(self) -> None:
        """On central's order: what the sign-in screen shows is another thing now, and central is told."""
        self.window.show_sign_in()
        self._wake_engine()

    def _look_elsewhere(self) -> None:
        self.start_engine()
        self.announcer.mark()

    def _send_now(self) -> None:
        """Tell it to whoever delivers: the engine here, or the process that holds the lock."""
        self.start_engine()
        if self.engine is not None:
            self.context.tasks.run(self.engine.send_now)
        else:
            now = self.context.clock.now()
            self.context.tasks.run(lambda: delivery.ask_to_send(self.depot, now))

    def _wake_engine(self) -> None:
        if self.engine is not None:
            self.engine.wake()

    def _wake(self) -> None:
        self._wake_engine()
        if self.relay is not None:
            self.relay.wake()

    def _pause(self, paused: bool) -> None:
        def pause() -> None:
            delivery.set_paused(self.depot, paused)
            self.announcer.mark()
            self._wake_engine()

        self.context.tasks.run(pause)

    def _remember_language(self, code: str) -> None:
        def remember() -> None:
            self.depot.memory.language = code

        self.context.tasks.run(remember)

    def _signed_in(self, office: Office) -> None:
        self.announcer.note_devices()  # once a day at least, also when nothing is plugged in or out for weeks
        office.on_sealed.append(self.announcer.mark)
        office.on_sealed.append(lambda: trail.tell_head(office))
        self._keep_trail()
        self._trail.start()
        depot, safe = self.depot, self.settings.guard.safe
        self.context.tasks.run(lambda: settle_safe(depot, safe))
        self._begin_work()
        office.on_sealed.append(self._wake_engine)
        self._get_lab_ready()
        if self._training is not None:
            self._seat_people(self._training.seat)

    def _mend(self, problem: StationError) -> None:
        """A page of a database cannot be read. Nobody uses it while the newest copy takes its place."""
        office = self.context.office
        if office is None or self._mending:
            return  # the next sign-in proves every page
        log.critical("damage was found while working (%s); the data are put right", problem.code)
        self._mending = True
        self.window.show_mending()
        self.context.office = None
        engine, relay, self.engine, self.relay = self.engine, self.relay, None, None

        def work() -> Office:
            for each in (relay, engine):
                if each is not None:
                    each.stop()
            return recovering.reopen(office)

        self.context.tasks.run(work, self._mended, self._not_mended)

    def _mended(self, office: Office) -> None:
        self._mending = False
        self._release_sync()
        self.window.open_office(office)

    def _not_mended(self, problem: StationError) -> None:
        self._mending = False
        self._release_sync()
        self.window.show_sign_in()
        self.window.show_error(problem)

    def _release_sync(self) -> None:
        """Whoever delivers from now on takes it again."""
        lock, self._sync_lock = self._sync_lock, None
        if lock is not None:
            lock.release()
        self.start_engine()

    def _keep_trail(self) -> None:
        """What was read gets its line, and the end of the trail its signed head, also while nothing else is done."""
        office = self.context.office
        if office is not None:
            self.context.tasks.run(lambda: trail.keep_up(office))

    def _get_lab_ready(self) -> None:
        """When the first person is begun, and not before: by the time they sit down, nothing has to be loaded."""

        def warm_up() -> None:
            with suppress(DeviceError):  # the program is ending; and what cannot start says so when it is needed
                self.lab.warm_up()

        def begun(_draft: Draft) -> None:
            if not self._lab_asked:
                self._lab_asked = True
                Thread(target=warm_up, name="lab-warm-up", daemon=True).start()

        for screen in self.window.booths():
            screen.draft_changed.connect(begun)

    def _nobody_is_captured(self) -> bool:
        return all(screen.session.draft is None for screen in self.window.booths())

    def _seat_officer(self, operator_id: str) -> None:
        """In training mode an officer's own fingers are somebody's too; afterwards the applicant is back."""
        if self._training is not None and (who := operator_id or self._seated):
            self._training.seat(who)

    def _seat_people(self, seat: Callable[[str], None]) -> None:
        """In training mode, whoever is being recorded sits in front of the devices."""

        def changed(draft: Draft) -> None:
            if nik := draft.answers.get("nik", ""):
                self._seated = nik
                seat(nik)

        for screen in self.window.booths():
            screen.draft_changed.connect(changed)

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


def open_training() -> bool:
    """Training in a process of its own: nothing of it touches this station. False when it cannot be started."""
    how = ["--training"] if getattr(sys, "frozen", False) else ["-m", "station", "--training"]
    started, _pid = QProcess.startDetached(sys.executable, how)
    return bool(started)


def make_qt() -> QApplication:
    """The Qt application; without a display it draws offscreen instead of aborting."""
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    found = QApplication.instance()
    qt = found if isinstance(found, QApplication) else QApplication(sys.argv[:1])
    sys.setswitchinterval(GIVE_WAY_S)
    qt.setApplicationName("Stasiun KTP-el")
    qt.setDesktopFileName("stasiun-ktpel")
    return qt


def run_window(data_dir: Path) -> int:
    """The window on a station's own folder, until it is closed."""
    qt = make_qt()
    try:
        app = App(qt, data_dir)
    except StationError as problem:
        _say_in_a_box(data_dir, problem)
        raise
    try:
        app.show()
        return qt.exec()
    finally:
        app.close()


def _say_in_a_box(data_dir: Path, problem: StationError) -> None:
    """Who starts from an icon sees no console: the same sentence in a window (offscreen nobody could close it)."""
    if QApplication.platformName() not in ("offscreen", "minimal"):
        i18n.use(load_settings(data_dir).language)
        said = words.of_error(problem)
        QMessageBox.critical(None, _("KTP-el Recording"), f"{said.title}\n\n{said.todo}")


def run_training(data_dir: Path | None) -> int:
    """The window in training mode, until it is closed."""
    from station.training.mode import TrainingMode

    qt = make_qt()
    training = TrainingMode(data_dir)
    try:
        app = App(qt, training.data_dir, training=training)
        try:
            app.show()
            return qt.exec()
        finally:
            app.close()
    finally:
        with suppress(OSError):
            training.close()
