"""A second officer's word for what a reason alone does not settle: an override, an export in bulk, names on a file.

What needs one is decided in `domain/consent.py`. Where nobody at this station may stand for it (one officer, or all
others were let in by them), it goes on and the audit trail says that they were alone: work in a village never waits for
a colleague who does not exist. Must not know how what is agreed to is done.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence

from station.desk import vouchers
from station.desk.office import Office
from station.desk.vouchers import Voucher
from station.domain.biometrics import Part
from station.domain.consent import OVERRIDES, Consent, is_bulk
from station.domain.delivery import Stage
from station.domain.errors import RuleError
from station.domain.record import RecordKey
from station.store.database import Connection

ALONE = ""
"""In place of a colleague's id in the audit trail: there is nobody who could have agreed."""


def needed_for_warning(office: Office, code: str) -> bool:
    """Whether this warning stands only with a colleague's word."""
    return code in OVERRIDES and bool(vouchers.may_vouch(office))


def needed_for_export(office: Office, keys: Sequence[RecordKey] | None, *, only_new: bool = False) -> bool:
    """Whether this export needs a colleague's word."""
    items = office.depot.courier.waiting(keys=keys, only_new=only_new)
    at_central = sum(item.stage is Stage.REJECTED for item in items)
    again = sum(item.exported_at is not None for item in items)
    return is_bulk(at_central=at_central, again=again) and bool(vouchers.may_vouch(office))


def needed_for_names(office: Office) -> bool:
    """Whether a list with names leaves only with a colleague's word."""
    return bool(vouchers.may_vouch(office))


def vouch_for_warning(office: Office, record_id: str, part: Part, operator_id: str, password: str) -> Voucher:
    """The word of a colleague who has looked at the person; see `vouchers.vouch`."""
    return vouchers.vouch(office, operator_id, password, record_id, (part,), Consent.OVERRIDE)


def vouch_for_export(
    office: Office, keys: Sequence[RecordKey] | None, operator_id: str, password: str, *, only_new: bool = False
) -> Voucher:
    """The word of a colleague for exactly these packets, as they wait now."""
    chosen = _about(office, keys, only_new=only_new)
    return vouchers.vouch(office, operator_id, password, chosen, (), Consent.BULK_EXPORT)


def vouch_for_names(office: Office, trip_id: str, operator_id: str, password: str) -> Voucher:
    """The word of a colleague for the list of one trip."""
    return vouchers.vouch(office, operator_id, password, trip_id, (), Consent.NAMES_TAKEN)


def use_for_export(
    office: Office, voucher: Voucher | None, keys: Sequence[RecordKey] | None, *, only_new: bool = False
) -> str:
    """Who agrees to this export, or ALONE. RuleError `consent.bulk_export` without a word; AccessError
    `officer.voucher` when it was for other packets.
    """
    if not needed_for_export(office, keys, only_new=only_new):
        return ALONE
    with office.applicants.write() as connection:
        chosen = _about(office, keys, only_new=only_new)
        return use(office, connection, voucher, chosen, (), Consent.BULK_EXPORT)


def use(
    office: Office,
    connection: Connection,
    voucher: Voucher | None,
    about: str,
    parts: Collection[Part],
    what: Consent,
) -> str:
    """Use the word up inside the transaction it is needed for; who gave it. RuleError `consent.*` without one."""
    if voucher is None:
        raise RuleError(f"consent.{what}")
    vouchers.use(office, connection, voucher, about, parts, what, office.operator.operator_id)
    return voucher.operator.operator_id


def _about(office: Office, keys: Sequence[RecordKey] | None, *, only_new: bool) -> str:
    """A name for this choice of packets, as long as a record's: another choice needs another word."""
    items = office.depot.courier.waiting(keys=keys, only_new=only_new)
    names = sorted(f"{item.key.record_id}.{item.key.revision}" for item in items)
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:36]
