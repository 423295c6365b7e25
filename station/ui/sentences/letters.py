"""Packets that do not go on by themselves: why something cannot be done now. And what central tells stations."""

from __future__ import annotations

from station.domain.mark import N_

_DINAS = N_("Nothing was changed. Tell the Dinas.")

LETTERS: dict[str, tuple[str, str]] = {
    "letter.moved": (N_("This record is not on hold any more."), N_("Look at the list again.")),
    "letter.refused": (
        N_("Central has refused the content. Unchanged, it would be refused again."),
        N_("Correct it as a new revision."),
    ),
    "letter.file": (
        N_("The sealed file on this disk is missing or was changed."),
        N_("Put it back from a copy on a stick, then open this again."),
    ),
    "letter.carried": (N_("The packet belongs to another station."), N_("That station decides about it.")),
    "letter.later_revision": (N_("A later revision of this record exists."), N_("Look at the record.")),
    "letter.confirmed": (N_("Central has this record."), N_("It cannot be taken back here.")),
    "letter.underway": (
        N_("It was given to a stick or to a neighbour, and may still reach central."),
        N_("Wait for its receipt."),
    ),
    "letter.sent_in_part": (
        N_("Part of it was sent, and the answer of central may have been lost."),
        N_("Try again. If central says nothing for 14 days, it can be voided."),
    ),
    "void.reason": (
        N_("Say why in at least {least} characters."),
        N_("Whoever asks later reads it in the audit trail."),
    ),
    "notice.until": (N_("The end of the notice is no moment."), N_("Write it as 2026-11-30 or 2026-11-30T16:00.")),
    "stock.batch": (N_("A batch of blanks is given as NAME=80."), N_("Nothing was told. Write it again.")),
    "keys.unreadable": (N_("The change of keys cannot be read."), _DINAS),
    "keys.signature": (N_("The change of keys is not signed by a key that is believed here."), _DINAS),
    "keys.other_central": (N_("The change of keys is from another central."), _DINAS),
    "keys.other_station": (N_("The change of keys was made for another station."), _DINAS),
    "keys.older": (N_("The change of keys is older than the one that was followed."), _DINAS),
}
