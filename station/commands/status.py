"""`station status`: what waits, what arrived, and why. Exit code 0, or 1 for a folder that cannot be read."""

from __future__ import annotations

import argparse
import json
from typing import Any

from station.commands.family import EXIT_OK, Family
from station.commands.shapes import plain_compared, plain_delivery, plain_doctor, plain_lane, plain_link, plain_notice
from station.desk.delivery import Delivery, delivery
from station.domain.ports import SystemClock
from station.i18n import _, ngettext
from station.store.depot import Depot


def add_to(family: Family) -> None:
    options = family.add("status", _run, "what waits, what arrived, and why")
    options.add_argument("--json", action="store_true")


def _run(options: argparse.Namespace) -> int:
    depot = Depot(options.data, heal=False)
    try:
        found = delivery(depot)
        unlisted = _unlisted(depot)
        plain = {**_plain(depot, found), "packets_without_row": unlisted}
    finally:
        depot.close()
    if options.json:
        print(json.dumps(plain, indent=1))
    else:
        _say(found)
        if unlisted:
            print(ngettext("{n} packet on disk is not in the queue yet; the next start of the station adds it.",
                           "{n} packets on disk are not in the queue yet; the next start of the station adds them.",
                           unlisted).format(n=unlisted))  # fmt: skip
    return EXIT_OK


def _unlisted(depot: Depot) -> int:
    """Packets that the queue does not know, as after it was lost: "0 waiting" would be a lie."""
    known = depot.outbox.keys()
    return sum(key not in known for key in depot.packets.all_keys())


def _plain(depot: Depot, found: Delivery) -> dict[str, Any]:
    """The status for machines; its shape is a promise to scripts."""
    compared, examined = depot.memory.reconciled, depot.memory.examined
    return {
        "enrolled": depot.enrolment is not None,
        **plain_delivery(found),
        "link": plain_link(found.link),
        "lanes": [plain_lane(lane) for lane in depot.lane_book.states().values()],
        "notices": [plain_notice(notice) for notice in depot.notices.current(SystemClock().now())],
        "reconciled": plain_compared(compared) if compared is not None else None,
        "doctor": plain_doctor(examined) if examined is not None else None,
    }


def _say(found: Delivery) -> None:
    from station.ui import link_words

    counts = found.counts
    print(link_words.link_sentence(found.link, counts))
    print(
        _("waiting {waiting} · receipted {receipted} · parked {parked} · needs repair {rejected}").format(
            waiting=counts.waiting, receipted=counts.receipted, parked=counts.parked, rejected=counts.rejected
        )
    )
