"""`station devices`: what is connected and how it does, for a technician without the window or a script."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from threading import Thread
from typing import Any

from PySide6.QtCore import QCoreApplication, QMetaObject, Qt

from station.capture.rack import Rack
from station.desk import devices
from station.desk.devices import Card
from station.desk.office import Depot
from station.domain.ports import Driver
from station.ui.screens.devices import device_words

Say = Callable[[str], None]


def run_devices(depot: Depot, drivers: Sequence[Driver], now: datetime, say: Say, *, as_json: bool) -> bool:
    """Look once and tell; False when a kind that a recording needs has no device that works."""
    enrolment = depot.enrolment
    training = enrolment is not None and enrolment.training
    rack = devices.rack_of(depot, drivers, training=training)
    _look(rack)
    cards = devices.cards(depot, rack, now, training=training)
    if as_json:
        say(json.dumps({"devices": [_plain(card, now) for card in cards]}, indent=1))
    else:
        for card in cards:
            _tell(card, now, say)
    return all(card.state not in (devices.State.MISSING, devices.State.TROUBLE) for card in cards)


def _look(rack: Rack) -> None:
    """Cameras are listed by Qt, which answers only while its loop runs."""
    qt = QCoreApplication.instance() or QCoreApplication([])

    def look() -> None:
        rack.look()
        QMetaObject.invokeMethod(qt, "quit", Qt.ConnectionType.QueuedConnection)

    thread = Thread(target=look, name="look", daemon=True)
    thread.start()
    qt.exec()
    thread.join()


def _tell(card: Card, now: datetime, say: Say) -> None:
    info = card.serving.info if card.serving else card.health.info if card.health else None
    who = f" · {device_words.who(info)}" if info else ""
    say(f"{device_words.kind(card.kind)}: {device_words.state(card).text}{who}")
    if card.health is not None:
        say(f"  {device_words.facts(card.health, now)}")
        if card.health.ticket is not None:
            say(f"  {device_words.ticket_sentence(card.health.ticket, now)}")
    advice = device_words.advice(card)
    if advice is not None:
        say(f"  {advice.title}: {advice.todo}")
    for found in card.choice:
        if card.serving is None or found.device_id != card.serving.device_id:
            say(f"  + {device_words.choice(found)}")


def _plain(card: Card, now: datetime) -> dict[str, Any]:
    """One kind for machines; its shape is a promise to scripts."""
    health = card.health
    info = card.serving.info if card.serving else health.info if health else None
    return {
        "kind": card.kind.value,
        "state": card.state.value,
        "trouble": card.trouble,
        "make": info.make if info else "",
        "model": info.model if info else "",
        "serial": info.serial if info else "",
        "driver": info.driver if info else "",
        "simulated": info.simulated if info else False,
        "last_good": health.good_at.isoformat() if health and health.good_at else None,
        "captures": health.uses if health else 0,
        "failures": health.failures if health else 0,
        "median_ms": health.median_ms if health else None,
        "ticket": {"fault": health.ticket.fault.value, "days": health.ticket.days(now)}
        if health and health.ticket
        else None,
        "found": [found.device_id for found in card.choice],
    }
