"""Target lists of central: made from a file of a Dinas, told to the stations they are for, sealed for each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from station.central.areas import REGENCY, is_area
from station.central.bundle_shelf import BundleShelf, Sealed
from station.central.csv_intake import CsvIntake, Listed, Problem, Tally
from station.central.database import Database
from station.central.keys import CentralKeys
from station.central.offers import Offers
from station.central.register import Register
from station.central.register_lists import ListCard
from station.central.register_merge import Difference
from station.central.register_tables import SCHEMA_VERSION, register_metadata
from station.central.roster_sealing import RosterSealing
from station.central.stations import Stations
from station.domain.errors import RuleError
from station.domain.ports import Clock
from station.log import get_logger
from station.seal.bundle import ROSTER

DATABASE_NAME = "register.db"
FOLDER_NAME = "bundles"
_log = get_logger(__name__)


@dataclass(frozen=True)
class Made:
    """A new version of a list, and how it came about. `tally` is None when no file was read."""

    card: ListCard
    difference: Difference
    tally: Tally | None


class Rosters:
    """Thread-safe; several processes may use one folder, for the command line works beside a running central."""

    def __init__(
        self,
        data_dir: Path,
        database: Database,
        stations: Stations,
        keys: CentralKeys,
        central_id: str,
        *,
        training: bool,
        clock: Clock,
        ring: Callable[[str], None] = lambda _station_id: None,
    ) -> None:
        """`ring` is called with the id of a station that has news."""
        self._stations = stations
        self._training, self._clock = training, clock
        self._own = Database(data_dir / DATABASE_NAME, register_metadata, SCHEMA_VERSION, {})
        self._register = Register(self._own, database, keys)
        self._shelf = BundleShelf(data_dir / FOLDER_NAME, keys)
        self.sealing = RosterSealing(self._register, self._shelf, central_id, clock)
        self.offers = Offers(database, self._own, self._register, self.sealing, stations, clock, ring)

    def close(self) -> None:
        self.offers.close()
        self._own.close()

    # ------------------------------------------------------------------------------------------------------ making

    def import_csv(
        self,
        path: Path,
        area: str,
        area_name: str,
        days: float,
        report: Callable[[Problem], None],
        *,
        accept_losses: bool = False,
    ) -> Made:
        """Replace the people of `area` by those of a file. RuleError `csv.*`: nothing was changed.

        Every line that was not taken as it stands goes to `report`; people of such lines stay as they were listed
        before. Unless `accept_losses`, a file is refused of which more than half of the lines are bad
        (`csv.many_bad`), or after which more than half of the people would be gone (`csv.many_gone`).
        """
        _check_area(area)
        now = self._clock.now()
        intake = CsvIntake(path, area=area, today=now.astimezone().date(), training=self._training, report=report)
        people = _somebody(intake, accept_losses=accept_losses)
        return self._make(area, area_name, days, people, intake, accept_losses=accept_losses)

    def import_people(self, people: Iterator[Listed], area: str, area_name: str, days: float) -> Made:
        """The same for people who are checked already."""
        _check_area(area)
        return self._make(area, area_name, days, people, None, accept_losses=True)

    def make_again(self, area: str, days: float) -> Made:
        """A new version of the same people, with what central has received since. RuleError `roster.none`."""
        _check_area(area)
        card = self._register.newest_ever(area)
        if card is None:
            raise RuleError("roster.none")
        return self._make(area, card.area_name, days, None, None, accept_losses=True)

    def _make(
        self,
        area: str,
        area_name: str,
        days: float,
        people: Iterator[Listed] | None,
        intake: CsvIntake | None,
        *,
        accept_losses: bool,
    ) -> Made:
        now = self._clock.now()
        difference = self._register.make(
            area,
            area_name,
            now,
            timedelta(days=days),
            people,
            intake.refuse_twin if intake else lambda _person, _line: None,
            kept=intake.unread if intake else (),
            accept_losses=accept_losses,
        )
        card = self._register.newest(area, now)
        assert card is not None, "just made"
        self._shelf.clear(area[:REGENCY], self._register.versions(now))
        self.offers.make()
        return Made(card, difference, intake.tally if intake else None)

    # ----------------------------------------------------------------------------------------------------- telling

    def cards(self) -> list[ListCard]:
        """The newest lists, by area."""
        return self._register.cards(self._clock.now())

    def assign(self, typed: str, area: str) -> None:
        """Let a station have the list of `area` besides those of its office. RuleError `roster.none`."""
        station = self._stations.named(typed)
        self.sealing.check_office(station, area)
        if self._register.newest(area, self._clock.now()) is None:
            raise RuleError("roster.none")
        self.offers.assign(station, area)

    def export(self, typed: str, area: str) -> Sealed:
        """The whole newest list of `area` for one station, as a file for a stick. RuleError `roster.none`."""
        _check_area(area)
        station = self._stations.named(typed)
        card = self._register.newest(area, self._clock.now())
        if card is None:
            raise RuleError("roster.none")
        return self.sealing.sealed(station, ROSTER + area, card.version, None)


def _somebody(intake: CsvIntake, *, accept_losses: bool) -> Iterator[Listed]:
    """The people of a file, of whom there must be at least one: an empty list would wipe the one before.

    Where most lines are bad, the file was cut, shifted or saved wrongly, and the good ones are not to be trusted.
    """
    yield from intake.people()
    tally = intake.tally
    if tally.good == 0:
        raise RuleError("csv.nobody", lines=tally.lines)
    if tally.bad * 2 > tally.lines and not accept_losses:
        raise RuleError("csv.many_bad", bad=tally.bad, lines=tally.lines)


def _check_area(area: str) -> None:
    if not is_area(area):
        raise RuleError("roster.area")
