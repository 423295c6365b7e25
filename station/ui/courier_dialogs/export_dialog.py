"""Packets onto a stick: what, where to, how far, and how to take the stick out again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QRadioButton, QVBoxLayout, QWidget

from station.desk import consents, courier
from station.desk.courier import Choice, Exported, ReceiptsExported
from station.desk.office import Office
from station.desk.vouchers import Voucher
from station.domain.errors import StationError
from station.domain.record import RecordKey
from station.i18n import _
from station.ui import courier_words
from station.ui.context import Context
from station.ui.courier_dialogs.job import Line
from station.ui.courier_dialogs.place_box import PlaceBox
from station.ui.courier_dialogs.stick_dialog import StickDialog
from station.ui.courier_dialogs.sticks import Stick, sticks
from station.ui.screens.consent_dialog import ConsentDialog
from station.ui.screens.steps.lookups import Lookups
from station.ui.widgets.button import button
from station.ui.widgets.card import label

NAME = "courier.export"


class Written(NamedTuple):
    """What an export has put on a stick; neither when it was stopped."""

    packets: Exported | None
    receipts: ReceiptsExported | None


class ExportDialog(StickDialog):
    """Closes by itself never: the last thing it shows is how to take the stick out."""

    def __init__(
        self,
        context: Context,
        parent: QWidget,
        keys: Sequence[RecordKey] | None = None,
        look_for_sticks: Callable[[], tuple[Stick, ...]] = sticks,
    ) -> None:
        told = _("They stay here too, until central has confirmed them. Arriving twice does no harm.")
        super().__init__(NAME, _("Export to a stick"), told, parent)
        self._context, self._keys, self._look = context, keys, look_for_sticks
        self._choice: Choice | None = None
        self._chosen: Choice | None = None
        self.chosen = QRadioButton()
        self.everything = QRadioButton()
        self.only_new = QRadioButton()
        self.receipts = QCheckBox()
        self.not_taken = label("", "muted", wrap=True, name=f"{NAME}.not-taken")
        self._what = QButtonGroup(self)
        for way, name in ((self.chosen, "chosen"), (self.everything, "all"), (self.only_new, "new")):
            way.setObjectName(f"{NAME}.{name}")
            self._what.addButton(way)
        self.receipts.setObjectName(f"{NAME}.receipts")
        self._what.buttonClicked.connect(lambda _button: self._enable())
        self.receipts.clicked.connect(lambda _checked: self._enable())
        self.place = PlaceBox(NAME, _("Where to"))
        self.place.changed.connect(self._enable)
        self.place.again.clicked.connect(lambda: self._find_sticks())
        self.go = button(f"{NAME}.go", _("Export"), lambda: self.start(), "primary")
        self.go.setEnabled(False)
        self._form = self._arrange()
        self.foot.addWidget(self.go)
        self._ask_what()

    def start(self, voucher: Voucher | None = None) -> None:
        """Write what is chosen to the place that is chosen; `voucher` is a second officer's word for it."""
        folder = self.place.place
        assert folder is not None, "the button is off without a place"
        keys, only_new = self._wanted()
        work = _Work(self._context, folder, keys, only_new, voucher)
        with_packets, with_receipts = self._packets() > 0, self.receipts.isChecked()
        self._form.setEnabled(False)
        self.run(lambda line: work.do(line, with_packets, with_receipts), self._show_written)

    def say_problem(self, problem: StationError) -> None:
        """One that a second officer can lift is asked of them at once; what is chosen stays chosen."""
        super().say_problem(problem)
        if problem.code != "consent.bulk_export":
            return
        keys, only_new = self._wanted()

        def agree(office: Office, officer_id: str, password: str) -> Voucher:
            return consents.vouch_for_export(office, keys, officer_id, password, only_new=only_new)

        dialog = ConsentDialog(Lookups(self._context, self), problem.code, agree, self)
        dialog.agreed.connect(self.start)
        dialog.open()

    def _wanted(self) -> tuple[Sequence[RecordKey] | None, bool]:
        """Which packets, and whether only those that were never on a stick."""
        return self._keys if self.chosen.isChecked() else None, self.only_new.isChecked()

    def work_changed(self, working: bool) -> None:
        if hasattr(self, "go"):  # the frame lays itself out first
            self.go.setVisible(not working)
            self._form.setEnabled(not working)

    def _ask_what(self) -> None:
        office, keys = self._context.desk, self._keys

        def ask() -> tuple[Choice, Choice | None]:
            return courier.choice(office), courier.choice(office, keys) if keys is not None else None

        self._context.tasks.run(ask, self._show_choice, self.say_problem)

    def _show_choice(self, found: tuple[Choice, Choice | None]) -> None:
        self._choice, self._chosen = everything, chosen = found
        self.chosen.setVisible(chosen is not None)
        if chosen is not None:
            amount = courier_words.amount(chosen.packets, chosen.bytes)
            self.chosen.setText(_("Only what is chosen: {amount}").format(amount=amount))
        amount = courier_words.amount(everything.packets, everything.bytes)
        self.everything.setText(_("Everything that central has not confirmed: {amount}").format(amount=amount))
        amount = courier_words.amount(everything.new, everything.new_bytes)
        self.only_new.setText(_("Only what was never on a stick: {amount}").format(amount=amount))
        self.only_new.setVisible(everything.new != everything.packets)
        self.receipts.setVisible(everything.receipts > 0)
        self.receipts.setChecked(everything.receipts > 0)
        number = courier_words.answers(everything.receipts)
        self.receipts.setText(_("Also {answers} of central for other stations").format(answers=number))
        self.not_taken.setText(courier_words.not_taken(everything.not_taken))
        self.not_taken.setVisible(bool(everything.not_taken))
        first = self.chosen if chosen is not None else self.everything
        first.setChecked(True)
        if not everything.packets and not everything.receipts:
            todo = "" if everything.not_taken else _("Central has confirmed every packet.")
            self.say(_("There is nothing to export."), todo, "ok")
        self._enable()
        self.fit()
        self._find_sticks()
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _find_sticks(self) -> None:
        self.ask(self._look, self.place.show_sticks)

    def _packets(self) -> int:
        """How many packets are chosen."""
        if self._choice is None:
            return 0
        if self.chosen.isChecked() and self._chosen is not None:
            return self._chosen.packets
        return self._choice.new if self.only_new.isChecked() else self._choice.packets

    def _enable(self) -> None:
        something = self._packets() > 0 or self.receipts.isChecked()
        self.go.setEnabled(something and self.place.place is not None)

    def _show_written(self, written: Written) -> None:
        if written == Written(None, None):
            self.say(_("Stopped"), _("Nothing is on the stick."), "off")
            return
        title, lines = courier_words.exported(*written)
        left_out = written.packets is not None and bool(written.packets.left_out)
        self.say(title, "\n".join(lines), "warn" if left_out else "ok")
        self._form.hide()
        self.go.hide()
        self.hint.show()
        self.fit()
        self.close_button.setText(_("Close"))
        self.close_button.setAccessibleName(_("Close"))
        self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _arrange(self) -> QWidget:
        form = QWidget()
        column = QVBoxLayout(form)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(label(_("What"), "label"))
        for way in (self.chosen, self.everything, self.only_new, self.receipts):
            way.hide()
            column.addWidget(way)
        self.not_taken.hide()
        column.addWidget(self.not_taken)
        self.everything.show()
        self.everything.setText(_("Everything that central has not confirmed: {amount}").format(amount="…"))
        column.addSpacing(4)
        column.addWidget(self.place)
        self.body.addWidget(form)
        self.hint = label(courier_words.eject_hint(), "strong", wrap=True, name=f"{NAME}.eject")
        self.hint.hide()
        self.put_last(self.hint)
        return form


class _Work(NamedTuple):
    """An export beside the window."""

    context: Context
    folder: Path
    keys: Sequence[RecordKey] | None
    only_new: bool
    voucher: Voucher | None

    def do(self, line: Line, with_packets: bool, with_receipts: bool) -> Written:
        office, done = self.context.desk, None
        if with_packets:
            done = courier.export(
                office,
                self.folder,
                keys=self.keys,
                only_new=self.only_new,
                voucher=self.voucher,
                progress=line.progress,
                cancelled=lambda: line.cancelled,
            )
        if line.cancelled:
            return Written(done, None)
        return Written(done, courier.export_receipts(office, self.folder) if with_receipts else None)
