"""Bundles that come to central by stick: the same intake as uploads, and receipts for the way back.

Works beside a running central: its bytes are in a folder of their own, and every answer is one transaction. Knows no
HTTP.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from station.central import disk
from station.central.intake import Intake
from station.central.invitations import Invitations
from station.central.manifests import Manifests
from station.central.options import CentralOptions
from station.central.packets import Refusal, receipts_of, refusal_of, refusals_of
from station.central.problems import Refused, packet_refused
from station.central.stations import KnownStation
from station.central.wipes import Wipes
from station.domain.errors import SetupError, StoreError, TrustError
from station.domain.ids import new_record_id
from station.seal import stick
from station.seal.courier import (
    MOST_RECEIPTS,
    BundleIndex,
    BundleItem,
    CourierFile,
    Kind,
    ListedPackets,
    bundle_name,
    check_index,
    read_index,
)
from station.seal.homebound import Homebound, Signed, homebound, prove_homebound, write_homebound
from station.seal.packet import verify_packet
from station.seal.refusals import SignedRefusal, few_reasons, sign_refusal
from station.wire import ClaimRequest, ManifestItem, Problem, ProblemBody, RefusalReason, Verdict

_NOT_SIGNED = "This file is not what its station signed."
CARRIER = "courier"
"""Who brought it, where a station would be named: nobody's block is looked past because of it."""


@dataclass(frozen=True)
class Arrived:
    """What came of one bundle. `reasons` counts why packets were refused; `receipts` are by the station they go to."""

    bundle_id: str
    station_id: str
    accepted: int = 0
    known: int = 0
    refused: int = 0
    damaged: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    receipts: dict[str, list[Signed]] = field(default_factory=dict)
    refusals: dict[str, list[Signed]] = field(default_factory=dict)
    """Likewise; only of packets that their own station has signed."""


