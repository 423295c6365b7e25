"""Folders and files that were named on the command line and are not what is needed there."""

from __future__ import annotations

from station.domain.mark import N_

PLACES: dict[str, tuple[str, str]] = {
    "folder.no_station": (
        N_("There is no station in the folder {path}."),
        N_("Check what follows --data. Nothing was made there."),
    ),
    "central.none": (
        N_("There is no central in this folder."),
        N_("Check what follows --data. Only `station central` founds one. Nothing was made there."),
    ),
    "path.no_folder": (
        N_("There is no folder {path}."),
        N_("Check how it is written, or plug the stick in. Nothing was written."),
    ),
    "path.no_file": (
        N_("There is no file {path}."),
        N_("Check how it is written, or plug the stick in. Nothing was changed."),
    ),
    "path.taken": (
        N_("There is something of the name {path} already."),
        N_("It is not replaced. Choose another name."),
    ),
    "backup.no_folder": (
        N_("There is no such folder for the backup."),
        N_("Check how it is written, or plug the stick in. Nothing was changed."),
    ),
    "backup.unfit": (
        N_("No backup can be kept in this folder."),
        N_("Choose a folder on a stick or on another disk. Nothing was changed."),
    ),
    "move.around": (
        N_("The new folder holds the folder of the station."),
        N_("Choose an empty folder elsewhere. Nothing was changed."),
    ),
    "move.same": (N_("The data are in this folder already."), N_("Choose an empty folder on the other disk.")),
    "station.two_names": (
        N_("Several stations have this name: {numbers}."),
        N_("Give the number instead, such as 99.01.01-01."),
    ),
    "officer.last_recorder": (
        N_("After this nobody here could record people."),
        N_("Let somebody else in first, or repeat the command with --yes. Nothing was changed."),
    ),
}
