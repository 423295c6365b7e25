"""The pages of a diagnosis bundle. Each names every value it holds: nothing comes in because it happened to be there.

Free text is left out wherever it comes from: a person, a device, a server or a certificate may have put a name in it.
"""

from __future__ import annotations

import hashlib
import platform
import re
import shutil
from dataclasses import asdict
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from station import __version__
from station.config import SettingsError, load_settings
from station.desk.diagnosis_forms import HOST, TOKEN, WORD, only, plain_facts, plain_note, time
from station.domain.central_codes import STATUSES
from station.domain.delivery import OutboxItem, Stage
from station.domain.doctor import plain_examination
from station.domain.form import FIELDS
from station.log import plain_value
from station.store.compared import plain_comparison
from station.store.depot import Depot
from station.store.speed import plain_speed

MOST_PACKETS, MOST_NOTES, MOST_LINKS, MOST_DEVICES = 3000, 2000, 2000, 200
_PARTS = ("PySide6-Essentials", "SQLAlchemy", "sqlcipher3", "httpx", "cryptography", "pydantic", "pyrage", "zstandard")


def versions(_depot: Depot, now: datetime) -> dict[str, Any]:
    """What runs here."""
    return {
        "made_at": time(now),
        "station": __version__,
        "python": platform.python_version(),
        "system": [platform.system(), platform.release(), platform.machine()],
        "parts": {name: _version(name) for name in _PARTS},
    }


def settings(depot: Depot, _now: datetime) -> dict[str, Any]:
    """The settings that say nothing about anybody: no path, and of the proxy only where it is."""
    try:
        found = load_settings(depot.folder.root)
    except SettingsError:
        return {"unreadable": "settings"}
    proxy = urlsplit(found.central.proxy or "")
    return {
        "language": found.language,
        "theme": found.theme,
        "text_scale": found.text_scale,
        "lock_after_s": found.lock_after_s,
        "changes_every_s": found.sync.changes_every_s,
        "devices": found.devices.environment,
        "own_authorities": found.central.ca_file is not None,
        "proxy": f"{proxy.scheme}://{proxy.hostname}:{proxy.port}" if proxy.hostname else "",
        "speed": plain_speed(depot.memory.speed),
    }


def station(depot: Depot, _now: datetime) -> dict[str, Any]:
    """Which station it is; its name was typed by somebody and stays out."""
    found = depot.enrolment
    if found is None:
        return {"enrolled": False}
    policy = depot.policy.issued_at
    return {
        "enrolled": True,
        "station_id": only(TOKEN, found.station_id),
        "office": only(re.compile(r"[0-9.]{2,20}"), found.office),
        "central": only(HOST, urlsplit(found.central_url).netloc),
        "central_id": only(TOKEN, found.central_id),
        "keys_of_central": len(found.signing_keys),
        "keys_retired": len(found.retired_keys),
        "training": found.training,
        "policy_of": time(policy),
        "pacing": depot.memory.pacing.model_dump(mode="json"),
        "clock_offset_s": depot.memory.clock_offset_s,
        "heartbeat_at": time(depot.memory.heartbeat_at),
        "days_worked": len(depot.memory.days_worked),
    }


def doctor(depot: Depot, _now: datetime) -> dict[str, Any] | None:
    """What the connection doctor found last."""
    found = depot.memory.examined
    if found is None:
        return None
    plain = plain_examination(found)
    for finding in plain["findings"]:
        finding["facts"] = plain_facts(finding["facts"])
    return plain


def link(depot: Depot, _now: datetime) -> dict[str, Any]:
    """The link now, and how it changed."""
    found = depot.memory.link
    now = None
    if found is not None:
        now = {
            "state": found.state.value,
            "reason": found.reason.value if found.reason else "",
            "since": time(found.since),
            "tries": found.tries,
            "next_try_at": time(found.next_try_at),
            "until": time(found.until),
            "last_good_at": time(found.last_good_at),
        }
    history = [[time(one[0]), one[1].value] for one in depot.memory.link_history(MOST_LINKS)]
    return {"now": now, "paused": depot.memory.paused, "history": history}


def lanes(depot: Depot, _now: datetime) -> list[dict[str, Any]]:
    """What each lane was doing last."""
    return [
        {
            "name": state.name.value,
            "condition": state.condition.value,
            "since": time(state.since),
            "tries": state.tries,
            "next_at": time(state.next_at),
            "until": time(state.until),
            "done_at": time(state.done_at),
            **plain_note(state.note),
        }
        for state in depot.lane_book.states().values()
    ]


