"""The lanes of delivery in words: what each carries, what it is doing, and in one sentence why. Knows no widget."""

from __future__ import annotations

from datetime import datetime

from station.domain.lane import Condition, LaneName, LaneState
from station.domain.mark import N_
from station.domain.outcome import Note, Trouble
from station.i18n import _
from station.ui import format as shown
from station.ui.labels import Label, said
from station.ui.words import of_trouble

_NAMES: dict[LaneName, str] = {
    LaneName.MANIFESTS: N_("Announcing records"),
    LaneName.UPLOADS: N_("Sending records"),
    LaneName.CHANGES: N_("News from central"),
    LaneName.BUNDLES: N_("Target lists"),
    LaneName.RECONCILE: N_("Comparing with central"),
    LaneName.HEARTBEAT: N_("Signs of life"),
}
_CONDITIONS: dict[Condition, Label] = {
    Condition.IDLE: Label(N_("Up to date"), "ok"),
    Condition.WORKING: Label(N_("Working"), "brand"),
    Condition.SPREAD: Label(N_("Waits its turn"), "off"),
    Condition.CLOSED: Label(N_("Not now"), "off"),
    Condition.RESTING: Label(N_("Resting"), "warn"),
    Condition.HALTED: Label(N_("Not accepted"), "bad"),
}
_WORKING: dict[LaneName, str] = {
    LaneName.MANIFESTS: N_("Central is being told which records are here."),
    LaneName.UPLOADS: N_("Records are being sent."),
    LaneName.CHANGES: N_("News is being fetched."),
    LaneName.BUNDLES: N_("A target list is being fetched."),
    LaneName.RECONCILE: N_("Both sides are being compared."),
    LaneName.HEARTBEAT: N_("Central is being told how this station is."),
}
_IDLE: dict[LaneName, str] = {
    LaneName.MANIFESTS: N_("Nothing to announce."),
    LaneName.UPLOADS: N_("Nothing to send."),
    LaneName.CHANGES: N_("No news at the moment."),
    LaneName.BUNDLES: N_("No target list to fetch."),
    LaneName.RECONCILE: N_("Nothing to compare now."),
    LaneName.HEARTBEAT: N_("Central knows how this station is."),
}


def lane_label(name: LaneName) -> str:
    """What a lane carries, in two or three words."""
    return _(_NAMES[name])


def condition_label(state: LaneState) -> Label:
    """What a lane is doing: a word and a tone."""
    return said(_CONDITIONS[state.condition])


def lane_sentence(state: LaneState, now: datetime) -> str:
    """One sentence: what this lane does, or why it waits and until when."""
    match state.condition:
        case Condition.IDLE:
            return _(_IDLE[state.name])
        case Condition.WORKING:
            return _(_WORKING[state.name])
        case Condition.SPREAD:
            return _waits_its_turn(state, now)
        case Condition.CLOSED:
            return _closed(state, now)
        case Condition.RESTING:
            return _rests(state, now)
        case Condition.HALTED:
            return _is_halted(state, now)


def _waits_its_turn(state: LaneState, now: datetime) -> str:
    turn = _time(state.next_at, now)
    if not turn:
        return _("Its turn has come.")
    if state.until is not None and state.until > now:
        text = _("Central asks every station to wait until {until}; this one goes on at {time}.")
        return text.format(until=_time(state.until, now), time=turn)
    return _("Goes on at {time}, so that not all stations come back at once.").format(time=turn)


def _closed(state: LaneState, now: datetime) -> str:
    reason, until = _reason(state.note), _time(state.until, now)
    if until:
        return _("Closed until {time}: {reason}.").format(time=until, reason=reason)
    return _("Waits: {reason}.").format(reason=reason)


def _rests(state: LaneState, now: datetime) -> str:
    reason, time = _reason(state.note), _time(state.next_at, now)
    if not time:
        return _("Tries again now: {reason}.").format(reason=reason)
    if state.until is not None:
        return _("Waits until {time}, as central asks; nobody here can shorten it: {reason}.").format(
            time=time, reason=reason
        )
    return _("Rests until {time}: {reason}.").format(time=time, reason=reason)


def _is_halted(state: LaneState, now: datetime) -> str:
    reason, time = _reason(state.note), _time(state.next_at, now)
    if not time:
        return _("Asks again now: {reason}.").format(reason=reason)
    if state.until is not None and state.until > now:
        return _("Not accepted until {time}: {reason}.").format(time=_time(state.until, now), reason=reason)
    return _("Asks again at {time}: {reason}.").format(time=time, reason=reason)


def _reason(note: Note | None) -> str:
    """The trouble inside a sentence."""
    if note is None:
        return _("something passing")
    if note.trouble is Trouble.OUR_BUG:
        return _("this program made a mistake; the technician finds it in the log")
    title = of_trouble(note.trouble).title
    return title if title[:2].isupper() else f"{title[:1].lower()}{title[1:]}"


def _time(moment: datetime | None, now: datetime) -> str:
    """`10.42` today, `23-11 08.00` on another day; nothing when it has passed."""
    if moment is None or moment <= now:
        return ""
    same_day = moment.astimezone().date() == now.astimezone().date()
    return shown.clock(moment) if same_day else f"{moment.astimezone():%d-%m} {shown.clock(moment)}"
