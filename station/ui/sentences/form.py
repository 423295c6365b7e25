"""What may be wrong with an answer of the form or with a record."""

from __future__ import annotations

from station.domain.mark import N_

_FROM_CARD = N_("Type it again from the family card.")
_TECHNICIAN = N_("Call the technician and read out this sentence.")
_CONFIRM = N_("If the family card says so too, choose the reason and go on.")

FORM: dict[str, tuple[str, str]] = {
    "field.required": (N_("This field is still empty."), N_("Fill it in from the family card.")),
    "field.too_long": (N_("Too long: {length} characters, at most {limit}."), N_("Shorten it the usual way.")),
    "field.unknown_code": (N_("This choice does not exist."), N_("Choose one from the list.")),
    # NIK and family card
    "nik.not_digits": (N_("A NIK has digits only."), _FROM_CARD),
    "nik.length": (N_("A NIK has 16 digits; this one has {length}."), _FROM_CARD),
    "nik.province": (N_("No province has the code {province}."), N_("Check the first two digits of the NIK.")),
    "nik.month": (N_("There is no month {month}."), N_("Check digits 9 and 10 of the NIK.")),
    "nik.day": (
        N_("There is no day {day} in that month."),
        N_("Check digits 7 and 8 of the NIK. For women the day is written plus 40."),
    ),
    "nik.serial": (N_("No NIK ends in 0000."), N_("Check the last four digits of the NIK.")),
    "nik.birth_date_differs": (
        N_("The NIK says another date of birth."),
        N_("A NIK never changes, even after a correction. If the family card says so too, choose the reason."),
    ),
    "nik.sex_differs": (
        N_("The NIK says another sex."),
        N_("Check sex and NIK. If the family card says so too, choose the reason."),
    ),
    "kk.shape": (N_("A family card number has 16 digits; this one has {length}."), _FROM_CARD),
    "kk.equals_nik": (N_("The family card number is the same as the NIK."), _FROM_CARD),
    "kk.region_differs": (N_("The family card is from another region than the address."), _CONFIRM),
    # names
    "name.too_long": (
        N_("The name has {length} characters, at most {limit} are allowed."),
        N_("Write it as on the family card; ask the Dinas how to shorten it."),
    ),
    "name.digit": (N_("A name has no digits."), _FROM_CARD),
    "name.not_latin": (
        N_("The name has a character that is no Latin letter."),
        N_("Delete it and type the name by hand, without copying."),
    ),
    "name.no_letters": (N_("The name has no letters."), _FROM_CARD),
    "name.punctuation": (
        N_("The name has a punctuation mark."),
        N_("Allowed for names given before 21-04-2022. If the family card says so, choose the reason."),
    ),
    "name.one_word": (
        N_("The name is a single word."),
        N_("Allowed for names given before 21-04-2022. If the family card says so, choose the reason."),
    ),
    # dates and age
    "date.shape": (N_("This is not a date."), N_("Type day, month and year, such as 05071990.")),
    "birth_date.future": (N_("The date of birth is in the future."), _FROM_CARD),
    "birth_date.too_early": (N_("The date of birth is before 1900."), _FROM_CARD),
    "birth_date.very_old": (N_("This person is {age} years old."), _CONFIRM),
    "eligibility.not_yet": (
        N_("{age} years old and never married: too young for an identity card."),
        N_("Recording is possible from the age of 16. Offer the child identity card (KIA)."),
    ),
    # address
    "unit.shape": (N_("RT and RW have three digits."), N_("Type the number, such as 1 for 001.")),
    "village.not_chosen": (
        N_("No village has been chosen."),
        N_("Type three letters of its name and choose it from the list."),
    ),
    "village.province": (N_("No province has the code {province}."), N_("Choose another village.")),
    # records
    "record.move": (
        N_("That is not possible for this record any more."),
        N_("Somebody may have changed it. Open the list of records again."),
    ),
    "record.not_draft": (
        N_("This record is sealed already; it cannot be changed here."),
        N_("Look it up in the list of records."),
    ),
    "record.shredded": (
        N_("The content of this record is not kept at this station any more."),
        N_("Ask the Dinas: it has to be recorded again."),
    ),
    "seal.incomplete": (N_("The recording is not complete yet."), N_("Finish the steps that are marked, then save.")),
    "seal.changed": (
        N_("Something in this recording was changed while it was being saved."),
        N_("Look at the steps once more, then save again. Nothing is lost."),
    ),
    "confirm.no_reason": (N_("A reason is needed."), N_("Choose one, or write it in a few words.")),
    "confirm.not_found": (N_("That remark is not there any more."), N_("Nothing to confirm; go on.")),
    "withdraw.no_reason": (N_("A reason is needed."), N_("Write in a few words why the recording is cancelled.")),
    "form.unknown_field": (N_("This field does not exist."), _TECHNICIAN),
    "record.unknown": (N_("This record is not at this station."), N_("Search for it in the list of records.")),
    "program.unexpected": (
        N_("Something unexpected happened. Your work is stored."),
        N_("Try again. If it happens again, call the technician: the technical notes have the details."),
    ),
}
