"""`station devices`: what is connected and how it does, for a technician without the window or a script."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from threading import Thread
from typing import Any

from PySide6.QtCore import QCoreApplication, QMetaObject, Qt

from station.capture.scanner import Scanners
from station.desk import device_faults, devices
from station.desk.devices import Card
from station.desk.office import Depot
from station.domain.biometrics import Modality
from station.domain.device import Health, device_id
from station.domain.errors import DeviceError
from station.domain.fault import Ticket
from station.domain.ports import Driver, Found
from station.ui.screens.devices import device_advice, device_words, fault_words

Say = Callable[[str], None]


def run_devices(depot: Depot, drivers: Sequence[Driver], now: datetime, say: Say, *, as_json: bool) -> bool:
    """Look once and tell; False when a kind that a recording needs has no device that works."""
    enrolment = depot.enrolment
    training = enrolment is not None and enrolment.training
    rack = devices.rack_of(depot, drivers, training=training)
    beside: dict[Modality, Found | None] = {}

    def look() -> None:
        rack.look()
        beside[Modality.DOCUMENT] = _scanner()

    _while_qt_runs(look)
    cards = devices.cards(depot, rack, now, training=training, beside=beside)
    if as_json:
        say(json.dumps({"devices": [_plain(depot, card, now) for card in cards]}, indent=1))
    else:
        for card in cards:
            _tell(card, now, say)
    return all(card.state not in (devices.State.MISSING, devices.State.TROUBLE) for card in cards)


def _scanner() -> Found | None:
    """The document scanner that serves: the first that is there."""
    try:
        found = Scanners().look()
    except DeviceError:
        return None
    return Found(device_id(found[0].info), found[0].info) if found else None


def _while_qt_runs(do: Callable[[], None]) -> None:
    """Cameras are listed by Qt, which answers only while its loop runs."""
    qt = QCoreApplication.instance() or QCoreApplication([])

    def look() -> None:
        do()
        QMetaObject.invokeMethod(qt, "quit", Qt.ConnectionType.QueuedConnection)

    thread = Thread(target=look, name="look", daemon=True)
    thread.start()
    qt.exec()
    thread.join()


def _tell(card: Card, now: datetime, say: Say) -> None:
    who = device_words.card_who(card)
    say(f"{device_words.kind(card.kind)}: {device_words.state(card).text}{f' · {who}' if who else ''}")
    say(f"  {device_words.facts(card, now)}")
    if card.health is not None and card.health.ticket is not None:
        say(f"  {fault_words.ticket_sentence(card.health.ticket, now)}")
    for health in card.others:
        if health.ticket is not None:
            say(f"  {device_words.who(health.info)}: {fault_words.ticket_sentence(health.ticket, now)}")
    advice = device_advice.advice(card)
    if advice is not None:
        say(f"  {advice.title}: {advice.todo}")
    for found in card.choice:
        if card.serving is None or found.device_id != card.serving.device_id:
            say(f"  + {device_words.choice(found)}")


def _plain(depot: Depot, card: Card, now: datetime) -> dict[str, Any]:
    """One kind for machines; its shape is a promise to scripts."""
    info = card.info
    return {
        "kind": card.kind.value,
        "state": card.state.value,
        "trouble": card.trouble,
        "make": info.make if info else "",
        "model": info.model if info else "",
        "serial": info.serial if info else "",
        "driver": info.driver if info else "",
        "simulated": info.simulated if info else False,
        **_plain_health(card.health, now),
        "earlier": [_plain_ticket(item, now) for item in (device_faults.earlier(depot, info) if info else ())],
        "others": [
            {"model": item.info.model, "serial": item.info.serial, **_plain_health(item, now)} for item in card.others
        ],
        "found": [found.device_id for found in card.choice],
    }


def _plain_health(health: Health | None, now: datetime) -> dict[str, Any]:
    """The history of one device; empty for one that has none."""
    ticket = health.ticket if health is not None else None
    return {
        "last_good": health.good_at.isoformat() if health and health.good_at else None,
        "captures": health.uses if health else 0,
        "failures": health.failures if health else 0,
        "median_ms": health.median_ms if health else None,
        "week_ms": list(health.week_ms) if health else [],
        "tested_at": health.tested_at.isoformat() if health and health.tested_at else None,
        "test": health.test_outcome if health else "",
        "ticket": _plain_ticket(ticket, now) if ticket is not None else None,
    }


def _plain_ticket(ticket: Ticket, now: datetime) -> dict[str, Any]:
    told: dict[str, Any] = {"fault": ticket.fault.value, "days": ticket.days(now), "by_itself": ticket.by_trend}
    if ticket.remedy is not None:
        told["done"] = ticket.remedy.value
    return told
