"""States, places and happenings as a label: a word and a tone. Computed, never stored; knows no widget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from station.domain.central_status import central_status
from station.domain.delivery import OutboxItem, Stage
from station.domain.mark import N_
from station.domain.permission import Permission
from station.domain.permission import who_may as allowed_to
from station.domain.record import State
from station.domain.role import Role
from station.domain.rows import Filter, Happening, RecordRow
from station.domain.service import Service
from station.domain.steps import Step
from station.i18n import _
from station.ui.format import day, percent


@dataclass(frozen=True)
class Label:
    """A state in a word and a tone (ok, warn, bad, off, brand)."""

    text: str
    tone: str


_STEPS: dict[Step, str] = {
    Step.APPLICANT: N_("Applicant"),
    Step.BIODATA: N_("Biodata"),
    Step.PHOTO: N_("Photo"),
    Step.FINGERS: N_("Fingerprints"),
    Step.IRISES: N_("Irises"),
    Step.SIGNATURE: N_("Signature"),
    Step.DOCUMENTS: N_("Documents"),
    Step.REVIEW: N_("Review and save"),
}
_STATES: dict[State, Label] = {
    State.DRAFT: Label(N_("Draft"), "off"),
    State.SEALED: Label(N_("Waiting to be sent"), "warn"),
    State.ACCEPTED: Label(N_("Received at central"), "ok"),
    State.REJECTED: Label(N_("Needs repair"), "bad"),
    State.WITHDRAWN: Label(N_("Cancelled"), "off"),
}
_STAGES: dict[Stage, Label] = {
    Stage.QUEUED: Label(N_("Waiting"), "off"),
    Stage.SENDING: Label(N_("Being sent"), "brand"),
    Stage.RECEIPTED: Label(N_("Sent, receipt verified"), "ok"),
    Stage.PARKED: Label(N_("On hold"), "bad"),
    Stage.REJECTED: Label(N_("Needs repair"), "bad"),
    Stage.REPLACED: Label(N_("Replaced by a later revision"), "off"),
    Stage.VOID: Label(N_("Voided"), "off"),
}
_FILTERS: dict[Filter, Label] = {
    Filter.ALL: Label(N_("All"), "brand"),
    Filter.DRAFT: Label(N_("Drafts"), "off"),
    Filter.INCOMPLETE: Label(N_("Incomplete"), "warn"),
    Filter.WAITING: Label(N_("Waiting to be sent"), "warn"),
    Filter.RECEIPTED: Label(N_("With receipt"), "ok"),
    Filter.NEEDS_REPAIR: Label(N_("Needs repair"), "bad"),
    Filter.QUIET: Label(N_("No news > 14 days"), "warn"),
}
_HAPPENINGS: dict[Happening, Label] = {
    Happening.STARTED: Label(N_("Recording started"), "off"),
    Happening.REOPENED: Label(N_("Reopened for correction"), "warn"),
    Happening.INVITED: Label(N_("Came again for what was missing"), "warn"),
    Happening.RETURNED: Label(N_("That visit was given up"), "off"),
    Happening.CAPTURED: Label(N_("All biometrics taken"), "ok"),
    Happening.WITHDRAWN: Label(N_("Cancelled"), "off"),
    Happening.SEALED: Label(N_("Sealed at this station"), "ok"),
    Happening.QUEUED: Label(N_("In the queue for sending"), "ok"),
    Happening.OFFERED: Label(N_("Offered to central"), "ok"),
    Happening.SENDING: Label(N_("Being sent"), "brand"),
    Happening.RECEIPTED: Label(N_("Received at central, receipt verified"), "ok"),
    Happening.CENTRAL: Label(N_("News from central"), "brand"),
    Happening.WANTED_AGAIN: Label(N_("Central asks for the packet once more"), "warn"),
    Happening.RESENT: Label(N_("Offered to central again"), "warn"),
    Happening.CONFIRMED: Label(N_("Central has it; its receipt was confirmed again"), "ok"),
    Happening.VOIDED: Label(N_("Voided by two officers: never sent"), "off"),
    Happening.PURGED: Label(N_("Data deleted by the rule; the receipt is kept"), "off"),
    Happening.PARKED: Label(N_("Put on hold"), "bad"),
    Happening.REJECTED: Label(N_("Central asked for a correction"), "bad"),
}
_SERVICES: dict[Service, str] = {
    Service.NEW: N_("First recording"),
    Service.LOST: N_("Lost card"),
    Service.DAMAGED: N_("Damaged card"),
    Service.CHANGED: N_("Change of data"),
    Service.OUT_OF_DOMICILE: N_("Living elsewhere"),
}
_ROLES: dict[str, str] = {
    Role.COUNTER: N_("Counter officer"),
    Role.OPERATOR: N_("Operator"),
    Role.SUPERVISOR: N_("Supervisor"),
    Role.ARCHIVIST: N_("Archivist"),
    Role.TECHNICIAN: N_("Technician"),
    Role.HEAD: N_("Head of the office"),
    Role.ADMIN: N_("Admin"),
}


def step(which: Step) -> str:
    """The name of a step."""
    return _(_STEPS[which])


def incomplete(missing: Sequence[Step]) -> str:
    """What somebody who was captured in part has to come back for."""
    return _("Incomplete: {steps}").format(steps=", ".join(map(step, missing)))


def service(which: Service) -> str:
    """What a person has come for."""
    return _(_SERVICES[which])


def role(name: str) -> str:
    """The name of a role."""
    return _(_ROLES.get(name, name))


def who_may(permission: Permission) -> str:
    """`Operator, Supervisor`: the roles that allow it."""
    return ", ".join(role(item) for item in allowed_to(permission))


def stage(which: Stage) -> Label:
    """The label of a place in the outbox."""
    return said(_STAGES[which])


def filter_name(which: Filter) -> Label:
    """The label of a chip above the record list."""
    return said(_FILTERS[which])


def happening(what: Happening, text: str = "") -> Label:
    """The label of a timeline entry; central's own codes are put into plain words."""
    if what is Happening.CENTRAL and text:
        status = central_status(text)
        return Label(_(status.label), status.tone.value)
    return said(_HAPPENINGS[what])


