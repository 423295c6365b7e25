"""The one thing to do about a device now, and why. Knows no widget."""

from __future__ import annotations

from dataclasses import dataclass

from station.desk.devices import Card, State
from station.domain.biometrics import Modality
from station.domain.device import UseLine
from station.domain.mark import N_
from station.i18n import _
from station.ui import clock_words, words
from station.ui.screens.devices.device_words import trend

_CLEAN: dict[Modality, str] = {
    Modality.FACE: N_("Wipe the lens with a soft cloth."),
    Modality.FINGER: N_("Clean the glass with alcohol and a soft cloth."),
    Modality.IRIS: N_("Wipe both lenses with a soft cloth."),
    Modality.SIGNATURE: N_("Wipe the pad with a dry cloth."),
    Modality.DOCUMENT: N_("Wipe the glass, and clean the rollers of the feeder."),
    Modality.PRINTER: N_("Look at paper, cover and cable."),
}
_DROPS = 2
_DROPPED = frozenset({"device.unplugged", "device.missing", "device.not_open"})


@dataclass(frozen=True)
class Advice:
    """What is wrong, what to do, and how much it matters."""

    title: str
    todo: str
    tone: str


def advice(card: Card, lines: tuple[UseLine, ...] = ()) -> Advice | None:
    """The one thing to do about this device now; None when all is well."""
    if card.state in (State.LOOKING, State.ABSENT, State.TRIED):
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
    return _clock(card) or _wear(card, lines)


def _clock(card: Card) -> Advice | None:
    if card.skew is None:
        return None
    said = clock_words.of_skew(card.skew)
    return Advice(said.title, said.todo, "warn")


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