def counters(depot: Depot, now: datetime) -> dict[str, Any]:
    """How many packets are where, and what the last comparison with central came to."""
    midnight = now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    compared = depot.memory.reconciled
    return {
        **asdict(depot.outbox.counts(day_start=midnight)),
        "oldest_waiting": time(depot.outbox.oldest_waiting()),
        "last_receipt_at": time(depot.outbox.last_receipt_at()),
        "wanted_bundles": len(depot.memory.wanted_bundles),
        "reconciled": plain_comparison(compared) if compared is not None else None,
    }


def packets(depot: Depot, _now: datetime) -> list[dict[str, Any]]:
    """The rows of the outbox, what is not done first."""
    done = (Stage.RECEIPTED, Stage.REPLACED, Stage.VOID)
    first = depot.outbox.page([one for one in Stage if one not in done], offset=0, limit=MOST_PACKETS)
    then = depot.outbox.page(done, offset=0, limit=MOST_PACKETS - len(first)) if len(first) < MOST_PACKETS else ()
    return [_packet(item) for item in (*first, *then)]


def notes(depot: Depot, _now: datetime) -> list[dict[str, Any]]:
    """The technical notes."""
    return [
        {
            "at": time(one.at),
            "times": one.times,
            "last_at": time(one.last_at or one.at),
            "lane": only(WORD, one.lane),
            "packet": str(one.key or ""),
            **plain_note(one.note),
        }
        for one in depot.technical_log.lines(MOST_NOTES)
    ]


def throughput(depot: Depot, now: datetime) -> dict[str, Any]:
    """What was delivered in the last day, in buckets of five minutes, and the rate last measured."""
    found = depot.throughput.of_day(now)
    return {
        "rate_bps": round(depot.throughput.rate_bps(now)),
        "day": [[time(one.at), one.bytes, one.packets, round(one.busy_s, 1)] for one in found],
    }


def devices(depot: Depot, now: datetime) -> list[dict[str, Any]]:
    """The health of each device. What it calls itself stays out: central has it, and it may be somebody's telephone."""
    return [
        {
            "device": hashlib.sha256(one.device_id.encode()).hexdigest()[:12],
            "kind": one.info.kind.value,
            "simulated": one.info.simulated,
            "condition": one.condition.value,
            "seen_at": time(one.seen_at),
            "good_at": time(one.good_at),
            "tested_at": time(one.tested_at),
            "test": plain_value(one.test_outcome) if one.test_outcome else "",
            "uses": one.uses,
            "failures": one.failures,
            "median_ms": one.median_ms,
            "fault": one.ticket.fault.value if one.ticket else "",
        }
        for one in list(depot.devices.health(now=now))[:MOST_DEVICES]
    ]


def disk(depot: Depot, _now: datetime) -> dict[str, Any]:
    """Room on the disk, and what takes it."""
    folder, usage = depot.folder, shutil.disk_usage(depot.folder.root)
    files = {path.name: path for path in (folder.applicants_db, folder.outbox_db)}
    files |= {f"{name}-wal": path.with_name(f"{name}-wal") for name, path in list(files.items())}
    return {
        "free_bytes": usage.free,
        "total_bytes": usage.total,
        "files": {name: path.stat().st_size for name, path in files.items() if path.exists()},
        "folders": {path.name: _weighed(path) for path in (folder.packets, folder.rosters, folder.logs)},
    }


def _packet(item: OutboxItem) -> dict[str, Any]:
    return {
        "packet": str(item.key),
        "origin": only(TOKEN, item.origin),
        "sha256": only(re.compile(r"[0-9a-f]{64}"), item.sha256),
        "size": item.size,
        "kind": only(WORD, item.kind),
        "priority": item.priority,
        "sealed_at": time(item.sealed_at),
        "stage": item.stage.value,
        "offset": item.offset,
        "upload": item.upload is not None,
        "attempts": item.attempts,
        "next_attempt_at": time(item.next_attempt_at),
        "offered_at": time(item.offered_at),
        "last_tried_at": time(item.last_tried_at),
        "received_at": time(item.received_at),
        "central": item.central_code if item.central_code in STATUSES else ("?" if item.central_code else ""),
        "central_at": time(item.central_at),
        "carried": item.carried,
        "exported_at": time(item.exported_at),
        "resends": item.resends,
        "reasons": [[plain_value(one.code), one.field if one.field in _FIELDS else "?"] for one in item.reasons],
        **plain_note(item.last_note),
    }


_FIELDS = frozenset(field.key for field in FIELDS)


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _weighed(folder: Path) -> dict[str, int]:
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()] if folder.is_dir() else []
    return {"files": len(sizes), "bytes": sum(sizes)}
