"""Seals records at an enrolled station: `python -m tests.link.prepare STATION URL CODE CA NUMBER`."""

from __future__ import annotations

import sys
from pathlib import Path

from station.config import CentralSettings
from station.desk import enrolment, sealing
from station.domain.ports import SystemClock
from station.seal.vault import Argon2Cost
from tests.bench.sealed_station import complete_draft
from tests.support import CHEAP, PASSWORD, Workplace


def main(station: Path, url: str, code: str, ca: Path, number: int) -> None:
    place = Workplace(station, url, SystemClock())
    cost: Argon2Cost = CHEAP
    enrolment.enrol(
        place.depot, url, code, "Stasiun Uji 02", "99.01.01", "Siti R.", PASSWORD,
        clock=place.clock, training=True, cost=cost, settings=CentralSettings(ca_file=ca),
    )  # fmt: skip
    for serial in range(1, number + 1):
        sealing.seal(place.office, complete_draft(place, serial))
    place.close()


if __name__ == "__main__":
    folder, url, code, ca, number = sys.argv[1:]
    main(Path(folder), url, code, Path(ca), int(number))
