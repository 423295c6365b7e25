"""The codes of the registry (SIAK / KTP-el) as data: what each means, who acts, and when its silence is too long.

Offices speak of about eighteen codes and no public list names them all; those nobody has confirmed say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from station.domain.actor import Actor
from station.domain.mark import N_
from station.domain.patience import QUIET, Patience


class Tone(StrEnum):
    """How a status is coloured; the word always stands beside the colour."""

    OK = "ok"
    WAIT = "off"
    CARE = "warn"
    BAD = "bad"


@dataclass(frozen=True)
class CentralStatus:
    """A code with its words and rules. All words are marked for translation.

    `label` is what an applicant is told, `meaning` what the operator should know, `todo` the next step of `who`, and
    `late` the next step once `patience` has ended. `recorded` says whether the person counts as recorded, so that
    another recording would become a duplicate; None when that is not known. `settled` means central has finished
    checking: nothing is missing when it stays silent. `short` is the abbreviation offices print.
    """

    code: str
    label: str
    meaning: str
    todo: str
    who: Actor
    tone: Tone
    recorded: bool | None = True
    settled: bool = False
    short: str = ""
    patience: Patience = QUIET
    late: str = N_("Central has been silent for long. Ask the Dinas what holds this record up.")

    def late_from(self, since: datetime) -> datetime | None:
        """When a record that has this status since `since` should be asked about; None when never."""
        return None if self.settled else self.patience.ends(since)


_WAIT = N_("Nothing to do. Wait for central.")
ASK = N_("Ask the Dinas what this status means and who acts on it.")
_UNCONFIRMED = N_("Offices report this code, but no public rule explains it.")
_EXAMINED = N_("The prints resemble those of another person. Experts of central decide.")
_DINAS_EXAMINES = N_("Tell the applicant that the data are being compared, nothing more. The Dinas follows it up.")

PRINT_READY = "PRINT_READY_RECORD"
"""What puts a card into the queue for printing, of whoever is old enough."""

_STATUSES = (
    CentralStatus(
        "UNREGISTERED",
        N_("Not yet recorded"),
        N_("The NIK may be recorded and central has no biometrics of it yet."),
        N_("Record this person."),
        Actor.OPERATOR,
        Tone.WAIT,
        recorded=False,
    ),
    CentralStatus(
        "BIO_CAPTURED",
        N_("Recorded, waiting to be sent"),
        N_("Recorded, but the local server has not passed it on to central."),
        N_("Make sure it is sent."),
        Actor.DINAS,
        Tone.WAIT,
        patience=Patience(1, working=True),
        late=N_("It has not left the local server for more than one working day. Ask the Dinas to send it on."),
    ),
    CentralStatus(
        "PROCESSING",
        N_("Being prepared for sending"),
        N_("The local server prepares it for sending."),
        _WAIT,
        Actor.CENTRAL,
        Tone.WAIT,
        short="PRO",
    ),
    CentralStatus(
        "SENT_FOR_ENROLLMENT",
        N_("Sent to central"),
        N_("On its way into the data centre. That takes one day, three, or twenty and more."),
        N_("Wait. After 14 days, check for an earlier recording."),
        Actor.CENTRAL,
        Tone.WAIT,
        short="SFE",
        late=N_(
            "Check for an earlier recording: a second one of the same NIK stays here for ever. Then ask the Dinas."
        ),
    ),
    CentralStatus(
        "RECEIVED_AT_CENTRAL",
        N_("Received at central"),
        N_("It has arrived in the data centre."),
        _WAIT,
        Actor.CENTRAL,
        Tone.OK,
    ),
    CentralStatus(
        "ENROLL_FAILURE_AT_REGIONAL",
        N_("Must be recorded again"),
        N_("The regency judged the biometrics incomplete or unreadable."),
        N_("Invite the applicant again and record again. The Dinas first has the failed recording deleted."),
        Actor.OPERATOR,
        Tone.BAD,
        recorded=False,
    ),
    CentralStatus(
        "ENROLL_FAILURE_AT_CENTRAL",
        N_("Did not arrive whole"),
        N_("Central could not use the data, often because they did not arrive whole."),
        N_(
            "Ask the Dinas to request the packet once more: it is kept here and goes again by itself. "
            "Only if that fails too, record again."
        ),
        Actor.DINAS,
        Tone.BAD,
        recorded=False,
        short="EFAC",
    ),
    CentralStatus(
        "SEARCH_FAILURE_AT_CENTRAL",
        N_("Search failed at central"),
        N_("The search for the same person failed at central. The recording itself is usually good."),
        N_("Report it to the Dinas. Do not record again."),
        Actor.DINAS,
        Tone.CARE,
        short="SFAC",
    ),
    CentralStatus(
        "REQUEST_VALIDATION",
        N_("Needs validation"),
        N_("Central wants the recording validated."),
        N_("The Dinas validates it."),
        Actor.DINAS,
        Tone.CARE,
    ),
    CentralStatus(
        "ADJUDICATE_RECORD",
        N_("Being examined (similar data)"),
        _EXAMINED,
        _DINAS_EXAMINES,
        Actor.DINAS,
        Tone.CARE,
        short="ARC",
    ),
    CentralStatus(
        "SENT_FOR_ADJUDICATE",
        N_("Being examined (similar data)"),
        _EXAMINED,
        _DINAS_EXAMINES,
        Actor.DINAS,
        Tone.CARE,
    ),
    CentralStatus(
        "ADJUDICATE_IN_PROCESS",
        N_("Being examined (similar data)"),
        _EXAMINED,
        _DINAS_EXAMINES,
        Actor.DINAS,
        Tone.CARE,
    ),
    CentralStatus(
        "DUPLICATE_RECORD",
        N_("Duplicate data"),
        N_("This person has been recorded before. The card cannot be printed, and only central can change that."),
        N_(
            "Do not record again. Ask the Dinas to have the duplicate deleted; if the regions differ, "
            "the applicant moves first."
        ),
        Actor.DINAS,
        Tone.BAD,
        short="DUP",
        late=N_("Nobody has resolved the duplicate yet. Ask the Dinas again, and do not record again."),
    ),
    CentralStatus(
        PRINT_READY,
        N_("Ready to print"),
        N_("One person, one record: the card may be printed."),
        N_("Print when a blank card is available and the applicant is 17 or married."),
        Actor.OPERATOR,
        Tone.OK,
        settled=True,
        short="PRR",
    ),
    CentralStatus(
        "SENT_FOR_CARD_PRINTING",
        N_("Being printed"),
        N_("The card is in a queue for printing."),
        N_("Wait for the printer."),
        Actor.NOBODY,
        Tone.OK,
        settled=True,
    ),
    CentralStatus(
        "CARD_PRINTED",
        N_("Printed, please pick it up"),
        N_("The card is printed."),
        N_("Tell the applicant to pick it up."),
        Actor.OPERATOR,
        Tone.OK,
        settled=True,
    ),
    CentralStatus(
        "CARD_SHIPPED",
        N_("Shipped"),
        N_("The card was sent to the district or village, in the years of mass printing."),
        N_("Look in the card archive of the district and the village."),
        Actor.OPERATOR,
        Tone.OK,
        settled=True,
    ),
    CentralStatus(
        "CARD_ISSUED",
        N_("Finished"),
        N_("The card has been handed over."),
        N_("Nothing to do."),
        Actor.NOBODY,
        Tone.OK,
        settled=True,
    ),
    CentralStatus("PACKET_RETRY", N_("Is sent again"), _UNCONFIRMED, ASK, Actor.DINAS, Tone.CARE, recorded=None),
    CentralStatus(
        "MISSING_BIOMETRIC_EXCEPTION",
        N_("Biometrics missing"),
        _UNCONFIRMED,
        ASK,
        Actor.DINAS,
        Tone.CARE,
        recorded=None,
    ),
    CentralStatus(
        "SENT_FOR_DEDUP", N_("Being checked for uniqueness"), _UNCONFIRMED, ASK, Actor.DINAS, Tone.CARE, recorded=None
    ),
    CentralStatus("HOLD", N_("Held at central"), _UNCONFIRMED, ASK, Actor.DINAS, Tone.CARE, recorded=None),
    CentralStatus("DELETED", N_("Deleted at central"), _UNCONFIRMED, ASK, Actor.DINAS, Tone.CARE, recorded=None),
)
STATUSES: dict[str, CentralStatus] = {status.code: status for status in _STATUSES}
OFFICE_WORDS: dict[str, CentralStatus] = {
    "BELUM_WAJIB": STATUSES["UNREGISTERED"],
    "BELUM_REKAM": STATUSES["UNREGISTERED"],
    "SUDAH_REKAM": CentralStatus(
        "SUDAH_REKAM",
        N_("Recorded"),
        N_("A list of an office says that this person is recorded, and nothing more."),
        N_("Do not record again. Ask the Dinas how far it has come."),
        Actor.DINAS,
        Tone.OK,
    ),
}
"""What village offices write (OpenSID) where central has codes: as a code, with `_` between words."""
