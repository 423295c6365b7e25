"""What happens next with a record, in one sentence: who must act now, and what to do. Knows no widget."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from station.domain.actor import Actor
from station.domain.central_status import central_status
from station.domain.mark import N_
from station.domain.next_step import Situation, next_step
from station.domain.outcome import Trouble
from station.domain.rows import RecordRow
from station.i18n import _
from station.ui import format as shown
from station.ui import labels, words

_WHO: dict[Actor, str] = {
    Actor.NOBODY: N_("Nobody has to act"),
    Actor.OPERATOR: N_("Your turn"),
    Actor.TECHNICIAN: N_("The technician must act"),
    Actor.DINAS: N_("The Dinas must act"),
    Actor.CENTRAL: N_("Central is working on it"),
}
_TODO: dict[Situation, str] = {
    Situation.UNFINISHED: N_("Press Enter and continue at: {step}."),
    Situation.BEING_CORRECTED: N_("Press Enter, correct what central named, and save again."),
    Situation.WITHDRAWN: N_("This recording was cancelled. If the person comes again, begin a new one."),
    Situation.NOT_QUEUED: N_("It is sealed and safe, and enters the queue when the program is started next."),
    Situation.ON_ITS_WAY: N_("It goes by itself when the network is there."),
    Situation.WAITS_LONG: N_("It has waited for more than one working day. F6 says why nothing moves."),
    Situation.WANTED_AGAIN: N_("Central asked for it once more. It is kept here and goes by itself."),
    Situation.REFUSED: N_("Press Enter to correct it: everything that was recorded comes back."),
    Situation.NO_STATUS: N_("Central has it and has not said more yet."),
    Situation.NO_STATUS_LONG: N_(
        "Central has it but has said nothing for long. Ask the Dinas, with the receipt number."
    ),
}
_ON_HOLD = N_("Open F6, Needs repair, for the reason and to try again.")
_TONES: dict[Situation, str] = {
    Situation.UNFINISHED: "brand",
    Situation.BEING_CORRECTED: "brand",
    Situation.WAITS_LONG: "warn",
    Situation.ON_HOLD: "bad",
    Situation.REFUSED: "bad",
    Situation.NO_STATUS_LONG: "warn",
    Situation.STATUS_LONG: "warn",
}


@dataclass(frozen=True)
class NextWords:
    """Who, what to do, and the tone both are shown in."""

    who: str
    todo: str
    tone: str


def next_words(row: RecordRow, now: datetime) -> NextWords:
    """The next step of a record in words."""
    step = next_step(row, now)
    who = _(_WHO[step.who])
    packet = row.packet
    match step.situation:
        case Situation.STATUS if row.prints_later and row.print_from is not None:
            said = _("Nothing to do yet. The card may be printed from {day}, the 17th birthday.")
            return NextWords(_(_WHO[Actor.NOBODY]), said.format(day=shown.day(row.print_from)), "off")
        case Situation.STATUS if packet is not None:
            status = central_status(packet.central_code)
            return NextWords(who, _(status.todo), status.tone.value)
        case Situation.STATUS_LONG if packet is not None:
            return NextWords(who, _(central_status(packet.central_code).late), "warn")
        case Situation.ON_HOLD:
            trouble = packet.last_note.trouble if packet is not None and packet.last_note else Trouble.OUR_BUG
            said = f"{words.of_trouble(trouble).title} {_(_ON_HOLD)}"
            return NextWords(who, said, "bad")
        case situation:
            said = _(_TODO[situation]).format(step=labels.step(row.missing[0] if row.missing else row.step))
            return NextWords(who, said, _TONES.get(situation, "off"))
