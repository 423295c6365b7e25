"""Step 5: both eyes at once; an eye below the floor is repeated alone, as often as the policy allows.

Everything lies as the operator sees the applicant: their right eye is on the left.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station.domain.biometrics import IRISES, Capture, Part
from station.i18n import _
from station.ui import exception_words
from station.ui.device_thread import DeviceThread
from station.ui.part_names import in_sentence, listed, part_name, targets_name
from station.ui.screens.steps.excepting_page import ExceptingPage, no_hurry
from station.ui.screens.steps.exceptions import Exceptions
from station.ui.screens.steps.session import Session
from station.ui.widgets.card import Card, label
from station.ui.widgets.checks_card import Check, CheckList
from station.ui.widgets.eliding_label import ElidingLabel
from station.ui.widgets.problem_card import Problem
from station.ui.widgets.ring_board import RingBoard


class IrisesPage(ExceptingPage):
    """Space captures the eyes that are open; a ring that is chosen is captured alone."""

    def __init__(
        self,
        session: Session,
        lane: DeviceThread | None,
        exceptions: Exceptions | None = None,
        parent: QWidget | None = None,
    ) -> None:
        board = RingBoard("step.irises", [("", [(part, part_name(part), part_name(part)) for part in IRISES])], gap=20)
        super().__init__(session, lane, "irises", board, exceptions, parent)
        self._alone: Part | None = None
        self._title = ElidingLabel("", "h2")
        self._title.setObjectName("step.irises.title")
        self._attempt = label("", "small", name="step.irises.attempt")
        board.chosen.connect(self._choose)
        self._lay_out()

    def _lay_out(self) -> None:
        card = Card(spacing=12)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._attempt)
        card.body.addLayout(head)
        sides = QHBoxLayout()
        sides.addWidget(label(_("◂ Right eye of the applicant"), "label", name="step.irises.side.right"))
        sides.addStretch(1)
        sides.addWidget(label(_("Left eye of the applicant ▸"), "label", name="step.irises.side.left"))
        card.body.addLayout(sides)
        card.body.addWidget(self.preview, 1)
        below = QHBoxLayout()
        below.setSpacing(24)
        below.addWidget(self.board)
        below.addWidget(self._tips(), 1, Qt.AlignmentFlag.AlignVCenter)
        buttons = QVBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.except_button)
        buttons.addWidget(self.button)
        below.addLayout(buttons)
        card.body.addLayout(below)
        self.button.setMinimumWidth(210)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)

    def _tips(self) -> CheckList:
        tips = CheckList()
        lines = (
            _("Take off glasses, and take out contact lenses: with them nobody is found again"),
            _("Open both eyes wide, look into the mirror"),
        )
        tips.show_checks([Check(line, "off") for line in lines])
        return tips

    # ------------------------------------------------------------------------------------------------------- doing

    def targets(self) -> tuple[Part, ...]:
        if self._alone is not None:
            return (self._alone,)
        open_ = tuple(part for part in IRISES if self.is_open(part))
        return open_ or tuple(part for part in IRISES if not self.kept.is_excepted(part))

    def to_watch(self) -> tuple[Part, ...]:
        return self.targets() if self._alone is not None else super().to_watch()

    def to_except(self) -> tuple[Part, ...]:
        return (self._alone,) if self._alone is not None else ()

    def forget(self) -> None:
        super().forget()
        self._alone = None

    def accepted(self, kept: tuple[Capture, ...]) -> None:
        self._alone = None

    def excepted(self) -> None:
        self._alone = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.board.come((self.targets() or IRISES)[0])
        else:
            super().keyPressEvent(event)

    def _choose(self, part: Part) -> None:
        if self.kept.is_excepted(part):
            self.open_exceptions((part,))
            return
        self._alone = None if self._alone is part else part
        self.watch()
        self.refresh()
        self.preview.setFocus(Qt.FocusReason.OtherFocusReason)

    # ----------------------------------------------------------------------------------------------------- showing

    def refresh(self) -> None:
        if self.draft is None:
            return
        targets = self.targets()
        self._title.setText(targets_name(targets or IRISES))
        floor = _("Try {attempt} of {most} · quality floor {floor}")
        attempt, policy = self.kept.attempt(targets), self.kept.policy
        floor = floor.format(attempt=attempt, most=policy.tries, floor=policy.iris_quality)
        open_ = any(self.is_open(part) for part in targets)
        floor = no_hurry() if self.draft.assisted else floor
        self._attempt.setText(floor if open_ else _("Captured and stored") if targets else "")
        self.preview.invite(self._invitation(targets))
        tried = any(self.quality(part) is not None for part in targets)
        self.offer(_("Repeat · Space") if tried else _("Capture · Space"))
        self.button.setEnabled(bool(targets))
        self.button.setToolTip("" if targets else _("Both eyes are captured or have an exception: go on."))
        causes = self.causes
        for part, ring in self.board.rings.items():
            quality = self.quality(part)
            if part in causes and quality is None:
                ring.show_exception(exception_words.told(causes[part]))
            else:
                good = quality is not None and policy.good_enough(part, quality)
                ring.show_quality(quality, "ok" if good else "warn", self.remark(part))
            ring.setChecked(part in targets and (self.is_open(part) or part is self._alone))

    def _invitation(self, targets: tuple[Part, ...]) -> str:
        if not targets:
            return _("Neither eye can be captured. Go on with the next step.")
        return _("Picture of the eyes · open both wide, look into the mirror")

    def weak_problem(self) -> Problem | None:
        weak = self.kept.weak(IRISES)
        if not weak:
            return None
        names = in_sentence(listed(weak))
        todo = self.remarks(weak) or _("Take off glasses and contact lenses, open the eyes wide.")
        title = _("Not good enough yet: {names}").format(names=names)
        problem = Problem(title, f"{todo} {self.best_stays(weak)}", "warn", _("Repeat · Space"), self.capture_clicked)
        return self.with_way_out(problem, weak)
