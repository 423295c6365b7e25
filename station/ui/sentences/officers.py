"""Why somebody may not work here any more, why nothing changes about an officer, and what a second officer is for."""

from __future__ import annotations

from station.domain.mark import N_

_ADMIN = N_("Ask the admin of this station.")

OFFICERS: dict[str, tuple[str, str]] = {
    "officer.over": (
        N_("Your right to work here ended with {day}."),
        N_("Ask your supervisor or the admin: one of them can set a later day on the Security screen."),
    ),
    "officer.ended": (
        N_("Your right to work here was ended on {day}."),
        N_("Ask your supervisor or the admin. If you are to work here again, one of them lets you in anew."),
    ),
    "officer.role_above": (N_("This role is not yours to give or to take."), _ADMIN),
    "officer.own": (
        N_("Nobody decides about themselves."),
        N_("Ask another supervisor or the admin to do it."),
    ),
    "officer.gone": (N_("This officer does not work here any more."), N_("Look at the list again.")),
    "officer.last": (
        N_("Somebody has to stay who lets others in."),
        N_("Name another supervisor or admin without a last day first."),
    ),
    "officer.day_past": (N_("This day is over already."), N_("Choose today or a later day, or end their right now.")),
    "officer.day_form": (N_("This is no date."), N_("Write day, month and year, such as 31-12-2026.")),
    "access.unproved": (
        N_("Your finger is still missing."),
        N_("Sign in at the window of this station and place your finger, or let a supervisor stand in."),
    ),
    "factor.no_match": (
        N_("This is not one of your fingers."),
        N_("Clean glass and finger and place it again. If it does not help, a supervisor stands in."),
    ),
    "factor.stand_in": (
        N_("This officer cannot stand in for you."),
        N_("Choose another supervisor or admin; they type their own password here."),
    ),
    "consent.override": (
        N_("A second officer has to agree to this."),
        N_("The finger is not the one that was recorded. A colleague looks at the person and types their password."),
    ),
    "consent.bulk_export": (
        N_("A second officer has to agree to this export."),
        N_("Central has some of these packets, or many were on a stick before. Leave them out, or ask a colleague."),
    ),
    "consent.names_taken": (
        N_("A second officer has to agree to take names away."),
        N_("The list leaves the station readable for everybody. A colleague types their password."),
    ),
}
