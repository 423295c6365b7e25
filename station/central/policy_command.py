"""`station central policy`: what a person at central lets all stations accept. Works beside a running central."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from station.central.database import Database
from station.central.keys import load_keys
from station.central.options import CentralOptions
from station.central.policies import Policies
from station.domain.policy import BOUNDS, Policy
from station.domain.ports import SystemClock
from station.i18n import _

_EXIT_OK = 0
Say = Callable[[str], None]


def run_policy(folder: Path, options: argparse.Namespace, say: Say) -> int:
    """Set the figures that were named, or show what holds. RuleError `policy.bounds` when a figure makes no sense."""
    figures = {name: getattr(options, name) for name in BOUNDS if getattr(options, name) is not None}
    keys = load_keys(folder, (central := CentralOptions()).central_id)
    database = Database(folder / "central.db")
    try:
        policies = Policies(database, keys, central.central_id, SystemClock())
        _show(policies.set(**figures) if figures else policies.current(), say)
    finally:
        database.close()
    if figures:
        say(_("Every station hears of it with its next connection, and applies it from the next person on."))
    return _EXIT_OK


def _show(policy: Policy, say: Say) -> None:
    say(
        _("Fingers from NFIQ 2 {fingers} · irises from {irises} · {tries} tries").format(
            fingers=policy.finger_quality, irises=policy.iris_quality, tries=policy.tries
        )
    )
    say(
        _("Finished packets stay {days} days at the station · index and audit trail {years} years").format(
            days=policy.retention_days, years=policy.audit_years
        )
    )
    if policy.issued_at is None:
        say(_("Nobody has set a policy yet: this is the standard."))
    else:
        say(_("Set on {moment}").format(moment=policy.issued_at.astimezone().strftime("%d-%m-%Y %H.%M")))
