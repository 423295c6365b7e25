"""What may be wrong with an answer that only some are asked: status, papers, permits, family, the target list."""

from __future__ import annotations

from station.domain.mark import N_

_FROM_CARD = N_("Type it again from the family card.")

BIODATA: dict[str, tuple[str, str]] = {
    # against the target list
    "domicile.changed": (
        N_("No data may change for somebody from another regency."),
        N_("Write what the list says, shown above the field. Changes are made at their own Dinas."),
    ),
    "domicile.compare": (
        N_("This person lives in another regency, and no list here shows their data."),
        N_("Compare every answer with the family card: nothing may be changed. Then choose the reason and go on."),
    ),
    "domicile.service": (
        N_("Data cannot be changed here for somebody from another regency."),
        N_("Choose another service, or send the applicant to their own Dinas. If the village is wrong, correct it."),
    ),
    "field.code_of_tomorrow": (
        N_("The list has code {value}, which this station does not know yet."),
        N_("It is kept as it is. Choose the reason and go on."),
    ),
    "nik.district_unknown": (
        N_("The NIK begins with a district that is in no table."),
        N_("It may come from before a region was split. If the family card says so too, choose the reason."),
    ),
    "nik.own": (N_("This is the applicant's own NIK."), _FROM_CARD),
    "name.digit_listed": (
        N_("The name has a digit, as in the list."),
        N_("It stays as it is. If the family card says so too, choose the reason."),
    ),
    "name.punctuation_new": (
        N_("The name differs from the list, and new names have no punctuation marks."),
        N_("Write it as in the list, or without the mark."),
    ),
    "name.shortened": (
        N_("The name seems to have a shortened word."),
        N_("Write it in full, unless the family card has it so: then choose the reason."),
    ),
    # status
    "date.future": (N_("This date is in the future."), N_("Type it again from the document.")),
    "date.before_birth": (N_("This date is before the date of birth."), N_("Check both dates.")),
    "eligibility.not_yet_foreigner": (
        N_("{age} years old and never married: too young for a card."),
        N_("Foreign residents are recorded from the age of 17, or when married."),
    ),
    "eligibility.married_young": (
        N_("Married at {age}: only with the marriage certificate or marriage book."),
        N_("Look at the original, then choose the reason and go on."),
    ),
    "marriage.no_certificate": (
        N_("Married, but without a marriage certificate."),
        N_("An unregistered marriage has its own status, 21. If the family card says KAWIN, choose the reason."),
    ),
    # address
    "phone.shape": (N_("A telephone number has 8 to 15 digits."), N_("Type it again, or leave it empty.")),
    "postal_code.shape": (N_("A postal code has five digits."), N_("Type it again, or leave it empty.")),
    # passport and permit
    "passport.expired": (N_("The passport has expired."), N_("Note the reason, such as a new one being made.")),
    "permit.not_permanent": (
        N_("A stay permit of this kind does not give a card."),
        N_("Only foreigners with a permanent permit (ITAP) are recorded. Explain it, and cancel this recording."),
    ),
    "permit.expired": (
        N_("The stay permit has expired."),
        N_("Recording is possible with a valid ITAP. Ask the applicant to renew it at Imigrasi first."),
    ),
    # the book of codes
    "codes.unreadable": (
        N_("The code lists that arrived cannot be used."),
        N_("Work goes on with the ones that are here. Tell the technician."),
    ),
}
