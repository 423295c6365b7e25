"""The verification at the end: the fingers for the chip are captured once more and must match what was kept.

Must not know how prints are compared, nor what was kept.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from station.desk import verification
from station.domain.biometrics import FINGERS, Capture, Part
from station.domain.draft import Draft
from station.domain.errors import DeviceError, StationError
from station.domain.ports import Order
from station.domain.verification import VERIFY_FIELD, of_another
from station.i18n import _, ngettext
from station.ui import theme, words
from station.ui.device_thread import DeviceThread
from station.ui.part_names import in_sentence, listed
from station.ui.screens.steps.looking import Looking
from station.ui.screens.steps.session import Session
from station.ui.screens.steps.verify_results import VerifyResults
from station.ui.widgets.button import button
from station.ui.widgets.card import label
from station.ui.widgets.preview import PreviewView


class VerifyCard(QFrame):
    """Hidden until every finger is captured, or somebody has come back.

    It takes the keyboard: Space captures, the applicant looks on.
    """

    changed = Signal()  # hidden, shown, or done
    recognised = Signal()  # somebody has come back, and it is the same person
    discarded = Signal()  # what was captured earlier is gone: those fingers are to be captured anew

    def __init__(self, session: Session, lane: DeviceThread | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("review.verify")
        self.setProperty("banner", True)
        self._session = session
        self._looking = Looking(lane, self)
        self._draft: Draft | None = None
        self._front = False
        self._comparing = False
        self._unrecognised = False  # whom the fingers that are compared now may prove to be the same person
        self._trouble = ""
        self._title = label("", "strong", wrap=True, name="review.verify.title")
        self._said = label("", "small", wrap=True, name="review.verify.said")
        self.preview = PreviewView()
        self.preview.setObjectName("review.verify.preview")
        self.preview.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.preview.setFixedSize(min(theme.px(190), 200), min(theme.px(122), 140))
        self.button = QPushButton()
        self.button.setObjectName("review.verify.capture")
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.button.clicked.connect(self._press)
        self._delete = button("review.verify.delete", "", self._throw_away, "link")
        self._results = VerifyResults()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._lay_out()
        self._connect()
        self.hide()

    def _lay_out(self) -> None:
        beside = QVBoxLayout()
        beside.setSpacing(6)
        for widget in (self._title, self._said):
            beside.addWidget(widget)
        beside.addWidget(self._results)
        beside.addStretch(1)
        buttons = QHBoxLayout()
        buttons.addWidget(self._delete)
        buttons.addStretch(1)
        buttons.addWidget(self.button)
        beside.addLayout(buttons)
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 10, 14, 10)
        line.setSpacing(14)
        line.addWidget(self.preview, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(beside, 1)

    def _connect(self) -> None:
        looking = self._looking
        looking.frame.connect(self._show_frame)
        looking.captured.connect(self._captured)
        looking.failed.connect(self._failed)
        looking.lost.connect(self._failed)
        looking.changed.connect(self.watch)

    # ------------------------------------------------------------------------------------------------------- doing

    @property
    def busy(self) -> bool:
        return self._looking.capturing or self._comparing

    @property
    def _asked(self) -> tuple[Part, ...]:
        """None before the last finger is captured, unless somebody has come back and shows by one that it is them."""
        draft = self._draft
        if draft is None or (set(draft.missing) & set(FINGERS) and not draft.unrecognised):
            return ()
        return draft.to_verify

    @property
    def open(self) -> tuple[Part, ...]:
        """Fingers to be captured now: those that do not match yet."""
        draft = self._draft
        if draft is None or not self._asked:
            return ()
        done = {part for part, item in draft.verification.items() if item.matched}
        return tuple(part for part in draft.to_verify if part not in done)

    @property
    def doubted(self) -> tuple[Part, ...]:
        """What was captured earlier and is perhaps of other fingers, since they do not match.

        Nothing of somebody who has come back and is not recognised: what was captured earlier tells who they are.
        """
        draft = self._draft
        if draft is None or draft.unrecognised:
            return ()
        done, kept = draft.verification, draft.captures
        found = {doubted for part in self.open for doubted in of_another(part, done.get(part), kept)}
        return tuple(part for part in FINGERS if part in found)

    @property
    def wanted(self) -> bool:
        """Something is to be done here, and nobody has given a reason for leaving it."""
        doubts = {item.field for item in self._draft.open_captures} if self._draft else set()
        return any(VERIFY_FIELD + part.value in doubts for part in self.open)

    def show_draft(self, draft: Draft) -> None:
        if self._draft is None or draft.record.record_id != self._draft.record.record_id:
            self._trouble = ""
            self.stop()
        self._draft = draft
        self._show()

    def enter(self) -> None:
        """The review is in front: look through the device while something is to be verified."""
        self._front = True
        self.watch()

    def leave(self) -> None:
        self._front = False
        self.stop()

    def watch(self) -> None:
        if self._front and self.wanted and not self.busy and not self._looking.missing:
            self._looking.watch(self._order())
        elif not self.wanted:
            self.stop()

    def stop(self) -> None:
        if self._looking.stop():
            self.preview.show_still(None)
            self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            if not self.busy:
                self._press()
        elif event.key() == Qt.Key.Key_Escape and self._looking.capturing:
            self._press()
        else:
            super().keyPressEvent(event)

    def _order(self) -> Order:
        assert self._draft is not None
        draft = self._draft
        return Order(
            self.open,
            subject=draft.record.record_id,
            patient=draft.assisted,
            policy=draft.policy,
            after=draft.last_statement,
        )

    def _press(self) -> None:
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._trouble = ""
        if self._looking.capturing:
            self.stop()
            self.watch()
        elif self._looking.missing:
            self._failed(DeviceError("device.missing"))
        elif self.open and not self._comparing:
            self._looking.capture(self._order())
            self.preview.show_hint(_("Scanning…"), "brand")
        self._show()

    def _throw_away(self) -> None:
        """The earlier ones were of other fingers: they go, and the fingers step is where they are captured anew."""
        parts = self.doubted
        if not parts or self.busy:
            return
        self.stop()
        self._session.discard(parts, self.discarded.emit)

    # ------------------------------------------------------------------------------------------------------ inside

    def _show_frame(self) -> None:
        frame = self._looking.take_frame()
        if frame is not None:
            self.preview.show_frame(frame, _("Scanning…") if self._looking.capturing else "", "brand")

    def _captured(self, captures: tuple[Capture, ...]) -> None:
        self._comparing = True
        self._unrecognised = self._draft is not None and self._draft.unrecognised
        self.preview.show_hint(_("Comparing…"), "brand")
        self._session.change(
            lambda office, record_id: verification.verify(office, record_id, captures), self._compared, self._failed
        )
        self._show()

    def _compared(self) -> None:
        self._comparing = False
        self.preview.show_still(None)
        self.watch()
        self._show()
        self.changed.emit()
        draft = self._draft
        if draft is not None and self._unrecognised and not draft.unrecognised:
            self.recognised.emit()

    def _failed(self, error: StationError) -> None:
        self._comparing = False
        self._trouble = str(words.of_error(error))
        self.preview.show_still(None)
        self._show()

    # ----------------------------------------------------------------------------------------------------- showing

    def _show(self) -> None:
        draft = self._draft
        asked = self._asked
        self.setVisible(bool(asked))
        if draft is None or not asked:
            return
        open_ = self.open
        names = in_sentence(listed(open_ or asked))
        self._title.setText(
            _("Verification: {names}").format(names=names) if open_ else _("Verified: the fingers match")
        )
        told = _("Capture them once more, as they are checked when the card is used. Press lightly, then Space.")
        self._said.setText(self._trouble or told)
        self._said.setProperty("tone", "bad" if self._trouble else None)
        self._said.setVisible(bool(open_))
        self.preview.setVisible(self.wanted)
        self.preview.invite(_("Place: {names}").format(names=names))
        tried = any(part in draft.verification for part in open_)
        again = _("Repeat · Space") if tried else _("Verify · Space")
        self.button.setText(_("Stop · Esc") if self._looking.capturing else again)
        self.button.setEnabled(not self._comparing)
        self.button.setVisible(bool(open_))
        self._offer_delete(len(self.doubted))
        self._results.show_results(draft, asked)
        self.setProperty("tone", "ok" if not open_ else "brand")
        self.setAccessibleName(f"{self._title.text()} {self._trouble}".strip())
        for widget in (self, self._said):
            theme.restyle(widget)

    def _offer_delete(self, count: int) -> None:
        told = ngettext("Delete the earlier capture", "Delete the {count} earlier captures", count).format(count=count)
        self._delete.setText(told)
        self._delete.setAccessibleName(told)
        self._delete.setVisible(count > 0)
        self._delete.setEnabled(not self.busy)