def record_state(row: RecordRow) -> Label:
    """What a list shows for a record: computed from its state, its packet's place and central's last word."""
    record, packet = row.record, row.packet
    match record.state:
        case State.DRAFT if row.missing:
            return Label(incomplete(row.missing), "warn")
        case State.DRAFT:
            word = _("Repair") if record.revision > 1 else _("Draft")
            return Label(f"{word} · {step(row.step)}", "off")
        case State.ACCEPTED if packet is not None and packet.stage in (Stage.PARKED, Stage.REJECTED):
            return stage(packet.stage)
        case State.ACCEPTED if row.prints_later and row.print_from is not None:
            return Label(_("Print from {day}").format(day=day(row.print_from)), "off")
        case State.ACCEPTED if packet is not None and packet.central_code:
            status = central_status(packet.central_code)
            return Label(_(status.label), status.tone.value)
        case State.SEALED if packet is not None:
            return delivery_state(packet) if packet.stage is not Stage.QUEUED else said(_STATES[State.SEALED])
        case State.WITHDRAWN if packet is not None and packet.stage is Stage.VOID:
            return stage(packet.stage)
        case _:
            return said(_STATES[record.state])


def delivery_state(packet: OutboxItem) -> Label:
    """Where a packet is: how far it is, or what it waits for."""
    part = percent(packet.offset, packet.size)
    if packet.stage is Stage.SENDING:
        return Label(_("Continues at {part}").format(part=part) if packet.offset else _("Being sent"), "brand")
    return stage(packet.stage)


def said(label: Label) -> Label:
    """A marked label in the language in use."""
    return Label(_(label.text), label.tone)
