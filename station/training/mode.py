"""Training mode: a throw-away station with simulated people and devices, its own central on loopback, and a cable.

Everything but the people, the sensors and the cable is the real program.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from threading import Thread

from station.capture.lab import Lab
from station.central.options import CentralOptions
from station.central.server import CentralServer
from station.desk import enrolment
from station.desk.colleague import Colleague
from station.domain.errors import SetupError
from station.domain.ports import Driver
from station.seal.vault import Argon2Cost
from station.store.depot import Depot
from station.sync.network import Network
from station.training.people import PEOPLE, Person
from station.training.register import make_list
from station.training.seating import Pace, Seating
from station.training.simulator.process import Simulator
from station.training.strangers import stranger
from station.wire import Pacing

PASSWORD = "latihan-2026"  # noqa: S105  # shown on the sign-in screen of training mode; guards nothing real
OPERATOR = "Siti R. (latihan)"
OFFICER = "Budi P. (latihan)"
OFFICER_PASSWORD = "setuju-2026"  # noqa: S105  # of the colleague who approves exceptions; shown where it is asked for
STATION = "Kec. Uji Utara"
OFFICE = "99.01.01"


class TrainingMode:
    """Prepares the folder, the central and the people. `close` stops all; a folder nobody asked to keep is deleted."""

    def __init__(
        self,
        data_dir: Path | None = None,
        *,
        central: tuple[str, str] | None = None,
        pace: Pace | None = None,
        simulator: Simulator | None = None,
        cost: Argon2Cost | None = None,
    ) -> None:
        """`central` is (address, code) of a central to use instead of the embedded one, `simulator` one that runs.

        `cost` is what a password costs to try on a station that is enrolled now, when it shall not be a real one's.
        """
        self._throw_away = data_dir is None
        self._cost = cost
        self.root = data_dir or Path(tempfile.mkdtemp(prefix="stasiun-latihan-"))
        self.network = Network()
        self.server: CentralServer | None = None
        self._clerk: Thread | None = None
        self.seating = Seating(PEOPLE[0], pace or Pace(), simulator)
        self._known = {person.nik: person for person in PEOPLE}
        try:
            url, code = central if central else self._embedded_central()
            self._enrol(url, code)
        except BaseException:
            self.close()
            raise

    @property
    def password(self) -> str:
        """For the sign-in screen to show."""
        return PASSWORD

    @property
    def officer_password(self) -> str:
        """For the dialog of exceptions to show: a colleague's."""
        return OFFICER_PASSWORD

    @property
    def practice(self) -> tuple[tuple[str, str], ...]:
        """NIK and name of the people to practise with."""
        return tuple((person.nik, person.answers["name"]) for person in PEOPLE)

    @property
    def data_dir(self) -> Path:
        """The station's own folder."""
        return self.root / "station"

    def seat(self, nik: str) -> None:
        """Who is in front of the devices: the person with this NIK, or a stranger who is always the same."""
        self.seating.seat(self._known.get(nik) or stranger(nik))

    def expect(self, person: Person) -> None:
        """Draw `person` in the background: they are next, and sit there when their NIK is opened."""
        self._known[person.nik] = person
        self.seating.expect(person)

    def drivers(self, lab: Lab) -> tuple[Driver, ...]:
        """The ways to the simulated devices, and to no others: practising never looks through a real one."""
        return (self.seating.driver(lab),)

    def close(self) -> None:
        """Stop the simulator and central, and clear up."""
        self.seating.close()
        if self._clerk is not None:
            self._clerk.join()
        if self.server is not None:
            self.server.stop()
        if self._throw_away:
            shutil.rmtree(self.root, ignore_errors=True)

    def _embedded_central(self) -> tuple[str, str]:
        # Nobody else returns from an outage here, so nothing needs to be spread.
        options = CentralOptions(
            central_id="central-latihan",
            name="Disdukcapil Latihan",
            training=True,
            pacing=Pacing(spread_s=0, manifest_spread_s=0),
        )
        self.server = CentralServer(self.root / "central", port=self._last_port(), options=options)
        self.server.start()
        # Nobody waits for the list: it reaches the station by itself.
        self._clerk = Thread(target=make_list, args=(self.server.central.rosters,), name="clerk", daemon=True)
        self._clerk.start()
        return self.server.url, self.server.central.new_code()

    def _last_port(self) -> int:
        """A kept folder is enrolled at an address: the embedded central must come up there again."""
        depot = Depot(self.data_dir)
        try:
            return int(depot.enrolment.central_url.rsplit(":", 1)[1]) if depot.enrolment else 0
        finally:
            depot.close()

    def _enrol(self, url: str, code: str) -> None:
        depot = Depot(self.data_dir)
        try:
            if depot.enrolment is None:
                officer = Colleague(OFFICER, "supervisor", OFFICER_PASSWORD)
                enrolment.enrol(
                    depot, url, code, STATION, OFFICE, OPERATOR, PASSWORD,
                    training=True, cost=self._cost, colleagues=(officer,),
                )  # fmt: skip
            elif not depot.enrolment.training:
                raise SetupError("training.real_folder")
        finally:
            depot.close()
