"""What the documents step asks of the desk: keep a page, turn it, take it out, put it back. Knows no widget.

The desk answers in order, so the first page of a delivery has made its document before the second one follows it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from station.desk import documents
from station.desk.office import Office
from station.domain.attachment import Attachment
from station.domain.biometrics import DeviceInfo
from station.domain.documents import Line, Page
from station.domain.draft import Draft
from station.domain.errors import StationError
from station.ui.screens.steps.session import Session

Pages = tuple[Page, ...]


@dataclass
class Filing:
    """One delivery: its first page makes the document, unless `number` is one that is there; the others follow it."""

    kind: str
    number: int | None = None
    taken_with: DeviceInfo | None = None

    def keep(self, office: Office, record_id: str, page: Page) -> Draft:
        """On the desk's thread."""
        if self.number is not None:
            return documents.add_page(office, record_id, self.number, page, taken_with=self.taken_with)
        draft = documents.add(office, record_id, self.kind, [page], taken_with=self.taken_with)
        self.number = draft.documents[-1].number
        return draft


@dataclass(frozen=True)
class TakenOut:
    """A page as it was before it was taken out."""

    document: Attachment
    place: int
    page: Page

    def put_back(self, office: Office, record_id: str, draft: Draft) -> Draft:
        """Into its document; when that went with it, into a new one of the same name. On the desk's thread."""
        number = self.document.number
        if any(item.number == number for item in draft.documents):
            return documents.add_page(office, record_id, number, self.page, self.place)
        return documents.add(office, record_id, self.document.kind, [self.page], self.document.title_no)


class DocumentShelf(QObject):
    """Every deed is stored at once; `failed` tells why one was not."""

    failed = Signal(object)  # StationError
    taken_out_changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._filing: Filing | None = None
        self.taken_out: TakenOut | None = None

    @property
    def filled(self) -> int | None:
        """The number of the document that the pages of this delivery go to."""
        return self._filing.number if self._filing else None

    def forget(self) -> None:
        """Another person."""
        self._filing = None
        self._keep_out(None)

    def load(self, number: int, show: Callable[[Pages], None]) -> None:
        """The pages of a document, to `show`."""
        if self._session.draft is not None:
            record_id = self._session.draft.record.record_id
            self._session.ask(lambda office: documents.pages(office, record_id, number), show)

    def begin(self, line: Line, taken_with: DeviceInfo | None = None) -> None:
        """From here on pages go to the document of `line`, or make it. `taken_with` is the camera they come from."""
        self._filing = Filing(line.kind, line.scanned.number if line.scanned else None, taken_with)

    def keep(self, page: Page, kept: Callable[[int], None]) -> None:
        """One more page of this delivery; `kept` hears the number of its document."""
        filing = self._filing
        if filing is not None:
            self._change(
                lambda office, record_id: filing.keep(office, record_id, page), lambda: kept(filing.number or 0)
            )

    def turn(self, number: int, place: int) -> None:
        self._filing = None
        self._change(lambda office, record_id: documents.turn_page(office, record_id, number, place))

    def take_out(self, document: Attachment, place: int, page: Page) -> None:
        """It can be put back until another one is taken out."""
        self._filing = None
        self._keep_out(TakenOut(document, place, page))
        self.drop(document.number, place)

    def drop(self, number: int, place: int, done: Callable[[], None] = lambda: None) -> None:
        """Take a page out for good."""
        self._filing = None
        self._change(lambda office, record_id: documents.remove_page(office, record_id, number, place), done)

    def put_back(self) -> None:
        gone, draft = self.taken_out, self._session.draft
        if gone is not None and draft is not None:
            self._keep_out(None)
            self._change(lambda office, record_id: gone.put_back(office, record_id, draft))

    def describe(self, number: int, kind: str, title_no: str) -> None:
        self._change(lambda office, record_id: documents.describe(office, record_id, number, kind, title_no))

    def _keep_out(self, gone: TakenOut | None) -> None:
        self.taken_out = gone
        self.taken_out_changed.emit()

    def _change(self, deed: Callable[[Office, str], Draft], done: Callable[[], None] = lambda: None) -> None:
        if self._session.draft is not None:
            self._session.change(deed, done, self._failed)

    def _failed(self, problem: StationError) -> None:
        self.failed.emit(problem)
