"""What every screen is given: the open depot, who is signed in, and the doors to everything else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from station.config import CentralSettings
from station.desk.office import Depot, Office
from station.domain.biometrics import Modality
from station.domain.ports import CaptureDevice, Clock, NoPrinter
from station.ui.bridge import Bridge
from station.ui.librarian import Librarian
from station.ui.print_room import PrintRoom
from station.ui.tasks import Tasks


class Cable(Protocol):
    """The pretended network cable of training mode."""

    def cut(self) -> None: ...

    def mend(self) -> None: ...

    @property
    def is_cut(self) -> bool: ...


@dataclass
class Context:
    """Made by the composition root. `office` is there while somebody is signed in."""

    depot: Depot
    tasks: Tasks
    bridge: Bridge
    clock: Clock
    training: bool
    devices: Mapping[Modality, CaptureDevice] = field(default_factory=dict)
    office: Office | None = None
    cable: Cable | None = None
    training_password: str = ""
    """Shown on the sign-in screen of training mode only."""
    central: CentralSettings = field(default_factory=CentralSettings)
    """How to reach central: needed at the first start."""
    lock_after_s: float = 300.0
    practice: Sequence[tuple[str, str]] = ()
    """People to practise with, as (NIK, name): training mode offers them on the start page."""
    printer: PrintRoom = field(default_factory=lambda: PrintRoom(NoPrinter()))
    """Where papers are printed; see `ui/printing.py`."""

    librarian: Librarian = field(init=False)

    def __post_init__(self) -> None:
        self.librarian = Librarian(self.bridge)

    @property
    def desk(self) -> Office:
        """The open office; a screen that needs it is never shown without one."""
        assert self.office is not None, "nobody is signed in"
        return self.office
