"""What every screen is given: the open depot, who is signed in, and the doors to everything else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from station.capture.lab import Lab
from station.capture.rack import Rack
from station.config import CentralSettings
from station.desk.office import Depot, Office
from station.domain.ports import Clock, Driver, Found, NoPrinter
from station.domain.power import Charge
from station.ui.backup_watch import BackupWatch
from station.ui.bridge import Bridge
from station.ui.lanes import Lanes
from station.ui.librarian import Librarian
from station.ui.power_guard import PowerGuard
from station.ui.print_room import PrintRoom
from station.ui.tasks import Tasks
from station.ui.use_notes import UseNotes


class Cable(Protocol):
    """The pretended network cable of training mode."""

    def cut(self) -> None: ...

    def mend(self) -> None: ...

    @property
    def is_cut(self) -> bool: ...


class DeviceFaults(Protocol):
    """What may go wrong with the devices of training mode."""

    @property
    def names(self) -> Sequence[str]: ...

    def choose(self, name: str) -> None:
        """This is wrong from now on and nothing else; '' for nothing."""
        ...


class Trial(Protocol):
    """Simulated devices to try a real station with."""

    def begin(self) -> tuple[Driver, Sequence[Found]]:
        """Start them, which takes seconds. SetupError `simulator.*`."""
        ...

    def end(self) -> None:
        """They are gone. Callable from any thread, also when nothing was begun."""
        ...


@dataclass
class Context:
    """Made by the composition root. `office` is there while somebody is signed in."""

    depot: Depot
    tasks: Tasks
    bridge: Bridge
    clock: Clock
    training: bool
    rack: Rack = field(default_factory=lambda: Rack(()))
    """What devices there are; `lanes` lead to them."""
    lab: Lab = field(default_factory=Lab)
    """Where native code reads what came from devices and files."""
    office: Office | None = None
    cable: Cable | None = None
    faults: DeviceFaults | None = None
    """In training mode only."""
    trial: Trial | None = None
    """On a real station only: training mode has nothing else than simulated devices."""
    training_password: str = ""
    """Shown on the sign-in screen of training mode only."""
    training_officer_password: str = ""
    """Of the colleague who approves exceptions, shown where it is asked for, in training mode only."""
    central: CentralSettings = field(default_factory=CentralSettings)
    """How to reach central: needed at the first start."""
    lock_after_s: float = 300.0
    charge: Callable[[], Charge | None] = lambda: None
    """What the battery or the UPS has left, at once; None without one."""
    practice: Sequence[tuple[str, str]] = ()
    """People to practise with, as (NIK, name): training mode offers them on the start page."""
    backup: BackupWatch | None = None
    """The second copy, on a real station only."""
    printer: PrintRoom = field(default_factory=lambda: PrintRoom(NoPrinter()))
    """Where papers are printed; see `ui/printing.py`."""

    power: PowerGuard = field(init=False)
    """How the power is now, and whoever must know when it runs out."""
    librarian: Librarian = field(init=False)
    uses: UseNotes = field(init=False)
    """What came of captures, of devices with a lane and without."""
    lanes: Lanes = field(init=False)
    practise: Callable[[], bool] = lambda: False
    """Open training in a window of its own, in a process of its own; False when it cannot be started."""
    look_for_devices: Callable[[], None] = lambda: None
    """Look again, in the background: somebody asks, or a device stopped answering."""

    def __post_init__(self) -> None:
        self.power = PowerGuard(self.charge)
        self.librarian = Librarian(self.bridge)
        self.uses = UseNotes(self.depot, self.tasks, self.clock)
        self.lanes = Lanes(self.rack, self.uses.note)
        self.lanes.lost.connect(lambda: self.look_for_devices())

    @property
    def desk(self) -> Office:
        """The open office; a screen that needs it is never shown without one."""
        assert self.office is not None, "nobody is signed in"
        return self.office
