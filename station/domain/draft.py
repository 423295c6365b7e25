"""A recording in progress, as the window shows it: answers, captures kept so far, findings, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from station.domain.biometrics import BiometricException, Part, missing_parts
from station.domain.finding import Finding, Severity
from station.domain.outcome import Reason
from station.domain.record import Record
from station.domain.service import Service
from station.domain.steps import PARTS_OF, Step


@dataclass(frozen=True)
class CaptureCard:
    """What lists and rings show of a kept capture; the image itself is fetched when it is needed."""

    part: Part
    quality: int
    attempts: int
    taken_at: datetime
    device_serial: str


@dataclass(frozen=True)
class Confirmation:
    """A warning an operator let stand, and why."""

    field: str
    code: str
    reason: str


@dataclass(frozen=True)
class Draft:
    """Everything about a draft but its images. `refused` is what central said about the revision before."""

    record: Record
    answers: Mapping[str, str]
    step: Step
    captures: Mapping[Part, CaptureCard]
    exceptions: tuple[BiometricException, ...]
    confirmed: tuple[Confirmation, ...]
    findings: tuple[Finding, ...]
    refused: tuple[Reason, ...]
    service: Service = Service.NEW
    papers: Mapping[str, str] = field(default_factory=dict)
    """Documents of the checklist by key: `shown`, or why it is not needed."""
    listed: Mapping[str, str] = field(default_factory=dict)
    """What the target list says about this person, by form field: differences are marked."""
    ready_at: datetime | None = None
    """When the desk finished preparing; the booth takes those that are ready."""
    trip_id: str = ""

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(item for item in self.findings if item.severity is Severity.ERROR)

    @property
    def open_warnings(self) -> tuple[Finding, ...]:
        """Warnings nobody has confirmed yet."""
        done = {(item.field, item.code) for item in self.confirmed}
        return tuple(
            item for item in self.findings if item.severity is Severity.WARNING and (item.field, item.code) not in done
        )

    @property
    def missing(self) -> tuple[Part, ...]:
        return missing_parts(self.captures, [item.part for item in self.exceptions])

    def done(self, step: Step) -> bool:
        """True when nothing is left to do in `step`."""
        match step:
            case Step.APPLICANT:
                return bool(self.answers.get("nik")) and not any(item.field == "nik" for item in self.errors)
            case Step.BIODATA:
                return not self.errors and not self.open_warnings
            case Step.REVIEW:
                return False
            case _:
                return not set(PARTS_OF[step]) & set(self.missing)

    @property
    def ready(self) -> bool:
        """True when it may be sealed."""
        return not self.errors and not self.open_warnings and not self.missing
