"""Step 4: ten fingers in three slaps (four, four, two); a weak one is repeated alone, as often as the policy allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station.domain.biometrics import FINGERS, SLAPS, Capture, Part
from station.domain.errors import StationError
from station.i18n import _
from station.ui import exception_words
from station.ui.device_thread import DeviceThread
from station.ui.part_names import finger_name, in_sentence, listed, part_name, targets_name
from station.ui.screens.steps import finger_trouble
from station.ui.screens.steps.excepting_page import ExceptingPage, no_hurry
from station.ui.screens.steps.exceptions import Exceptions
from station.ui.screens.steps.session import Session
from station.ui.screens.steps.slap_choice import SlapChoice
from station.ui.widgets.card import Card, label
from station.ui.widgets.eliding_label import ElidingLabel
from station.ui.widgets.problem_card import Problem
from station.ui.widgets.ring_board import RingBoard


class FingersPage(ExceptingPage):
    """Space captures what is missing of the current slap; a ring that is chosen is captured alone."""

    def __init__(
        self,
        session: Session,
        lane: DeviceThread | None,
        exceptions: Exceptions | None = None,
        parent: QWidget | None = None,
    ) -> None:
        hands = [(_("Right hand"), FINGERS[:5]), (_("Left hand"), FINGERS[5:])]
        rows = [(title, [(part, finger_name(part), part_name(part)) for part in hand]) for title, hand in hands]
        super().__init__(session, lane, "fingers", RingBoard("step.fingers", rows), exceptions, parent)
        self.slaps = SlapChoice()
        self.slaps.chosen.connect(self._go_to_slap)
        self._alone: Part | None = None
        self._again = False  # this slap was chosen, although nothing of it is missing
        self._title = ElidingLabel("", "h2")
        self._title.setObjectName("step.fingers.title")
        self._attempt = label("", "small", name="step.fingers.attempt")
        self.board.chosen.connect(self._choose)
        self._lay_out()

    def _lay_out(self) -> None:
        card = Card(spacing=12)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._attempt)
        card.body.addLayout(head)
        card.body.addWidget(self.preview, 1)
        below = QHBoxLayout()
        below.setSpacing(20)
        below.addWidget(self.board)
        below.addStretch(1)
        side = QVBoxLayout()
        side.setSpacing(8)
        side.addWidget(self.slaps)
        side.addStretch(1)
        side.addWidget(self.except_button)
        side.addWidget(self.button)
        below.addLayout(side)
        card.body.addLayout(below)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)

    # ------------------------------------------------------------------------------------------------------- doing

    def targets(self) -> tuple[Part, ...]:
        """The chosen finger, or what is open of this slap, or the whole slap again when nothing is."""
        if self._alone is not None:
            return (self._alone,)
        slap = self.slaps.parts
        open_ = tuple(part for part in slap if self.is_open(part))
        return open_ or tuple(part for part in slap if not self.kept.is_excepted(part))

    def to_watch(self) -> tuple[Part, ...]:
        return self.targets() if self._alone is not None or self._again else super().to_watch()

    def to_except(self) -> tuple[Part, ...]:
        """What the dialog begins with: a finger chosen alone, or those that were not good enough."""
        return (self._alone,) if self._alone is not None else self.kept.weak(FINGERS)

    def forget(self) -> None:
        super().forget()
        self.slaps.bring(SLAPS[0][0])
        self._alone, self._again = None, False

    def entered(self) -> None:
        self._go_on()
        super().entered()

    def accepted(self, kept: tuple[Capture, ...]) -> None:
        self._alone, self._again = None, False
        self._go_on()

    def refused(self, parts: tuple[Part, ...]) -> None:
        if not self.busy:
            self.slaps.bring(parts[0])
            self._alone = None

    def excepted(self) -> None:
        self._alone, self._again = None, False
        self._go_on()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.board.come((self.targets() or self.slaps.parts)[0])
        else:
            super().keyPressEvent(event)

    def _go_on(self) -> None:
        """To the first slap with something open; a full set stays where it is."""
        if self.slaps.go_on(self.is_open):
            self.preview.show_still(None)

    def _go_to_slap(self) -> None:
        self._alone = None
        self._again = not any(map(self.is_open, self.slaps.parts))
        self._look_here()

    def _choose(self, part: Part) -> None:
        if self.kept.is_excepted(part):
            self.open_exceptions((part,))
            return
        self._alone = None if self._alone is part else part
        self.slaps.bring(part)
        self._look_here()

    def _look_here(self) -> None:
        if not self.busy:
            self.preview.show_still(None)
        self.watch()
        self.refresh()
        self.preview.setFocus(Qt.FocusReason.OtherFocusReason)

    # ----------------------------------------------------------------------------------------------------- showing

    def refresh(self) -> None:
        if self.draft is None:
            return
        targets = self.targets()
        self._title.setText(self._targets_told(targets))
        self._title.setToolTip(self._title.text())
        self.preview.invite(self._invitation(targets))
        open_ = any(self.is_open(part) for part in targets)
        again = not open_ or any(map(self.kept.is_weak, targets))
        self.offer(_("Repeat · Space") if again else _("Capture · Space"))
        self.button.setEnabled(bool(targets))
        self.button.setToolTip("" if targets else _("Every finger is captured or has an exception: go on."))
        self._attempt.setText(self._attempt_told(targets) if open_ else _("Captured and stored") if targets else "")
        self._show_rings(targets)
        self.slaps.show_open(self.is_open)

    def _targets_told(self, targets: tuple[Part, ...]) -> str:
        """`Right four fingers`, `Right four fingers without right little finger`, or the fingers one by one."""
        slap = self.slaps.parts
        left_out = tuple(part for part in slap if self.kept.is_excepted(part))
        if self._alone is None and left_out and targets and set(targets) | set(left_out) == set(slap):
            without = _("{slap} without {names}")
            return without.format(slap=targets_name(slap), names=in_sentence(listed(left_out)))
        return targets_name(targets or slap)

    def _attempt_told(self, targets: tuple[Part, ...]) -> str:
        assert self.draft is not None
        if self.draft.assisted:
            return no_hurry()
        told = _("Try {attempt} of {most} · quality floor NFIQ 2 ≥ {floor}")
        attempt, policy = self.kept.attempt(targets), self.kept.policy
        return told.format(attempt=attempt, most=policy.tries, floor=policy.finger_quality)

    def _invitation(self, targets: tuple[Part, ...]) -> str:
        if not targets:
            return _("None of these fingers can be captured. Go on with the next ones.")
        name = in_sentence(self._targets_told(targets))
        return _("Scanner picture · place: {name}, press lightly").format(name=name)

    def _show_rings(self, targets: tuple[Part, ...]) -> None:
        causes = self.causes
        for part, ring in self.board.rings.items():
            quality = self.quality(part)
            if part in causes and quality is None:
                ring.show_exception(exception_words.told(causes[part]))
            else:
                good = quality is not None and self.kept.policy.good_enough(part, quality)
                ring.show_quality(quality, "ok" if good else "warn", self.remark(part))
            ring.setChecked(part in targets and (self.is_open(part) or part is self._alone))

    # ---------------------------------------------------------------------------------------------------- problems

    def told(self, error: StationError) -> Problem:
        if error.code == "finger.count":
            said = finger_trouble.too_few(self._targets_told(self.targets()), error, len(self.targets()))
            problem = Problem(said.title, said.todo, "bad", _("Repeat · Space"), self.capture_clicked)
            return self.with_way_out(problem)
        problem = super().told(error)
        if earlier := finger_trouble.in_the_way(error, self.draft.captures if self.draft else ()):
            return replace(problem, other=_("Delete the earlier"), act_other=lambda: self.discard(earlier))
        return problem

    def discard(self, parts: Sequence[Part]) -> None:
        super().discard(parts)
        self._look_here()

    def begin_anew(self, parts: tuple[Part, ...]) -> None:
        self.slaps.bring(parts[0])
        super().begin_anew(parts)

    def weak_problem(self) -> Problem | None:
        weak = self.kept.weak(FINGERS)
        if not weak:
            return None
        said = finger_trouble.weak(weak, self.remarks(weak), self.best_stays(weak))
        problem = Problem(said.title, said.todo, "warn", _("Repeat · Space"), self.capture_clicked)
        return self.with_way_out(problem, parts=weak)
