"""Target lists as a central makes them, for a station of a test: real signatures, real age files, any mistake."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from station.domain.target import Target
from station.seal.bundle import ROSTER, BundleHead, sign_head, station_recipient, write_bundle
from station.seal.bundle_file import pack_file
from station.seal.jws import SigningKey
from station.seal.person_line import Gone
from station.store.rosters import Trust
from tests.support import TODAY, Workplace

AREA = "99.01.01"


def somebody(
    serial: int, name: str = "SITI AMINAH CONTOH", *, village: str = "99.01.01.2001", **changed: Any
) -> Target:
    """A person on a list; `serial` makes another NIK."""
    nik = f"990101610488{serial:04d}"
    answers = {"nik": nik, "name": name, "birth_date": "1988-04-21", "village": village, "rt": "001", "rw": "002"}
    members = {"recorded": False, "central_code": "", "central_at": None}
    people = {**answers, **{key: value for key, value in changed.items() if key not in members}}
    return Target(nik, people, **{key: changed.get(key, usual) for key, usual in members.items()})


@dataclass
class ListMaker:
    """A central that makes lists for one station."""

    folder: Path
    station_id: str
    recipient: str
    central_id: str = "central-uji"
    key: SigningKey = field(default_factory=lambda: SigningKey.generate("central-uji-1"))

    def head(self, people: int, size: int, sha256: str, **changed: Any) -> BundleHead:
        """The head of a good list; `changed` makes it another."""
        members = {
            "bundle": ROSTER + AREA,
            "area_name": "Kec. Uji Utara",
            "version": 1,
            "base": None,
            "station_id": self.station_id,
            "central_id": self.central_id,
            "made_at": TODAY,
            "expires_at": TODAY + timedelta(days=7),
            "people": people,
            "size": size,
            "sha256": sha256,
        }
        return BundleHead.model_validate({**members, **changed})

    def parts(
        self,
        who: Iterable[Target | Gone],
        *,
        area: str = AREA,
        version: int = 1,
        base: int | None = None,
        key: SigningKey | None = None,
        **changed: Any,
    ) -> tuple[str, Path]:
        """The signed head, and the file with the body. For a delta say how many `people` there are in the end."""
        lines, body = list(who), self.folder / f"{area}-{version}.age"
        written = write_bundle(body, lines, area=area, version=version, base=base, recipients=[self.recipient], level=1)
        said = {"bundle": ROSTER + area, "version": version, "base": base, "people": len(lines)}
        head = self.head(**{**said, "size": written.size, "sha256": written.sha256, **changed})
        return sign_head(key or self.key, head), body

    def file(self, who: Iterable[Target | Gone], **changed: Any) -> Path:
        """The same as one file for a stick."""
        head, body = self.parts(who, **changed)
        path = body.with_suffix(".roster")
        pack_file(path, head, body)
        return path

    def trust(self, *identities: Any) -> Trust:
        """The trust of a station that believes this central."""
        return Trust([self.key.public], self.central_id, self.station_id, identities)


def central_of(place: Workplace, folder: Path) -> ListMaker:
    """The central of a test's station. Its key is put among those the station believes."""
    enrolment, key = place.depot.enrolled()
    maker = ListMaker(folder, enrolment.station_id, station_recipient(key.public), enrolment.central_id)
    keys = (*enrolment.signing_keys, maker.key.public)
    place.depot.enrolment = enrolment.model_copy(update={"signing_keys": keys})
    return maker
