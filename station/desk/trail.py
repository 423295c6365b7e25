"""The audit trail as the desk keeps it: what was read and sought, its signed head told outside, its end looked at.

What was done is written with the deed itself. Reads are counted and written together, so that nobody waits for them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from station.desk.office import Office
from station.desk.opened_copy import OpenedCopy
from station.domain.damage import Examined, Harm
from station.domain.errors import StationError, StoreError, TrustError
from station.domain.permission import Permission
from station.log import get_logger
from station.seal.audit_head import check_head, sign_head
from station.seal.card import read_card
from station.store import audit
from station.store.audit import AuditLine as AuditLine  # what the window shows
from station.store.audit import Wanted as Wanted
from station.store.audit_check import Progress, examine
from station.store.audit_heads import AuditHeads
from station.store.database import Connection
from station.store.depot import Depot
from station.store.enrolment import Enrolment
from station.store.folder import write_file
from station.store.keyring import load_keyring
from station.wire import PublicKey, SignedAuditHead

READS_NOTED_EVERY_S = 5.0
"""So long reads may wait for their line: a power cut loses no more of them."""
LAST_LINES = 300
"""Lines that are looked at whenever somebody signs in."""

_log = get_logger(__name__)


def note_read(office: Office, action: str, record_id: str = "", kind: str = "") -> None:
    """Somebody saw something of a person. The same thing seen again at once is counted, not written again."""
    tally = office.reads
    tally.counted[action, record_id, kind] += 1
    if tally.noted_at is None or office.clock.monotonic() - tally.noted_at >= READS_NOTED_EVERY_S:
        try:
            flush_reads(office)
        except StoreError as problem:  # a full disk hides nobody's record from the officer: the next line brings it
            _log.warning("what was read has no line in the audit trail yet: %s", problem.code)


def note_idle_look_up(office: Office, connection: Connection, nik: str) -> None:
    """Somebody asks how a person stands, and no application is open.

    Most often one is begun at once. Where another person is asked about instead, it was a check without application.
    """
    before, office.reads.looked_up = office.reads.looked_up, nik
    if before not in ("", nik):
        _append_read(office, connection, ("check_without_application", "", ""), 1)


def begun(office: Office, nik: str) -> None:
    """An application is open now: looking its person up was its first step."""
    if office.reads.looked_up == nik:
        office.reads.looked_up = ""


def leave(office: Office) -> None:
    """Before signing out: what has no line yet gets one."""
    if office.reads.looked_up:
        office.reads.looked_up = ""
        office.reads.counted["check_without_application", "", ""] += 1
    flush_reads(office)


def flush_reads(office: Office) -> None:
    """Write down what was read and has no line yet: one transaction, a line for each thing."""
    tally = office.reads
    tally.noted_at = office.clock.monotonic()
    if not tally.counted:
        return
    counted, tally.counted = tally.counted, Counter()
    try:
        with office.applicants.write() as connection:
            for seen, times in counted.items():
                _append_read(office, connection, seen, times)
    except StoreError:
        tally.counted.update(counted)  # the next line brings them
        raise


def note_deed(office: Office, action: str, record_id: str = "", **detail: object) -> None:
    """A line about something that changes nothing here: printed, exported, unlocked."""
    me = office.operator.operator_id
    with office.applicants.write() as connection:
        audit.append(connection, at=office.now(), operator_id=me, action=action, record_id=record_id or None, **detail)


def note_mistyped(office: Office, connection: Connection, now: Mapping[str, int]) -> None:
    """Passwords that were mistyped since the last sign-in, by officer: before it nothing could be written here.

    `now` are those of who signs in, whose count in the keyring has just begun anew.
    """
    holders = load_keyring(office.depot.folder.keyring).holders
    counted = {item.operator_id: item.failures for item in holders if item.failures} | dict(now)
    noted = office.depot.memory.mistyped_noted
    for officer, tries in counted.items():
        fresh = tries - noted.get(officer, 0) if tries >= noted.get(officer, 0) else tries
        if fresh:
            audit.append(connection, at=office.now(), operator_id=officer, action="sign_in_failed", times=fresh)
    others = {officer: tries for officer, tries in counted.items() if officer not in now}
    if others != noted:
        office.depot.memory.mistyped_noted = others


def tell_head(office: Office) -> None:
    """Sign the last line's number and hash, and keep it outside of the encrypted database: the engine sends it.

    A disk in trouble stops nobody here.
    """
    depot = office.depot
    try:
        with office.applicants.read() as connection:
            number, found = audit.head(connection)
        if (number, found) == depot.memory.audit_head or not number:
            return
        enrolment, key = depot.enrolled()
        head = SignedAuditHead(number=number, hash=found, station_id=enrolment.station_id, at=office.now())
        depot.audit_heads.keep(number, sign_head(key, head))
        depot.memory.audit_head = (number, found)
    except StationError as problem:  # the disk, or the safe with the station's key
        _log.warning("the head of the audit trail was not told: %s", problem.code)


def keep_up(office: Office) -> None:
    """Now and then: what has no line yet gets one, and the newest line its signed head."""
    try:
        flush_reads(office)
    except StoreError as problem:
        _log.warning("what was read has no line in the audit trail yet: %s", problem.code)
    tell_head(office)


def check_end(office: Office) -> None:
    """Look at the last lines, before the first one of this sign-in is added. What is wrong stays with the office.

    Where lines are cut off, the next one is numbered on after them: nobody can fill the gap later.
    """
    with office.applicants.read() as connection:
        last, _hash = audit.head(connection)
        since = max(1, last - LAST_LINES)
        found = examine(connection, signed_heads(office.depot, since), since=since)
    office.trail = found
    cut = next((item for item in found.damage if item.harm is Harm.CUT), None)
    if cut is None:
        return
    with office.applicants.write() as connection:
        me = office.operator.operator_id
        audit.append_beyond(connection, cut.last, at=office.now(), operator_id=me, action="trail_cut", first=cut.first)


def check_whole(
    office: Office,
    progress: Progress = lambda _done, _all: None,
    stopped: Callable[[], bool] = lambda: False,
    more: Sequence[str] = (),
) -> Examined:
    """Every line, and every head that was signed; `more` are heads from elsewhere. AccessError `access.role`."""
    office.require(Permission.READ_AUDIT)
    flush_reads(office)
    with office.applicants.read() as connection:
        heads = signed_heads(office.depot, more=more)
        found = examine(connection, heads, progress=progress, stopped=stopped)
    if not found.stopped:
        office.trail = found
        note_deed(office, "audit_check", lines=found.lines, damaged=len(found.damage))
    return found


def check_copy(copy: OpenedCopy, more: Sequence[str] = ()) -> Examined:
    """The whole trail of a copy, against the heads in it and `more`; nothing is noted in it."""
    tokens = (*(AuditHeads(copy.outbox).all() if copy.outbox is not None else ()), *more)
    key = public_key_of(copy.enrolment)
    heads = checked_heads(tokens, key, copy.enrolment.station_id) if key is not None else ()
    with copy.applicants.read() as connection:
        return examine(connection, heads)


def lines(office: Office, wanted: Wanted, offset: int, limit: int) -> tuple[tuple[AuditLine, ...], int]:
    """A page of the trail, the newest first, and how many lines fit. AccessError `access.role`."""
    office.require(Permission.READ_AUDIT)
    if offset == 0:
        note_read(office, "audit_read")
        flush_reads(office)
    with office.applicants.read() as connection:
        return audit.page(connection, wanted, offset=offset, limit=limit)


def officers(office: Office) -> tuple[str, ...]:
    """Everybody whom the trail names. AccessError `access.role`."""
    office.require(Permission.READ_AUDIT)
    with office.applicants.read() as connection:
        return audit.officers(connection)


def save_lines(office: Office, wanted: Wanted, file: Path, table: Callable[[Iterable[AuditLine]], bytes]) -> None:
    """Write what fits as a file that holds no personal data, and note that it left. StoreError `audit.not_saved`."""
    office.require(Permission.READ_AUDIT)
    with office.applicants.read() as connection:
        found = tuple(audit.each(connection, wanted))
    try:
        write_file(file, table(found))
    except StoreError as problem:
        raise StoreError("audit.not_saved") from problem
    note_deed(office, "audit_export", lines=len(found))


def unlocked(office: Office, mistyped: int) -> None:
    """Whoever is signed in came back to the locked screen, at the try after so many `mistyped` ones."""
    me = office.operator.operator_id
    with office.applicants.write() as connection:
        if mistyped:
            audit.append(connection, at=office.now(), operator_id=me, action="sign_in_failed", times=mistyped)
        audit.append(connection, at=office.now(), operator_id=me, action="unlock")


def signed_heads(depot: Depot, since: int = 0, more: Sequence[str] = ()) -> tuple[SignedAuditHead, ...]:
    """Heads that this station signed, those kept here and `more`. A token that does not verify says nothing."""
    enrolment = depot.enrolment
    key = public_key_of(enrolment) if enrolment is not None else None
    if key is None and depot.key is not None:
        key = depot.key.public
    if enrolment is None or key is None:
        return ()
    return checked_heads((*depot.audit_heads.all(since), *more), key, enrolment.station_id)


def public_key_of(enrolment: Enrolment) -> PublicKey | None:
    """This station's own key as central has signed it; None from a central that gave no card."""
    try:
        return read_card(enrolment.card).public_key if enrolment.card else None
    except TrustError:
        return None


def checked_heads(tokens: Iterable[str], key: PublicKey, station_id: str) -> tuple[SignedAuditHead, ...]:
    """The heads among `tokens` that this station signed."""
    found = []
    for token in tokens:
        with suppress(TrustError):
            found.append(check_head(token, key, station_id))
    return tuple(found)


def _append_read(office: Office, connection: Connection, seen: tuple[str, str, str], times: int) -> None:
    action, record_id, kind = seen
    detail: dict[str, object] = {"kind": kind} if kind else {}
    if times > 1:
        detail["times"] = times
    me = office.operator.operator_id
    audit.append(connection, at=office.now(), operator_id=me, action=action, record_id=record_id or None, **detail)
