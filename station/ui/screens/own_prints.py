"""The own fingers of who is signed in, in three slaps, so that none of them is ever taken for an applicant's."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from station.desk import officers
from station.domain.biometrics import FINGERS, SLAPS, Capture, Modality, Part
from station.domain.errors import DeviceError, StationError
from station.domain.policy import STANDARD, Policy
from station.domain.ports import Order
from station.i18n import _
from station.ui import theme, words
from station.ui.context import Context
from station.ui.part_names import in_sentence, listed, targets_name
from station.ui.screens.steps.looking import Looking
from station.ui.screens.steps.lookups import Lookups
from station.ui.widgets.button import button
from station.ui.widgets.card import label
from station.ui.widgets.chip import ChipButton
from station.ui.widgets.preview import PreviewView


class OwnPrints(QDialog):
    """Space captures what is missing of a slap, Enter goes on without it.

    Nothing but the minutiae is kept, and they never leave this station.
    """

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("own_prints")
        self.setWindowTitle(_("My fingerprints"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(theme.px(600))
        self._desk = Lookups(context, self)
        self._looking = Looking(context.lanes.get(Modality.FINGER), self)
        self._known: frozenset[Part] = frozenset()
        self._policy = STANDARD
        self._slap = 0
        self.preview = PreviewView()
        self.preview.setObjectName("own_prints.preview")
        self.preview.setMinimumHeight(min(theme.px(200), 280))
        self.slaps = [self._slap_button(place) for place in range(len(SLAPS))]
        self._asked = label("", "strong", wrap=True, name="own_prints.asked")
        self._state = label("", "small", wrap=True, name="own_prints.state")
        self._state.setMinimumHeight(theme.px(34))
        self._take = button("own_prints.capture", _("Capture · Space"), self._capture, "primary")
        self._next = button("own_prints.next", _("Next · Enter"), self._go_on)
        self._close = button("own_prints.close", _("Close"), self.reject)
        for way in (self._take, self._next, self._close):
            way.setAutoDefault(False)
        self._lay_out()
        looking = self._looking
        looking.frame.connect(self._show_frame)
        looking.captured.connect(self._captured)
        looking.failed.connect(self._failed)
        looking.lost.connect(self._failed)
        self.finished.connect(self._ended)
        self.finished.connect(lambda _result: context.bridge.officer_sits.emit(""))
        context.bridge.officer_sits.emit(context.desk.operator.operator_id)
        self._desk.ask(lambda office: (officers.prints_kept(office), office.policy_now()), self._begin)
        self.preview.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(label(_("My fingerprints"), "h2"))
        told = _("With them this station notices when an officer's finger is on the glass instead of the applicant's.")
        column.addWidget(label(told, "muted", wrap=True))
        chips = QHBoxLayout()
        chips.setSpacing(8)
        for chip in self.slaps:
            chips.addWidget(chip)
        chips.addStretch(1)
        column.addLayout(chips)
        column.addWidget(self._asked)
        column.addWidget(self.preview, 1)
        column.addWidget(self._state)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(self._close)
        row.addWidget(self._next)
        row.addWidget(self._take)
        column.addLayout(row)

    def _slap_button(self, place: int) -> ChipButton:
        chip = ChipButton(targets_name(SLAPS[place]))
        chip.setObjectName(f"own_prints.slap.{place + 1}")
        chip.setCheckable(True)
        chip.clicked.connect(lambda: self._go_to(place))
        return chip

    # ------------------------------------------------------------------------------------------------------- doing

    @property
    def targets(self) -> tuple[Part, ...]:
        """What is missing of this slap, or all of it once more."""
        slap = SLAPS[self._slap]
        return tuple(part for part in slap if part not in self._known) or slap

    @property
    def _order(self) -> Order:
        return Order(self.targets, policy=self._policy)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._capture()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            (self._close if self.focusWidget() is self._close else self._next).click()
        else:
            super().keyPressEvent(event)

    def _begin(self, found: tuple[tuple[Part, ...], Policy]) -> None:
        """Held to the floor of everybody, as of now."""
        known, self._policy = found
        self._known = frozenset(known)
        self._say_known()
        self._go_to(self._first_open() or 0)

    def _first_open(self, after: int = -1) -> int | None:
        """The next slap of which something is missing, from `after` on and round."""
        order = [*range(after + 1, len(SLAPS)), *range(after + 1)]
        return next((place for place in order if set(SLAPS[place]) - self._known), None)

    def _go_to(self, place: int) -> None:
        self._slap = place
        self._refresh()
        self._watch()
        self.preview.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_on(self) -> None:
        """To the next slap, also when a finger cannot be captured; from the last one the dialog closes."""
        if self._slap + 1 < len(SLAPS):
            self._go_to(self._slap + 1)
            return
        if self._known:  # whoever has gone through all of it has left out on purpose what is missing
            missing = tuple(part for part in FINGERS if part not in self._known)
            self._desk.ask(lambda office: officers.leave_out_prints(office, missing), lambda _none: None)
        self.accept()

    def _watch(self) -> None:
        if self._looking.missing:
            self._failed(DeviceError("device.missing"))
        else:
            self._looking.watch(self._order)

    def _capture(self) -> None:
        if self._looking.missing:
            self._failed(DeviceError("device.missing"))
        elif not self._looking.capturing:
            self._say("")
            self._looking.capture(self._order)
            self.preview.show_hint(_("Scanning…"), "brand")

    def _captured(self, captures: tuple[Capture, ...]) -> None:
        self.preview.show_still(None)
        taken = {item.part for item in captures}

        def kept(known: tuple[Part, ...]) -> None:
            self._kept(frozenset(known), taken)

        self._desk.ask(lambda office: officers.keep_prints(office, captures), kept, self._failed)

    def _kept(self, known: frozenset[Part], taken: set[Part]) -> None:
        """On to what is still missing; a finger that was not clear enough is asked for once more."""
        self._known = known
        weak = tuple(part for part in FINGERS if part in taken - known)
        if weak:
            told = _("Not clear enough yet: {names}. Clean glass and fingers and repeat, or go on without.")
            self._say(told.format(names=in_sentence(listed(weak))), "warn")
            self._go_to(self._slap)
            return
        self._say_known()
        further = self._first_open(self._slap)
        self._go_to(self._slap if further is None else further)

    def _ended(self, _result: int) -> None:
        self._looking.stop()
        self._desk.stop()

    # ----------------------------------------------------------------------------------------------------- showing

    def _refresh(self) -> None:
        for place, chip in enumerate(self.slaps):
            slap = SLAPS[place]
            have = sum(part in self._known for part in slap)
            text = f"{targets_name(slap)} · {have}/{len(slap)}"
            chip.show_fact(text, "ok" if have == len(slap) else "off", text)
            chip.setChecked(place == self._slap)
        again = set(SLAPS[self._slap]) <= self._known
        self._take.setText(_("Repeat · Space") if again else _("Capture · Space"))
        self._next.setText(_("Done · Enter") if self._slap + 1 == len(SLAPS) else _("Next · Enter"))
        self._asked.setText(_("Place: {name}").format(name=in_sentence(targets_name(self.targets))))

    def _show_frame(self) -> None:
        frame = self._looking.take_frame()
        if frame is not None:
            self.preview.show_frame(frame, words.hint(frame.hint), "warn" if frame.hint else "off")

    def _say_known(self) -> None:
        count = len(self._known)
        if count == len(FINGERS):
            self._say(_("All ten fingers are known at this station."), "ok")
        elif count:
            self._say(_("Known at this station: {count} of 10").format(count=count))
        else:
            self._say(_("None of your fingers is known here yet."))

    def _failed(self, error: StationError) -> None:
        self.preview.show_still(None)
        self._say(str(words.of_error(error)), "bad")

    def _say(self, text: str, tone: str | None = None) -> None:
        self._state.setText(text)
        self._state.setProperty("tone", tone)
        theme.restyle(self._state)
