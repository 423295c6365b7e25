"""Step 4: ten fingers in three slaps (four, four, two); a weak finger is repeated alone, three times at most."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station.domain.biometrics import FINGERS, MAX_ATTEMPTS, QUALITY_FLOOR, SLAPS, Capture, Modality, Part
from station.domain.errors import StationError
from station.i18n import _, ngettext
from station.ui import exception_words, theme
from station.ui.device_thread import DeviceThread
from station.ui.part_names import finger_name, in_sentence, listed, part_name, targets_name
from station.ui.screens.steps.excepting_page import ExceptingPage, no_hurry
from station.ui.screens.steps.exceptions import Exceptions
from station.ui.screens.steps.session import Session
from station.ui.widgets.card import Card, label
from station.ui.widgets.chip import ChipButton
from station.ui.widgets.eliding_label import ElidingLabel
from station.ui.widgets.problem_card import Problem
from station.ui.widgets.ring_board import RingBoard

FLOOR = QUALITY_FLOOR[Modality.FINGER]


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
        self.slaps = [self._slap_button(place) for place in range(len(SLAPS))]
        self._slap = 0
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
        for button in self.slaps:
            side.addWidget(button)
        side.addStretch(1)
        side.addWidget(self.except_button)
        side.addWidget(self.button)
        below.addLayout(side)
        card.body.addLayout(below)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)

    def _slap_button(self, place: int) -> ChipButton:
        button = ChipButton(targets_name(SLAPS[place]))
        button.setObjectName(f"step.fingers.slap.{place + 1}")
        button.setCheckable(True)
        button.setMinimumWidth(190)
        button.clicked.connect(lambda: self._go_to_slap(place))
        return button

    # ------------------------------------------------------------------------------------------------------- doing

    def targets(self) -> tuple[Part, ...]:
        """The chosen finger, or what is open of this slap, or the whole slap again when nothing is."""
        if self._alone is not None:
            return (self._alone,)
        slap = SLAPS[self._slap]
        open_ = tuple(part for part in slap if self.is_open(part))
        return open_ or tuple(part for part in slap if not self.kept.is_excepted(part))

    def to_watch(self) -> tuple[Part, ...]:
        return self.targets() if self._alone is not None or self._again else super().to_watch()

    @property
    def _weak(self) -> tuple[Part, ...]:
        return tuple(part for part in FINGERS if self.tries.weak(part) is not None)

    def to_except(self) -> tuple[Part, ...]:
        """What the dialog begins with: a finger chosen alone, or those that were not good enough."""
        return (self._alone,) if self._alone is not None else self._weak

    def forget(self) -> None:
        super().forget()
        self._slap, self._alone, self._again = 0, None, False

    def entered(self) -> None:
        self._go_on()
        super().entered()

    def accepted(self, kept: tuple[Capture, ...]) -> None:
        self._alone, self._again = None, False
        self._go_on()

    def refused(self, parts: tuple[Part, ...]) -> None:
        if not self.busy:
            self._slap, self._alone = _slap_of(parts[0]), None

    def excepted(self) -> None:
        self._alone, self._again = None, False
        self._go_on()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.board.come((self.targets() or SLAPS[self._slap])[0])
        else:
            super().keyPressEvent(event)

    def _go_on(self) -> None:
        """To the first slap with something open; a full set stays where it is."""
        if not any(self.is_open(part) for part in SLAPS[self._slap]):
            open_slaps = [place for place, slap in enumerate(SLAPS) if any(self.is_open(part) for part in slap)]
            if open_slaps:
                self._slap = open_slaps[0]
                self.preview.show_still(None)

    def _go_to_slap(self, place: int) -> None:
        self._slap, self._alone = place, None
        self._again = not any(self.is_open(part) for part in SLAPS[place])
        self._look_here()

    def _choose(self, part: Part) -> None:
        if self.kept.is_excepted(part):
            self.open_exceptions((part,))
            return
        self._alone = None if self._alone is part else part
        self._slap = _slap_of(part)
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
        again = not open_ or any(self.tries.weak(part) is not None for part in targets)
        self.offer(_("Repeat · Space") if again else _("Capture · Space"))
        self.button.setEnabled(bool(targets))
        self._attempt.setText(self._attempt_told(targets) if open_ else _("Captured and stored") if targets else "")
        self._show_rings(targets)
        self._show_slaps()

    def _targets_told(self, targets: tuple[Part, ...]) -> str:
        """`Right four fingers`, `Right four fingers without right little finger`, or the fingers one by one."""
        slap = SLAPS[self._slap]
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
        return told.format(attempt=self.tries.attempt(targets), most=MAX_ATTEMPTS, floor=FLOOR)

    def _invitation(self, targets: tuple[Part, ...]) -> str:
        if not targets:
            return _("None of these fingers can be captured. Go on with the next ones.")
        name = in_sentence(self._targets_told(targets))
        return _("Scanner picture · place: {name}, press lightly").format(name=name)

    def _show_rings(self, targets: tuple[Part, ...]) -> None:
        causes = self.causes
        for part, ring in self.board.rings.items():
            kept, weak = self.quality(part), self.tries.weak(part)
            quality = kept if kept is not None else weak
            if part in causes and quality is None:
                ring.show_exception(exception_words.told(causes[part]))
            else:
                ring.show_quality(quality, "ok" if quality is not None and quality >= FLOOR else "warn")
            ring.setChecked(part in targets and (kept is None or part is self._alone))

    def _show_slaps(self) -> None:
        for place, button in enumerate(self.slaps):
            slap = SLAPS[place]
            left, name = sum(self.is_open(part) for part in slap), targets_name(slap)
            told = f"{name} · {len(slap) - left}/{len(slap)}"
            # With large text there is no room for the count; the rings show it, and the tooltip.
            button.show_fact(told if theme.px(10) <= 12 else name, "off" if left else "ok", told)
            button.setChecked(place == self._slap)

    # ---------------------------------------------------------------------------------------------------- problems

    def told(self, error: StationError) -> Problem:
        if error.code == "finger.count":
            return self._too_few(error)
        return self._with_earlier(super().told(error), error)

    def _with_earlier(self, problem: Problem, error: StationError) -> Problem:
        """Perhaps it was the earlier capture that was of another finger: then it stands in the way, and goes."""
        told = error.data.get("others") or (error.data.get("other"),)
        kept = self.draft.captures if self.draft is not None else {}
        earlier = tuple(part for part in FINGERS if part in kept and isinstance(told, tuple) and part.value in told)
        if error.code not in ("capture.same_finger", "capture.hands_swapped") or not earlier:
            return problem
        return replace(problem, other=_("Delete the earlier"), act_other=lambda: self._discard(earlier))

    def _discard(self, parts: tuple[Part, ...]) -> None:
        self.session.discard(parts)
        self.forgive()
        self._look_here()
        self._tell()

    def _too_few(self, error: StationError) -> Problem:
        """A slap of which a finger is missing is never taken silently."""
        name, wanted = self._targets_told(self.targets()), len(self.targets())
        seen = error.data.get("seen")
        title = _("{name}: not every finger was seen")
        if isinstance(seen, int):
            title = ngettext(
                "{name}: {seen} of {wanted} finger seen", "{name}: {seen} of {wanted} fingers seen", wanted
            )
        title = title.format(name=name, seen=seen, wanted=error.data.get("wanted", wanted))
        todo = _("Lay all of them flat on the glass. If a finger cannot be captured, make an exception for it.")
        return self.with_way_out(Problem(title, todo, "bad", _("Repeat · Space"), self.capture_clicked))

    def weak_problem(self) -> Problem | None:
        weak = self._weak
        if not weak:
            return None
        if len(weak) == 1:
            title = _("{name} is not good enough yet").format(name=part_name(weak[0]))
        else:
            title = ngettext(
                "{count} finger is not good enough yet", "{count} fingers are not good enough yet", len(weak)
            )
        todo = _("Clean glass and fingers; moisten dry ones a little. Only what is missing is repeated.")
        best = _("Try {attempt} of {most}. The best result is kept.")
        best = best.format(attempt=self.tries.attempt(weak), most=MAX_ATTEMPTS)
        title = title.format(count=len(weak))
        problem = Problem(title, f"{todo} {best}", "warn", _("Repeat · Space"), self.capture_clicked)
        return self.with_way_out(problem, parts=weak)


def _slap_of(part: Part) -> int:
    return next(place for place, slap in enumerate(SLAPS) if part in slap)
