"""Why a target list could not be taken in, or is not here any more."""

from __future__ import annotations

from station.domain.mark import N_

_COPY = N_("Copy it from central to the stick again. The list you have stays usable.")
_ASK = N_("Ask the Dinas for a new one for this station. The list you have stays usable.")
_WHOLE = N_("Ask the Dinas for the whole list. The list you have stays usable.")

ROSTERS: dict[str, tuple[str, str]] = {
    "roster.not_a_list": (N_("This file is no target list, or only a part of one."), _COPY),
    "roster.cut": (N_("A part of the target list is missing."), _COPY),
    "roster.edited": (N_("The target list was changed on its way."), _COPY),
    "roster.source": (
        N_("The file with the target list cannot be read to its end."),
        N_("Put the stick in again, or copy the file to another one. The list you have stays usable."),
    ),
    "roster.signature": (N_("The target list is not signed by your central."), _ASK),
    "roster.other_central": (N_("The target list is from another central."), _ASK),
    "roster.other_station": (N_("The target list was made for another station."), _ASK),
    "roster.other_area": (N_("The target list is of another area."), _ASK),
    "roster.expired": (N_("The target list has expired."), _ASK),
    "roster.locked": (
        N_("The target list cannot be opened by this station."),
        N_("Ask the Dinas for a new one: this station may have been registered again since it was made."),
    ),
    "roster.unreadable": (N_("The content of the target list is not as central describes it."), _WHOLE),
    "roster.too_large": (N_("The target list is larger than this program takes."), _WHOLE),
    "roster.older": (
        N_("Version {here} of this target list is here already; this is version {version}."),
        N_("Nothing to do: the newer list stays. Delete the old file from the stick."),
    ),
    "roster.same": (
        N_("Version {version} of this target list is here already."),
        N_("Nothing to do: the list is ready for use."),
    ),
    "roster.base_missing": (
        N_("This file holds only what changed since version {base}, which is not here."),
        _WHOLE,
    ),
    "roster.disk_full": (
        N_("The disk has no room for the target list."),
        N_("Free some space, then import it again. The list you have stays usable."),
    ),
    "roster.stopped": (
        N_("Importing the target list was stopped."),
        N_("Nothing was changed. Import it again whenever you like."),
    ),
    "roster.busy": (
        N_("Another target list is being imported."),
        N_("Wait until it is done, then import this one."),
    ),
    "roster.unknown": (N_("This target list is not here any more."), N_("Import it again if you need it.")),
}
