"""The audit trail, a copy that cannot be opened, and a station that is lost."""

from __future__ import annotations

from station.domain.mark import N_

_DINAS = N_("Nothing was removed. Tell the Dinas at once: somebody may be pretending to be central.")

LOST: dict[str, tuple[str, str]] = {
    "audit.head": (N_("A head of the audit trail is not signed by this station."), N_("Tell the Dinas.")),
    "audit.no_heads": (
        N_("There is no signed head in that file."),
        N_("Write into it what `station central audit --head` prints."),
    ),
    "audit.not_saved": (
        N_("The file could not be written."),
        N_("Choose another place, or make room there, and save it again."),
    ),
    "copy.none": (
        N_("There is no copy of a station in that folder."),
        N_("Give the medium of the backups, one of its snapshots, or a whole data folder."),
    ),
    "copy.finger": (
        N_("This officer shows a finger when signing in, and none is read here."),
        N_("Use the recovery words."),
    ),
    "copy.wrong_secret": (
        N_("Neither the password of an officer nor the recovery words of this copy."),
        N_("A password that was changed since opens newer copies only. Type it again, or use the recovery words."),
    ),
    "wipe.reason": (N_("An order to wipe a station needs a reason."), N_("Give one with --reason.")),
    "wipe.unreadable": (N_("The order to wipe cannot be read."), _DINAS),
    "wipe.signature": (N_("The order to wipe is not signed by your central."), _DINAS),
    "wipe.other_central": (N_("The order to wipe is from another central."), _DINAS),
    "wipe.other_station": (N_("The order to wipe was made for another station."), _DINAS),
    "wipe.expired": (N_("The order to wipe is too old."), _DINAS),
}
