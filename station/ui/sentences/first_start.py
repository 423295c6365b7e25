"""What may be wrong at the first start: the enrolment file, its code, the recovery words that were typed again."""

from __future__ import annotations

from station.domain.mark import N_

_ASK = N_("Ask the Dinas for a new file. Nothing was changed here.")

FIRST_START: dict[str, tuple[str, str]] = {
    "enrolment_file.unreadable": (N_("This file registers no station."), _ASK),
    "enrolment_file.signature": (N_("This file is not signed by central."), _ASK),
    "enrolment_file.expired": (N_("This file could be used until {day} only."), _ASK),
    "enrolment_file.code": (
        N_("The code does not belong to this file, or the file was changed."),
        N_("Compare the code with the paper."),
    ),
    "central.office_full": (
        N_("The office {office} has all its stations already."),
        N_("An office can have 99 of them."),
    ),
    "central.authorities": (
        N_("The file {path} holds no certificates."),
        N_("It must be PEM, of at most 24 KB."),
    ),
    "claim.unreadable": (N_("The claim of this station cannot be read."), _ASK),
    "claim.signature": (N_("The claim of this station is not right."), _ASK),
}
