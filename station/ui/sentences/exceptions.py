"""What may be wrong with an exception, with a colleague's word for it, and with the verification at the end."""

from __future__ import annotations

from station.domain.mark import N_

EXCEPTIONS: dict[str, tuple[str, str]] = {
    "exception.part": (
        N_("This part can never be left out."),
        N_("Only fingers and eyes can. Everybody has a photo and a signature; a simple line is enough."),
    ),
    "exception.code": (
        N_("This reason does not fit all of the chosen parts."),
        N_("Choose another reason, or enter fingers and eyes one after the other."),
    ),
    "exception.no_reason": (N_("The reason is missing."), N_("Choose one, or write why it cannot be captured.")),
    "exception.invite_again": (
        N_("A wound heals: a day to come back is needed."),
        N_("Choose a day after today, within a year."),
    ),
    "exception.no_photo": (
        N_("The photo that shows it is missing."),
        N_("Take a photo of the hand or the eyes. One photo may show several parts."),
    ),
    "exception.unknown": (N_("Nothing is left out here any more."), N_("Look at the list again.")),
    "exception.captured": (
        N_("This part is captured and left out at the same time."),
        N_("Open the record and capture the part, or leave it out once more."),
    ),
    "exception.own_word": (
        N_("No second officer stands for what was left out."),
        N_("Open the record and leave the part out once more, with a colleague's password."),
    ),
    "photo.unreadable": (N_("This photo cannot be read."), N_("Take it again, or choose a picture in JPEG or PNG.")),
    "officer.self": (
        N_("Somebody else has to approve it."),
        N_("Choose a colleague; they type their own password here."),
    ),
    "officer.let_in": (
        N_("An officer cannot approve for the one who added them."),
        N_("Another officer has to look at it, or the exception waits for one."),
    ),
    "officer.password_given": (
        N_("Somebody else has set this officer's password."),
        N_("They sign in and change it under Security; then their word counts."),
    ),
    "officer.supervisor": (
        N_("Only a supervisor adds an officer."),
        N_("Choose a supervisor; they type their own password here."),
    ),
    "officer.voucher": (
        N_("The colleague's approval has expired."),
        N_("Ask them to type their password once more. What you have entered is still here."),
    ),
    "officer.name_taken": (N_("There is an officer with this name already."), N_("Add an initial or a second name.")),
    "officer.role": (N_("This role is not known."), N_("Choose one of the roles of the list.")),
    "officer.weak_prints": (
        N_("None of these fingers is clear enough."),
        N_("Clean glass and fingers, moisten dry ones a little, and try again."),
    ),
    "officer.no_prints": (N_("No fingerprint was captured."), N_("Place the fingers on the glass and press Space.")),
    "verify.not_done": (
        N_("The finger was not verified at the end."),
        N_("Capture it once more. If that cannot be done, choose the reason and go on."),
    ),
    "verify.no_match": (
        N_("The second capture does not match the first."),
        N_("Is it the right finger? Clean it and the glass, try again. If it stays so, choose the reason and go on."),
    ),
    "verify.other_finger": (
        N_("The second capture is like the {other}, as it was captured before."),
        N_("Place the finger that is shown. If it was the right one, the hands were swapped: capture both once more."),
    ),
    "verify.not_comparable": (
        N_("No finger of this hand can be verified."),
        N_("Capture one of them again, clean and a little moist; or ask for a second look and give the reason."),
    ),
    "verify.same_person": (
        N_("Some of it was captured on another day, and no finger can tell that it is the same person."),
        N_("Look at the photo and at the person. Is it the same face? Then give the reason and go on."),
    ),
    "verify.not_asked": (N_("This finger is not to be verified."), N_("Verify the fingers that are marked.")),
    "verify.no_minutiae": (
        N_("Nothing to compare can be seen in this print."),
        N_("Clean glass and finger, press more firmly, and try again."),
    ),
    "approval.no_text": (
        N_("There is nothing to sign under yet."),
        N_("Go back to the form, then let the applicant read and sign."),
    ),
    "approval.differs": (
        N_("What was signed is not what was sent."),
        N_("Open the record, let the applicant read it again and sign."),
    ),
    "attachment.bad": (N_("A scanned document or photo cannot be used."), N_("Open the record and scan it again.")),
    "attachment.too_large": (
        N_("The scanned documents are too large."),
        N_("Open the record and keep fewer pages."),
    ),
    "seal.unapproved": (
        N_("A second officer has not approved every exception yet."),
        N_(
            "Open the exception: a second officer types their password there. Until then the record waits here, unsent."
        ),
    ),
    "recapture.not_due": (
        N_("This person is not on the list any more."),
        N_("They were recorded meanwhile, or taken off it. Look at the record."),
    ),
    "recapture.no_match": (
        N_("This finger is not the one that was recorded."),
        N_("Is it the right finger, and the right person? Clean finger and glass, and try again."),
    ),
    "recapture.no_word": (
        N_("A second officer has not confirmed who this is."),
        N_("They look at the document and the person too, and type their own password here."),
    ),
    "recapture.not_open": (
        N_("This stays as it was recorded before."),
        N_("Only what they came again for is captured now. Other mistakes are corrected by a new application."),
    ),
    "recapture.no_reason": (N_("The reason is missing."), N_("Write it in a few words.")),
    "recapture.none": (N_("Nobody came again for this record."), N_("Look at the list again.")),
    "seal.too_large": (
        N_("This record is too large to be sent."),
        N_("Take out scanned documents, then seal again. Nothing is lost."),
    ),
}
