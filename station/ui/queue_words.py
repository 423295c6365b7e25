"""The queue in words: why somebody was called before others, and a day of it for whoever answers. Knows no widget."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from station.desk.office import StationCard
from station.domain.mark import N_
from station.domain.turn import Because, Jump, OutOfTurn, QueueDay, Turn, Why
from station.i18n import _, ngettext
from station.ui import format as shown
from station.ui.printing import escape, letterhead, table

_WHY: Mapping[Why, str] = {
    Why.ELDERLY: N_("Elderly"),
    Why.DISABILITY: N_("With a disability"),
    Why.PREGNANT: N_("Pregnant, or with a baby"),
    Why.NO_ANSWER: N_("Those before were called and did not come"),
    Why.OTHER: N_("Another reason, in your own words"),
}
_JUMPS: Mapping[Jump, str] = {
    Jump.CALLED: N_("Called before others, with a reason"),
    Jump.REFUSED: N_("Tried without a reason: refused"),
    Jump.NO_NUMBER: N_("Recorded without a number"),
}
HEADS = (N_("Time"), N_("Officer"), N_("Number"), N_("Before"), N_("Event"), N_("Reason"))


def why(reason: Why) -> str:
    """One entry of the list of reasons."""
    return _(_WHY[reason])


def because(given: Because) -> str:
    """The reason as it stands in the report; '' where none was given."""
    if given.why is Why.OTHER:
        return given.words
    return why(given.why) if given.why is not None else ""


def question(turn: Turn) -> str:
    """The heading when somebody is to be called before others."""
    if not turn.ticket:
        return _("Call this person before number {first}?").format(first=turn.first)
    return _("Call number {number} before number {first}?").format(number=turn.ticket, first=turn.first)


def consequence(turn: Turn) -> str:
    """Below it: how many it concerns, and that it is written down."""
    waits = ngettext("{n} person waits before this one.", "{n} people wait before this one.", turn.ahead)
    told = _("Your name, the number and the reason stand in the report of the day.")
    return f"{waits.format(n=turn.ahead)} {told}"


def summary(found: QueueDay) -> list[str]:
    """The day in sentences, the equation first."""
    called, given = found.called, found.given
    said = [
        _("Numbers given: {given}. Called in: {called}, of these in their turn: {in_turn}.").format(
            given=given, called=called, in_turn=found.in_turn
        )
    ]
    texts = {
        Jump.CALLED: ngettext(
            "{n} was called before others, with a reason.",
            "{n} were called before others, with a reason.",
            found.count(Jump.CALLED),
        ),
        Jump.REFUSED: ngettext(
            "{n} try without a reason was refused.",
            "{n} tries without a reason were refused.",
            found.count(Jump.REFUSED),
        ),
        Jump.NO_NUMBER: ngettext(
            "{n} was recorded without a number while others waited.",
            "{n} were recorded without a number while others waited.",
            found.count(Jump.NO_NUMBER),
        ),
    }
    said += [text.format(n=found.count(jump)) for jump, text in texts.items() if found.count(jump)]
    return said if found.lines else [*said, _("Nobody was called before others.")]


def cells(line: OutOfTurn, name: Callable[[str], str]) -> tuple[str, ...]:
    """One line under HEADS; `name` gives an officer's name to an id."""
    waits = ngettext("{n} person, next was {first}", "{n} people, next was {first}", line.ahead)
    return (
        shown.clock(line.at),
        name(line.operator_id),
        str(line.ticket) if line.ticket else "–",
        waits.format(n=line.ahead, first=line.first),
        _(_JUMPS[line.jump]),
        because(line.because) or "–",
    )


def title() -> str:
    return _("Report of the queue")


def as_html(found: QueueDay, station: StationCard, at: datetime, name: Callable[[str], str]) -> str:
    """The paper: which day, what it was, and every time the order was left."""
    said = "".join(f"<p>{escape(text)}</p>" for text in (shown.day(found.day), *summary(found)))
    rows = [cells(line, name) for line in found.lines]
    lines = table([_(head) for head in HEADS], rows) if rows else ""
    return letterhead(station, title(), at) + said + lines
