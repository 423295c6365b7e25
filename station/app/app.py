"""One running window: what it is made of, who tells whom, and in which order it ends."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from PySide6.QtCore import QProcess, Qt
from PySide6.QtWidgets import QApplication

from station import i18n
from station.app.announcer import Announcer
from station.app.delivering import Delivering
from station.app.ground import Ground, open_ground
from station.app.porch import Porch
from station.capture.drivers import station_drivers
from station.capture.lab import Lab
from station.capture.lookout import Lookout
from station.capture.rack import Rack
from station.config import Settings
from station.desk import recovering, trail
from station.desk.devices import CAPTURING, rack_of
from station.desk.office import Office
from station.desk.station_key import settle_safe
from station.domain import codes
from station.domain.draft import Draft
from station.domain.errors import DeviceError, StationError
from station.domain.ports import Clock, Driver, SystemClock
from station.log import get_logger
from station.store.codebook import CodeShelf
from station.sync.battery import Supply
from station.training.trial import SimulatorTrial
from station.ui import theme
from station.ui.backup_watch import BackupWatch
from station.ui.bridge import Bridge
from station.ui.caretaker import Caretaker
from station.ui.collector import Collector
from station.ui.context import Context
from station.ui.house import House
from station.ui.lost_station import LostStation
from station.ui.main_window import MainWindow
from station.ui.print_room import PrintRoom
from station.ui.qt_printer import QtPrinter
from station.ui.tasks import Tasks
from station.ui.timer import timer

if TYPE_CHECKING:
    # The people, the drawing and the central of training cost a second that a real station never needs.
    from station.training.mode import TrainingMode

log = get_logger(__name__)

BEGIN_AFTER_MS, BEGIN_AT_LATEST_MS = 500, 10_000
"""After the first screen is drawn, or after it was asked for: a slow computer is left alone to draw it."""
TRAIL_EVERY_MS = 10_000
"""What was read has its line in the audit trail at the latest so long after."""


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
        ground: Ground | None = None,
        porch: Porch | None = None,
    ) -> None:
        """`drivers` instead of those of a real station, or of training; `ground` where `data_dir` is open already;
        `porch` where a sign-in page was shown meanwhile.
        """
        self._ground = ground or open_ground(data_dir)
        self.settings: Settings = self._ground.settings
        self.depot = self._ground.depot
        self._lab_asked = False
        self.lab = Lab()  # for devices and desk; its children start when something is to be read
        self._training = training
        self._seated = ""  # the NIK of whom training mode shows to its devices
        i18n.use(self._ground.language)
        codes.use(CodeShelf(self.depot.folder).newest())
        if porch is None:
            theme.apply(qt, theme.THEMES[self.settings.theme], self.settings.text_scale / 100)
        cable = training.network if training else None
        self.context = Context(
            depot=self.depot,
            tasks=Tasks(),
            bridge=Bridge(),
            clock=clock or SystemClock(),
            training=training is not None,
            lab=self.lab,
            rack=self._rack(drivers),
            cable=cable,
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
        self.house = House() if porch is None else porch.house
        self.window = MainWindow(self.context, before=porch.page if porch is not None else None)
        self.delivering = Delivering(
            self.context,
            self.settings,
            cable,
            changed=self.announcer.mark,
            show_error=self.window.show_error,
            parent=self.window,
        )
        self.lookout = Lookout(self.context.rack, CAPTURING)
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
        self.delivering.begin()

    def show(self) -> None:
        """What a porch shows stays until there is a page to take its place."""
        if self.house.isVisible():
            self.window.begun.connect(self._let_in, Qt.ConnectionType.SingleShotConnection)
        else:
            self._let_in()
            self.house.open()
        self.window.start()
        self._begin.start()

    def _let_in(self) -> None:
        self.house.let_in(self.window)

    def close(self) -> None:
        """Stop the engine, finish what the desk is writing, close the files."""
        self._begin.stop()
        self._trail.stop()
        self.delivering.stop()
        for screen in self.window.booths():
            screen.stop()  # hands over what is being typed while there is still a desk to take it
        self.window.close()
        self.house.close()
        self.announcer.stop()
        self.caretaker.stop()
        if self.context.backup is not None:
            self.context.backup.stop()
        self.lookout.stop()
        self.context.rack.on_change.clear()  # whoever still looks tells nobody
        self.context.lanes.close()
        self.context.uses.settle()
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
        self.delivering.release()
        self._ground.lock.release()
        self._collector.stop()
        self.window.deleteLater()
        self.house.deleteLater()  # here, by Qt: a collector on another thread would leave its timers dangling

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
        bridge.send_now.connect(self.delivering.send_now)
        bridge.pause.connect(self.delivering.pause)
        bridge.rules_changed.connect(self.delivering.wake)
        bridge.signed_in.connect(self._signed_in)
        bridge.data_damaged.connect(self._mend)
        self.context.tasks.damaged.connect(self._mend)
        bridge.officer_sits.connect(self._seat_officer)
        bridge.language_chosen.connect(self._remember_language)
        self._lost = LostStation(self.context, self.window.sign_out, self._was_wiped, self.window)

    def _was_wiped(self) -> None:
        """On central's order: what the sign-in screen shows is another thing now, and central is told."""
        self.window.show_sign_in()
        self.delivering.wake_engine()

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
        office.on_sealed.append(self.delivering.wake_engine)
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
        end_delivery = self.delivering.let_go()

        def work() -> Office:
            end_delivery()
            return recovering.reopen(office)

        self.context.tasks.run(work, self._mended, self._not_mended)

    def _mended(self, office: Office) -> None:
        self._mending = False
        self.delivering.begin_anew()
        self.window.open_office(office)

    def _not_mended(self, problem: StationError) -> None:
        self._mending = False
        self.delivering.begin_anew()
        self.window.show_sign_in()
        self.window.show_error(problem)

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


def open_training() -> bool:
    """Training in a process of its own: nothing of it touches this station. False when it cannot be started."""
    how = ["--training"] if getattr(sys, "frozen", False) else ["-m", "station", "--training"]
    started, _pid = QProcess.startDetached(sys.executable, how)
    return bool(started)
