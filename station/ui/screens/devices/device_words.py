"""What can be said of a device in words: its state, who it is, what it did. Knows no widget."""

from __future__ import annotations

from datetime import datetime

from station.desk.devices import Card, State
from station.domain.biometrics import DeviceInfo, Modality
from station.domain.device import GOOD, Health, UseLine
from station.domain.mark import N_
from station.domain.ports import Found
from station.i18n import _
from station.ui import format as shown
from station.ui import words
from station.ui.labels import Label

KINDS: dict[Modality, str] = {
    Modality.FACE: N_("Camera"),
    Modality.FINGER: N_("Fingerprint scanner"),
    Modality.IRIS: N_("Iris camera"),
    Modality.SIGNATURE: N_("Signature"),
    Modality.DOCUMENT: N_("Document scanner"),
    Modality.PRINTER: N_("Printer"),
}
ICONS: dict[Modality, str] = {
    Modality.FACE: "mdi6.camera-outline",
    Modality.FINGER: "mdi6.fingerprint",
    Modality.IRIS: "mdi6.eye-outline",
    Modality.SIGNATURE: "mdi6.draw",
    Modality.DOCUMENT: "mdi6.scanner",
    Modality.PRINTER: "mdi6.printer-outline",
}
_STATES: dict[State, Label] = {
    State.LOOKING: Label(N_("Looking…"), "off"),
    State.MISSING: Label(N_("Not found"), "bad"),
    State.ABSENT: Label(N_("None"), "off"),
    State.READY: Label(N_("Ready"), "ok"),
    State.UNTESTED: Label(N_("Not tested"), "off"),
    State.TROUBLE: Label(N_("Trouble"), "bad"),
    State.PRACTICE: Label(N_("Practice only"), "warn"),
    State.REPORTED: Label(N_("Needs care"), "warn"),
    State.WORN: Label(N_("Needs care"), "warn"),
    State.TRIED: Label(N_("SIMULATION"), "warn"),
}
_SIGNED_WITH: dict[str, str] = {
    "pen": N_("tablet with a pen"),
    "touch": N_("a finger on the screen"),
    "mouse": N_("the mouse; a tablet with a pen is easier for people"),
}
_NOTHING: dict[Modality, str] = {
    Modality.DOCUMENT: N_("no scanner is connected"),
    Modality.PRINTER: N_("no printer is set up"),
}
_WITHOUT: dict[Modality, str] = {
    Modality.SIGNATURE: N_("People sign with whatever is connected: nothing to choose"),
    Modality.DOCUMENT: N_("Documents can be photographed or read from a file as well"),
    Modality.PRINTER: N_("Printers are set up in the operating system; receipts can be saved as a file as well"),
}


def kind(modality: Modality) -> str:
    return _(KINDS[modality])


def state(card: Card) -> Label:
    label = _STATES[card.state]
    return Label(_(label.text), label.tone)


def card_who(card: Card) -> str:
    """The device of a card, or that there is none."""
    if card.info is not None:
        return who(card.info)
    return "" if card.state is State.LOOKING else _(_NOTHING.get(card.kind, N_("no device connected")))


def who(info: DeviceInfo) -> str:
    """`Model X · FP-0001`."""
    if info.kind is Modality.SIGNATURE:
        return " · ".join(part for part in (_(_SIGNED_WITH.get(info.driver, info.driver)), info.model) if part)
    return " · ".join(part for part in (info.model or info.make, info.serial) if part) or _("no name")


def choice(found: Found) -> str:
    """A device that could serve; a simulator plainly as one."""
    said = who(found.info)
    return _("{device} · for practising or trying out only").format(device=said) if found.info.simulated else said


def seconds(milliseconds: int) -> str:
    """`4,1 s`; in English `4.1 s`."""
    return _("{n} s").format(n=shown.decimal(milliseconds / 1000))


def facts(card: Card, now: datetime) -> str:
    """One line: last good capture, failures, usual time."""
    health = card.health
    if card.state is State.TRIED:
        return _("Only for trying out: nothing of it can be recorded")
    if health is None or (health.good_at is None and health.uses == 0):
        return _(_WITHOUT.get(card.kind, N_("Nothing captured with it here yet")))
    parts = []
    if health.good_at is not None:
        parts.append(_("last good {moment}").format(moment=shown.when(health.good_at, now)))
    if health.uses:
        parts.append(_("{failed} of {all} failed").format(failed=health.failures, all=health.uses))
    if health.median_ms is not None:
        parts.append(_("usually {time}").format(time=seconds(health.median_ms)))
    return " · ".join(parts)


def trend(health: Health | None) -> str:
    """How this week compares with the weeks before; '' when there is too little to say."""
    times = health.slower_times if health is not None else None
    if times is None:
        return ""
    if times >= 2:
        return _("This week captures take {n} times as long as before").format(n=shown.decimal(times))
    if times >= 1.25:
        return _("Slower this week than before")
    return _("Faster this week than before") if times <= 0.8 else _("As fast as in the weeks before")


def use(line: UseLine, now: datetime) -> tuple[str, str, str]:
    """One capture: when, what came of it, and the tone."""
    when = shown.when(line.at, now)
    if line.outcome != GOOD:
        return when, words.sentence(line.outcome).title.rstrip("."), "bad"
    quality = _("quality {n}").format(n=line.quality) if line.quality is not None else ""
    return when, " · ".join(part for part in (_("good"), seconds(line.took_ms), quality) if part), "ok"


def tested(health: Health | None, now: datetime) -> str:
    """When it last tested itself, and what came of it."""
    if health is None or health.tested_at is None:
        return _("not tested yet")
    if health.test_outcome != GOOD:
        return f"{shown.when(health.tested_at, now)}: {words.sentence(health.test_outcome).title}"
    return _("{moment}: all well").format(moment=shown.when(health.tested_at, now))


def figures(card: Card, now: datetime) -> list[tuple[str, str]]:
    """The figures of a device, each with its name."""
    health = card.health
    if card.state is State.TRIED:
        return []
    if health is None:
        return [(_("Self-test"), tested(None, now))]
    last = shown.when(health.good_at, now) if health.good_at else _("none yet")
    found = [(_("Last good"), last)]
    if health.uses:
        rate = _("{failed} of the last {all}").format(failed=health.failures, all=health.uses)
        found.append((_("Failed"), rate))
    if health.median_ms is not None:
        usual = " · ".join(part for part in (seconds(health.median_ms), trend(health)) if part)
        found.append((_("Usual time"), usual))
    found.append((_("Self-test"), tested(health, now)))
    if card.skew is not None:
        since = shown.when(card.skew.since, now)
        found.append((_("Clock"), _("differs from this computer's since {moment}").format(moment=since)))
    return found
