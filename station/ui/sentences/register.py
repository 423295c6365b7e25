"""What may be wrong with a register of people that the Dinas brings, and with lists made from it at central."""

from __future__ import annotations

from station.domain.mark import N_

_NOTHING = N_("Nothing was changed. Correct the file, then import it again.")
_ON_PURPOSE = N_("Nothing was changed. Correct the file; if it is right as it is, import it with --accept-losses.")

REGISTER: dict[str, tuple[str, str]] = {
    "csv.unreadable": (N_("The file cannot be read or written: {reason}."), N_("Check its name and its place.")),
    "csv.empty": (N_("The file is empty."), _NOTHING),
    "csv.no_text": (N_("This is no CSV file."), N_("Save it as CSV (UTF-8), then import it again.")),
    "csv.too_large": (N_("The file is larger than {limit_mb} MB."), N_("Split it by kecamatan.")),
    "csv.too_many_lines": (N_("The file has more than {limit} lines."), N_("Split it by kecamatan.")),
    "csv.no_header": (
        N_("The first line does not name the columns."),
        N_("It must have names such as NIK, NO_KK, NAMA_LGKP, separated by ; or , or tab."),
    ),
    "csv.columns_missing": (N_("These columns are missing: {columns}."), _NOTHING),
    "csv.columns_twice": (N_("These columns are there twice: {columns}."), _NOTHING),
    "csv.nobody": (N_("None of the {lines} lines could be taken."), _NOTHING),
    "csv.many_bad": (N_("{bad} of the {lines} lines cannot be taken. Such a file is not imported."), _ON_PURPOSE),
    "csv.many_gone": (
        N_("{gone} of the {people} people on the list are not in this file. Such a file is not imported."),
        _ON_PURPOSE,
    ),
    "roster.area": (N_("This is no region code."), N_("Give the code of a kabupaten, kecamatan or desa: 33.25.07.")),
    "roster.days": (N_("A list may be used for 1 to {most} days."), N_("Give another number of days.")),
    "roster.none": (N_("There is no target list of this area."), N_("Make one from a CSV file first.")),
    "roster.unknown_station": (
        N_("Central does not know this station."),
        N_("Give its number, such as 99.01.01-01. `station central stations` lists all of them."),
    ),
    "roster.other_version": (
        N_("Central sent another version of the target list than it told of."),
        N_("Nothing to do: the station tries again by itself."),
    ),
    "roster.out": (N_("The file cannot be written: {reason}."), N_("Choose another place.")),
}
