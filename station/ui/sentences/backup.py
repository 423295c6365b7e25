"""The second copy, restoring and moving: what may be wrong with a medium, with what is on it, and with a folder."""

from __future__ import annotations

from station.domain.mark import N_

_ANOTHER = N_("Nothing was changed. Choose another folder, or another stick.")

BACKUP: dict[str, tuple[str, str]] = {
    "backup.other_station": (N_("This medium holds the backup of another station."), _ANOTHER),
    "backup.none": (
        N_("There is no backup in this folder."),
        N_("Choose the stick or folder in which there is a folder ktpel-cadangan."),
    ),
    "backup.unreadable": (N_("A backup cannot be read."), _ANOTHER),
    "backup.missing": (N_("A file of the backup is missing."), _ANOTHER),
    "backup.too_large": (N_("A file of the backup is too large."), _ANOTHER),
    "backup.damaged": (
        N_("No backup on this medium is whole."),
        N_("Nothing was changed here. Try another stick of this station, or call the technician."),
    ),
    "backup.forged": (
        N_("Somebody has changed this backup since the station made it."),
        N_("Nothing is sent from here. Call the technician, and restore from another medium."),
    ),
    "backup.older": (
        N_("The data are older than the last backup."),
        N_("The last backup was kept. Call the technician."),
    ),
    "backup.not_chosen": (
        N_("No backup medium was chosen."),
        N_("Choose one: on the screen Security, or with --to."),
    ),
    "backup.away": (
        N_("The data of this station is damaged, and its backup medium {place} is away."),
        N_("Plug it in and sign in again."),
    ),
    "restore.not_empty": (
        N_("There is a station in this folder already."),
        N_("Nothing was changed. Restore into an empty folder."),
    ),
    "restore.stopped": (N_("Restoring was stopped."), N_("Nothing was changed. It can be started again.")),
    "move.not_empty": (N_("The new folder is not empty."), N_("Choose an empty folder. Nothing was changed.")),
    "move.inside": (N_("The new folder lies inside the old one."), N_("Choose a folder elsewhere.")),
    "move.unproven": (
        N_("What was copied is not what was read."),
        N_("The old folder stays in use. Use another disk."),
    ),
    "folder.moved_away": (
        N_("The data of this station were moved to {place}, which is not there."),
        N_("Connect that disk and start again."),
    ),
}
