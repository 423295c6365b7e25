"""People on a target list of a test's station: a real signed and sealed bundle, really imported."""

from __future__ import annotations

import io
from datetime import timedelta

from station.domain.target import Target
from station.seal.body import new_identity, recipient_of
from station.seal.bundle import ROSTER, BundleHead, sign_head, write_bundle
from station.seal.bundle_file import Parts
from station.seal.jws import SigningKey
from station.store.rosters import Trust
from tests.support import Workplace

AREA = "99"


def put_on_list(place: Workplace, *people: Target) -> None:
    """The one list of this station holds these people from now on, and nobody else."""
    office, identity, key = place.office, new_identity(), SigningKey.generate("central-uji")
    versions = [card.version for card in office.rosters.cards() if card.area == AREA]
    version, body = max(versions, default=0) + 1, io.BytesIO()
    written = write_bundle(
        body, people, area=AREA, version=version, base=None, recipients=[recipient_of(identity)], level=1
    )
    head = BundleHead(
        bundle=ROSTER + AREA,
        area_name="Provinsi Contoh",
        version=version,
        station_id=office.station.station_id,
        central_id="central-uji",
        made_at=office.now(),
        expires_at=office.now() + timedelta(days=30),
        people=len(people),
        size=written.size,
        sha256=written.sha256,
    )
    body.seek(0)
    trust = Trust([key.public], "central-uji", office.station.station_id, [identity])
    office.rosters.import_bundle(Parts(sign_head(key, head), body), trust, source="usb", now=office.now())
