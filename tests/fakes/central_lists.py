"""Target lists of the fake central: kept as people by NIK and version, sealed for a station when it asks."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from station.domain.target import Target
from station.seal.bundle import ROSTER, BundleHead, sign_head, station_recipient, write_bundle
from station.seal.jws import SigningKey
from station.seal.person_line import Gone
from station.wire import PublicKey


class Lists:
    """Lists by area. Version 1 is the first list made of an area."""

    def __init__(self, key: SigningKey, central_id: str) -> None:
        self._key, self._central_id = key, central_id
        self._versions: dict[str, list[dict[str, Target]]] = {}
        self._sealed: dict[tuple[str, str, int, int | None], tuple[str, bytes]] = {}
        self.recipients: dict[str, str] = {}
        """By station id; a station without one is sealed for by its signing key."""

    def make(self, area: str, people: Iterable[Target]) -> int:
        """One more version; its number."""
        versions = self._versions.setdefault(area, [])
        versions.append({person.nik: person for person in people})
        return len(versions)

    def newest(self, area: str) -> int:
        return len(self._versions.get(area, []))

    def sealed(
        self, station_id: str, public: PublicKey, area: str, base: int | None, now: datetime
    ) -> tuple[str, bytes]:
        """The signed head and the body of the newest version."""
        version = self.newest(area)
        base = base if base is not None and 0 < base < version else None
        key = (station_id, area, version, base)
        if key not in self._sealed:
            recipient = self.recipients.get(station_id) or station_recipient(public)
            people = list(self._lines(area, version, base))
            body = io.BytesIO()
            written = write_bundle(body, people, area=area, version=version, base=base, recipients=[recipient])
            head = BundleHead(
                bundle=ROSTER + area,
                area_name="Kec. Uji",
                version=version,
                base=base,
                station_id=station_id,
                central_id=self._central_id,
                made_at=now,
                expires_at=now + timedelta(days=30),
                people=len(self._versions[area][-1]),
                size=written.size,
                sha256=written.sha256,
            )
            self._sealed[key] = (sign_head(self._key, head), body.getvalue())
        return self._sealed[key]

    def _lines(self, area: str, version: int, base: int | None) -> Iterator[Target | Gone]:
        now = self._versions[area][version - 1]
        before = self._versions[area][base - 1] if base else {}
        yield from (person for nik, person in now.items() if before.get(nik) != person)
        yield from (Gone(nik) for nik in before if nik not in now)
