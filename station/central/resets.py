"""Forgotten passwords of stations: the sealed seeds that stations leave here, and the codes that are read out once.

Every answer is kept: who is asked on the phone must be able to say later what was answered. Knows no HTTP.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from station.central.database import Database
from station.central.keys import CentralKeys
from station.central.stations import KnownStation, Stations
from station.central.tables import reset_answers, reset_seeds
from station.domain.errors import RuleError, TrustError
from station.domain.ports import Clock
from station.seal import reset_code
from station.seal.reset_code import Challenge
from station.wire import ResetSeed

MOST_BATCHES = 20
"""Of one station: older ones go. A station needs two."""


@dataclass(frozen=True)
class Answer:
    """The code for a challenge, and whose it is; `before` is when the same slot was answered before, if it was."""

    station: KnownStation
    slot: int
    code: str
    before: datetime | None


@dataclass(frozen=True)
class Answered:
    """One line of what was answered."""

    station_id: str
    batch: str
    slot: int
    officer: int
    at: datetime


class Resets:
    """Takes seeds, answers challenges."""

    def __init__(self, database: Database, stations: Stations, keys: CentralKeys, clock: Clock) -> None:
        self._database, self._stations, self._keys, self._clock = database, stations, keys, clock

    def take(self, station_id: str, told: ResetSeed) -> None:
        """Keep a seed; twice is once. TrustError `reset_seed.unreadable` for one that is not theirs."""
        seed = reset_code.open_seed(told.sealed, self._keys.identities)
        if (seed.station_id, seed.batch) != (station_id, told.batch):
            raise TrustError("reset_seed.unreadable")
        own = reset_seeds.c.station_id == station_id
        with self._database.write() as rows:
            rows.execute(delete(reset_seeds).where(own, reset_seeds.c.batch == told.batch))
            row = {"station_id": station_id, "batch": told.batch, "sealed": told.sealed}
            rows.execute(insert(reset_seeds).values(**row, received_at=self._clock.now()))
            newest = select(reset_seeds.c.number).where(own).order_by(reset_seeds.c.number.desc()).limit(MOST_BATCHES)
            kept = [number for (number,) in rows.execute(newest)]
            rows.execute(delete(reset_seeds).where(own, reset_seeds.c.number.not_in(kept)))

    def answer(self, typed: str, *, again: bool = False) -> Answer:
        """The code for what a station reads out. Each slot is answered once, unless somebody says `again`.

        AccessError `challenge.mistyped`; RuleError `challenge.unknown` when no station has left that seed here,
        `challenge.answered` (day) when it was answered before.
        """
        asked = reset_code.read_challenge(typed)
        station, sealed = self._whose(asked)
        batch = reset_code.batch_name(asked.batch)
        with self._database.write() as rows:
            before = _answered_at(rows, station.station_id, batch, asked.slot)
            if before is not None and not again:
                raise RuleError("challenge.answered", day=f"{before.astimezone():%d-%m-%Y %H.%M}")
            seed = reset_code.open_seed(sealed, self._keys.identities)
            row = {"station_id": station.station_id, "batch": batch, "slot": asked.slot, "officer": asked.officer}
            rows.execute(insert(reset_answers).values(**row, at=self._clock.now()))
        return Answer(station, asked.slot, reset_code.answer(seed.seed, asked), before)

    def answered(self) -> Sequence[Answered]:
        """Everything that was answered, oldest first."""
        with self._database.read() as rows:
            found = rows.execute(select(reset_answers).order_by(reset_answers.c.number)).all()
        return [Answered(row.station_id, row.batch, row.slot, row.officer, row.at) for row in found]

    def _whose(self, asked: Challenge) -> tuple[KnownStation, str]:
        batch = reset_code.batch_name(asked.batch)
        with self._database.read() as rows:
            seeds = rows.execute(select(reset_seeds).where(reset_seeds.c.batch == batch)).all()
        sealed = {row.station_id: row.sealed for row in seeds}
        for station in self._stations.all():
            named = (reset_code.office_number(station.office), station.number)
            if named == (asked.office, asked.number) and station.station_id in sealed:
                return station, sealed[station.station_id]
        raise RuleError("challenge.unknown")


def _answered_at(rows: Connection, station_id: str, batch: str, slot: int) -> datetime | None:
    table = reset_answers
    same = (table.c.station_id == station_id, table.c.batch == batch, table.c.slot == slot)
    found: datetime | None = rows.execute(select(table.c.at).where(*same).order_by(table.c.number.desc())).scalar()
    return found
