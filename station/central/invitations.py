"""Stations that central expects: enrolled by a file on a stick, known here once they claim their place. Knows no HTTP.

The place (number and id) is given when the file is made and never to anybody else: whoever opened the file may have
recorded people under it for weeks before central hears of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, insert, select

from station.central.database import Database
from station.central.keys import CentralKeys
from station.central.options import CentralOptions
from station.central.policies import Policies
from station.central.problems import Refused
from station.central.stations import KnownStation, Stations, free_number
from station.central.tables import invitations
from station.domain.errors import TrustError
from station.domain.ids import new_record_id
from station.domain.ports import Clock
from station.seal.claim import check_claim, read_claim
from station.seal.enrolment_file import EnrolmentPapers, keys_of, new_code, new_salt, write_papers
from station.wire import ClaimRequest, EnrolRequest, Problem, PublicKey

CLAIM_DAYS = 120
"""For so long after the last day of its file a station may come with its claim: it may have been offline until then."""


@dataclass(frozen=True)
class Invited:
    """A file that was made. The code is nowhere else."""

    data: bytes
    code: str
    papers: EnrolmentPapers


@dataclass(frozen=True)
class Invitations:
    """Makes files and takes claims. Works beside a running central."""

    database: Database
    stations: Stations
    keys: CentralKeys
    policies: Policies
    options: CentralOptions
    clock: Clock

    def invite(
        self,
        office: str,
        name: str,
        *,
        url: str,
        days: float,
        authorities: str = "",
    ) -> Invited:
        """A file for a new station of `office`, good for `days`; `authorities` (PEM) are trusted for TLS, if any.

        Refused `enrolment-refused` when the office has all its stations; ValueError for what no file can say.
        """
        now, code, salt = self.clock.now(), new_code(), new_salt()
        station_id, code_keys = new_record_id(now), keys_of(code, salt)
        with self.database.write() as rows:
            number = free_number(rows, office)
            papers = EnrolmentPapers(
                station_id=station_id,
                station_name=name,
                office=office,
                central_url=url,
                central_id=self.options.central_id,
                central_name=self.options.name,
                signing_keys=(self.keys.signing.public,),
                sealing_recipients=(self.keys.recipient,),
                policy=self.policies.given(number),
                authorities=authorities,
                training=self.options.training,
                issued_at=now,
                expires_at=now + timedelta(days=days),
                claim_until=now + timedelta(days=days + CLAIM_DAYS),
            )
            row = {
                "station_id": station_id,
                "office": office,
                "number": number,
                "name": name,
                "claim_key": code_keys.claiming(station_id).public.x,
                "issued_at": now,
                "claim_until": papers.claim_until,
            }
            rows.execute(insert(invitations).values(row))
        return Invited(write_papers(papers, self.keys.signing, code_keys, salt), code, papers)

    def claim(self, request: ClaimRequest) -> KnownStation:
        """Make the station known. The same claim again is the lost answer again; `reason` says why not, to whoever
        had the code.
        """
        try:
            station_id = read_claim(request.claim).station_id
            with self.database.write() as rows:
                return self._claimed(rows, request, station_id)
        except TrustError as problem:
            raise _refused() from problem

    def _claimed(self, rows: Connection, request: ClaimRequest, station_id: str) -> KnownStation:
        row = rows.execute(select(invitations).where(invitations.c.station_id == station_id)).one_or_none()
        if row is None:
            raise _refused()
        claim = check_claim(request.claim, PublicKey(kid=station_id, x=row.claim_key), self.options.central_id)
        known = self.stations.known(rows, station_id)
        if known is not None:
            if known.public_key.x != claim.public_key.x:
                raise _refused("used")
            return known
        if self.clock.now() >= row.claim_until:
            raise _refused("expired")
        asked = EnrolRequest(
            code="",
            public_key=claim.public_key,
            name=row.name,
            office=row.office,
            app_version=request.app_version,
            bundle_recipient=claim.bundle_recipient,
        )
        return self.stations.put(rows, asked, station_id, row.number)


def _refused(reason: str = "") -> Refused:
    return Refused(Problem.ENROLMENT_REFUSED, "This station cannot claim its place here.", reason=reason)
