"""What is in a bundle, before anything of it is taken: whose it is, and by whose cards it is judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from station.domain.errors import TrustError
from station.log import get_logger
from station.seal import stick
from station.seal.card import StationCard
from station.seal.courier import BundleIndex, CourierFile, Kind, Word, check_index, read_index
from station.store.depot import Depot

log = get_logger(__name__)


@dataclass(frozen=True)
class Contents:
    """What is in a bundle, by its signed index; nothing has been taken. `own`: this station made it."""

    kind: Kind
    packets: int = 0
    receipts: int = 0
    refusals: int = 0
    bytes: int = 0
    bundle_id: str = ""
    station_id: str = ""
    station_name: str = ""
    office: str = ""
    created: datetime | None = None
    part: int = 1
    parts: int = 1
    own: bool = False


def look(depot: Depot, path: Path) -> Contents:
    """What `path` holds, without taking anything.

    TrustError `courier.not_a_bundle`, `courier.index_damaged`, `courier.unreadable`, `courier.other_central`,
    `courier.no_card` (its station is unknown here and shows no card), `courier.edited`. StoreError `stick.*`.
    """
    depot.enrolled()
    with opened(path) as file:
        return contents_of(depot, file, path)


@contextmanager
def opened(path: Path) -> Iterator[CourierFile]:
    """An open bundle; what the stick complains of becomes StoreError `stick.*`."""
    with stick.said_of_stick():
        file = stick.open_to_read(path)
    with file, stick.said_of_stick():
        yield CourierFile(file)


def contents_of(depot: Depot, file: CourierFile, path: Path) -> Contents:
    """What `file` at `path` holds; raises what `look` raises."""
    if file.kind is Kind.RECEIPTS:
        number = Counter(said.word for said in file.words())
        size = path.stat().st_size
        return Contents(Kind.RECEIPTS, receipts=number[Word.RECEIPT], refusals=number[Word.REFUSAL], bytes=size)
    enrolment, _ = depot.enrolled()
    index = read_index(file.token)
    if index.central_id != enrolment.central_id:
        raise TrustError("courier.other_central")
    card = cards_for(depot, index).get(index.station_id)
    if card is None:
        raise TrustError("courier.no_card")
    check_index(file.token, card.public_key)
    return Contents(
        kind=Kind.PACKETS,
        packets=len(index.items),
        bytes=index.bytes,
        bundle_id=index.bundle_id,
        station_id=index.station_id,
        station_name=card.name,
        office=card.office,
        created=index.created,
        part=index.part,
        parts=index.parts,
        own=index.station_id == enrolment.station_id,
    )


def cards_for(depot: Depot, index: BundleIndex) -> dict[str, StationCard]:
    """The cards to judge this bundle by: those in it that central signed, and those known here."""
    enrolment, key = depot.enrolled()
    found: dict[str, StationCard] = {}
    for token in index.cards:
        try:
            card = depot.cards.check(token)
        except TrustError as problem:
            log.warning("a card in a bundle is no good: %s", problem.code)
            continue
        found[card.station_id] = card
    for station_id in {index.station_id, *(item.origin for item in index.items)} - found.keys():
        known = depot.cards.find(station_id)
        if known is not None:
            found[station_id] = known
    found[enrolment.station_id] = StationCard(  # nobody tells us who we are
        station_id=enrolment.station_id,
        name=enrolment.station_name,
        office=enrolment.office,
        public_key=key.public,
        central_id=enrolment.central_id,
        issued_at=index.created,
    )
    return found
