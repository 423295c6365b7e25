"""`station status`: what waits, what arrived, and why."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from station.commands.family import EXIT_OK, Family
from station.i18n import _
from station.store.depot import Depot


def add_to(family: Family) -> None:
    options = family.add("status", _run, "what waits, what arrived, and why")
    options.add_argument("--json", action="store_true")


def _run(options: argparse.Namespace) -> int:
    from station.desk.delivery import delivery
    from station.ui import link_words

    depot = Depot(options.data, heal=False)
    try:
        found = delivery(depot)
    finally:
        depot.close()
    counts, link = found.counts, found.link
    if options.json:
        print(json.dumps(_plain(asdict(counts), link.state.value, link.since, link.reason), indent=1))
        return EXIT_OK
    print(link_words.link_sentence(link, counts))
    print(
        _("waiting {waiting} · receipted {receipted} · parked {parked} · needs repair {rejected}").format(
            waiting=counts.waiting, receipted=counts.receipted, parked=counts.parked, rejected=counts.rejected
        )
    )
    return EXIT_OK


def _plain(counts: dict[str, Any], state: str, since: datetime, reason: object) -> dict[str, Any]:
    """The status for machines; its shape is a promise to scripts."""
    names = ("queued", "sending", "receipted", "parked", "rejected")
    link = {"state": state, "since": since.astimezone(UTC).isoformat(), "reason": str(reason or "")}
    return {**{name: counts[name] for name in names}, "link": link}
