"""A recording in progress, as the window shows it: answers, captures kept so far, findings, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from station.domain import statement_chain
from station.domain.approval import Approval
from station.domain.attachment import Attachment, Role
from station.domain.biometrics import CAPTURE_FIELD, BiometricException, Part, Rank, missing_parts
from station.domain.checklist import document_of
from station.domain.finding import Finding, Severity
from station.domain.outcome import Reason
from station.domain.policy import STANDARD, Policy
from station.domain.recapture import Recapture, closed
from station.domain.record import Record
from station.domain.service import Service
from station.domain.statement_chain import Link
from station.domain.steps import PARTS_OF, Step
from station.domain.tries import is_weak
from station.domain.verification import VERIFY_FIELD, Verification, fingers_to_verify


@dataclass(frozen=True)
class CaptureCard:
    """What lists and rings show of a kept capture; the image itself is fetched when it is needed."""

    part: Part
    quality: int
    attempts: int
    taken_at: datetime
    device_serial: str
    remarks: tuple[str, ...] = ()
    comparable: bool = False
    """Minutiae of this finger are kept: it can be compared with other prints."""
    link: Link | None = None
    """Its place in the chain of what devices signed about this person."""
    kept_on: date | None = None
    """The local day by the station's clock; of what was kept before that was noted, the day the device said."""

    @property
    def rank(self) -> Rank:
        """As that of the capture."""
        return self.comparable, self.quality, -len(self.remarks)


@dataclass(frozen=True)
class Confirmation:
    """A warning an operator let stand, and why."""

    field: str
    code: str
    reason: str
    day: str = ""
    """The local day it was given, ISO, of what is asked anew every day: that somebody was not verified."""


@dataclass(frozen=True)
class Draft:
    """Everything about a draft but its images. `refused` is what central said about the revision before.

    It never changes, so what follows from it is worked out once, when it is first asked for: a window asks for the
    same thing at every tab, light and button.
    """

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
    """How documents stand by key, see checklist.standing; one that nobody said anything about is not in it."""
    listed: Mapping[str, str] = field(default_factory=dict)
    """What the target list says about this person, by form field: differences are marked."""
    ready_at: datetime | None = None
    """When the desk finished preparing; the booth takes those that are ready."""
    ticket: int = 0
    """The number in the queue of today; 0 for somebody who has none."""
    ahead: int = 0
    """How many wait whom this person would pass: before a device they come for a reason only. 0 once it was given."""
    trip_id: str = ""
    held: frozenset[str] = frozenset()
    """Form fields that must stay as listed: this person is out of domicile."""
    attachments: tuple[Attachment, ...] = ()
    verification: Mapping[Part, Verification] = field(default_factory=dict)
    approval: Approval | None = None
    assisted: bool = False
    """Somebody who needs time: devices wait longer, and nothing nags."""
    policy: Policy = STANDARD
    """What fingers and eyes of this person are judged by."""
    recapture: Recapture | None = None
    """Somebody recorded before who has come again for what could not be captured then."""
    kept_before: frozenset[Part] = frozenset()
    """What was captured on another day: whoever is here now says to be the same person."""

    @property
    def last_statement(self) -> str:
        """The hash of what a device signed last about this person, of all that was kept."""
        return statement_chain.last(card.link for card in self.captures.values())

    @cached_property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(item for item in self.findings if item.severity is Severity.ERROR)

    @cached_property
    def open_warnings(self) -> tuple[Finding, ...]:
        """Warnings nobody has confirmed yet."""
        done = {(item.field, item.code) for item in self.confirmed}
        return tuple(
            item for item in self.findings if item.severity is Severity.WARNING and (item.field, item.code) not in done
        )

    @cached_property
    def open_papers(self) -> tuple[Finding, ...]:
        """Those of the open warnings that are about documents: the applicant's step, not the form's."""
        return tuple(item for item in self.open_warnings if document_of(item.field) is not None)

    @cached_property
    def open_captures(self) -> tuple[Finding, ...]:
        """Those of the open warnings that are about what was captured: the devices' steps, not the form's."""
        return tuple(item for item in self.open_warnings if item.field.startswith((CAPTURE_FIELD, VERIFY_FIELD)))

    @cached_property
    def approval_lapsed(self) -> bool:
        """The signature stands under other answers than those that are here now: it counts as missing."""
        return Part.SIGNATURE in self.captures and not (self.approval and self.approval.still_holds(self.answers))

    @cached_property
    def missing(self) -> tuple[Part, ...]:
        captured = set(self.captures) - ({Part.SIGNATURE} if self.approval_lapsed else set())
        return missing_parts(captured, [item.part for item in self.exceptions])

    @property
    def unapproved(self) -> tuple[BiometricException, ...]:
        """Exceptions that wait for a second officer."""
        return tuple(item for item in self.exceptions if not item.approved_by)

    @cached_property
    def weak(self) -> tuple[Part, ...]:
        """What is kept and asked for once more: below the floor, with tries left, open, and nobody gave a reason."""
        said = {item.field for item in self.confirmed}
        return tuple(
            part
            for part, card in self.captures.items()
            if is_weak(part, card.quality, card.attempts, self.policy)
            and CAPTURE_FIELD + part.value not in said
            and part not in self.closed
        )

    @cached_property
    def closed(self) -> frozenset[Part]:
        """What stays as it was sealed, of somebody who has come again."""
        return closed(self.recapture, {reason.field for reason in self.refused})

    @cached_property
    def comparable(self) -> tuple[Part, ...]:
        """The kept fingers that can be compared with other prints."""
        return tuple(part for part, card in self.captures.items() if card.comparable)

    @property
    def to_verify(self) -> tuple[Part, ...]:
        """The fingers that are captured once more at the end; none when no finger can be compared."""
        return fingers_to_verify(self.comparable)

    @property
    def shows_by_finger(self) -> bool:
        """A finger of another day is kept that whoever is here now can be compared with."""
        return bool(self.kept_before.intersection(self.comparable))

    @property
    def unrecognised(self) -> bool:
        """Somebody has come back, and no finger has shown today that it is them.

        What a colleague or a reason has let stand for every finger is as good; without a finger to compare nobody can
        be recognised, and the questions at the end have to do.
        """
        if not self.shows_by_finger or any(item.matched for item in self.verification.values()):
            return False
        asked = {VERIFY_FIELD + part.value for part in self.to_verify}
        return any(item.field in asked for item in self.open_warnings)

    @property
    def documents(self) -> tuple[Attachment, ...]:
        """What was scanned. Nothing has to be: the papers are seen, and may stay on paper."""
        return tuple(item for item in self.attachments if item.role is Role.DOCUMENT)

    def done(self, step: Step) -> bool:
        """True when nothing is left to do in `step`."""
        match step:
            case Step.APPLICANT:
                wrong = any(item.field == "nik" for item in self.errors)
                return bool(self.answers.get("nik")) and not wrong and not self.open_papers
            case Step.BIODATA:
                elsewhere = {*self.open_papers, *self.open_captures}
                return not self.errors and set(self.open_warnings) <= elsewhere
            case Step.DOCUMENTS:
                return bool(self.documents)
            case Step.REVIEW:
                return False
            case _:
                return not set(PARTS_OF[step]) & {*self.missing, *self.weak}

    @property
    def ready(self) -> bool:
        """True when it may be sealed."""
        return not (self.errors or self.open_warnings or self.missing or self.unapproved)
