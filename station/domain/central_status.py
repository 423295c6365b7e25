"""What central last said about a record, and what the operator should do about it.

Codes as the registry uses them (SIAK / KTP-el). They never change the state of a record here. An unknown code is
stored, listed and shown as it came.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from station.domain.mark import N_


class Tone(StrEnum):
    """How a status is coloured; the word always stands beside the colour."""

    OK = "ok"
    WAIT = "off"
    CARE = "warn"
    BAD = "bad"


@dataclass(frozen=True)
class CentralStatus:
    """A code with its plain word for people and the next step for the operator."""

    code: str
    label: str
    todo: str
    tone: Tone
    final: bool = False


_WAIT = N_("Nothing to do. Wait for central.")
_STATUSES = (
    CentralStatus("UNREGISTERED", N_("Not yet recorded"), N_("Record this person."), Tone.WAIT),
    CentralStatus("BIO_CAPTURED", N_("Recorded, waiting to be sent"), N_("Make sure it is sent."), Tone.WAIT),
    CentralStatus("PROCESSING", N_("Being prepared for sending"), _WAIT, Tone.WAIT),
    CentralStatus(
        "SENT_FOR_ENROLLMENT", N_("Sent to central"), N_("After 14 days, check for an earlier recording."), Tone.WAIT
    ),
    CentralStatus("RECEIVED_AT_CENTRAL", N_("Received at central"), _WAIT, Tone.OK),
    CentralStatus(
        "ENROLL_FAILURE_AT_REGIONAL", N_("Must be recorded again"), N_("Invite the applicant again."), Tone.BAD
    ),
    CentralStatus(
        "ENROLL_FAILURE_AT_CENTRAL", N_("Did not arrive whole"), N_("Send again from this station."), Tone.BAD
    ),
    CentralStatus("SEARCH_FAILURE_AT_CENTRAL", N_("Search failed at central"), N_("Report to the Dinas."), Tone.CARE),
    CentralStatus("REQUEST_VALIDATION", N_("Needs validation"), N_("The Dinas validates it."), Tone.CARE),
    CentralStatus("ADJUDICATE_RECORD", N_("Being examined (similar data)"), N_("The Dinas examines it."), Tone.CARE),
    CentralStatus(
        "DUPLICATE_RECORD",
        N_("Duplicate data"),
        N_("Do not record again. Ask the Dinas to resolve it."),
        Tone.BAD,
        final=True,
    ),
    CentralStatus(
        "PRINT_READY_RECORD", N_("Ready to print"), N_("Print when a blank card is available."), Tone.OK, final=True
    ),
    CentralStatus("SENT_FOR_CARD_PRINTING", N_("Being printed"), _WAIT, Tone.OK, final=True),
    CentralStatus("CARD_PRINTED", N_("Printed"), N_("Tell the applicant to pick it up."), Tone.OK, final=True),
    CentralStatus("CARD_SHIPPED", N_("Shipped"), N_("Look in the card archive."), Tone.OK, final=True),
    CentralStatus("CARD_ISSUED", N_("Finished"), N_("Nothing to do."), Tone.OK, final=True),
)
STATUSES: dict[str, CentralStatus] = {status.code: status for status in _STATUSES}


def central_status(code: str) -> CentralStatus:
    """The status for `code`; an unknown code keeps its own name and asks to be followed up."""
    return STATUSES.get(code) or CentralStatus(code, code, N_("Unknown status. Ask the Dinas."), Tone.CARE)
