"""The station key and its safe: kept a second time behind the passwords, put back when the safe has lost it.

Whatever lies in the folder counts only when it is the key of central's card, or the one that was kept. Must not know
who is signed in.
"""

from __future__ import annotations

from station.domain.errors import StationError, StoreError, TrustError
from station.domain.safe import SafeKind
from station.log import get_logger
from station.seal.card import check_card
from station.seal.jws import SigningKey
from station.store.database import Database
from station.store.depot import Depot
from station.store.enrolment import Enrolment
from station.store.safes.shelf import chosen_kind, safe_of
from station.store.secrets import STATION_KEY, keep_secret, secret_of
from station.store.station_key import save_station_key

log = get_logger(__name__)


def restore_station_key(depot: Depot, applicants: Database) -> bool:
    """Keep the station key in the encrypted database too; put it back from there when its safe has lost it, or when
    another key lies in its place.

    True when it was put back: into the file safe, from which `settle_safe` takes it on. Nothing is raised: recording
    goes on without it, and a key that is another one signs nothing.
    """
    enrolment = depot.enrolment
    if enrolment is None:
        return False
    try:
        kept, true = _kept(applicants, enrolment.station_id), _on_card(enrolment)
        true = true or (kept.public.x if kept is not None else "")
        found = depot.key
        if found is not None and true in ("", found.public.x):
            _remember(applicants, found, kept)
            return False
        if found is not None:
            log.error("the station key in the folder is not the key of this station")
            depot.refuse_key()
        if kept is None or kept.public.x != true:
            log.error("the station key is in no safe and was never kept here")
            return False
        save_station_key(depot.folder, kept)
        depot.key_was_closed(kept)
        depot.adopt_packets()
    except StationError as problem:
        log.error("the station key could not be put back: %s", problem.code)
        return False
    log.warning("the station key was put back from the encrypted database")
    return True


def settle_safe(depot: Depot, setting: str) -> None:
    """Close the station key in the safe that `[guard] safe` asks for. StoreError `safe.away`: it stays where it is."""
    enrolment, found = depot.enrolment, depot.key_state
    if enrolment is None or found is None or found.key is None:
        return
    kind = chosen_kind(setting, depot.folder, enrolment.station_id)
    if found.kind is kind:
        return
    if not safe_of(kind, depot.folder, enrolment.station_id).usable:
        raise StoreError("safe.away", safe=kind.value)
    save_station_key(depot.folder, found.key, kind)
    for other in SafeKind:
        if other in (found.kind, SafeKind.FILE) and other is not kind:
            safe_of(other, depot.folder, enrolment.station_id).forget()
    depot.key_was_closed(found.key)


def _kept(applicants: Database, station_id: str) -> SigningKey | None:
    """The key that was kept, or None: what cannot be read was never kept."""
    with applicants.read() as connection:
        pem = secret_of(connection, STATION_KEY)
    try:
        return SigningKey.from_pem(pem.encode(), station_id) if pem is not None else None
    except TrustError:
        return None


def _on_card(enrolment: Enrolment) -> str:
    """The public half that central has signed; '' from a central that gives no cards, or without a proof."""
    try:
        return check_card(enrolment.card, enrolment.receipt_keys, enrolment.central_id).public_key.x
    except TrustError:
        return ""


def _remember(applicants: Database, key: SigningKey, kept: SigningKey | None) -> None:
    if kept is None or kept.public.x != key.public.x:
        with applicants.write() as connection:
            keep_secret(connection, STATION_KEY, key.pem().decode())
