"""The page of the documents laid out: the list left, a page or the camera right. Shows what it is told."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from station.domain.draft import Draft
from station.i18n import _, ngettext
from station.ui import format as shown
from station.ui import theme
from station.ui.device_thread import DeviceThread
from station.ui.screens.steps.document_list import DocumentList
from station.ui.screens.steps.document_pane import DocumentPane
from station.ui.screens.steps.document_sources import WayBox
from station.ui.widgets.button import button
from station.ui.widgets.camera_view import CameraView
from station.ui.widgets.card import Card, label
from station.ui.widgets.field_label import FieldLabel

LIST_WIDTH, LIST_WIDEST = 252, 280


class DocumentsLayout(Card):
    """Holds the controls; files may be dropped anywhere on it."""

    dropped = Signal(object)  # list[Path]

    def __init__(self, camera: DeviceThread | None, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent, spacing=10)
        self.list = DocumentList()
        self.pane = DocumentPane()
        self.camera = CameraView(camera, name="step.documents.camera")
        self.camera.preview.invite(_("Lay the paper flat on a dark table, the whole sheet in the picture"))
        self.way = WayBox()
        self.way_chosen = False
        self._is_busy = self._has_page = False
        self.way.activated.connect(self._way_activated)
        self.take = QPushButton()
        self.take.setObjectName("step.documents.take")
        self.take.setProperty("look", "primary")
        self.undo = button("step.documents.undo", _("Undo · Ctrl+Z"), look="link")
        self._sum = label("", "small", name="step.documents.state")
        self._gone = label("", "small", wrap=True, name="step.documents.gone")
        self._busy = label("", "small", wrap=True, name="step.documents.busy")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._right = QStackedWidget()
        self.pane.view.invite(
            _("Nothing has to be scanned. Choose a document, then Space. Files can also be dropped here.")
        )

        self._lay_out()
        self.setAcceptDrops(True)
        self.forget()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(label(_("Documents"), "h2"))
        head.addStretch(1)
        head.addWidget(self._sum)
        self.body.addLayout(head)
        for widget in (self.pane, self.camera):
            self._right.addWidget(widget)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._left())
        row.addWidget(self._right, 1)
        self.body.addLayout(row, 1)

    def _left(self) -> QWidget:
        left, width = QWidget(), min(theme.px(LIST_WIDTH), LIST_WIDEST)
        left.setFixedWidth(width)
        self.list.setFixedWidth(width)  # known before it is shown: the heights of its lines depend on it
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.list, 1)
        gone = QHBoxLayout()
        gone.addWidget(self._gone, 1)
        gone.addWidget(self.undo)
        column.addLayout(gone)
        column.addWidget(self._busy)
        column.addWidget(self._bar)
        column.addWidget(FieldLabel(_("Take pages from"), self.way))
        column.addWidget(self.take)
        return left

    # ----------------------------------------------------------------------------------------------------- showing

    @property
    def shows_camera(self) -> bool:
        return self._right.currentWidget() is self.camera

    def show_camera(self, wanted: bool) -> None:
        """The live picture in place of the page; hidden, it lets go of the camera."""
        if wanted is self.shows_camera:
            return
        self._right.setCurrentWidget(self.camera if wanted else self.pane)
        self.show_take(busy=self._is_busy, more=self._has_page)
        (self.camera if wanted else self.list).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_sum(self, draft: Draft) -> None:
        """How much is scanned, or that nothing is."""
        pages = sum(item.pages for item in draft.documents)
        if not pages:
            self._sum.setText(_("Nothing scanned. Papers may stay on paper."))
            return
        told = ngettext("{count} page stored · {size}", "{count} pages stored · {size}", pages)
        self._sum.setText(told.format(count=pages, size=shown.size(sum(item.size_bytes for item in draft.documents))))

    def show_busy(self, number: int, count: int) -> None:
        """Which page is being read, of how many; 0 while nobody knows."""
        told = _("Reading page {number} of {count}…").format(number=number, count=count) if count > 1 else ""
        self._busy.setText(told or _("A page is coming…"))
        self._bar.setRange(0, count)
        self._bar.setValue(max(number - 1, 0))
        self.show_take(busy=True, more=True)

    def show_take(self, *, busy: bool, more: bool) -> None:
        """What Space does now: without a camera that has its own words for it."""
        self._is_busy, self._has_page = busy, more
        self._busy.setVisible(busy)
        self._bar.setVisible(busy)
        self.way.setEnabled(not busy)
        next_page = _("Add a page · Space") if more else _("Scan · Space")
        closes = _("Close the camera · Esc") if self.shows_camera else ""
        self.take.setText(_("Stop · Esc") if busy else closes or next_page)
        look = "" if busy or closes else "primary"
        if self.take.property("look") != look:
            self.take.setProperty("look", look)
            theme.restyle(self.take)

    def show_undo(self, place: int | None) -> None:
        """That a page was taken out and can be put back, or nothing."""
        told = _("Page {number} was taken out.").format(number=place + 1) if place is not None else ""
        self._gone.setText(told)
        self._gone.setVisible(bool(told))
        self.undo.setVisible(bool(told))

    def forget(self) -> None:
        """Another person."""
        self.list.forget()
        self.show_undo(None)
        self.show_camera(False)
        self.pane.show_document(None, ())
        self.show_take(busy=False, more=False)

    def _way_activated(self) -> None:
        self.way_chosen = True
        self.show_camera(False)

    # ------------------------------------------------------------------------------------------------------- drops

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.dropped.emit([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])
