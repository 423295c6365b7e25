"""What of a draft goes into its packet, read at one moment so that it can be compared at another. Knows no packet."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from station.desk import clock_guard
from station.desk.office import Office
from station.desk.papers import sealed_papers
from station.domain.attachment import Attached
from station.domain.biometrics import Capture
from station.domain.checklist import wanted
from station.domain.draft import Draft
from station.domain.eligibility import eligibility_of
from station.domain.form import FORM_VERSION, shown_answers
from station.domain.recapture import Recapture
from station.domain.verification import Verification
from station.seal.body import Body
from station.store import attachments, captures, seals
from station.store.database import Connection
from station.store.records import Stored
from station.store.seals import ChainHead

_BESIDE = ("eligibility", "clock")
"""What is said in a record besides what the draft is."""


@dataclass(frozen=True)
class Contents:
    """A draft with everything that was captured, and the packet that its own will follow."""

    stored: Stored
    captures: tuple[Capture, ...]
    attached: tuple[Attached, ...]
    previous: ChainHead | None


def contents(connection: Connection, stored: Stored) -> Contents:
    """All of it, as it is in this transaction."""
    record_id = stored.record.record_id
    return Contents(
        stored,
        captures.all_of(connection, record_id),
        attachments.all_of(connection, record_id),
        seals.head(connection),
    )


def body_of(office: Office, draft: Draft, packed: Contents) -> Body:
    """As central reads it. `draft` is that of `packed`, and ready."""
    record = {
        **_told(draft, office.context.today),
        "eligibility": _eligibility(office, draft),
        "clock": clock_guard.told(office, draft.record.started_at),
    }
    return Body(record, packed.captures, draft.exceptions, _approval(draft), packed.attached, _verified(draft))


def holds(body: Body, draft: Draft, packed: Contents, on: date) -> bool:
    """Whether a body that was sealed `on` that day is what the draft is now: nothing was changed since.

    What follows from the day and the form alone is left out.
    """
    if draft.approval is None:
        return False
    told = _plain({**_told(draft, on), "form_version": body.record.get("form_version")})
    sealed = {name: value for name, value in body.record.items() if name not in _BESIDE}
    return (
        (sealed, dict(body.approval)) == (told, _plain(_approval(draft)))
        and tuple(body.captures) == tuple(replace(item, template=b"") for item in packed.captures)
        and tuple(body.exceptions) == draft.exceptions
        and tuple(body.attachments) == packed.attached
        and tuple(body.verification) == tuple(replace(item, like=None) for item in _verified(draft))
    )


def _told(draft: Draft, today: date) -> dict[str, Any]:
    """What was said of this person."""
    record: dict[str, Any] = {
        "form_version": FORM_VERSION,
        "kind": draft.service.value,
        "registration_no": draft.record.registration_no,
        "answers": shown_answers(draft.answers),
        # What central itself said of this person: it tells a name that is taken as it is from one typed here.
        "listed": dict(draft.listed),
        "warnings": [{"code": item.code, "field": item.field, "reason": item.reason} for item in draft.confirmed],
        "papers": sealed_papers(draft, wanted(draft.service, draft.answers, today)),
    }
    if draft.recapture is not None:
        record["recapture"] = _recapture(draft.recapture)
    return record


def _verified(draft: Draft) -> tuple[Verification, ...]:
    return tuple(draft.verification[part] for part in draft.to_verify if part in draft.verification)


def _plain(record: Mapping[str, Any]) -> Any:
    """As it comes back from a packet."""
    return json.loads(json.dumps(record))


def _recapture(visit: Recapture) -> dict[str, Any]:
    """Why there is another revision, and how the person was known to be the same."""
    return {
        "since_revision": visit.revision,
        "parts": [part.value for part in visit.parts],
        "known_by": visit.known_by.value,
        "score": visit.score,
        "reason": visit.reason,
        "at": visit.at.isoformat(),
        "by": visit.operator_id,
        "vouched_by": visit.vouched_by,
    }


def _approval(draft: Draft) -> dict[str, Any]:
    approval = draft.approval
    assert approval is not None  # a draft that is ready was signed
    return {
        "text": approval.text,
        "sha256": approval.text_sha256,
        "answers_sha256": approval.answers_sha256,
        "signed_at": approval.signed_at.isoformat(),
        "by": "signature",
    }


def _eligibility(office: Office, draft: Draft) -> dict[str, Any]:
    found = eligibility_of(shown_answers(draft.answers), today=office.context.today, office=office.context.office)
    assert found is not None  # a draft that is ready has no error in its birth date
    return {
        "kind": found.kind.value,
        "age": found.age,
        "print_from": found.print_from.isoformat() if found.print_from else None,
        "out_of_domicile": found.out_of_domicile,
    }