@dataclass(frozen=True)
class Courier:
    """Takes bundles in. `intake` has parts of its own: see the head of this file."""

    manifests: Manifests
    intake: Intake
    options: CentralOptions
    folder: Path
    invitations: Invitations

    def take(self, path: Path) -> Arrived:
        """Everything in a bundle of packets; twice is harmless.

        TrustError `courier.*` for what is no bundle, of another central or was changed: nothing of it is taken.
        StoreError `stick.*`, `store.disk_full`.
        """
        with _opened(path) as file:
            index = self._index(file)
            listed = ListedPackets(file, index)
            needed = sum(item.size for item, _ in listed)  # everything is looked at before anything is taken
            if listed.missing and not path.exists():
                raise StoreError("stick.gone")
            if disk.free_bytes(self.folder) < needed + self.options.min_free_bytes:
                raise StoreError("store.disk_full")
            return self._take(index, ListedPackets(file, index))

    def words(self, station_id: str, days: float) -> Homebound:
        """Receipts and refusals of a station's packets of the last `days`; SetupError for an unknown station."""
        if self.intake.stations.find(station_id) is None:
            raise SetupError("central.unknown_station", station=station_id)
        since = self.intake.clock.now() - timedelta(days=days)
        with self.intake.database.read() as rows:
            receipts = receipts_of(rows, station_id, since, MOST_RECEIPTS)
            refused = refusals_of(rows, station_id, since, MOST_RECEIPTS)
        going = self.going(receipts, [(one.key, self._signed(one)) for one in refused])
        wipes = Wipes(self.intake.database, self.intake.examiner.keys, self.options.central_id, self.intake.clock)
        return replace(going, order=wipes.standing_token(station_id) or "")

    def going(self, receipts: Iterable[Signed], refusals: Iterable[Signed]) -> Homebound:
        """What goes home, with every change of keys: whom it goes to may have heard of none."""
        return homebound(receipts, refusals, self.intake.examiner.keys.secrets.changes)

    def write_words(self, folder: Path, station_id: str, going: Homebound) -> Path:
        """A bundle for one station, read back; StoreError `stick.*`."""
        station = self.intake.stations.find(station_id)
        office = station.office if station else ""
        path = folder / bundle_name(office, new_record_id(self.intake.clock.now()), Kind.RECEIPTS)
        stick.check_room(folder, going.size)
        stick.put(path, lambda file: write_homebound(file, going), lambda file: prove_homebound(file, going))
        return path

    def _index(self, file: CourierFile) -> BundleIndex:
        """The index, when a station that is known here signed it."""
        if file.kind is Kind.RECEIPTS:
            raise TrustError("courier.only_receipts")
        index = read_index(file.token)
        if index.central_id != self.options.central_id:
            raise TrustError("courier.other_central")
        station = self.intake.stations.find(index.station_id) or self._claimed(index)
        return check_index(file.token, station.public_key)

    def _claimed(self, index: BundleIndex) -> KnownStation:
        """A station that comes by stick before it was ever online: its claim is in the index."""
        if index.claim is None:
            raise TrustError("courier.no_card")
        try:
            known = self.invitations.claim(ClaimRequest(claim=index.claim, app_version=""))
        except Refused as problem:
            raise TrustError("courier.no_card") from problem
        if known.station_id != index.station_id:
            raise TrustError("courier.no_card")
        return known

    def _take(self, index: BundleIndex, listed: ListedPackets) -> Arrived:
        counted: Counter[str] = Counter()
        reasons: Counter[str] = Counter()
        receipts: dict[str, list[Signed]] = {}
        refusals: dict[str, list[Signed]] = {}
        for item, data in listed:
            try:
                receipt, new = self._one(item, data)
            except Refused as refused:
                if refused.problem is Problem.NO_SPACE:
                    raise StoreError("store.disk_full") from refused
                counted["refused"] += 1
                reasons.update(_codes(refused.body))
                token = self._refusal(item)
                if token:
                    refusals.setdefault(item.origin, []).append((item.key, token))
            else:
                counted["accepted" if new else "known"] += 1
                receipts.setdefault(item.origin, []).append((item.key, receipt))
        return Arrived(
            index.bundle_id,
            index.station_id,
            accepted=counted["accepted"],
            known=counted["known"],
            refused=counted["refused"],
            damaged=listed.missing,
            reasons=dict(reasons),
            receipts=receipts,
            refusals=refusals,
        )

    def _one(self, item: BundleItem, data: bytes) -> tuple[str, bool]:
        """The receipt of a packet, and whether it is new; Refused as a manifest or an upload would be."""
        verdict = self.manifests.answer([self._manifest(item, data)], CARRIER)[0]
        if verdict.receipt is not None:
            return verdict.receipt, False
        if verdict.verdict is Verdict.REFUSE or verdict.upload is None:
            assert verdict.problem is not None, "what is refused has a problem"
            raise _again(verdict.problem)
        upload_id = verdict.upload.rsplit("/", 1)[1]
        turn = self.intake.parts.begin(upload_id, verdict.offset)
        self.intake.parts.append(turn, data[verdict.offset :])
        receipt = self.intake.finish(upload_id)
        assert receipt is not None, "nobody holds verification back here"
        return receipt, True

    def _manifest(self, item: BundleItem, data: bytes) -> ManifestItem:
        """What its own station would have announced; Refused when that station did not sign exactly this file."""
        origin = self.intake.stations.find(item.origin)
        if origin is None:
            raise packet_refused(RefusalReason(code="origin.unknown", detail="The first station is not known here."))
        try:
            inside = verify_packet(data, [origin.public_key]).manifest
        except TrustError as problem:
            raise packet_refused(RefusalReason(code=problem.code, detail=_NOT_SIGNED)) from problem
        if (inside.record_id, inside.revision) != (item.record_id, item.revision):
            raise packet_refused(RefusalReason(code="packet.other_record", detail=_NOT_SIGNED))
        return ManifestItem(
            record_id=item.record_id,
            revision=item.revision,
            origin=item.origin,
            sha256=item.sha256,
            size=item.size,
            sealed_at=inside.sealed_at,
            kind=inside.kind,
        )

    def _refusal(self, item: BundleItem) -> str:
        """Central's word about a packet that was refused just now; '' when there is none to take home."""
        with self.intake.database.read() as rows:
            refusal = refusal_of(rows, item.key, item.sha256)
        if refusal is None or not refusal.is_final or refusal.origin != item.origin:
            return ""
        return self._signed(refusal)

    def _signed(self, refusal: Refusal) -> str:
        word = SignedRefusal(
            refusal=1,
            record_id=refusal.key.record_id,
            revision=refusal.key.revision,
            origin=refusal.origin,
            sha256=refusal.sha256,
            reasons=few_reasons(refusal.problem.reasons),
            at=refusal.at,
            central_id=self.options.central_id,
        )
        return sign_refusal(self.intake.examiner.keys.signing, word)


@contextmanager
def _opened(path: Path) -> Iterator[CourierFile]:
    with stick.said_of_stick():
        opened = stick.open_to_read(path)
    with opened, stick.said_of_stick():
        yield CourierFile(opened)


def _again(problem: ProblemBody) -> Refused:
    return Refused(problem.problem or Problem.PACKET_REFUSED, problem.detail, reasons=problem.reasons)


def _codes(problem: ProblemBody) -> list[str]:
    """Why, in stable words: the reasons when there are any, else the problem itself."""
    return [reason.code for reason in problem.reasons] or [problem.title.lower().replace(" ", "-")]


def known_name(station: KnownStation | None, station_id: str) -> str:
    """What people call a station."""
    return f"{station.name} ({station.office})" if station else station_id
