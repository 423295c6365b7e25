"""What was on a lost station, in words: for the notice that has to be given, for the list beside it, for a CSV.

Knows no window; the commands use it too.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime

from station.domain.inventory import Held, Inventory, Kinds, Line
from station.domain.mark import N_
from station.i18n import _, ngettext

HELD = {
    Held.DRAFT: N_("Draft, in the encrypted database"),
    Held.WAITING: N_("Sealed, not at central"),
    Held.RECEIVED: N_("Sealed, and at central"),
    Held.DESTROYED: N_("Pictures destroyed by the rule"),
    Held.WITHDRAWN: N_("Withdrawn, form only"),
}
HEADS = (N_("NIK"), N_("Name"), N_("Record"), N_("How it lies there"), N_("Parts"), N_("Sealed"), N_("Receipt"))
_SOURCES = {
    "station": N_("from this station itself, as of {moment}"),
    "backup": N_("from a copy of {moment}; what was entered later is not in it"),
    "central": N_("from what central holds, as of {moment}"),
}


def held_word(held: Held) -> str:
    """How a record lies on the station."""
    return _(HELD[held])


def kinds_text(kinds: Kinds | None) -> str:
    """`photo, 10 fingers, 2 irises, signature, 1 document`."""
    if kinds is None:
        return _("whatever was sealed; not to be told here")
    parts = [_("form")]
    if kinds.face:
        parts.append(_("photo"))
    if kinds.fingers:
        parts.append(ngettext("{n} finger", "{n} fingers", kinds.fingers).format(n=kinds.fingers))
    if kinds.irises:
        parts.append(ngettext("{n} iris", "{n} irises", kinds.irises).format(n=kinds.irises))
    if kinds.signature:
        parts.append(_("signature"))
    if kinds.documents:
        parts.append(ngettext("{n} document", "{n} documents", kinds.documents).format(n=kinds.documents))
    return ", ".join(parts)


def heading(found: Inventory) -> str:
    """Which station, and from where this is known."""
    name = found.station_name or found.station_id
    source = _(_SOURCES[found.source]).format(moment=_moment(found.as_of))
    return f"{name} · {found.office} · {source}"


def summary(found: Inventory) -> list[str]:
    """How many of what, and how it is closed: sentences that may be copied into the notice."""
    said = [ngettext("{n} person in {records} entries.", "{n} persons in {records} entries.", found.people).format(
        n=found.people, records=len(found.lines)
    )]  # fmt: skip
    said += [f"{held_word(held)}: {found.count(held)}" for held in Held if found.count(held)]
    if found.lists:
        people = sum(item.people for item in found.lists)
        areas = ", ".join(item.area_name or item.area for item in found.lists)
        said.append(_("Target lists, encrypted, form data only: {areas} ({n} people).").format(areas=areas, n=people))
    if found.trip_people or found.referrals:
        said.append(
            _("Names on lists of trips: {trips}; people sent on: {referrals}. Encrypted.").format(
                trips=found.trip_people, referrals=found.referrals
            )
        )
    if found.carried:
        text = ngettext("{n} sealed packet of another station.", "{n} sealed packets of other stations.", found.carried)
        said.append(text.format(n=found.carried))
    return [*said, *_told(found)]


def encryption(found: Inventory) -> str:
    """How all of it is closed, in one paragraph for the notice."""
    said = _(
        "All data on the station are encrypted. Sealed records are closed with age (X25519, ChaCha20-Poly1305) for "
        "central. What opens them here for a correction lies in the encrypted database, as do drafts, lists and names "
        "(SQLCipher, AES-256)."
    )
    if found.source == "central":
        drafts = _("Of drafts central knows nothing: a backup of the station tells of them.")
        return f"{said} {drafts}"
    opened = ngettext(
        "It opens with the password of {n} officer (Argon2id) or the recovery words, which are not on it.",
        "It opens with the password of one of {n} officers (Argon2id) or the recovery words, which are not on it.",
        found.officers,
    )
    return f"{said} {opened.format(n=found.officers)}"


def cells(line: Line) -> tuple[str, ...]:
    """One record, under HEADS."""
    return (
        line.nik or "–",
        line.name or "–",
        line.registration_no or f"{line.record_id}.{line.revision}",
        held_word(line.held),
        kinds_text(line.kinds),
        _moment(line.sealed_at),
        line.receipt_no or "–",
    )


def as_csv(found: Inventory) -> bytes:
    """Every record under HEADS, for a table program. It holds personal data: whoever writes it closes the file."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_(head) for head in HEADS])
    writer.writerows([_plain(cell) for cell in cells(line)] for line in found.lines)
    return out.getvalue().encode("utf-8-sig")


def as_text(found: Inventory) -> list[str]:
    """The whole of it as lines for a terminal."""
    rows = [tuple(_(head) for head in HEADS), *(cells(line) for line in found.lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADS))]
    table = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    said = [_clean(line) for line in (*table, "")] if found.lines else []
    return [heading(found), "", *said, *summary(found), "", encryption(found)]


def _told(found: Inventory) -> Sequence[str]:
    told, said = found.told, []
    if told.heard_at is not None:
        said.append(_("Last heard of {moment}.").format(moment=_moment(told.heard_at)))
    if told.unsent:
        text = ngettext(
            "{n} sealed packet had not been sent then: central does not know whose.",
            "{n} sealed packets had not been sent then: central does not know whose.",
            told.unsent,
        )
        said.append(text.format(n=told.unsent))
    if told.audit_number is not None:
        text = _("Its audit trail had {n} lines when it was last signed, {moment}.")
        said.append(text.format(n=told.audit_number, moment=_moment(told.audit_at)))
    if found.source == "central":
        said.append(_("Central takes nothing from it.") if told.blocked else _("Central has not blocked it."))
    if told.wipe:
        said.append(_(_WIPES[told.wipe]))
    return said


_WIPES = {
    "ordered": N_("It was ordered to be wiped, and has not answered yet."),
    "done": N_("It was wiped, and has said so."),
    "withdrawn": N_("An order to wipe it was withdrawn."),
    "over": N_("An order to wipe it ran out before it asked."),
}


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone():%d-%m-%Y %H.%M}" if at is not None else "–"


def _plain(cell: str) -> str:
    """No cell is taken for a formula by a table program."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _clean(line: str) -> str:
    """No sign in a name steers somebody's terminal."""
    return "".join(sign if sign.isprintable() else " " for sign in line)
