"""Step 4: ten fingers in three slaps (four, four, two); a weak finger is repeated alone, three times at most."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from station.domain.biometrics import FINGERS, MAX_ATTEMPTS, QUALITY_FLOOR, SLAPS, Capture, Modality, Part
from station.i18n import _, ngettext
from station.ui import theme
from station.ui.device_thread import DeviceThread
from station.ui.screens.steps.device_page import DevicePage
from station.ui.screens.steps.names import finger_name, part_name, targets_name
from station.ui.screens.steps.session import Session
from station.ui.widgets.card import Card, label
from station.ui.widgets.chip import ChipButton
from station.ui.widgets.problem_card import Problem
from station.ui.widgets.ring import Ring

FLOOR = QUALITY_FLOOR[Modality.FINGER]


class FingersPage(DevicePage):
    """Space captures what is missing of the current slap; a ring that is chosen is captured alone."""

    def __init__(self, session: Session, lane: DeviceThread | None, parent: QWidget | None = None) -> None:
        super().__init__(session, lane, "fingers", parent)
        self.rings = {part: self._ring(part) for part in FINGERS}
        self.slaps = [self._slap_button(place) for place in range(len(SLAPS))]
        self._slap = 0
        self._chosen: Part | None = None
        self._title = label("", "h2", name="step.fingers.title")
        self._attempt = label("", "small", name="step.fingers.attempt")
        self._lay_out()

    def _lay_out(self) -> None:
        card = Card(spacing=12)
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._attempt)
        card.body.addLayout(head)
        card.body.addWidget(self.preview, 1)
        below = QHBoxLayout()
        below.setSpacing(20)
        below.addLayout(self._hands())
        below.addStretch(1)
        side = QVBoxLayout()
        side.setSpacing(8)
        for button in self.slaps:
            side.addWidget(button)
        side.addStretch(1)
        side.addWidget(self.button)
        below.addLayout(side)
        card.body.addLayout(below)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)

    def _hands(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(0)
        grid.setVerticalSpacing(4)
        for hand, title in enumerate((_("Right hand"), _("Left hand"))):
            grid.addWidget(label(title, "label"), hand * 2, 0, 1, 5)
            for place, part in enumerate(FINGERS[hand * 5 : hand * 5 + 5]):
                grid.addWidget(self.rings[part], hand * 2 + 1, place)
        return grid

    def _ring(self, part: Part) -> Ring:
        ring = Ring(finger_name(part), part_name(part))
        ring.setObjectName(f"step.fingers.ring.{part.value}")
        ring.clicked.connect(self._chooser(part))
        return ring

    def _slap_button(self, place: int) -> ChipButton:
        button = ChipButton(targets_name(SLAPS[place]))
        button.setObjectName(f"step.fingers.slap.{place + 1}")
        button.setCheckable(True)
        button.setMinimumWidth(190)
        button.clicked.connect(lambda: self._go_to_slap(place))
        return button

    # ------------------------------------------------------------------------------------------------------- doing

    def targets(self) -> tuple[Part, ...]:
        """The chosen finger, or what is missing of this slap, or the whole slap again when nothing is."""
        if self._chosen is not None:
            return (self._chosen,)
        missing = tuple(part for part in SLAPS[self._slap] if self.quality(part) is None)
        return missing or SLAPS[self._slap]

    def forget(self) -> None:
        super().forget()
        self._slap, self._chosen = 0, None

    def entered(self) -> None:
        self._go_on()
        super().entered()

    def accepted(self, kept: tuple[Capture, ...]) -> None:
        self._chosen = None
        self._go_on()

    def _go_on(self) -> None:
        """To the first slap with something missing; a full set stays where it is."""
        if all(self.quality(part) is not None for part in SLAPS[self._slap]):
            open_slaps = [place for place, slap in enumerate(SLAPS) if any(self.quality(part) is None for part in slap)]
            if open_slaps:
                self._slap = open_slaps[0]
                self.preview.show_still(None)

    def _go_to_slap(self, place: int) -> None:
        self._slap, self._chosen = place, None
        if not self.busy:
            self.preview.show_still(None)
        self.refresh()
        self.preview.setFocus(Qt.FocusReason.OtherFocusReason)

    def _chooser(self, part: Part) -> Callable[[], None]:
        def choose() -> None:
            self._chosen = None if self._chosen is part else part
            self._slap = next(place for place, slap in enumerate(SLAPS) if part in slap)
            self.refresh()
            self.preview.setFocus(Qt.FocusReason.OtherFocusReason)

        return choose

    # ----------------------------------------------------------------------------------------------------- showing

    def refresh(self) -> None:
        if self.draft is None:
            return
        targets = self.targets()
        name = targets_name(targets)
        attempt = self.tries.attempt(targets)
        self._title.setText(name)
        self.preview.invite(_("Scanner picture · place: {name}, press lightly").format(name=name.lower()))
        done = all(self.quality(part) is not None for part in targets)
        again = done or any(self.tries.weak(part) is not None for part in targets)
        self.offer(_("Repeat · Space") if again else _("Capture · Space"))
        floor = _("Try {attempt} of {most} · quality floor NFIQ 2 ≥ {floor}")
        floor = floor.format(attempt=attempt, most=MAX_ATTEMPTS, floor=FLOOR)
        self._attempt.setText(_("Captured and stored") if done else floor)
        self._show_rings(targets)
        for place, button in enumerate(self.slaps):
            have = sum(self.quality(part) is not None for part in SLAPS[place])
            whole, name = len(SLAPS[place]), targets_name(SLAPS[place])
            told = f"{name} · {have}/{whole}"
            # With large text there is no room for the count; the rings show it, and the tooltip.
            button.show_fact(told if theme.px(10) <= 12 else name, "ok" if have == whole else "off", told)
            button.setChecked(place == self._slap)

    def _show_rings(self, targets: tuple[Part, ...]) -> None:
        for part, ring in self.rings.items():
            kept, weak = self.quality(part), self.tries.weak(part)
            quality = kept if kept is not None else weak
            ring.show_quality(quality, "ok" if quality is not None and quality >= FLOOR else "warn")
            ring.setChecked(part in targets and kept is None)

    def weak_problem(self) -> Problem | None:
        weak = tuple(part for part in FINGERS if self.tries.weak(part) is not None)
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
        return Problem(title, f"{todo} {best}", "warn", _("Repeat · Space"), self.capture_clicked)
