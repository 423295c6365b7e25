"""What may be scanned of the papers a person has brought: kinds, numbers and limits.

It must not know how a picture becomes a page, nor where pages are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from station.domain.attachment import Attachment
from station.domain.checklist import DOCUMENTS, Document
from station.domain.errors import RuleError
from station.domain.mark import N_

OTHER = "other"
"""A document that is on no checklist: what it is called is written where others have their number."""
OTHER_LABEL = N_("Another document")
KINDS: tuple[str, ...] = (*(item.key for item in DOCUMENTS), OTHER)

MAX_TITLE = 40
MAX_PAGES = 10
MAX_DOCUMENTS = 12
MAX_PAGE_BYTES = 150 * 1024
MAX_RECORD_BYTES = 1536 * 1024
"""All documents of one person: what a slow line still carries within two minutes beside the captures."""
PDF_BYTES_A_PAGE = 1024
"""What a PDF adds to its pages, at most; a page and this together are what one page may cost."""
PDF = "application/pdf"
TURNS = (0, 90, 180, 270)


@dataclass(frozen=True)
class Page:
    """One page: a grey JPEG, and by how many degrees it is turned clockwise when it is shown."""

    jpeg: bytes
    width: int
    height: int
    turn: int = 0

    def turned(self, degrees: int = 90) -> Page:
        return replace(self, turn=(self.turn + degrees) % 360)


def clean_title(typed: str) -> str:
    """A document's number, or another document's name, as it is kept: one line, short; it may be empty."""
    printable = "".join(sign if sign.isprintable() else " " for sign in typed)
    return " ".join(printable.split())[:MAX_TITLE].strip()


def check_kind(kind: str) -> str:
    """`kind` itself; RuleError `document.unknown_kind` when nothing like it can be scanned."""
    if kind not in KINDS:
        raise RuleError("document.unknown_kind", kind=kind[:MAX_TITLE])
    return kind


def check_pages(pages: Sequence[Page]) -> None:
    """RuleError `document.no_page`, `document.too_many_pages`, `document.page_too_large`."""
    if not pages:
        raise RuleError("document.no_page")
    if len(pages) > MAX_PAGES:
        raise RuleError("document.too_many_pages", limit=MAX_PAGES)
    if any(not page.jpeg or len(page.jpeg) > MAX_PAGE_BYTES - PDF_BYTES_A_PAGE for page in pages):
        raise RuleError("document.page_too_large", limit_kb=MAX_PAGE_BYTES // 1024)


def check_room(kept: Sequence[Attachment], size_bytes: int, *, new: bool) -> None:
    """RuleError `document.too_many`, `document.no_room` when a document of this size has no place beside `kept`."""
    if new and len(kept) >= MAX_DOCUMENTS:
        raise RuleError("document.too_many", limit=MAX_DOCUMENTS)
    if sum(item.size_bytes for item in kept) + size_bytes > MAX_RECORD_BYTES:
        raise RuleError("document.no_room", limit_kb=MAX_RECORD_BYTES // 1024)


@dataclass(frozen=True)
class Line:
    """One line of the list: a document that was scanned, or one that was asked for and was not."""

    kind: str
    label: str
    scanned: Attachment | None = None


def lines(asked: Sequence[Document], scanned: Sequence[Attachment]) -> tuple[Line, ...]:
    """What this person was asked for, scanned or not, then what else was scanned, and one place for another."""
    listed: list[Line] = []
    for item in asked:
        own = [Line(item.key, item.label, found) for found in scanned if found.kind == item.key]
        listed += own or [Line(item.key, item.label)]
    kinds = {item.key for item in asked}
    listed += [Line(found.kind, label_of(found.kind), found) for found in scanned if found.kind not in kinds]
    return (*listed, Line(OTHER, OTHER_LABEL))


def label_of(kind: str) -> str:
    """What a kind of document is called, to be translated; the kind itself when no checklist knows it."""
    return next((item.label for item in DOCUMENTS if item.key == kind), OTHER_LABEL if kind == OTHER else kind)
