"""What a trip to a village may run into."""

from __future__ import annotations

from station.domain.mark import N_

_CLOSED = N_("Its marks and sums stay as they are. Recordings can still be finished.")

TRIPS: dict[str, tuple[str, str]] = {
    "trip.unknown": (N_("This trip is not here any more."), N_("Open the list of trips again.")),
    "trip.closed": (N_("This trip is closed."), _CLOSED),
    "trip.day_past": (N_("This day has passed."), N_("Choose today or a later day.")),
    "trip.day_far": (N_("This day is more than a year ahead."), N_("Check the year.")),
    "trip.village": (N_("The village is not chosen."), N_("Type three letters of it and choose it from the list.")),
    "trip.village_fixed": (
        N_("The village of a trip stays."),
        N_("Delete this trip and prepare another one for the other village."),
    ),
    "trip.has_records": (
        N_("People were recorded on this trip, so it cannot be deleted."),
        N_("Close it once the sums come out."),
    ),
    "trip.not_invited": (
        N_("This person was not invited, so there is nothing to mark."),
        N_("Say why they were not recorded, or record them."),
    ),
    "trip.was_recorded": (
        N_("This person has a recording of this trip, so they were there."),
        N_("If it is not theirs, cancel the recording first."),
    ),
    "trip.no_note": (N_("The reason is not written."), N_("Write in a few words why they were not recorded.")),
    "trip.no_name": (N_("The name is missing."), N_("Type the name as on the family card.")),
    "trip.on_sheet": (N_("This person is on the sheet already."), N_("Look for the name in the list.")),
    "trip.not_on_sheet": (N_("This person is not on the sheet any more."), N_("Choose another one.")),
    "trip.from_list": (
        N_("This person comes from the target list and stays on the sheet."),
        N_("Mark them instead: moved, deceased, refused or absent."),
    ),
    "trip.not_begun": (N_("The day of this trip has not come yet."), N_("It can be closed on its day or later.")),
    "trip.open_points": (
        N_("The sums do not come out yet: {count} people are open."),
        N_("Go through the list of open people, then close the trip."),
    ),
    "trip.not_saved": (
        N_("The file was not saved."),
        N_("Choose another folder, or check whether the medium is full or write-protected."),
    ),
}
