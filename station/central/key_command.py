"""`station central roll-key`: new keys for central, on the command line. Works beside a running central."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from station.central.cards import StationCards
from station.central.database import Database
from station.central.key_roll import KeyRoll
from station.central.keys import load_keys
from station.central.options import CentralOptions
from station.central.policies import Policies
from station.domain.ports import SystemClock
from station.i18n import _

_EXIT_OK = 0
Say = Callable[[str], None]


def run_roll_key(folder: Path, say: Say, *, sealing: bool) -> int:
    """Make new keys and tell all stations of them."""
    options, clock = CentralOptions(), SystemClock()
    keys = load_keys(folder, options.central_id)
    database = Database(folder / "central.db")
    try:
        policies = Policies(database, keys, options.central_id, clock)
        cards = StationCards(database, keys, options.central_id, clock)
        name = KeyRoll(database, keys, policies, cards, options.central_id, clock).roll(sealing=sealing)
    finally:
        database.close()
    say(_("Central signs with the key {name} from now on.").format(name=name))
    if sealing:
        say(_("Stations seal for a new key as soon as they have heard of it. What was sealed before can be opened."))
    say(_("Every station hears of it with its next connection, however long it was away."))
    say(_("Receipts from before stay valid."))
    say(_("Keep a copy of keys.json in a safe place: without it nobody can open a packet."))
    return _EXIT_OK
