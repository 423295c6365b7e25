"""Words for packets on hold and for asking central again: pure functions from facts to sentences. Knows no widget."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from station.desk.dead_letters import Letter
from station.domain.delivery import OutboxItem, Stage
from station.domain.letter import Remedy
from station.domain.mark import N_
from station.domain.outcome import Trouble
from station.i18n import _, ngettext
from station.ui import format as shown
from station.ui import words
from station.ui.words import Words
from station.wire import Problem

_BUTTONS: Mapping[Remedy, str] = {
    Remedy.RETRY: N_("Try again"),
    Remedy.CORRECT: N_("Correct as a new revision"),
    Remedy.EXPORT: N_("Write to a stick…"),
    Remedy.VOID: N_("Void…"),
}
_MEANS: Mapping[Remedy, str] = {
    Remedy.RETRY: N_("From the beginning. What central has already is not sent twice."),
    Remedy.CORRECT: N_("Opens the record with everything in it. You seal it again."),
    Remedy.EXPORT: N_("Somebody brings it to central by hand."),
    Remedy.VOID: N_("It is never sent. Needs a reason and a second officer."),
}


class _Fate(StrEnum):
    """What became of a packet that was offered again."""

    HAD = "had"
    SENT = "sent"
    OPEN = "open"
    STOPPED = "stopped"


_OF_THE_FILE = frozenset({Trouble.FILE_CHANGED, Trouble.FILE_MISSING})


def name_of(remedy: Remedy) -> str:
    """What its button says."""
    return _(_BUTTONS[remedy])


def meaning_of(remedy: Remedy) -> str:
    """What it does, beside its button."""
    return _(_MEANS[remedy])


def not_now(letter: Letter) -> list[str]:
    """One sentence for each reason why something cannot be done now, with all that it stops."""
    stopped: dict[str, list[str]] = {}
    for remedy in Remedy:
        if code := letter.hurdles.get(remedy, ""):
            stopped.setdefault(code, []).append(name_of(remedy).rstrip("…"))
    told = _("Not possible now: {what}. {why}")
    return [told.format(what=" · ".join(names), why=words.sentence(code)) for code, names in stopped.items()]


def question(letter: Letter) -> str:
    """The title."""
    refused = letter.item.stage is Stage.REJECTED
    return _("Why was this record refused?") if refused else _("Why is this record on hold?")


def reason(letter: Letter) -> Words:
    """Why it does not go on, and what to do about it."""
    item = letter.item
    if item.stage is Stage.REJECTED:
        said = "\n".join(f"• {words.of_reason(each)}" for each in item.reasons)
        return Words(_("Central refuses the content"), said or _("Central did not say why. Ask the Dinas."))
    if item.last_note is None:
        return Words(_("Nobody noted why"), _("Try again."))
    told = words.of_trouble(item.last_note.trouble)
    if item.last_note.trouble in _OF_THE_FILE:
        return Words(told.title, _mended(letter))
    return told


def problem_type(item: OutboxItem) -> str:
    """The type of the problem as a machine writes it: of the contract, or of this station. Never translated."""
    if item.stage is Stage.REJECTED:
        return Problem.PACKET_REFUSED.urn
    if item.last_note is None:
        return "–"
    name = item.last_note.trouble.value
    return Problem(name).urn if name in set(Problem) else name


def facts(letter: Letter, now: datetime) -> tuple[tuple[str, str], ...]:
    """What a technician asks for on the phone. No personal data: it may be copied into a message."""
    item, note = letter.item, letter.item.last_note
    status = f" · HTTP {note.http_status}" if note is not None and note.http_status else ""
    tried = shown.when(item.last_tried_at, now) if item.last_tried_at else "–"
    return (
        (_("Problem type"), problem_type(item) + status),
        (_("Request id"), (note.request_id if note else "") or "–"),
        (_("Packet"), f"{item.key} · {shown.size(item.size)}"),
        (_("Last tried"), tried),
    )


def offered_before(number: int) -> str:
    """That central is not asked again about these now; '' for none."""
    sentence = ngettext(
        "{n} record was offered to central within the last day already.",
        "{n} records were offered to central within the last day already.",
        number,
    )
    return sentence.format(n=number) if number else ""


def quiet(number: int) -> str:
    """How many records central has not spoken of for long."""
    sentence = ngettext(
        "{n} record without news for more than 14 days", "{n} records without news for more than 14 days", number
    )
    return sentence.format(n=shown.thousands(number))


def answered(items: Sequence[OutboxItem], now: datetime) -> str:
    """What central has answered about packets that were offered to it again."""
    had = [item.confirmed_at for item in items if item.stage is Stage.RECEIPTED and item.confirmed_at is not None]
    numbers = Counter(_fate(item) for item in items)
    told = []
    if had:
        sentence = ngettext(
            "Central has this record; its receipt was confirmed again: {moment}.",
            "Central has these {n} records; their receipts were confirmed again: {moment}.",
            len(had),
        )
        told.append(sentence.format(n=len(had), moment=shown.when(max(had), now)))
    others = (_Fate.SENT, _Fate.OPEN, _Fate.STOPPED)
    told += [_fate_of(fate, numbers[fate]) for fate in others if numbers[fate]]
    return " ".join(told)


def _fate(item: OutboxItem) -> _Fate:
    if item.stage is Stage.RECEIPTED:
        return _Fate.HAD if item.confirmed_at is not None else _Fate.SENT
    return _Fate.OPEN if item.stage in (Stage.QUEUED, Stage.SENDING) else _Fate.STOPPED


def _fate_of(fate: _Fate, n: int) -> str:
    match fate:
        case _Fate.SENT:
            sentence = ngettext(
                "Central did not have {n} record any more. It was sent again, and central has it now.",
                "Central did not have {n} records any more. They were sent again, and central has them now.",
                n,
            )
        case _Fate.OPEN:
            sentence = ngettext(
                "{n} record waits for the answer of central.", "{n} records wait for the answer of central.", n
            )
        case _:
            sentence = ngettext(
                "{n} record was stopped: see Needs repair.", "{n} records were stopped: see Needs repair.", n
            )
    return sentence.format(n=n)


def _mended(letter: Letter) -> str:
    if letter.intact:
        return _("The file is whole again: it can be tried again.")
    return _("Do not delete anything. Put the file back from a copy on a stick, then open this again.")
