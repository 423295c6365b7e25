"""The stations central knows: enrolment codes, public keys, blocks. Knows nothing of packets or HTTP."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, insert, select, update

from station.central.database import Database
from station.central.problems import Refused
from station.central.tables import codes, invitations, stations
from station.domain.errors import RuleError
from station.domain.ids import new_record_id
from station.domain.ports import Clock
from station.wire import EnrolRequest, Problem, PublicKey

MAX_NUMBER = 99
"""Station numbers are two digits of every registration number."""
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("OIL", "011", "- ")
_NUMBER = re.compile(r"(?:\S+ )?([0-9.]+)-([0-9]{1,2})")
"""`99.01.01-01`, also with one word before it, as windows and files say it."""


@dataclass(frozen=True)
class KnownStation:
    """One enrolled station. A block with `blocked_until` ends by itself."""

    station_id: str
    public_key: PublicKey
    name: str
    office: str
    number: int
    blocked: bool
    blocked_until: datetime | None
    blocked_reason: str
    bundle_recipient: str = ""
    """Whom bundles are sealed for; '' for a station that named nobody."""

    @property
    def full_number(self) -> str:
        """`99.01.01-01`: what is written on the window, and what people say."""
        return f"{self.office}-{self.number:02d}"

    @property
    def shown(self) -> str:
        """Number, name and id in one line. The name came from outside: no sign of it steers somebody's terminal."""
        name = "".join(sign if sign.isprintable() else " " for sign in self.name)
        return f"{self.full_number} · {name} · {self.station_id}"

    def is_blocked(self, now: datetime) -> bool:
        return self.blocked and (self.blocked_until is None or now < self.blocked_until)


class Stations:
    """Enrols, finds and blocks stations."""

    def __init__(self, database: Database, clock: Clock, code_life_s: float) -> None:
        self._database = database
        self._clock = clock
        self._code_life = timedelta(seconds=code_life_s)

    def new_code(self, office: str = "") -> str:
        """A code for one enrolment, read over the phone: `7KQ2-M0XD-3R`. Only its hash is kept."""
        code = "".join(secrets.choice(_ALPHABET) for _ in range(10))
        row = {
            "code_sha256": _hash_code(code),
            "office": office,
            "expires_at": self._clock.now() + self._code_life,
        }
        with self._database.write() as rows:
            rows.execute(insert(codes).values(row))
        return f"{code[:4]}-{code[4:8]}-{code[8:]}"

    def enrol(self, request: EnrolRequest) -> KnownStation:
        """Make the station known. The same code with the same key again is the lost answer again."""
        with self._database.write() as rows:
            code = rows.execute(select(codes).where(codes.c.code_sha256 == _hash_code(request.code))).one_or_none()
            if code is None:
                raise _enrolment_refused()
            if code.station_id is not None:
                return _same_again(rows, code.station_id, request)
            if self._clock.now() >= code.expires_at or code.office not in ("", request.office):
                raise _enrolment_refused()
            station_id = new_record_id(self._clock.now())
            known = self.put(rows, request, station_id, free_number(rows, request.office))
            rows.execute(update(codes).where(codes.c.code_sha256 == code.code_sha256).values(station_id=station_id))
            return known

    def find(self, station_id: str) -> KnownStation | None:
        with self._database.read() as rows:
            return self.known(rows, station_id)

    def named(self, typed: str) -> KnownStation:
        """The station of this id, of this number (`99.01.01-01`), or the only one of this name.

        RuleError `roster.unknown_station`; `station.two_names` when several have the name.
        """
        wanted, everybody = " ".join(typed.split()), self.all()
        number = _NUMBER.fullmatch(wanted)
        place = (number[1], int(number[2])) if number else None
        found = [item for item in everybody if item.station_id == wanted.lower()]
        found = found or [item for item in everybody if (item.office, item.number) == place]
        found = found or [item for item in everybody if item.name.casefold() == wanted.casefold()]
        if not found:
            raise RuleError("roster.unknown_station")
        if len(found) > 1:
            raise RuleError("station.two_names", numbers=", ".join(item.full_number for item in found))
        return found[0]

    def known(self, rows: Connection, station_id: str) -> KnownStation | None:
        """The same, as part of a transaction."""
        row = rows.execute(select(stations).where(stations.c.station_id == station_id)).one_or_none()
        return None if row is None else _known(row)

    def all(self) -> Sequence[KnownStation]:
        """Every station, oldest first."""
        with self._database.read() as rows:
            return [_known(row) for row in rows.execute(select(stations).order_by(stations.c.enrolled_at))]

    def set_block(self, station_id: str, *, blocked: bool, reason: str = "", until: datetime | None = None) -> None:
        """Block or unblock; LookupError for an unknown id."""
        with self._database.write() as rows:
            done = rows.execute(
                update(stations)
                .where(stations.c.station_id == station_id)
                .values(blocked=blocked, blocked_reason=reason, blocked_until=until)
            )
            if done.rowcount != 1:
                raise LookupError(station_id)

    def put(self, rows: Connection, request: EnrolRequest, station_id: str, number: int) -> KnownStation:
        """The station has this place from now on."""
        row = {
            "station_id": station_id,
            "public_key": request.public_key.x,
            "name": request.name,
            "office": request.office,
            "number": number,
            "app_version": request.app_version,
            "enrolled_at": self._clock.now(),
            "bundle_recipient": request.bundle_recipient or "",
        }
        rows.execute(insert(stations).values(row))
        return _known(rows.execute(select(stations).where(stations.c.station_id == station_id)).one())


def plain_name(station: KnownStation) -> dict[str, str]:
    """What a station is called, for machines; its shape is a promise to scripts."""
    return {"station": station.station_id, "station_number": station.full_number, "station_name": station.name}


def free_number(rows: Connection, office: str) -> int:
    """The lowest number that no station of `office` has, nor was promised by a file; Refused when there is none."""
    taken = set(rows.scalars(select(stations.c.number).where(stations.c.office == office)))
    taken |= set(rows.scalars(select(invitations.c.number).where(invitations.c.office == office)))
    number = next((free for free in range(1, MAX_NUMBER + 1) if free not in taken), None)
    if number is None:
        raise Refused(Problem.ENROLMENT_REFUSED, f"This office has {MAX_NUMBER} stations already.")
    return number


def _same_again(rows: Connection, station_id: str, request: EnrolRequest) -> KnownStation:
    known = _known(rows.execute(select(stations).where(stations.c.station_id == station_id)).one())
    if known.public_key.x != request.public_key.x:
        raise _enrolment_refused()
    return known


def _enrolment_refused() -> Refused:
    # One sentence for every reason: a stranger learns nothing by trying codes.
    return Refused(Problem.ENROLMENT_REFUSED, "This code is wrong, used, too old or of another office.")


def _hash_code(code: str) -> str:
    return hashlib.sha256(code.upper().translate(_MISREAD).encode()).hexdigest()


def _known(row: Row[tuple[object, ...]]) -> KnownStation:
    return KnownStation(
        station_id=row.station_id,
        public_key=PublicKey(kid=row.station_id, x=row.public_key),
        name=row.name,
        office=row.office,
        number=row.number,
        blocked=row.blocked,
        blocked_until=row.blocked_until,
        blocked_reason=row.blocked_reason,
        bundle_recipient=row.bundle_recipient,
    )
