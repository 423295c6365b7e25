"""What a person has come for, and which of the documents it takes are here. Nothing of it ever stops a recording."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from station.desk.drafting import changed, note, storable
from station.desk.office import Office
from station.domain.checklist import DOCUMENTS, FIELD, Document, Seen, Standing, standing, stored, wanted
from station.domain.draft import Confirmation, Draft
from station.domain.errors import RuleError
from station.domain.permission import Permission
from station.domain.service import Service
from station.store.records import Stored

MAX_REASON = 200


def choose_service(office: Office, record_id: str, service: Service) -> Draft:
    """What the person has come for. Reasons given for documents that are no longer asked for go."""
    office.require(Permission.ENTER_PERSON)

    def change(before: Stored) -> Stored:
        asked = {item.field for item in wanted(service, before.answers, office.context.today)}
        kept = tuple(item for item in before.confirmed if not item.field.startswith(FIELD) or item.field in asked)
        return replace(before, service=service, confirmed=kept)

    return changed(office, record_id, change, audited=("service", {"service": service.value}))


def show_paper(office: Office, record_id: str, key: str, seen: Seen, reason: str = "") -> Draft:
    """How one document stands. RuleError `papers.unknown`; `papers.no_reason` when it is not needed for no reason."""
    office.require(Permission.ENTER_PERSON)
    if key not in {item.key for item in DOCUMENTS}:
        raise RuleError("papers.unknown", key=key)
    reason = " ".join(storable(reason).split())[:MAX_REASON]
    if seen is Seen.NOT_NEEDED and not reason:
        raise RuleError("papers.no_reason")
    now = Standing(seen, reason if seen is Seen.NOT_NEEDED else "")

    def change(before: Stored) -> Stored:
        # Whatever was said about this document before was said of another standing.
        kept = tuple(item for item in before.confirmed if item.field != FIELD + key)
        return replace(before, papers=stored(before.papers, key, now), confirmed=kept)

    return changed(office, record_id, change, audited=("paper", {"paper": key, "seen": seen.value}))


def printed(office: Office, record_id: str, paper: str, way: str) -> None:
    """Keep in the audit that `paper` about this record went out of the station, by `way` (`printer` or `pdf`)."""
    office.require(Permission.PRINT_PAPER)
    with office.applicants.write() as connection:
        note(office, connection, "print", record_id, paper=paper, way=way)


def sealed_papers(draft: Draft, documents: tuple[Document, ...]) -> list[dict[str, object]]:
    """The documents as they are sealed: every one that was asked for, how it stood, and why it was let pass."""
    return [_sealed(item, draft.papers, draft.confirmed) for item in documents]


def _sealed(document: Document, papers: Mapping[str, str], confirmed: tuple[Confirmation, ...]) -> dict[str, object]:
    now = standing(papers, document.key)
    let_pass = next((item.reason for item in confirmed if item.field == document.field), "")
    line: dict[str, object] = {"key": document.key, "required": document.required, "seen": now.seen.value}
    reason = now.reason or (let_pass if now.seen is Seen.MISSING else "")
    return {**line, "reason": reason} if reason else line
