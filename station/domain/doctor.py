"""What the connection doctor finds, step by step from the plug to the clock. Knows no socket and no sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from station.domain.outcome import Trouble

Fact = str | int | float | bool


class Step(StrEnum):
    """One question, in the order in which they are asked. Those of a proxy are there only when one is set."""

    ADAPTER = "adapter"
    PROXY_NAME = "proxy-name"
    PROXY_PORT = "proxy-port"
    NAME = "name"
    PORT = "port"
    CERTIFICATE = "certificate"
    CENTRAL = "central"
    STATION = "station"
    CLOCK = "clock"


DIRECT = (Step.ADAPTER, Step.NAME, Step.PORT, Step.CERTIFICATE, Step.CENTRAL, Step.STATION, Step.CLOCK)
BY_PROXY = (
    Step.ADAPTER,
    Step.PROXY_NAME,
    Step.PROXY_PORT,
    Step.PORT,
    Step.CERTIFICATE,
    Step.CENTRAL,
    Step.STATION,
    Step.CLOCK,
)
"""A proxy looks the name of central up itself."""


class State(StrEnum):
    """What came of a step."""

    OK = "ok"
    WARNING = "warning"  # it works, and somebody should know
    FAILED = "failed"
    NOT_REACHED = "not-reached"


class Remedy(StrEnum):
    """What exactly is wrong, and with it what to do; the sentences are in ui/doctor_words.py."""

    NONE = ""
    NOT_ENROLLED = "not-enrolled"
    BAD_ADDRESS = "bad-address"
    NO_ADAPTER = "no-adapter"
    NO_CABLE = "no-cable"
    WIFI_OFF = "wifi-off"
    WIFI_NOT_JOINED = "wifi-not-joined"
    NO_ROUTE = "no-route"
    NAME_UNKNOWN = "name-unknown"
    NAME_SILENT = "name-silent"
    PORT_CLOSED = "port-closed"
    PORT_SILENT = "port-silent"
    PROXY_REFUSES = "proxy-refuses"
    PROXY_PASSWORD = "proxy-password"  # noqa: S105
    PROXY_STRANGE = "proxy-strange"
    PROXY_CANNOT = "proxy-cannot"
    CERTIFICATE_STRANGER = "certificate-stranger"
    CERTIFICATE_NAME = "certificate-name"
    CERTIFICATE_EXPIRED = "certificate-expired"
    CERTIFICATE_EARLY = "certificate-early"
    CERTIFICATE_SOON = "certificate-soon"
    OWN_CLOCK = "own-clock"
    NO_TLS = "no-tls"
    CA_FILE = "ca-file"
    BROKEN_OFF = "broken-off"
    BETWEEN = "between"
    PORTAL = "portal"
    STRANGER = "stranger"
    UNREADABLE = "unreadable"
    SILENT = "silent"
    SLOW = "slow"
    MAINTENANCE = "maintenance"
    BUSY = "busy"
    SERVER_ERROR = "server-error"
    NO_SPACE = "no-space"
    BLOCKED = "blocked"
    UNKNOWN_STATION = "unknown-station"
    BAD_SIGNATURE = "bad-signature"
    TOO_OLD = "too-old"
    REFUSED_ODDLY = "refused-oddly"
    CLOCK_OFF = "clock-off"
    OUR_FAULT = "our-fault"


@dataclass(frozen=True)
class Finding:
    """One step. `facts` are measured values by name; times are ISO 8601 in UTC, lengths are in their name's unit.

    adapter       name, kind (ethernet wifi cellular tunnel other loopback training), others
    …name         host, ms, address
    …port         host, port, ms; via (the proxy's host), status of its answer
    certificate   issuer, subject, fingerprint, from, until, days_left, ms; plain (no TLS, on this very computer)
    central       ms, status, problem, until, message, name, location, media
    station       ms, status, problem, until, message, min_client
    clock         off_s: central's clock minus this computer's
    """

    step: Step
    state: State
    facts: Mapping[str, Fact] = field(default_factory=dict, hash=False)
    trouble: Trouble | None = None
    remedy: Remedy = Remedy.NONE


@dataclass(frozen=True)
class Examination:
    """All findings of one visit of the doctor, in order."""

    at: datetime
    findings: tuple[Finding, ...]

    @property
    def healthy(self) -> bool:
        """Nothing failed and everything was reached; warnings are allowed."""
        return all(finding.state in (State.OK, State.WARNING) for finding in self.findings)

    @property
    def culprit(self) -> Finding | None:
        """What stands in the way first, or None."""
        return next((finding for finding in self.findings if finding.state is State.FAILED), None)


def not_reached(steps: Sequence[Step]) -> tuple[Finding, ...]:
    """Steps that nobody came to."""
    return tuple(Finding(step, State.NOT_REACHED) for step in steps)


def plain_finding(finding: Finding) -> dict[str, Any]:
    """A finding as JSON; its shape is a promise to scripts."""
    return {
        "step": finding.step.value,
        "state": finding.state.value,
        "remedy": finding.remedy.value,
        "trouble": finding.trouble.value if finding.trouble else "",
        "facts": dict(finding.facts),
    }


def plain_examination(found: Examination) -> dict[str, Any]:
    """An examination as JSON; its shape is a promise to scripts."""
    return {
        "at": found.at.astimezone(UTC).isoformat(),
        "healthy": found.healthy,
        "findings": [plain_finding(finding) for finding in found.findings],
    }


def read_examination(kept: Mapping[str, Any] | None) -> Examination | None:
    """What `plain_examination` wrote; None when there is none, or it is of another version of this program."""
    try:
        return None if kept is None else Examination(
            datetime.fromisoformat(kept["at"]), tuple(_read_finding(one) for one in kept["findings"])
        )  # fmt: skip
    except (KeyError, ValueError, TypeError):
        return None


def _read_finding(kept: Mapping[str, Any]) -> Finding:
    trouble = Trouble(kept["trouble"]) if kept["trouble"] else None
    return Finding(Step(kept["step"]), State(kept["state"]), dict(kept["facts"]), trouble, Remedy(kept["remedy"]))
