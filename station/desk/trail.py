"""The head of the audit trail, told where the sync engine can read it: central would notice a trail that was cut."""

from __future__ import annotations

from station.desk.office import Office
from station.domain.errors import StoreError
from station.log import get_logger
from station.store import audit

_log = get_logger(__name__)


def tell_head(office: Office) -> None:
    """Remember it outside of the encrypted database. A disk in trouble stops nobody here."""
    try:
        with office.applicants.read() as connection:
            found = audit.head(connection)
        if found != office.depot.memory.audit_head:
            office.depot.memory.audit_head = found
    except StoreError as problem:
        _log.warning("the head of the audit trail was not told: %s", problem.code)
