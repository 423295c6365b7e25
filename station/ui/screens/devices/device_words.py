"""What can be said of a device in words: its state, what it did, what is wrong and what to do next. Knows no widget."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from station.desk.devices import Card, State
from station.domain.biometrics import DeviceInfo, Modality
from station.domain.device import GOOD, Fault, Health, Ticket, UseLine
from station.domain.mark import N_
from station.domain.ports import Found
from station.i18n import _, ngettext
from station.ui import format as shown
from station.ui import words
from station.ui.labels import Label

KINDS: dict[Modality, str] = {
    Modality.FACE: N_("Camera"),
    Modality.FINGER: N_("Fingerprint scanner"),
    Modality.IRIS: N_("Iris camera"),
    Modality.SIGNATURE: N_("Signature pad"),
}
ICONS: dict[Modality, str] = {
    Modality.FACE: "mdi6.camera-outline",
    Modality.FINGER: "mdi6.fingerprint",
    Modality.IRIS: "mdi6.eye-outline",
    Modality.SIGNATURE: "mdi6.draw",
}
_STATES: dict[State, Label] = {
    State.LOOKING: Label(N_("Looking…"), "off"),
    State.MISSING: Label(N_("Not found"), "bad"),
    State.READY: Label(N_("Ready"), "ok"),
    State.UNTESTED: Label(N_("Not tested"), "off"),
    State.TROUBLE: Label(N_("Trouble"), "bad"),
    State.PRACTICE: Label(N_("Practice only"), "warn"),
    State.WORN: Label(N_("Needs care"), "warn"),
}
FAULTS: dict[Fault, str] = {
    Fault.DEAD: N_("Does not switch on"),
    Fault.DROPS_OUT: N_("Drops out again and again"),
    Fault.POOR_PICTURE: N_("Pictures are poor"),
    Fault.DIRTY_GLASS: N_("Glass is scratched or mouldy"),
    Fault.CABLE: N_("Cable or plug is damaged"),
    Fault.BROKEN_HOUSING: N_("Broken or fell down"),
    Fault.SLOW: N_("Has become slow"),
    Fault.GONE: N_("Lent out or gone"),
}
_CLEAN: dict[Modality, str] = {
    Modality.FACE: N_("Wipe the lens with a soft cloth."),
    Modality.FINGER: N_("Clean the glass with alcohol and a soft cloth."),
    Modality.IRIS: N_("Wipe both lenses with a soft cloth."),
    Modality.SIGNATURE: N_("Wipe the pad with a dry cloth."),
}
_DROPS = 2
_TICKET_TONES = {"fresh": "brand", "late": "warn", "bad": "bad", "black": "black"}
_DROPPED = frozenset({"device.unplugged", "device.missing", "device.not_open"})


@dataclass(frozen=True)
class Advice:
    """What is wrong, what to do, and how much it matters."""

    title: str
    todo: str
    tone: str


def kind(modality: Modality) -> str:
    return _(KINDS[modality])


def state(card: Card) -> Label:
    label = _STATES[card.state]
    return Label(_(label.text), label.tone)


def fault(code: Fault) -> str:
    return _(FAULTS[code])


def who(info: DeviceInfo) -> str:
    """`Model X · FP-0001`."""
    return " · ".join(part for part in (info.model or info.make, info.serial) if part) or _("no name")


def choice(found: Found) -> str:
    """A device that could serve; a simulator plainly as one."""
    said = who(found.info)
    return _("{device} · for practising or trying out only").format(device=said) if found.info.simulated else said


def seconds(milliseconds: int) -> str:
    """`4,1 s`."""
    return _("{n} s").format(n=f"{milliseconds / 1000:.1f}".replace(".", ","))


def facts(health: Health | None, now: datetime) -> str:
    """One line: last good capture, failures, usual time."""
    if health is None or (health.good_at is None and health.uses == 0):
        return _("Nothing captured with it here yet")
    parts = []
    if health.good_at is not None:
        parts.append(_("last good {moment}").format(moment=shown.when(health.good_at, now)))
    if health.uses:
        parts.append(_("{failed} of {all} failed").format(failed=health.failures, all=health.uses))
    if health.median_ms is not None:
        parts.append(_("usually {time}").format(time=seconds(health.median_ms)))
    return " · ".join(parts)


def ticket(found: Ticket, now: datetime) -> Label:
    """`Reported 12 days ago`: the older, the louder."""
    days = found.days(now)
    text = ngettext("Reported {n} day ago", "Reported {n} days ago", days).format(n=days)
    if days == 0:
        text = _("Reported today")
    return Label(text, _TICKET_TONES[found.tone(now)])


def ticket_sentence(found: Ticket, now: datetime) -> str:
    """What was reported, since when, and whether the program noticed it by itself."""
    said = f"{ticket(found, now).text}: {fault(found.fault)}"
    return _("{said} (noticed by this program)").format(said=said) if found.by_trend else said


def trend(health: Health | None) -> str:
    """How this week compares with the weeks before; '' when there is too little to say."""
    times = health.slower_times if health is not None else None
    if times is None:
        return ""
    if times >= 2:
        return _("This week captures take {n} times as long as before").format(n=f"{times:.1f}".replace(".", ","))
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


def advice(card: Card, lines: tuple[UseLine, ...] = ()) -> Advice | None:
    """The one thing to do about this device now; None when all is well."""
    if card.state is State.LOOKING:
        return None
    if card.state is State.MISSING:
        todo = _("Plug its USB cable in again, or try another cable and another socket; then press Look again.")
        others = _("All other steps stay open.")
        return Advice(_("This device was not found"), f"{todo} {others}", "bad")
    if card.trouble:
        said = words.sentence(card.trouble)
        return Advice(said.title, said.todo, "bad")
    if card.state is State.PRACTICE:
        todo = _("Nothing captured with it can be recorded here. Choose the real device before the next person.")
        return Advice(_("This is a simulator, for practising and trying out"), todo, "warn")
    return _wear(card, lines)


def _wear(card: Card, lines: tuple[UseLine, ...]) -> Advice | None:
    health = card.health
    if health is None:
        return None
    if sum(line.outcome in _DROPPED for line in lines) >= _DROPS:
        todo = _("Change the cable and use another USB socket, without a hub. If it stays, report it.")
        return Advice(_("It drops out now and then"), todo, "warn")
    if health.often_fails:
        return Advice(_("Many captures fail"), _(_CLEAN[card.kind]), "warn")
    if health.is_wearing_out:
        todo = _("Restart it, then clean it. If it stays slow, it will soon need repair.")
        return Advice(trend(health), f"{todo} {_(_CLEAN[card.kind])}", "warn")
    return None


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
    return found
