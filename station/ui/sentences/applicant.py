"""What stops a person before any device starts, or has to be confirmed; and the waiting room between desk and booth."""

from __future__ import annotations

from station.domain.mark import N_

APPLICANT: dict[str, tuple[str, str]] = {
    "applicant.recorded_here": (
        N_("This person has already been recorded at this station."),
        N_("Do not record twice: a second recording blocks the card. Open that record."),
    ),
    "applicant.refused_here": (
        N_("Central refused the recording that was made here."),
        N_("Correct that one; it is sent again as the next revision. Do not begin another."),
    ),
    "applicant.recorded": (
        N_("This person has already been recorded, says the target list."),
        N_("Do not record again: a second recording blocks the card."),
    ),
    "applicant.too_young": (
        N_("{age} years old and not married: no identity card yet."),
        N_(
            "Recording is possible from the age of 16. Offer the child identity card (KIA). "
            "If the family card is wrong, the Dinas corrects it first."
        ),
    ),
    "applicant.other_draft": (
        N_("There is another open recording with this NIK: {number}."),
        N_("Continue that one. Begin another only with a reason."),
    ),
    "applicant.wanted_again": (
        N_("Central could not use the recording that was made here: {number}."),
        N_("Ask the Dinas first whether its packet should be sent again. Record once more only with a reason."),
    ),
    "applicant.same_person": (
        N_("Another open application has this name and date of birth: {number}."),
        N_("Make sure that they are two people, then give the reason."),
    ),
    "applicant.unknown_status": (
        N_("Central's status does not tell whether this person has been recorded."),
        N_("Ask the Dinas first. Go on only with a reason."),
    ),
    "phone.many": (
        N_("This telephone number is on {others} other applications."),
        N_("Ask for the applicant's own number. If it is right, give the reason."),
    ),
    "waiting.not_prepared": (
        N_("The biodata are not complete yet."),
        N_("Fill in what is marked, then hand the person over to the booth."),
    ),
    "waiting.taken": (
        N_("This person has been called in already."),
        N_("Take the next one from the list."),
    ),
    "waiting.not_called": (
        N_("This person waits in the queue and has not been called."),
        N_("Go to the photo: the program calls them, and asks for a reason when others wait before them."),
    ),
    "waiting.out_of_turn": (
        N_("Number {first} is next, and {n} wait before this person."),
        N_("Choose why this person is called before them. This try without a reason is in the report of the day."),
    ),
    "waiting.no_words": (
        N_("Those words are no reason yet."),
        N_("Write in a few words why this person is called before others. This try is in the report of the day."),
    ),
    "waiting.no_such_number": (
        N_("Nobody waits with number {ticket} today."),
        N_("Ask to see the number, and type it again."),
    ),
}
