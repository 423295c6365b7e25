"""Looking records up and reopening them."""

from __future__ import annotations

from station.domain.mark import N_

RECORDS: dict[str, tuple[str, str]] = {
    "packet.changed": (
        N_("The sealed file of this record is not the one that was sealed here."),
        N_("It is not opened. Leave the record as it is and call the technician."),
    ),
}
