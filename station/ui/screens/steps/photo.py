"""Step 3: the portrait, live from the first moment, with the background that the birth year asks for.

A photo may always be taken again, and the newest counts. One with something wrong may stay, with a reason: nobody goes
home without a card because of a cloth. Must not know how faces are measured.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station.domain.biometrics import Capture, Part
from station.domain.errors import DeviceError, StationError
from station.domain.ports import Order, Preview
from station.i18n import _
from station.ui.device_thread import DeviceThread
from station.ui.screens.steps.device_page import DevicePage
from station.ui.screens.steps.photo_doubts import PhotoDoubts
from station.ui.screens.steps.photo_side import PhotoSide
from station.ui.screens.steps.session import Session
from station.ui.widgets.card import Card, label
from station.ui.widgets.face_view import FaceView
from station.ui.widgets.person_card import background_of
from station.ui.widgets.problem_card import Problem

NO_PORTRAIT = frozenset({"face.none", "face.many"})
LOOK_AGAIN_MS = 2000
"""A camera that was unplugged is looked for this often: plugged in again, its picture comes by itself."""


class PhotoPage(DevicePage):
    """Space takes; Space on a photo that was taken shows the camera again, and what was kept stands beside."""

    PREVIEW = FaceView

    def __init__(self, session: Session, lane: DeviceThread | None, parent: QWidget | None = None) -> None:
        super().__init__(session, lane, "photo", parent)
        self._shown: tuple[str, object] = ("", None)
        self._again = False  # a photo is kept, and another one is about to be taken
        self._refused = 0  # pictures in which nobody's portrait was found
        self._kept: QImage | None = None
        self._state = label("", "small", name="step.photo.state")
        self._side = PhotoSide(self.button)
        self._doubts = PhotoDoubts(session)
        self._back = QTimer(self)
        self._back.setInterval(LOOK_AGAIN_MS)
        self._back.timeout.connect(self._look_whether_back)
        self.looking.lost.connect(lambda _error: self._back.start())
        self.looking.frame.connect(self._back.stop)
        self.looking.failed.connect(self._count)
        self.preview.invite(_("Sit straight, look into the camera"))
        self._lay_out()

    def _lay_out(self) -> None:
        card = Card(spacing=12)
        head = QHBoxLayout()
        head.addWidget(label(_("Photo"), "h2"))
        head.addStretch(1)
        head.addWidget(self._state)
        card.body.addLayout(head)
        seen = QVBoxLayout()
        seen.setSpacing(8)
        seen.addWidget(self.preview, 1)
        seen.addWidget(self._doubts.note)
        body = QHBoxLayout()
        body.setSpacing(20)
        body.addLayout(seen, 1)
        body.addWidget(self._side)
        card.body.addLayout(body, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)

    # ------------------------------------------------------------------------------------------------------- device

    def targets(self) -> tuple[Part, ...]:
        return (Part.FACE,)

    def to_watch(self) -> tuple[Part, ...]:
        return self.targets() if self._again else super().to_watch()

    def order(self, targets: tuple[Part, ...]) -> Order:
        """With the colour of the wall. Whom the program could not see is taken as they are with the last try."""
        assert self.draft is not None
        draft, ground = self.draft, background_of(self.draft.answers)
        attempt = self.kept.policy.tries if self._insists else 1
        policy, after = self.kept.policy, draft.last_statement
        return Order(targets, attempt, draft.record.record_id, draft.assisted, ground, policy=policy, after=after)

    @property
    def _insists(self) -> bool:
        """One more try, and nothing is refused any more."""
        return self._refused >= self.kept.policy.tries - 1

    def capture(self) -> None:
        """Of a photo that was taken: first show the camera again."""
        if self.quality(Part.FACE) is not None and not self._again and not self.busy and not self.looking.missing:
            self._again, self._error = True, None
            self.watch()
            self._tell()
        else:
            super().capture()

    def said(self, frame: Preview) -> tuple[str, str]:
        if frame.ready and not self.busy:
            return _("Good · press Space"), "ok"
        return super().said(frame)

    def accepted(self, kept: tuple[Capture, ...]) -> None:
        self._again, self._refused = False, 0  # its picture comes with the draft, opened on the desk's thread

    def left(self) -> None:
        self._back.stop()
        self._again = False
        super().left()

    def forget(self) -> None:
        super().forget()
        self._again, self._refused, self._kept = False, 0, None

    def blank(self) -> None:
        super().blank()
        self._shown = ("", None)  # what was kept before is shown again

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._again and not self.busy:
            self._again = False
            self.stop()
        else:
            super().keyPressEvent(event)

    def _count(self, error: DeviceError) -> None:
        if error.code in NO_PORTRAIT:
            self._refused += 1
            self._tell()

    def _look_whether_back(self) -> None:
        if self._front and self._lost and self.draft is not None and not self.looking.missing:
            self.looking.watch(self.order(self.targets()))
        else:
            self._back.stop()

    # ------------------------------------------------------------------------------------------------------ showing

    def refresh(self) -> None:
        if self.draft is None:
            return
        taken = self.quality(Part.FACE) is not None
        self.offer(_("Take the photo · Space") if self._again or not taken else _("Take again · Space"))
        self._state.setText(_("Taken and stored") if taken else _("Not taken yet"))
        self._side.show_draft(self.draft)
        self._side.show_kept(self._kept if self._again else None, self.draft)
        self._doubts.show(self.draft, quiet=self._again or self.busy)
        self._show_kept()

    def told(self, error: StationError) -> Problem:
        problem = super().told(error)
        if error.code in ("device.missing", "device.unplugged"):
            gone = _("No camera was found.") if error.code == "device.missing" else _("The camera was unplugged.")
            todo = _("Plug it in: its picture comes by itself. The other steps stay open.")
            return Problem(gone, todo, "bad", problem.action, problem.act)
        if error.code in NO_PORTRAIT and self._insists:
            todo = _("Press Space to take it as it is. A reason is asked for.")
            return Problem(problem.title, todo, "warn", _("Take it as it is · Space"), self.capture_clicked)
        return problem

    def weak_problem(self) -> Problem | None:
        return None if self._again or self.busy else self._doubts.problem(self.capture_clicked)

    def _show_kept(self) -> None:
        assert self.draft is not None
        card = self.draft.captures.get(Part.FACE)
        wanted = (self.draft.record.record_id, card.taken_at if card else None)
        if wanted == self._shown or self.busy or self._again:
            return
        self._shown = wanted
        if card is not None:
            self.session.image(Part.FACE, self._arrived)
        elif self.quality(Part.FACE) is None:
            self._arrived(None)

    def _arrived(self, image: QImage | None) -> None:
        self._kept = image
        if not self._again and not self.busy and (self._kept is not None or not self.looking.watching):
            self.preview.show_still(self._kept)
