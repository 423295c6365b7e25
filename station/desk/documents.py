"""Scanned documents of a draft: every page is on disk when its function returns.

A document is one attachment, a PDF of its pages. It must not know how pages are made, nor where they come from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from station.capture.page_pdf import make_pdf, pages_of
from station.desk import trail
from station.desk.disk_guard import require_room_for_document
from station.desk.drafting import as_draft, draft_of, note, storable
from station.desk.office import Office
from station.desk.officers import check_device
from station.domain.attachment import Attachment, Role
from station.domain.biometrics import DeviceInfo
from station.domain.documents import PDF, Page, check_kind, check_pages, check_room, clean_title
from station.domain.draft import Draft
from station.domain.errors import RuleError
from station.domain.permission import Permission
from station.domain.standing import stop_among
from station.store import attachments, records
from station.store.database import Connection

Pages = tuple[Page, ...]


def add(
    office: Office,
    record_id: str,
    kind: str,
    pages: Sequence[Page],
    title_no: str = "",
    *,
    taken_with: DeviceInfo | None = None,
) -> Draft:
    """A new document of one or more pages. `taken_with` is the camera they came from, None for file and scanner.

    RuleError with the code of what breaks a limit, or of what stops this person, or `capture.simulated`: then nothing
    is kept.
    """
    office.require(Permission.ENTER_PERSON)
    check_device(office, taken_with)
    check_kind(kind)
    check_pages(pages)
    pdf = make_pdf(pages)
    require_room_for_document(office, len(pdf))
    with office.applicants.write() as connection:
        draft = as_draft(office, connection, draft_of(connection, record_id))
        _check_stops(draft)
        check_room(draft.documents, len(pdf), new=True)
        made = attachments.add(
            connection, record_id, Role.DOCUMENT, kind, pdf,
            media=PDF, pages=len(pages), at=office.now(), title_no=clean_title(storable(title_no)),
        )  # fmt: skip
        return _noted(office, connection, record_id, "document", number=made.number, kind=kind, pages=len(pages))


def add_page(
    office: Office,
    record_id: str,
    number: int,
    page: Page,
    place: int | None = None,
    *,
    taken_with: DeviceInfo | None = None,
) -> Draft:
    """One more page of document `number`, at `place` or at its end. RuleError as for `add`, and `document.gone`."""
    office.require(Permission.ENTER_PERSON)
    check_device(office, taken_with)

    def put(pages: Pages) -> Pages:
        at = len(pages) if place is None else min(max(place, 0), len(pages))
        return (*pages[:at], page, *pages[at:])

    return _rewrite(office, record_id, number, put)


def turn_page(office: Office, record_id: str, number: int, place: int) -> Draft:
    """Turn a page a quarter clockwise. The picture itself stays as it is, so nothing is lost by turning."""
    office.require(Permission.ENTER_PERSON)
    return _rewrite(office, record_id, number, lambda pages: _with(pages, place, [_at(pages, place).turned()]))


def remove_page(office: Office, record_id: str, number: int, place: int) -> Draft:
    """Take a page out; with its last page the document goes, and its number is not given again."""
    office.require(Permission.ENTER_PERSON)
    return _rewrite(office, record_id, number, lambda pages: _with(pages, place, []))


def describe(office: Office, record_id: str, number: int, kind: str, title_no: str) -> Draft:
    """What it is, and its number; the number is optional. RuleError `document.unknown_kind`, `document.gone`."""
    office.require(Permission.ENTER_PERSON)
    check_kind(kind)
    title_no = clean_title(storable(title_no))
    with office.applicants.write() as connection:
        draft = as_draft(office, connection, draft_of(connection, record_id))
        known = _facts(draft, number)
        if (known.kind, known.title_no) == (kind, title_no):
            return draft
        attachments.describe(connection, record_id, number, kind, title_no)
        return _noted(office, connection, record_id, "document", number=number, kind=kind, pages=known.pages)


def pages(office: Office, record_id: str, number: int) -> Pages:
    """The pages of document `number`; none when it has gone meanwhile."""
    office.require(Permission.READ_PERSON)
    trail.note_read(office, "document_open", record_id)
    with office.applicants.read() as connection:
        pdf = attachments.data(connection, record_id, number)
    return pages_of(pdf) if pdf else ()


def _rewrite(office: Office, record_id: str, number: int, change: Callable[[Pages], Pages]) -> Draft:
    """Other pages in document `number`, within the same limits as a new one."""
    with office.applicants.write() as connection:
        draft = as_draft(office, connection, draft_of(connection, record_id))
        known = _facts(draft, number)
        changed = change(pages_of(attachments.data(connection, record_id, number) or b""))
        if not changed:
            attachments.drop(connection, record_id, number)
            return _noted(office, connection, record_id, "document_removed", number=number, kind=known.kind)
        if len(changed) > known.pages:
            _check_stops(draft)
        check_pages(changed)
        pdf = make_pdf(changed)
        check_room([item for item in draft.documents if item.number != number], len(pdf), new=False)
        attachments.replace(connection, record_id, number, pdf, pages=len(changed))
        return _noted(office, connection, record_id, "document", number=number, kind=known.kind, pages=len(changed))


def _check_stops(draft: Draft) -> None:
    """Nothing is collected of somebody who may not be recorded; what is here may still be taken away."""
    if stop := stop_among(draft.findings):
        raise RuleError(stop.code, field=stop.field, **stop.data)


def _facts(draft: Draft, number: int) -> Attachment:
    found = next((item for item in draft.documents if item.number == number), None)
    if found is None:
        raise RuleError("document.gone")
    return found


def _at(pages: Pages, place: int) -> Page:
    if not 0 <= place < len(pages):
        raise RuleError("document.gone")
    return pages[place]


def _with(pages: Pages, place: int, instead: Sequence[Page]) -> Pages:
    """`pages` with others in place of the one at `place`."""
    _at(pages, place)
    return (*pages[:place], *instead, *pages[place + 1 :])


def _noted(office: Office, connection: Connection, record_id: str, action: str, **detail: object) -> Draft:
    """What was done, in the audit without the document's number, and the draft as it stands now."""
    records.save(connection, records.touched(draft_of(connection, record_id), office.now()))
    note(office, connection, action, record_id, **detail)
    return as_draft(office, connection, draft_of(connection, record_id))
