"""Step 5: both eyes at once; an eye below the floor is repeated alone, three times at most."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station.domain.biometrics import IRISES, MAX_ATTEMPTS, QUALITY_FLOOR, Modality, Part
from station.i18n import _
from station.ui.device_thread import DeviceThread
from station.ui.screens.steps.device_page import DevicePage
from station.ui.screens.steps.names import part_name, targets_name
from station.ui.screens.steps.session import Session
from station.ui.widgets.card import Card, label
from station.ui.widgets.checks_card import Check, CheckList
from station.ui.widgets.problem_card import Problem
from station.ui.widgets.ring import Ring

FLOOR = QUALITY_FLOOR[Modality.IRIS]


class IrisesPage(DevicePage):
    """Space captures the eyes that are missing."""

    def __init__(self, session: Session, lane: DeviceThread | None, parent: QWidget | None = None) -> None:
        super().__init__(session, lane, "irises", parent)
        self._title = label("", "h2", name="step.irises.title")
        self._attempt = label("", "small", name="step.irises.attempt")
        self.rings = {part: Ring(part_name(part), part_name(part)) for part in IRISES}
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
        below.setSpacing(24)
        for part, ring in self.rings.items():
            ring.setObjectName(f"step.irises.ring.{part.value}")
            ring.setCheckable(False)
            below.addWidget(ring)
        below.addWidget(self._tips(), 1, Qt.AlignmentFlag.AlignVCenter)
        below.addWidget(self.button)
        card.body.addLayout(below)
        self.button.setMinimumWidth(210)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)

    def _tips(self) -> CheckList:
        tips = CheckList()
        lines = (_("Take off glasses and contact lenses"), _("Open both eyes wide, look into the mirror"))
        tips.show_checks([Check(line, "off") for line in lines])
        return tips

    def targets(self) -> tuple[Part, ...]:
        missing = tuple(part for part in IRISES if self.quality(part) is None)
        return missing or IRISES

    def refresh(self) -> None:
        if self.draft is None:
            return
        targets = self.targets()
        self._title.setText(targets_name(targets))
        floor = _("Try {attempt} of {most} · quality floor {floor}")
        floor = floor.format(attempt=self.tries.attempt(targets), most=MAX_ATTEMPTS, floor=FLOOR)
        done = all(self.quality(part) is not None for part in IRISES)
        self._attempt.setText(_("Captured and stored") if done else floor)
        self.preview.invite(_("Picture of the eyes · open both wide, look into the mirror"))
        tried = any(self.quality(part) is not None or self.tries.weak(part) is not None for part in targets)
        self.offer(_("Repeat · Space") if tried else _("Capture · Space"))
        for part, ring in self.rings.items():
            kept = self.quality(part)
            quality = kept if kept is not None else self.tries.weak(part)
            ring.show_quality(quality, "ok" if quality is not None and quality >= FLOOR else "warn")

    def weak_problem(self) -> Problem | None:
        weak = [part for part in IRISES if self.tries.weak(part) is not None]
        if not weak:
            return None
        names = ", ".join(part_name(part) for part in weak)
        todo = _("Take off glasses and lenses, open the eyes wide. Try {attempt} of {most}. The best result is kept.")
        return Problem(
            _("Not good enough yet: {names}").format(names=names),
            todo.format(attempt=self.tries.attempt(weak), most=MAX_ATTEMPTS),
            "warn",
            _("Repeat · Space"),
            self.capture_clicked,
        )
