"""What `station central pacing` and `maintenance` do: change or show the switches of a central, running or not."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from station.central.options import CentralOptions
from station.central.switches import Maintenance, Switches
from station.domain.errors import SetupError
from station.i18n import _
from station.wire import Pacing

_NONE = "none"
Say = Callable[[str], None]


def run_pacing(folder: Path, options: argparse.Namespace, say: Say) -> None:
    """Set what was named, then show what holds. SetupError `central.switch` for a value that cannot be."""
    switches = _switches(folder)
    if options.standard:
        switches.set(pacing=None)
    elif named := _named(options):
        switches.set(pacing={**switches.pacing.model_dump(), **named})
    _show(switches.pacing, say)


def run_maintenance(folder: Path, options: argparse.Namespace, say: Say) -> None:
    """Begin or end maintenance, or show it. SetupError `central.switch` for a time that is none."""
    switches = _switches(folder)
    if options.end:
        switches.end_maintenance()
    elif options.until is not None or options.message is not None:
        switches.start_maintenance(options.message or "", moment(options.until))
    now = switches.now.maintenance
    say(_("Central serves its stations.") if now is None else _under_maintenance(now))


def _switches(folder: Path) -> Switches:
    return Switches(folder, CentralOptions().pacing)


def _named(options: argparse.Namespace) -> dict[str, Any]:
    named: dict[str, Any] = {}
    if options.not_before is not None:
        named["not_before"] = moment(options.not_before)
    if options.max_kbps is not None:
        named["max_kbps"] = None if options.max_kbps == _NONE else options.max_kbps
    for name in ("spread_s", "manifest_spread_s"):
        if getattr(options, name) is not None:
            named[name] = getattr(options, name)
    return named


def moment(text: str | None) -> datetime | None:
    """The time that was typed, None for none. SetupError `central.switch` when it is no time with a zone."""
    if text in (None, _NONE):
        return None
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError as problem:
        raise SetupError("central.switch") from problem
    if found.tzinfo is None:
        raise SetupError("central.switch")
    return found


def _show(pacing: Pacing, say: Say) -> None:
    say(
        _("Packets return over {packets} s, manifests over {manifests} s").format(
            packets=f"{pacing.spread_s:g}", manifests=f"{pacing.manifest_spread_s:g}"
        )
    )
    if pacing.max_kbps is not None:
        say(_("At most {rate} kbit/s for each station").format(rate=f"{pacing.max_kbps:g}"))
    if pacing.not_before is not None:
        say(_("Nothing before {moment}").format(moment=_shown(pacing.not_before)))


def _under_maintenance(now: Maintenance) -> str:
    until = _shown(now.until) if now.until else _("somebody ends it")
    return _("Maintenance until {until}. {message}").format(until=until, message=now.message).strip()


def _shown(moment: datetime) -> str:
    return moment.astimezone().strftime("%d-%m-%Y %H.%M")
