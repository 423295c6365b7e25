"""What is said about sticks and what is on them. Knows no widget."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from station.desk.courier import Contents, Exported, Imported, Kind, ReceiptsExported, Why
from station.domain.mark import N_
from station.i18n import _, ngettext
from station.ui import format as shown

_NOT_TAKEN = {
    Why.BLOCKED: N_("{packets}: central takes nothing of their station now."),
    Why.STRANGER: N_("{packets}: central does not know their station."),
    Why.REFUSED: N_("{packets}: something in them must be repaired at their station."),
    Why.STOPPED: N_("{packets}: central does not take them as they are."),
}
"""Why central did not take packets of other stations."""


def packets(number: int) -> str:
    """`12 packets`."""
    return ngettext("{number} packet", "{number} packets", number).format(number=shown.thousands(number))


def receipts(number: int) -> str:
    """`12 receipts`."""
    return ngettext("{number} receipt", "{number} receipts", number).format(number=shown.thousands(number))


def refusals(number: int) -> str:
    """`2 refusals`."""
    return ngettext("{number} refusal", "{number} refusals", number).format(number=shown.thousands(number))


def answers(number: int) -> str:
    """`3 answers`: receipts and refusals together."""
    return ngettext("{number} answer", "{number} answers", number).format(number=shown.thousands(number))


def not_taken(found: Sequence[tuple[Why, int]]) -> str:
    """What central did not take of what is carried here, and why; '' when it took everything."""
    if not found:
        return ""
    said = [_(_NOT_TAKEN[why]).format(packets=packets(number)) for why, number in found]
    nothing = _("There is nothing to do here: their own stations see to them.")
    return "\n".join([_("Carried for other stations, and not taken by central:"), *said, nothing])


def amount(number: int, size: int) -> str:
    """`12 packets · 3 MB`."""
    return f"{packets(number)} · {shown.size(size)}" if number else _("nothing")


def contents(found: Contents, now: datetime) -> list[tuple[str, str]]:
    """What is in a bundle, as names and values."""
    if found.kind is Kind.RECEIPTS:
        held = [receipts(found.receipts)] if found.receipts or not found.refusals else []
        return [(_("Holds"), " · ".join([*held, *([refusals(found.refusals)] if found.refusals else [])]))]
    said = [
        (_("From"), _("this station itself") if found.own else found.station_name),
        (_("Office"), found.office),
        (_("Holds"), amount(found.packets, found.bytes)),
    ]
    if found.created is not None:
        said.append((_("Written"), shown.when(found.created, now)))
    if found.parts > 1:
        said.append((_("Part"), _("{part} of {parts}").format(part=found.part, parts=found.parts)))
    return said


def exported(done: Exported | None, given: ReceiptsExported | None) -> tuple[str, list[str]]:
    """A heading, and what else there is to know."""
    lines = []
    if done is not None:
        lines.append(_("{packets}, written and read back.").format(packets=amount(done.packets, done.bytes)))
    if given is not None:
        words = [receipts(given.receipts)] if given.receipts else []
        words += [refusals(given.refusals)] if given.refusals else []
        lines.append(_("{receipts} for other stations.").format(receipts=" · ".join(words)))
    if done is not None and done.left_out:
        told = ngettext(
            "{number} packet stays here: its file on this disk is damaged. Tell the technician.",
            "{number} packets stay here: their files on this disk are damaged. Tell the technician.",
            len(done.left_out),
        )
        lines.append(told.format(number=len(done.left_out)))
    paths = [*(done.paths if done else ()), *([given.path] if given else ())]
    lines.append(names(paths))
    return _("It is on the stick"), lines


def names(paths: Sequence[Path]) -> str:
    """The names of files, a few of them."""
    few = ", ".join(path.name for path in paths[:3])
    return few if len(paths) <= 3 else _("{names} and {more} more").format(names=few, more=len(paths) - 3)


def eject_hint() -> str:
    """How to take a stick out without losing what was written."""
    return _(
        "Now eject the stick: choose “Eject” or “Safely remove”, wait until the computer says so, then pull it out."
    )


def imported(found: Imported) -> tuple[str, str, list[str]]:
    """Heading, tone (`ok` or `warn`) and lines about what came of an import."""
    lines = _of_receipts(found) if found.contents.kind is Kind.RECEIPTS else _of_packets(found)
    good = found.taken + found.receipts_home + found.receipts_passed + found.refusals_home + found.refusals_passed
    good += found.keys_changed
    bad = found.refused + found.damaged + found.receipts_refused + found.refusals_refused
    if found.stopped:
        return _("Stopped"), "warn", [*lines, _("Import it again to take the rest.")]
    if bad:
        return _("Taken in, with losses") if good else _("Nothing could be taken"), "warn", lines
    return (_("Taken in") if good or found.restored else _("Nothing new in it")), "ok", lines


def _of_packets(found: Imported) -> list[str]:
    said = [
        (found.taken, _("{packets} taken. They are sent from here, and wait for the next stick as well.")),
        (found.known, _("{packets} were here already.")),
        (found.own - found.restored, _("{packets} are our own and came back.")),
        (found.restored, _("{packets} of our own were put back: their files here were lost.")),
        (found.damaged, _("{packets} could not be read: the stick is damaged there. Ask for another export.")),
        (found.refused, _("{packets} were refused: they are not what their station signed.")),
    ]
    return [text.format(packets=packets(number)) for number, text in said if number]


def _of_receipts(found: Imported) -> list[str]:
    said = [
        (found.receipts_home, _("{receipts} for records of this station. Central has them.")),
        (found.receipts_passed, _("{receipts} for other stations, to be handed on with the next stick.")),
        (found.receipts_known, _("{receipts} were known already.")),
        (found.receipts_unknown, _("{receipts} are about records that this station does not have.")),
        (found.receipts_refused, _("{receipts} were refused: central did not sign them so.")),
        (found.damaged, _("{receipts} could not be read: the stick is damaged there.")),
    ]
    lines = [text.format(receipts=receipts(number)) for number, text in said if number]
    if found.keys_changed:
        lines.insert(0, _("Central has changed its keys. This station knows the new ones now."))
    return lines + _of_refusals(found)


def _of_refusals(found: Imported) -> list[str]:
    said = [
        (found.refusals_home, _("{refusals} for records of this station: see “Needs repair”.")),
        (found.refusals_passed, _("{refusals} for other stations, to be handed on with the next stick.")),
        (found.refusals_known, _("{refusals} were known already, or central has the records by now.")),
        (found.refusals_unknown, _("{refusals} are about records that this station does not have.")),
        (found.refusals_refused, _("{refusals} were not signed by central and count for nothing.")),
    ]
    return [text.format(refusals=refusals(number)) for number, text in said if number]
